"""Working periods, closed ones, and who may write what."""

import pytest

from tests.store.offices import UNITS
from union_desk.errors import InputError
from union_desk.store import periods, rights


def working(store, form, **given):
    with store.read() as connection:
        pack = store.pack
        return periods.working(
            connection, pack, store.tables.forms[form], **({"given": None, "as_of": None} | given)
        ).id


def shut(store, *closed):
    with store.write() as transaction:
        for period in closed:
            periods.close(transaction, period)


def test_the_earliest_open_period_is_worked_in(city):
    assert working(city, "visit") == "2012M01"
    shut(city, "2012M01", "2012M02", "2012Q1")
    assert (working(city, "visit"), working(city, "hardship"), working(city, "model_unit")) == (
        "2012M03",
        "2012Q2",
        "2012Y",
    )
    with city.write() as transaction:
        periods.reopen(transaction, "2012M02")
    assert working(city, "visit") == "2012M02"


def test_a_stated_period_goes_before_the_day_and_the_day_before_the_order(city):
    assert working(city, "visit", as_of="2012-08-31") == "2012M08"
    assert working(city, "hardship", as_of="2012-08-31") == "2012Q3"
    assert working(city, "visit", as_of="2012-08-31", given="2012M05") == "2012M05"


@pytest.mark.parametrize(("text", "code"), [("2012Q3", "I420"), ("x", "I420"), ("2012M01", "I421")])
def test_a_period_of_another_kind_or_closed_is_refused(city, text, code):
    shut(city, "2012M01")
    with pytest.raises(InputError, match=code):
        working(city, "visit", given=text)


@pytest.mark.parametrize("level", UNITS)
def test_a_level_writes_its_own_forms_and_those_of_the_levels_below_for_others(pack, level):
    for form in pack.top_forms:
        own = level in form.writers
        assert rights.writes_for_others_only(level, form) == (
            rights.writes(level, form) and not own
        )
        if level == "city":
            assert rights.writes(level, form)
        if level == "grassroots":
            assert rights.writes(level, form) == ("grassroots" in form.writers)


def test_system_tables_that_are_worked_out_are_not_written_by_hand(city):
    forms = city.tables.forms
    assert rights.writes("grassroots", forms["decision"])
    assert not rights.writes("city", forms["check_note"])
    assert not rights.writes_for_others_only("city", forms["decision"])
