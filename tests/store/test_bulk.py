"""One field of many records, or many drafts confirmed: tried first, blocked rows left alone."""

import pytest

from tests.store.offices import ask, put, rows_of
from union_desk.store import bulk, undoing
from union_desk.taskpack.record import Table

WAY = bulk.Way("2012M08", "2012-08-31", explanations={})


def nothing(done, total):
    """Take the news of a run."""


@pytest.fixture
def visits(county):
    """A county with six confirmed visits and two drafts."""
    rows = rows_of("visit")
    table = Table("visit", list(rows[0]), [list(row.values()) for row in rows[:6]])
    put(county, "visit", table, reason="样本说明", period="2012M08")
    for row in rows[6:]:
        row["visitor"] = ""
    table = Table("visit", list(rows[0]), [list(row.values()) for row in rows[6:]])
    put(county, "visit", table, drafts=True, period="2012M08")
    return county


def chosen(store):
    found = ask(store, "SELECT uid, record_state FROM visit WHERE deleted = 0 ORDER BY rowid")
    return bulk.Chosen(
        "visit",
        tuple(uid for uid, state in found if state == "confirmed"),
        tuple(uid for uid, state in found if state == "draft"),
    )


def values(store, name):
    return [row[0] for row in ask(store, f'SELECT "{name}" FROM visit ORDER BY rowid')]


def test_old_and_new_are_shown_before_anything_changes(visits, pack):
    item = pack.forms["visit"].by_id["duty"]
    tried = bulk.try_edit(visits, chosen(visits), bulk.Setting(item, "副主席"), WAY, nothing)
    assert len(tried.changes) + len(tried.blocked) + tried.same == 8
    assert all(pair[1] == "副主席" for pair in tried.changes.values())
    assert "副主席" not in values(visits, "duty")


def test_one_field_of_many_records_is_set_and_taken_back(visits, pack):
    """Requirement 29."""
    item = pack.forms["visit"].by_id["duty"]
    before = values(visits, "duty")
    tried = bulk.try_edit(visits, chosen(visits), bulk.Setting(item, "副主席"), WAY, nothing)
    reasons = {one.code: "样本数据，已核实" for one in tried.warnings}
    way = bulk.Way("2012M08", "2012-08-31", explanations=reasons)
    done = bulk.edit(visits, chosen(visits), bulk.Setting(item, "副主席"), way, nothing)
    assert values(visits, "duty") == ["副主席"] * 8
    states = ask(visits, "SELECT record_state, count(*) FROM visit GROUP BY 1 ORDER BY 1")
    assert states == [("confirmed", 6), ("draft", 2)]
    with visits.write() as transaction:
        undoing.undo(transaction, done.undo)
    assert values(visits, "duty") == before


def test_a_value_that_cannot_be_read_changes_nothing(visits, pack):
    item = pack.forms["visit"].by_id["workers"]
    tried = bulk.try_edit(visits, chosen(visits), bulk.Setting(item, "一百二"), WAY, nothing)
    assert not tried.changes
    assert len(tried.blocked) == 8


def test_drafts_are_confirmed_together_and_those_in_trouble_stay(visits, pack):
    tried = bulk.confirm(visits, chosen(visits), WAY, nothing, dry_run=True)
    assert len(tried.blocked) == 2
    item = pack.forms["visit"].by_id["visitor"]
    bulk.edit(
        visits,
        bulk.Chosen("visit", (), chosen(visits).drafts[:1]),
        bulk.Setting(item, "李敏"),
        WAY,
        nothing,
    )
    tried = bulk.confirm(visits, chosen(visits), WAY, nothing, dry_run=True)
    reasons = {one.code: "样本数据，已核实" for one in tried.warnings}
    way = bulk.Way("2012M08", "2012-08-31", explanations=reasons)
    done = bulk.confirm(visits, chosen(visits), way, nothing, dry_run=False)
    assert (len(done.changes), len(done.blocked)) == (1, 1)
    states = ask(visits, "SELECT record_state, count(*) FROM visit GROUP BY 1 ORDER BY 1")
    assert states == [("confirmed", 7), ("draft", 1)]
    with visits.write() as transaction:
        undoing.undo(transaction, done.undo)
    states = ask(visits, "SELECT record_state, count(*) FROM visit GROUP BY 1 ORDER BY 1")
    assert states == [("confirmed", 6), ("draft", 2)]
