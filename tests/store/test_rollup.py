"""Indicators added up in SQL, against figures worked out by plain Python over the sample files."""

import pytest

from tests.store import sample_figures
from tests.store.sample_tables import CITY
from union_desk import resources
from union_desk.errors import InputError
from union_desk.store import rollup
from union_desk.taskpack.record import new_uid

BLOCK = "511102000013"
GRASS = "511102400017"


@pytest.fixture
def all_of(sample_store, connection):
    def found(as_of="2012-08-31", unit=None):
        return {item.id: item for item in rollup.progress(connection, sample_store, as_of, unit)}

    return found


@pytest.fixture
def change(connection):
    """Change rows past the program, with the row of the change log that every write leaves."""

    def write(statement):
        connection.exec_driver_sql(statement)
        note_change(connection, statement.split()[2 if statement.startswith("INSERT") else 1])

    return write


def note_change(connection, form):
    log = "INSERT INTO audit (n, tx, at, person, act, form, prev, hash) SELECT max(n) + 1, ?, '', '', 'test', ?, '', ? FROM audit"
    connection.exec_driver_sql(log, (new_uid(), form, new_uid()))


@pytest.mark.parametrize(
    "day", ["2012-08-31", "2012-12-31", "2012-06-30", "2012-03-31", "2012-01-15"]
)
def test_all_46_indicators_of_the_samples_equal_an_independent_count(all_of, day):
    found = all_of(day)
    expected = sample_figures.figures(resources.samples(), day)
    assert {
        key: (item.numerator, item.denominator) for key, item in found.items() if key in expected
    } == expected
    assert set(found) - set(expected) == {"S_filing_rate"}


def test_the_samples_give_the_figures_of_the_domain_page(all_of):
    found = all_of()
    assert found["A2_member_rate"].value == pytest.approx(100 * 2017 / 2050)
    assert found["A2_new_unions"].value == 4
    assert found["A2_new_unions"].gap == 1996
    assert found["A3_amount"].to_json()["value"] == "31500.00"
    assert found["A2_union_rate"].target == 90


def test_a_breakdown_lists_the_codes_in_their_own_order(all_of):
    seasons = all_of()["A3_four_season"].by
    assert [(part.label, part.value) for part in seasons] == [
        ("春送岗位", 420),
        ("夏送清凉", 180),
        ("冬送温暖", 4),
        ("日常帮扶", 2),
    ]
    assert {part.code: part.value for part in seasons} == sample_figures.four_seasons(
        resources.samples(), "2012-08-31"
    )


def test_a_day_behind_the_year_counts_as_its_last_day(all_of):
    assert {item.as_of for item in all_of("2013-02-01").values()} == {"2012-12-31"}


def test_a_unit_counts_its_own_rows_and_those_of_the_units_below_it(all_of):
    whole, block, unit = (
        all_of(unit=code)["A2_new_members"].value for code in (CITY, BLOCK, GRASS)
    )
    assert whole == 380
    assert unit == 44
    assert block == sum(
        int(row["joined_new"])
        for row in sample_figures.read(resources.samples())["unit_profile"]
        if row["unit"].startswith("511102")
        and sample_figures.last_day(row["period"]) <= "2012-08-31"
    )


def test_the_units_of_a_county_add_up_to_the_city(connection, sample_store):
    codes = [unit.code for unit in sample_store.pack.units if unit.parent == CITY]
    found = rollup.progress_of_units(connection, sample_store, "2012-08-31", codes)
    assert (
        sum(item.value for items in found.values() for item in items if item.id == "A2_new_members")
        == 380
    )


def test_a_row_of_an_unlisted_unit_counts_at_the_stores_own(all_of, change):
    change("UPDATE unit_profile SET unit = '511199400021' WHERE unit = '511102400017'")
    assert all_of()["A2_new_members"].value == 380


def test_an_unknown_unit_is_refused(all_of):
    with pytest.raises(InputError, match="I470"):
        all_of(unit="511199400021")


def test_drafts_and_voided_rows_do_not_count_and_returned_ones_do(all_of, change):
    change("UPDATE visit SET record_state = 'draft' WHERE rowid = 1")
    change("UPDATE visit SET deleted = 1 WHERE rowid = 2")
    change("UPDATE visit SET record_state = 'returned' WHERE rowid = 3")
    assert all_of()["A6_visits"].value == 6


def test_a_person_is_counted_once_however_often_helped(all_of, change):
    before = all_of()["A3_reemployed"].value
    change(
        "UPDATE employment SET person_id = (SELECT person_id FROM employment WHERE rowid = 1), target_group = '1', employed = 1,"
        " employ_date = '2012-05-01'",
    )
    assert before == 4
    assert all_of()["A3_reemployed"].value == 1


def test_persons_without_a_number_count_by_folded_name_and_birth_date(all_of, change):
    change(
        "UPDATE employment SET target_group = '1', employed = 1, employ_date = '2012-05-01', person_id = NULL, name = '买买提·艾力'"
    )
    change("UPDATE employment SET name = '买买提• 艾力' WHERE rowid = 2")
    change("UPDATE employment SET birth_date = '1980-01-01' WHERE rowid = 3")
    assert all_of()["A3_reemployed"].value == 2


def test_counted_texts_are_trimmed_and_of_one_width(all_of, change):
    change(
        "UPDATE contest SET kind = '1', six = '1', start_date = '2012-05-01', key_project = 'ＡＢ路'"
    )
    change("UPDATE contest SET key_project = 'AB路 ' WHERE rowid = 2")
    assert all_of()["A1_key_projects"].value == 1


def test_of_two_sheets_of_a_period_the_units_own_counts(all_of, change):
    """A sheet filed for a unit by another gives way to the unit's own of the same period."""
    columns = "origin, unit, period, record_state, rev, package, created_by, created_at, updated_at, packet, deleted, employees, members, joined_new"
    change(
        f"INSERT INTO unit_profile (uid, {columns}) SELECT 'own', unit, unit, period, 'confirmed', 1, package, '', '', '', NULL, 0, 7, 7, 0"
        f" FROM unit_profile WHERE unit = '{GRASS}'",
    )
    found = all_of()["A2_member_rate"]
    assert (found.numerator, found.denominator) == (2017 - 44 + 7, 2050 - 46 + 7)


def test_targets_hold_for_the_root_and_shares_for_those_below(all_of, connection, sample_store):
    assert all_of(unit=BLOCK)["A2_new_unions"].target is None
    assert all_of(unit=BLOCK)["A2_union_rate"].target == 90
    table = sample_store.tables.form["target_share"]
    head = {
        "origin": CITY,
        "record_state": "confirmed",
        "rev": 1,
        "package": "",
        "created_by": "",
        "created_at": "",
        "deleted": 0,
        "period": "",
    }
    for uid, value, when in (("a", 150, "1"), ("b", 200, "2")):
        row = {
            "uid": uid,
            "indicator": "A2_new_unions",
            "unit": BLOCK,
            "year": 2012,
            "value": value,
            "updated_at": when,
        }
        connection.execute(table.insert().values(**head, **row))
    assert all_of(unit=BLOCK)["A2_new_unions"].target == 200


def test_nothing_over_nothing_has_no_value(all_of):
    found = all_of(unit="511133000016")["A2_union_rate"]
    assert (found.numerator, found.denominator, found.value) == (0, 0, None)


def test_totals_of_tables_that_did_not_change_are_not_added_up_again(
    sample_store, connection, all_of, change
):
    """Seen in the statements that reach the database."""
    from sqlalchemy import event

    all_of()
    change("UPDATE visit SET workers = workers + 1")
    asked = []
    listen = lambda _, __, statement, *rest: asked.append(statement)  # noqa: E731
    event.listen(connection.engine, "before_cursor_execute", listen)
    found = all_of()
    event.remove(connection.engine, "before_cursor_execute", listen)
    assert found["A6_workers"].value == 146 + 8
    read = {
        form.id
        for form in sample_store.pack.top_forms
        if any(f"FROM {form.id} " in statement for statement in asked)
    }
    assert read == {"visit"}


def test_a_log_that_does_not_continue_the_last_one_seen_keeps_nothing(connection, all_of):
    with connection.begin_nested() as undone:
        connection.exec_driver_sql("UPDATE visit SET workers = 0")
        note_change(connection, "visit")
        assert all_of()["A6_workers"].value == 0
        undone.rollback()
    note_change(connection, "member")
    assert all_of()["A6_workers"].value == 146


def test_a_change_in_the_directory_or_a_decision_touches_every_total(all_of, change):
    all_of()
    change("UPDATE visit SET workers = 0")
    change("UPDATE union_org SET parent = parent")
    assert all_of()["A6_workers"].value == 0


def test_the_filing_rate_counts_what_had_to_be_there_and_was_in_time(
    sample_store, connection, all_of
):
    """Of the block's duties due by the day, one was filed in time, one late, one stated nil in time."""
    before = all_of(unit=GRASS)["S_filing_rate"]
    table = sample_store.tables.form["filing"]
    head = {
        "origin": CITY,
        "record_state": "confirmed",
        "rev": 1,
        "package": "",
        "created_by": "",
        "created_at": "",
        "updated_at": "",
        "deleted": 0,
    }
    for period, state, sent in (
        ("2012M05", "sent", "2012-06-05"),
        ("2012M06", "received", "2012-07-06"),
        ("2012M07", "nil", "2012-08-01"),
    ):
        row = {
            "uid": period,
            "unit": GRASS,
            "form": "labor_risk",
            "period": period,
            "state": state,
            "sent_date": sent,
        }
        connection.execute(table.insert().values(**head, **row))
    note_change(connection, "filing")
    after = all_of(unit=GRASS)["S_filing_rate"]
    assert before.numerator == 0
    assert (after.numerator, after.denominator) == (2, before.denominator)
    due = {"labor_risk": 4, "unit_profile": 1, "democracy": 1}
    assert after.denominator == sum(due.values())
