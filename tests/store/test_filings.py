"""Expected filings: who owes what for which period, and what became of it."""

import pytest

from tests.store.sample_tables import CITY
from union_desk.store import filings
from union_desk.store import units as directory

COUNTY = "511102000013"
GRASS = "511102400017"


@pytest.fixture
def owed(samples):
    def found(as_of="2012-08-31", below=None, **only):
        units = directory.directory(samples.connection, samples.tables, samples.pack, CITY)
        expected = filings.expected(
            samples.connection, samples.tables, samples.pack, units, as_of=as_of, below=below
        )
        return [
            item
            for item in expected
            if all(getattr(item, name) == value for name, value in only.items())
        ]

    return found


def test_a_grassroots_unit_of_an_enterprise_owes_what_the_package_says(owed):
    must = {(item.form, item.period) for item in owed(unit=GRASS, duty="must")}
    assert ("unit_profile", "2012Q2") in must
    assert ("labor_risk", "2012M08") in must
    assert not {form for form, _ in must} - {"unit_profile", "democracy", "labor_risk"}
    assert not owed(unit=GRASS, form="union_org")


def test_periods_begin_by_the_day_and_are_due_by_the_package(owed):
    months = [item.period for item in owed(unit=COUNTY, form="visit")]
    assert months == [f"2012M{number:02}" for number in range(1, 9)]
    assert owed(unit=COUNTY, form="visit", period="2012M08")[0].due_date == "2012-09-05"
    assert owed(unit=COUNTY, form="model_unit")[0].due_date == "2013-01-10"


def test_a_unit_owes_nothing_for_periods_in_which_it_was_hardly_active(owed, samples):
    """Founded on 20 March 2012: twelve days of March are fewer than fifteen."""
    assert next(iter(owed(unit=GRASS, form="labor_risk"))).period == "2012M04"
    samples.change("union_org", 1, found_date="2012-03-17")
    assert next(iter(owed(unit=GRASS, form="labor_risk"))).period == "2012M03"
    samples.change("union_org", 1, dissolve_date="2012-05-10")
    assert [item.period for item in owed(unit=GRASS, form="labor_risk")][-1] == "2012M04"


def test_the_top_of_the_tree_owes_nobody(owed):
    assert not owed(unit=CITY)


def test_a_row_of_obligation_holds_from_its_period_on_the_newest_first(owed, samples):
    samples.system(
        "obligation", unit=GRASS, form="visit", duty="must", period_from="2012M06", updated_at="1"
    )
    samples.system(
        "obligation", unit=GRASS, form="visit", duty="none", period_from="2012M08", updated_at="2"
    )
    assert {item.period: item.duty for item in owed(unit=GRASS, form="visit")} == {
        "2012M04": "if_any", "2012M05": "if_any", "2012M06": "must", "2012M07": "must",
    }  # fmt: skip


def test_a_filing_that_was_acted_on_shows_its_state(owed, samples):
    samples.system(
        "filing",
        unit=GRASS,
        form="labor_risk",
        period="2012M07",
        state="nil",
        rows=0,
        sent_date="2012-08-03",
        filed_by=COUNTY,
    )
    item = owed(unit=GRASS, form="labor_risk", period="2012M07")[0]
    assert (item.state, item.sent_date, item.rows, item.filed_by) == (
        "nil",
        "2012-08-03",
        0,
        COUNTY,
    )
    assert filings.reported([item]) == (1, 1)


def test_only_what_must_be_filed_can_be_late(owed):
    must = owed(unit=GRASS, form="labor_risk", period="2012M07")[0]
    assert must.late("2012-08-06")
    assert not must.late("2012-08-05")
    assert not owed(unit=GRASS, form="visit", period="2012M07")[0].late("2012-12-31")


def test_what_is_owed_below_a_unit_is_its_own_and_that_of_its_tree(owed):
    units = {item.unit for item in owed(below=COUNTY)}
    assert {COUNTY, GRASS} <= units
    assert "511181000014" not in units
