"""R36: what was corrected after it had been sent goes on one report per unit and period."""

import io

import pytest
from pypdf import PdfReader

from tests.papers.offices import correct, first, issue, paper, receive
from tests.store.offices import get
from union_desk.errors import ReportError
from union_desk.papers import comparing, correcting, issuing, monthly
from union_desk.reports import checkcode
from union_desk.store import issued
from union_desk.taskpack.period import Period


@pytest.fixture
def sent(county):
    """The county after two papers were sent."""
    roster, visits = issue(county, "R05"), issue(county, "R22")
    with county.write() as transaction:
        issued.note_sent(transaction)
    return county, roster, visits


def texts(store, made):
    return "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(issuing.reprint(store, made))).pages
    )


def test_two_corrections_after_sending_make_one_report_with_the_new_papers(sent):
    county, roster, visits = sent
    member, visit = first(county, "member"), first(county, "visit")
    correct(county, member, name="更名后")
    correct(county, get(county, "member", member.uid), name="再更名")
    correct(county, visit, workers=99)
    subjects = monthly.subjects_of(county, Period.parse("2012M08"), "2012-08-31")
    assert [about.name for about in subjects if about.name == "R36"] == ["R36"]
    wanted = [about for about in subjects if about.name in {"R05", "R22", "R36"}]
    assert wanted[-1].name == "R36"
    *new, report = monthly.issue_set(county, wanted)
    text = texts(county, report)
    for old in (roster, visits):
        assert old.serial in text
        assert checkcode.check_code(old.digest) in text
        gone = paper(county, old.serial)
        assert gone.state == "corrected"
        assert report.serial in gone.corrected_by
    for made in new:
        assert made.serial in text
        assert any(
            made.serial in paper(county, old.serial).corrected_by for old in (roster, visits)
        )
    for words in ("更名后", "再更名", "99", "单位来电更正", "李敏"):
        assert words in text, words
    assert member.values["person_id"] not in text
    with county.read() as connection:
        assert not correcting.pending(connection, county)


def test_without_a_correction_there_is_no_report(sent):
    county, _, _ = sent
    correct(county, first(county, "member"), phone="13908330000")
    assert "R36" not in [
        about.name for about in monthly.subjects_of(county, Period.parse("2012M08"), "2012-08-31")
    ]
    with pytest.raises(ReportError) as refused:
        issue(county, "R36")
    assert refused.value.code == "R609"


def test_a_paper_voided_before_sending_needs_no_report(county):
    issue(county, "R05")
    correct(county, first(county, "member"), name="更名后")
    with county.read() as connection:
        assert not correcting.pending(connection, county)


def test_above_the_old_code_says_corrected_and_the_report_is_registered(sent, city):
    county, roster, _ = sent
    correct(county, first(county, "member"), name="更名后")
    issue(county, "R05")
    report = issue(county, "R36")
    receive(city, county)
    verdict = comparing.check(city, checkcode.check_code(roster.digest))
    assert verdict.words == "已被更正"
    assert report.serial in verdict.told
    assert comparing.check(city, checkcode.check_code(report.digest)).words == "与电子数据一致"
