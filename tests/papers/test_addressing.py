"""A notice to each unit below that has something to file: one letter each, in one act."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from tests.papers.offices import about
from union_desk.errors import Cancelled, ReportError
from union_desk.papers import addressing, comparing, issuing, monthly, subject
from union_desk.store import issued
from union_desk.store.paper_source import PaperSource

NOTICE = "R37"


@pytest.fixture
def notice(city):
    """The city's notice to all concerned, and the names of the units below."""
    whole = about(city, NOTICE)
    with city.read() as connection:
        source = PaperSource(connection, city, period=None, as_of=whole.as_of)
        names = {code: source.name_of(code) for code, *_ in source.tree() if code != city.unit}
    return whole, names


def words(city, paper):
    pages = PdfReader(io.BytesIO(issuing.reprint(city, paper))).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def late(city, one):
    """The units that a notice names as late."""
    with city.read() as connection:
        job = subject.read(connection, city, one).paper.job
        return {item.unit for item in job.source.overdue() if job.concerns(item.unit)}


def test_each_unit_gets_what_concerns_it_and_its_own_and_all_get_everything(city, notice):
    whole, names = notice
    wanted = addressing.concerned(city, whole)
    assert len(wanted) > 3
    assert {one.record for one in wanted} <= names.keys()
    parts = [late(city, one) for one in wanted]
    assert all(parts)
    assert set().union(*parts) == late(city, whole)
    assert sum(map(len, parts)) == len(late(city, whole)), "nobody is named in two letters"


def test_a_letter_to_one_unit_names_it_and_is_checked_like_any_paper(city, notice):
    whole, names = notice
    first, second = addressing.concerned(city, whole)[:2]
    made = monthly.issue_set(city, [first, second])
    assert [paper.record for paper in made] == [first.record, second.record]
    assert [paper.serial[-3:] for paper in made] == ["001", "002"]
    assert made[0].digest != made[1].digest
    for paper in made:
        text = words(city, paper)
        assert f"{names[paper.record]}：" in text
        assert "各有关单位：" not in text
        answer = comparing.check(city, paper.digest[:16])
        assert (answer.answer, answer.paper.serial) == (comparing.AGREES, paper.serial)
    assert monthly.issue_set(city, [first]) == made[:1], "the same words are issued once"


def test_the_letters_go_on_with_progress_until_they_are_cancelled(city, notice):
    whole, _ = notice
    told = []

    def stop(done, total):
        told.append(done / total)
        if done / total > 0.52:
            raise Cancelled

    with pytest.raises(Cancelled):
        addressing.issue_each(city, whole, stop)
    assert told == sorted(told)
    with city.read() as connection:
        papers = issued.papers(connection, city.tables, report=NOTICE)
    assert 1 <= len(papers) < 5, "what was issued before stays, nothing after"


def test_a_notice_goes_to_units_directly_below_only(city, notice):
    with pytest.raises(ReportError) as refused:
        issuing.issue(city, replace(notice[0], record=city.unit))
    assert refused.value.code == "R610"
