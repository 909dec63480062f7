"""One enterprise or union that two offices have entered counts once, and prints once."""

from tests.store.sample_tables import CITY
from union_desk.store import adding_up, behind, rollup, twins, units
from union_desk.store.behind import Asked
from union_desk.store.paper_source import PaperSource
from union_desk.taskpack.period import Period

DAY = "2012-08-31"
BLOCK, OTHER = "511102000013", "511181000014"


def enter_again(connection, form, rowid, unit):
    """Enter a record once more, as another office does that does not know of the first."""
    columns = [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({form})")]
    kept = ", ".join(
        f'"{name}"' for name in columns if name not in ("rowid", "uid", "unit", "origin")
    )
    connection.exec_driver_sql(
        f"INSERT INTO {form} (uid, unit, origin, {kept}) SELECT 'x' || uid, '{unit}', '{unit}', {kept}"
        f" FROM {form} WHERE rowid = {rowid}"
    )


def figures(connection, store, unit=None):
    store.tables.remembered.clear()
    return {
        item.id: (item.numerator, item.denominator)
        for item in rollup.progress(connection, store, DAY, unit)
    }


def test_an_enterprise_and_a_union_entered_twice_count_once(connection, sample_store):
    connection.exec_driver_sql(f"UPDATE enterprise SET unit = '{BLOCK}'")
    connection.exec_driver_sql(f"UPDATE union_org SET unit = '{BLOCK}'")
    before = figures(connection, sample_store)
    for form in ("enterprise", "union_org"):
        for rowid in (1, 2):
            enter_again(connection, form, rowid, OTHER)
    assert figures(connection, sample_store) == before
    assert figures(connection, sample_store, OTHER)["A2_union_rate"][1] >= 1
    for name in ("A2_union_rate", "A2_new_unions", "A2_wage_staff"):
        found = behind.rows(connection, sample_store, Asked(name, as_of=DAY))
        assert found.figure == before[name][0]


def test_both_offices_that_have_a_number_are_named(connection, sample_store):
    enter_again(connection, "enterprise", 1, OTHER)
    sample_store.tables.remembered.clear()
    found = twins.of_form(connection, sample_store.tables, "enterprise")
    assert [{unit for _, unit, _ in rows} for rows in found.values()] == [{CITY, OTHER}]
    known = units.of_store(connection, sample_store)
    assert len(twins.left_out(connection, sample_store.tables, known, "enterprise", CITY)) == 1
    assert twins.left_out(connection, sample_store.tables, known, "enterprise", OTHER) == []
    assert twins.of_form(connection, sample_store.tables, "visit") == {}


def test_the_check_of_sums_tells_how_many_several_have(connection, sample_store):
    connection.exec_driver_sql(f"UPDATE enterprise SET unit = '{BLOCK}'")
    enter_again(connection, "enterprise", 1, OTHER)
    sample_store.tables.remembered.clear()
    item = adding_up.check(connection, sample_store, DAY, ["A2_union_rate"])[0]
    assert item.wrong == ()
    assert item.whole_holds
    assert item.repeated == 1


def test_a_roster_lists_a_union_once_that_two_offices_entered(connection, sample_store):
    month = Period.parse("2012Y")

    def listed():
        sample_store.tables.remembered.clear()
        source = PaperSource(connection, sample_store, period=month, as_of=DAY)
        return [record.values["union_code"] for record in source.records("union_org")]

    before = listed()
    enter_again(connection, "union_org", 1, OTHER)
    assert sorted(listed()) == sorted(before)
