"""What an upper level decides: locked for the writer, never held against the writer."""

from dataclasses import replace

import pytest

from union_desk.store import checking, opening, records
from union_desk.store.context import context_at
from union_desk.store.decisions import lay_decisions
from union_desk.store.layout import layout
from union_desk.store.notes import new_head
from union_desk.store.writing import Write, write_rows
from union_desk.taskpack.record import Record, new_uid

UNIT, COUNTY = "511102400017", "511102000013"
VALUES = {
    "kind": "1", "team_name": "一车间", "leader": "张三", "headcount": 16, "start_date": "2012-01-10",
    "state": "1", "accident": 0, "enterprise__label": "某厂", "enterprise__key": "某厂",
}  # fmt: skip


@pytest.fixture
def store(pack, tmp_path):
    with opening.create(
        tmp_path / "store",
        pack,
        unit=UNIT,
        name="某厂工会",
        level="grassroots",
        parent=COUNTY,
        password=None,
    ) as store:
        yield store


def confirm(store, record, **changes):
    record = replace(record, values={**record.values, **changes})
    with store.write() as transaction:
        context = context_at(store, "2012-08-31", connection=transaction.connection)
        return records.confirm(transaction, record, context, period="2012Q3")


def decide(store, record, field, value):
    """Let a decision of the county arrive."""
    with store.write() as transaction:
        made = layout(transaction.tables, "decision")
        head = {**new_head(transaction, COUNTY, ""), "origin": COUNTY}
        row = {
            **head, "form": record.form, "record": record.uid, "field": field, "value": value,
            "who": "县总", "date": "2012-08-25",
        }  # fmt: skip
        write_rows(
            transaction,
            "decision",
            [Write(tuple(row.get(name) for name in made.columns), None)],
            act="confirm",
        )
        context = context_at(store, "2012-08-31", connection=transaction.connection)
        lay_decisions(transaction, record.form, [record.uid], context)


def errors(store, record):
    with store.read() as connection:
        context = context_at(store, "2012-08-31", connection=connection)
        found = checking.check_rows(
            connection, store.tables, store.pack, record.form, [record.uid], context
        )
    return [item.code for item in found if item.level == "error"]


def new_team():
    return Record("team_brand", new_uid(), dict(VALUES), unit=UNIT)


@pytest.mark.parametrize("changes", [{"state": "4"}, {"naming_date": "2012-08-25"}])
def test_the_writer_cannot_enter_what_is_decided_above(store, changes):
    with pytest.raises(records.FindingsError) as refusal:
        confirm(store, new_team(), **changes)
    field = next(iter(changes))
    assert f"team_brand.{field}.decided" in {item.code for item in refusal.value.findings}


def test_a_decision_laid_over_a_record_is_no_finding_and_keeps_no_one_from_correcting_it(store):
    record = confirm(store, new_team())
    decide(store, record, "state", "5")
    with store.read() as connection:
        shown = records.get(connection, store.tables, record.form, record.uid)
    assert shown.values["state"] == "5"
    assert errors(store, shown) == []
    again = confirm(store, shown, headcount=17)
    assert (again.values["headcount"], again.values["state"]) == (17, "5")
