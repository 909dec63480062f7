"""Line breaking by Chinese rules, on random text."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from union_desk.reports import fonts, paragraph
from union_desk.reports.paragraph import NO_END, NO_START

CHARACTERS = "工会职工困难帮扶年月日元，。、；：！？）》”’（《“‘%·—…　 "
PIECES = st.sampled_from(
    [
        *CHARACTERS,
        "2012年",
        "8月",
        "1,234.50元",
        "68.0%",
        "126人次",
        "4.2万元",
        "——",
        "……",
        "A-12",
        "〔2012〕55号",
    ]
)
TEXTS = st.lists(PIECES, min_size=1, max_size=60).map("".join)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.floats(60, 400))
def test_no_line_begins_or_ends_with_a_forbidden_mark_unless_nothing_else_fits(text, width):
    broken = paragraph.lines(text, width, fonts.BODY, 10.5)
    whole = set(paragraph.clusters(fonts.clean(text)))
    for before, after in pairwise(broken):
        if not before.text or not after.text:
            continue
        pair = before.text[-1] + after.text[0]
        if any(fonts.width(piece, fonts.BODY, 10.5) > width for piece in whole if pair in piece):
            continue  # a run of marks wider than the line must be cut somewhere
        assert after.text[0] not in NO_START, (before.text, after.text)
        assert before.text[-1] not in NO_END, (before.text, after.text)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.floats(120, 400))
def test_nothing_is_lost_nothing_too_wide_and_no_number_cut(text, width):
    broken = paragraph.lines(text, width, fonts.BODY, 10.5)
    assert "".join(line.text for line in broken).replace(" ", "") == text.replace(" ", "")
    for line in broken:
        assert fonts.width(line.text, fonts.BODY, 10.5) <= width + 0.1
    for number in re.findall(rf"[0-9][0-9,.]*{paragraph.UNITS}", text):
        if not any(
            fonts.width(piece, fonts.BODY, 10.5) > width
            for piece in paragraph.clusters(text)
            if number in piece
        ):
            assert any(number in line.text for line in broken), number


def test_wide_blanks_survive_and_the_indent_is_two_characters():
    (line,) = paragraph.lines("年　　月　　日", 300, fonts.BODY, 10, indent=2)
    assert line.text == "年　　月　　日"
    assert line.indent == 20
    first, second, *_ = paragraph.lines("工" * 50, 200, fonts.BODY, 10, indent=2)
    assert (len(first.text), len(second.text), second.indent) == (18, 20, 0)


def test_a_long_name_is_broken_after_its_middle_dot():
    broken = paragraph.fit(
        "阿卜杜热依木·买买提吐尔逊·艾则孜努尔麦麦提·依明江·图尔荪", 130, fonts.BODY, 10.5
    )
    assert broken.size == 9
    assert all(line.text.endswith("·") for line in broken.lines[:-1])


@pytest.mark.parametrize(
    ("width", "size", "count"), [(200, 10.5, 1), (98, 9.75, 1), (90, 9, 1), (60, 9, 2)]
)
def test_what_does_not_fit_shrinks_by_quarters_to_nine_points_and_then_wraps(width, size, count):
    fitted = paragraph.fit("困难职工帮扶中心联络", width, fonts.BODY, 10.5)
    assert (fitted.size, len(fitted.lines)) == (size, count)


def test_the_last_line_and_short_lines_are_not_stretched():
    first, last = paragraph.lines("工会" * 12, 190, fonts.BODY, 10)
    assert paragraph.spacing(first, 190, 10) == 0  # fills the line
    assert paragraph.spacing(first, 195, 10) > 0
    assert paragraph.spacing(last, 190, 10) == 0
    assert paragraph.spacing(first, 230, 10) == 0


def test_line_ends_begin_paragraphs():
    assert [line.text for line in paragraph.lines("一\n\n二", 100, fonts.BODY, 10)] == [
        "一",
        "",
        "二",
    ]
