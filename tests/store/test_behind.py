"""The rows behind every figure: found one by one, they come to the figure."""

import pytest

from tests.store.sample_tables import CITY
from union_desk.errors import InputError
from union_desk.store import behind, rollup
from union_desk.store.behind import Asked

BLOCK = "511102000013"
UNITS = (CITY, BLOCK, "511102400017", "511181000014")


def added_up(connection, store, item, unit, as_of, code=None):
    """Return numerator and denominator as the rows behind them come to."""
    indicator = store.pack.indicators[item.id]
    sums = {"n": 0, "d": 0}
    for side, place in behind.sides(indicator):
        found = behind.rows(connection, store, Asked(item.id, side, place, unit, as_of, code))
        sums[side] += found.figure
    return sums["n"], sums["d"] if indicator.denominator else None


@pytest.mark.parametrize("as_of", ["2012-08-31", "2012-03-31", "2013-05-01"])
def test_the_rows_behind_all_47_figures_come_to_the_figures(connection, sample_store, as_of):
    assert len(sample_store.pack.indicators) == 47
    for unit in UNITS:
        for item in rollup.progress(connection, sample_store, as_of, unit):
            rows = added_up(connection, sample_store, item, unit, as_of)
            assert rows == (item.numerator, item.denominator), (item.id, unit)


def test_the_rows_behind_each_part_of_a_breakdown_come_to_the_part(connection, sample_store):
    seen = 0
    for item in rollup.progress(connection, sample_store, "2012-08-31"):
        for part in item.by:
            rows = added_up(connection, sample_store, item, CITY, "2012-08-31", part.code)
            assert rows == (part.numerator, part.denominator), (item.id, part.code)
            seen += 1
    assert seen >= 6


def test_each_row_says_what_it_brings(connection, sample_store):
    found = behind.rows(connection, sample_store, Asked("A6_workers", as_of="2012-08-31"))
    assert found.form == "visit"
    assert found.count == 8
    assert sum(found.brought.values()) == found.figure == 146
    money = behind.rows(connection, sample_store, Asked("A3_amount", "n", 1, as_of="2012-08-31"))
    assert money.form == "school_aid"


def test_persons_who_were_helped_twice_are_rows_twice_and_counted_once(connection, sample_store):
    before = behind.rows(connection, sample_store, Asked("A3_reemployed", as_of="2012-08-31"))
    connection.exec_driver_sql(
        "UPDATE employment SET target_group = '1', employed = 1, employ_date = '2012-05-01',"
        " person_id = (SELECT person_id FROM employment WHERE rowid = 1)"
    )
    after = behind.rows(connection, sample_store, Asked("A3_reemployed", as_of="2012-08-31"))
    assert before.count == before.figure == 4
    assert (after.count, after.figure) == (8, 1)


def test_the_filings_behind_the_filing_rate_are_named(connection, sample_store):
    found = behind.rows(
        connection, sample_store, Asked("S_filing_rate", "d", 0, BLOCK, "2012-08-31")
    )
    assert found.filings
    assert {item.duty for item in found.filings} == {"must"}
    assert max(item.due_date for item in found.filings) <= "2012-08-31"


def test_a_unit_or_a_term_that_is_not_there_is_refused(connection, sample_store):
    with pytest.raises(InputError, match="I470"):
        behind.rows(connection, sample_store, Asked("A6_visits", unit="511199400021"))
    with pytest.raises(InputError, match="I478"):
        behind.rows(connection, sample_store, Asked("A6_visits", "d"))
