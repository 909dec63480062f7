"""What leaves as a sheet is masked; taken in again a mask is no change, and never a value."""

import pytest

from tests.store.offices import ask, put
from union_desk.errors import InputError
from union_desk.store import access, intake, selecting
from union_desk.store.context import context_at
from union_desk.taskpack.field_types import HIDDEN, SENSITIVE
from union_desk.taskpack.record import Table

FORM, DETAIL, DAY = "hardship", "hardship_family", "2012-08-31"


@pytest.fixture
def office(city):
    assert not put(city, FORM, reason="样本").refused
    return city


def sheets(store, *, masked=True):
    form = store.pack.forms[FORM]
    with store.read() as connection:
        context = context_at(store, DAY, connection=connection)
        found = selecting.sheets(
            connection, store, form, None, context, details=True, masked=masked
        )
    return {name: Table(name, columns, rows) for name, (columns, rows) in found.items()}


def content(store):
    names = [item.id for item in store.pack.forms[FORM].fields if item.type != "ref"]
    columns = ", ".join(f'"{name}"' for name in names)
    return [
        ask(store, f"SELECT {columns} FROM {FORM} ORDER BY rowid"),
        ask(store, f"SELECT person_id, name FROM {DETAIL} ORDER BY uid"),
    ]


def take(store, tables, **options):
    details = {DETAIL: tables[DETAIL]} if DETAIL in tables else {}
    return intake.put(store, FORM, tables[FORM], details, as_of=DAY, reason="更正", **options)


def codes(result):
    return {finding.code for finding in result.findings if finding.level == "error"}


def test_no_sensitive_value_stands_in_a_masked_sheet(office):
    tables = sheets(office)
    for name, table in tables.items():
        fields = {item.id: item for item in office.pack.forms[name].fields}
        full = sheets(office, masked=False)[name]
        seen = 0
        for place, column in enumerate(table.header):
            item = fields.get(column)
            for row, plain in zip(table.rows, full.rows, strict=True):
                if item is None or item.sensitivity < SENSITIVE or not plain[place]:
                    assert row[place] == plain[place]
                else:
                    seen += 1
                    assert row[place] != plain[place]
                    assert row[place] == HIDDEN or "****" in row[place]
        assert seen


def test_a_masked_sheet_that_is_taken_in_again_changes_nothing(office):
    before = content(office)
    result = take(office, sheets(office))
    assert (codes(result), result.added, result.updated) == (set(), 0, 0)
    assert content(office) == before


def test_what_is_changed_in_a_masked_sheet_goes_in_and_the_masked_stays(office):
    tables = sheets(office)
    before = content(office)
    place = tables[FORM].header.index("name")
    tables[FORM].rows[0][place] = "王改名"
    result = take(office, tables)
    assert (codes(result), result.updated) == (set(), 1)
    names = [row[0] for row in ask(office, f"SELECT name FROM {FORM} ORDER BY rowid")]
    assert names[0] == "王改名"
    spot = [item.id for item in office.pack.forms[FORM].fields if item.type != "ref"].index("name")
    after = content(office)
    without = [[row[:spot] + row[spot + 1 :] for row in found] for found in (after[0], before[0])]
    assert without[0] == without[1]
    assert after[1] == before[1]


def test_a_mask_of_somebody_else_or_without_a_record_id_is_refused(office):
    before = content(office)
    tables = sheets(office)
    place = tables[FORM].header.index("person_id")
    rows = tables[FORM].rows
    rows[0][place], rows[1][place] = rows[1][place], rows[0][place]
    assert f"{FORM}.person_id.unreadable" in codes(take(office, tables))
    tables = sheets(office)
    for row in tables[FORM].rows:
        row[tables[FORM].header.index("uid")] = ""
    told = codes(take(office, {FORM: tables[FORM]}, drafts=False))
    assert f"{FORM}.person_id.unreadable" in told
    assert f"{FORM}.health.unreadable" in told
    assert content(office) == before


def test_a_masked_reference_names_nobody(office):
    assert not put(office, "aid", reason="样本").refused
    form = office.pack.forms["aid"]
    with office.read() as connection:
        context = context_at(office, DAY, connection=connection)
        columns, rows = selecting.sheets(
            connection, office, form, None, context, details=False, masked=True
        )["aid"]
    place = columns.index("hardship")
    assert HIDDEN in {row[place] for row in rows}
    result = intake.put(office, "aid", Table("aid", columns, rows), as_of=DAY, reason="更正")
    assert (codes(result), result.updated) == (set(), 0)
    for row in rows:
        row[columns.index("uid")] = ""
    result = intake.put(office, "aid", Table("aid", columns, rows), as_of=DAY, reason="更正")
    assert "aid.hardship.unreadable" in codes(result)
    assert result.refused


def test_all_in_full_takes_a_reason_that_is_kept_and_masked_is_noted_too(office):
    with pytest.raises(InputError) as caught:
        access.filed(office, FORM, "名册.xlsx", full=" 核对")
    assert caught.value.code == "I499"
    access.filed(office, FORM, "名册.xlsx")
    access.filed(office, FORM, "名册.xlsx", full="核对发放名单")
    access.filed(office, "union_org", "名录.xlsx")
    rows = ask(
        office,
        "SELECT a.act, a.form, v.reason FROM audit a JOIN audit_value v USING (n) "
        "WHERE a.act IN ('file', 'file_full') ORDER BY n",
    )
    assert rows == [("file", FORM, None), ("file_full", FORM, "核对发放名单")]
