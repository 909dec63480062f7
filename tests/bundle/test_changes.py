"""报告变化: reported below, decided by who wrote the row, answered back."""

import pytest

from tests.bundle.crafting import row
from tests.bundle.offices import GRASS
from tests.store.offices import DAY, ask, put, rows_of, run, sheet
from union_desk.bundle import packet_tables
from union_desk.errors import InputError
from union_desk.store import applying, changes, records


def changes_of(store, uid):
    with store.read() as connection:
        return changes.of_record(connection, store, uid)


def waiting(store):
    with store.read() as connection:
        return changes.waiting(connection, store)


def record_of(store, form, uid):
    with store.read() as connection:
        return records.get(connection, store.tables, form, uid)


def report(store, record, value="歇业至年底", text=""):
    with store.write() as transaction:
        return changes.report(
            transaction, record.form, record, kind="stopped", value=value, text=text
        )


def test_a_change_travels_up_is_decided_and_the_answer_travels_back(offices):
    county, unit = offices.county, offices.grassroots
    done = put(county, "enterprise", sheet("enterprise", rows_of("enterprise")[0]), reason="样本")
    assert done.added == 1
    offices.down("county", "grassroots")
    (uid,) = (row[0] for row in ask(unit, "SELECT uid FROM enterprise"))
    assert waiting(county) == []
    report(unit, record_of(unit, "enterprise", uid))
    (own,) = changes_of(unit, uid)
    assert (own.kind, own.value, own.verdict, own.unit) == ("stopped", "歇业至年底", "", GRASS)
    found = offices.up("grassroots", "county")
    assert {item.outcome for item in found} == {"applied"}
    (told,) = waiting(county)
    assert (told.unit, told.record, told.name) == (GRASS, uid, own.name)
    with pytest.raises(InputError) as caught:
        changes.decide(county, told, done=False, outcome=" ", day=DAY)
    assert caught.value.code == "I582"
    changes.decide(county, told, done=True, outcome="已改为停产", day=DAY)
    assert waiting(county) == []
    found = offices.down("county", "grassroots")
    assert {item.outcome for item in found} == {"applied"}, [(i.code, i.reason) for i in found]
    (answered,) = changes_of(unit, uid)
    assert (answered.verdict, answered.outcome) == (changes.DONE, "已改为停产")


def test_what_one_may_change_oneself_is_not_reported_and_nor_is_nothing(offices):
    county = offices.county
    put(county, "enterprise", sheet("enterprise", rows_of("enterprise")[0]), reason="样本")
    offices.down("county", "grassroots")
    (uid,) = (row[0] for row in ask(county, "SELECT uid FROM enterprise"))
    with pytest.raises(InputError) as caught:
        report(county, record_of(county, "enterprise", uid))
    assert caught.value.code == "I580"
    with pytest.raises(InputError) as caught:
        report(offices.grassroots, record_of(offices.grassroots, "enterprise", uid), value=" ")
    assert caught.value.code == "I581"


def test_only_who_wrote_the_row_answers_a_report_of_it(offices, pack):
    county, unit, city = offices.county, offices.grassroots, offices.city
    put(city, "enterprise", sheet("enterprise", rows_of("enterprise")[0]), reason="样本")
    offices.down("city", "county")
    ((uid,),) = ask(county, "SELECT uid FROM enterprise")
    report(county, record_of(county, "enterprise", uid))
    (own,) = changes_of(county, uid)
    with pytest.raises(InputError, match="I583"):
        changes.decide(county, own, done=True, outcome="", day=DAY)
    said = row(pack, "review", unit, form="change_request", record=own.uid, verdict="received", reviewer="他人", date=DAY)  # fmt: skip
    with county.write() as tx:
        incoming = applying.Incoming("review", packet_tables.layout(pack, "review").header, [said])
        applying.Applying(tx, unit.origin, "x", run(county, tx.connection)).apply(incoming)
    (own,) = changes_of(county, uid)
    assert own.verdict == ""
