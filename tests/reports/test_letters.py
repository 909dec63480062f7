"""Letters: the grid, the figures, the day and the seal; Word has the same words."""

import io
from dataclasses import replace

import pytest
from docx import Document

from tests.reports import looking, papers
from union_desk.errors import ReportError
from union_desk.reports import letter, printing

LETTERS = [name for name, report in papers.pack().reports.items() if report.body.letter]
MADE = "2012-09-03T07:20:00Z"


def word(name, source):
    return Document(io.BytesIO(printing.prepare(papers.pack(), name, source).docx(made=MADE)))


def words_of(document):
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return {looking.tight(text) for text in (*(p.text for p in document.paragraphs), *cells)}


@pytest.mark.parametrize(
    ("level", "many", "style"),
    [("grassroots", 0, "plain"), ("county", 3, "longest"), ("city", 12, "huge")],
)
@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_of_each_level_holds_the_rules(name, level, many, style):
    source = papers.targets_source(level=level, many=many, style=style)
    content, trace = looking.printed(name, source)
    looking.examine(content, trace)


@pytest.mark.parametrize("name", LETTERS)
def test_word_has_the_text_and_the_figures_of_the_pdf(name):
    source = papers.targets_source(level="city")
    prepared = printing.prepare(papers.pack(), name, source)
    said = prepared.plan.composed
    found = words_of(word(name, source))
    for item in said.body:
        if item.table is None:
            assert looking.tight(item.text) in found
        else:
            for line in item.table.lines:
                assert all(looking.tight(text) in found for text in line.texts)
    content, _ = looking.printed(name, source)
    pages = "".join(looking.page_texts(content))
    for item in said.body:
        if item.table is None:
            without_numbers = [part for part in looking.tight(item.text).split("。") if part]
            assert all(part[:12] in pages for part in without_numbers)


def test_the_word_file_has_the_type_area_and_names_no_person():
    document = word(LETTERS[0], papers.targets_source())
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.left_margin.mm), round(section.right_margin.mm)) == (28, 26)
    assert document.core_properties.author == "乐山市总工会"
    assert papers.MemorySource({}).person not in str(vars(document.core_properties))


def test_twenty_two_lines_of_twenty_eight_characters_fill_the_type_area():
    assert letter.HEIGHT / letter.LEADING >= 22
    assert 28 * letter.SIZE <= letter.WIDTH


def test_figures_of_a_letter_have_no_separators_and_the_gap_stands_in_points():
    source = papers.targets_source(level="county")
    content, _ = looking.printed("R35", source)
    text = "".join(looking.page_texts(content)).split("一、")[1]
    assert "低于时序进度" in text
    assert "个百分点" in text
    body = text.split("附件")[0]
    assert not looking.re.search(r"\d,\d{3}", body)


def test_the_day_of_an_issue_is_its_own_and_a_draft_without_time_leaves_it_to_the_pen():
    source = papers.targets_source()
    issued = printing.render(
        papers.pack(), "R35", source, issue=printing.Issue(1, "2012-09-10T01:00:00Z")
    )
    assert "2012年9月10日" in "".join(looking.page_texts(issued))
    blank = printing.render(papers.pack(), "R35", source)
    assert "2012年9月" not in "".join(looking.page_texts(blank))


def test_reasons_and_measures_stand_with_what_trails():
    source = papers.targets_source(level="county")
    said = replace(source, said={"A2_new_unions": ("起步晚", "九月补办。")})
    composed = printing.prepare(papers.pack(), "R35", said).plan.composed
    text = "".join(item.text for item in composed.body)
    assert "原因：起步晚。措施：九月补办。" in text


def test_nothing_is_said_to_trail_where_nothing_does():
    text = "".join(looking.page_texts(looking.printed("R35", papers.targets_source(figures={}))[0]))
    assert "没有滞后于时序进度的数字目标" in text


def test_only_letters_are_there_for_word():
    paper = printing.prepare(papers.pack(), "R13", papers.sample_source())
    assert not paper.word
    with pytest.raises(ReportError, match="R607"):
        paper.docx()
