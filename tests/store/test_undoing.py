"""One act takes back a whole paste: what was added, what was changed, what landed as a draft."""

import pytest

from tests.store.offices import ask, put, rows_of, sample
from union_desk.errors import InputError
from union_desk.store import intake, undoing
from union_desk.taskpack.record import Table

PERIOD = "2012M08"


def table(rows):
    return Table("visit", list(rows[0]), [list(row.values()) for row in rows])


@pytest.fixture
def taken(county):
    """A county that took in eight visits; and the sheet with one changed, one bad, one new row."""
    put(county, "visit", reason="样本说明", period=PERIOD)
    return county


def live(store):
    return ask(store, "SELECT record_state, count(*) FROM visit WHERE deleted = 0 GROUP BY 1")


def changed_sheet(pack):
    form = pack.forms["visit"]
    number = next(item.id for item in form.fields if item.type == "int")
    key = form.duplicate_keys[0][0]
    rows = [dict(row) for row in rows_of("visit")[:3]]
    rows[0][number] = str(int(rows[0][number] or 0) + 1)
    rows[1][number] = "一百二"
    return rows, number, key


def test_a_preview_tells_what_becomes_of_each_row_and_changes_nothing(taken, pack):
    """Requirement 36."""
    rows, number, _ = changed_sheet(pack)
    done = intake.put(
        taken, "visit", table(rows), period=PERIOD, as_of="2012-08-31", drafts=True, dry_run=True,
        outcomes=True, reason="核对",
    )  # fmt: skip
    kinds = [(row.number, row.kind, row.draft) for row in done.rows]
    assert [kind[1] for kind in kinds] == ["changed", "changed", "same"]
    assert kinds[1][2]
    old, new = done.rows[0].changes[number]
    assert new == old + 1
    assert live(taken) == [("confirmed", 8)]


def test_one_act_takes_back_what_was_changed_and_edited(taken, pack):
    """Requirement 9: one undo for the whole paste."""
    before = ask(taken, "SELECT * FROM visit ORDER BY uid")
    rows, number, _ = changed_sheet(pack)
    done = intake.put(
        taken, "visit", table(rows), period=PERIOD, as_of="2012-08-31", drafts=True, reason="核对"
    )
    assert (done.updated, done.drafts, done.undo.count) == (1, 1, 2)
    assert ask(taken, "SELECT count(*) FROM draft") == [(1,)]
    with taken.write() as transaction:
        undoing.undo(transaction, done.undo)
    after = ask(taken, "SELECT * FROM visit ORDER BY uid")
    place = [column.name for column in taken.tables.form["visit"].columns].index(number)
    assert [row[place] for row in after] == [row[place] for row in before]
    assert ask(taken, "SELECT count(*) FROM draft") == [(0,)]


def test_what_was_added_is_gone_and_can_be_found_in_the_recycle_list(county):
    done = put(county, "visit", reason="样本说明", period=PERIOD)
    assert done.undo.count == 8
    with county.write() as transaction:
        undoing.undo(transaction, done.undo)
    assert live(county) == []
    assert ask(county, "SELECT count(*) FROM visit WHERE deleted = 1") == [(8,)]


def test_what_was_sent_since_is_not_taken_back(county):
    done = put(county, "visit", reason="样本说明", period=PERIOD)
    with county.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE visit SET packet = 'p' WHERE rowid = 1")
    with pytest.raises(InputError) as refused, county.write() as transaction:
        undoing.undo(transaction, done.undo)
    assert refused.value.code == "I439"
    assert live(county) == [("confirmed", 8)]


def test_each_rule_has_a_reason_of_its_own(county):
    """Requirement 6."""
    first = intake.put(county, "visit", sample("visit"), period=PERIOD, as_of="2012-08-31",
                       dry_run=True, drafts=True)  # fmt: skip
    codes = {item.code for item in first.findings if item.level == "warning"}
    reasons = {code: f"原因：{code}" for code in codes}
    done = intake.put(county, "visit", sample("visit"), period=PERIOD, as_of="2012-08-31",
                      explanations=reasons, drafts=True)  # fmt: skip
    assert done.drafts == 0
    told = {row[0] for row in ask(county, "SELECT text FROM check_note WHERE deleted = 0")}
    assert set(reasons.values()) <= told
