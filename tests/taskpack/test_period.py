"""Reporting periods: reading, finding, stepping and when a filing is due."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union_desk import resources
from union_desk.taskpack import load, period
from union_desk.taskpack.definition import FILINGS
from union_desk.taskpack.period import Period

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
KINDS = st.sampled_from(FILINGS)


@pytest.fixture(scope="module")
def package():
    return load.load(resources.taskpacks() / "lszgh-2012-55")


@pytest.mark.parametrize(
    ("text", "kind", "first", "last", "title"),
    [
        ("2012M08", "month", "2012-08-01", "2012-08-31", "2012年8月"),
        ("2012M02", "month", "2012-02-01", "2012-02-29", "2012年2月"),
        ("2012M12", "month", "2012-12-01", "2012-12-31", "2012年12月"),
        ("2012Q3", "quarter", "2012-07-01", "2012-09-30", "2012年第三季度"),
        ("2012Q4", "quarter", "2012-10-01", "2012-12-31", "2012年第四季度"),
        ("2012Y", "year", "2012-01-01", "2012-12-31", "2012年"),
    ],
)
def test_an_id_tells_kind_days_and_title(text, kind, first, last, title):
    assert Period.parse(text) == Period(text, kind, first, last, title)
    assert str(Period.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2012",
        "2012M13",
        "2012M0",
        "2012M8",
        "2012Q5",
        "2012Q0",
        "2012Y1",
        "12M08",
        "2012m08",
        "2012M08 ",
        "２０１２M08",
    ],
)
def test_anything_else_is_refused_in_words(text):
    with pytest.raises(ValueError, match="报告期"):
        Period.parse(text)


def test_a_kind_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="期别"):
        period.containing("week", "2012-08-01")


@given(KINDS, DAYS)
def test_the_period_of_a_day_holds_it_and_reads_back(kind, day):
    found = period.containing(kind, day.isoformat())
    assert found.holds(day.isoformat())
    assert Period.parse(found.id) == found


@given(KINDS, DAYS)
def test_the_period_before_ends_the_day_before(kind, day):
    found = period.containing(kind, day.isoformat())
    before = period.previous(found)
    assert before.kind == kind
    assert date.fromisoformat(before.last_day) + timedelta(days=1) == date.fromisoformat(
        found.first_day
    )


@given(KINDS, DAYS)
def test_the_same_period_last_year_begins_a_year_earlier(kind, day):
    found = period.containing(kind, day.isoformat())
    before = period.same_last_year(found)
    assert int(before.first_day[:4]) == int(found.first_day[:4]) - 1
    assert before.first_day[5:] == found.first_day[5:]


def test_the_year_of_the_package_has_twelve_months_four_quarters_one_year(package):
    months = period.in_year(package, "month")
    assert [item.id for item in months] == [f"2012M{number:02}" for number in range(1, 13)]
    assert [item.id for item in period.in_year(package, "quarter")] == [
        "2012Q1",
        "2012Q2",
        "2012Q3",
        "2012Q4",
    ]
    assert [item.id for item in period.in_year(package, "year")] == ["2012Y"]


def test_a_year_from_october_to_september_is_the_packages_own(package):
    autumn = replace(package, year_from="2011-10-01", year_to="2012-09-30")
    assert [item.id for item in period.in_year(autumn, "quarter")] == [
        "2011Q4",
        "2012Q1",
        "2012Q2",
        "2012Q3",
    ]
    assert period.in_year(autumn, "month")[0].id == "2011M10"
    assert period.of_year(autumn).first_day == "2011-10-01"
    assert period.due(autumn, Period.parse("2012Y")) == "2012-10-10"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2012M08", "2012-09-05"),
        ("2012M12", "2013-01-05"),
        ("2012Q3", "2012-10-05"),
        ("2012Y", "2013-01-10"),
    ],
)
def test_a_filing_is_due_some_days_after_its_period(package, text, day):
    assert period.due(package, Period.parse(text)) == day
