"""操作记录: each transaction is one entry, and what came in is taken back from there, too."""

from dataclasses import replace

import pytest

from tests.store.offices import ask, confirm, put, rows_of
from tests.store.test_bulk import WAY, chosen, nothing
from union_desk.errors import InputError
from union_desk.store import audit, bulk, drafts, log_book, records
from union_desk.taskpack.record import Table

PERIOD = "2012M08"


def entries(store, **options):
    with store.read() as connection:
        return log_book.newest(connection, **options)


def take_back(store, entry):
    with store.write() as transaction:
        return log_book.take_back(transaction, entry)


def content(store):
    """Everything that records, details and drafts say, revisions and times left out."""
    with store.read() as connection:
        found = [
            records.get(connection, store.tables, "visit", uid)
            for (uid,) in connection.exec_driver_sql(
                "SELECT uid FROM visit WHERE deleted = 0 ORDER BY uid"
            )
        ]
        kept = [(item.uid, item.fields) for item in drafts.load_drafts(connection)]
    return [(item.uid, item.record_state, item.values, item.details) for item in found], kept


@pytest.fixture
def taken(county):
    put(county, "visit", reason="样本说明", period=PERIOD)
    return county


def changed(n):
    """Return a sheet: one row with another figure, one that cannot be read, one that is new."""
    rows = [dict(row) for row in rows_of("visit")[:3]]
    rows[0]["workers"] = str(int(rows[0]["workers"]) + n)
    rows[1]["workers"] = "一百二"
    rows[2] |= {"visit_date": "2012-08-20", "place": f"新地方 {n}"}
    return Table("visit", list(rows[0]), [list(row.values()) for row in rows])


def test_entries_are_one_for_each_transaction_the_newest_first_and_paged(taken):
    for n in (1, 2, 3):
        put(taken, "visit", changed(n), period=PERIOD, reason="核对", drafts=True)
    found = entries(taken)
    with taken.read() as connection:
        last, _ = audit.head(connection)
    assert found[0].last == last
    assert [one.first - 1 for one in found[:-1]] == [one.last for one in found[1:]]
    assert found[-1].first == 1
    count = dict(ask(taken, "SELECT tx, count(*) FROM audit GROUP BY tx"))
    assert {one.transaction: sum(one.acts.values()) for one in found} == count
    assert entries(taken, before=found[1].first, count=2) == found[2:4]


def test_the_log_takes_back_what_the_notice_would_and_leaves_all_as_it_was(taken):
    before = content(taken)
    done = put(taken, "visit", changed(1), period=PERIOD, reason="核对", drafts=True)
    assert content(taken) != before
    entry = entries(taken)[0]
    assert (entry.form, entry.back) == ("visit", "undo")
    assert take_back(taken, entry) == done.undo.count
    assert content(taken) == before
    assert entries(taken)[0].back == ""
    with taken.read() as connection:
        assert not list(audit.verify(connection))


def test_a_bulk_edit_of_drafts_and_confirmed_records_is_taken_back_the_next_day(county, pack):
    rows = rows_of("visit")
    for row in rows[6:]:
        row["visitor"] = ""
    table = Table("visit", list(rows[0]), [list(row.values()) for row in rows])
    put(county, "visit", table, drafts=True, reason="样本说明", period=PERIOD)
    before = content(county)
    item = pack.forms["visit"].by_id["duty"]
    way = bulk.Way(WAY.period, WAY.as_of, reason="核对")
    bulk.edit(county, chosen(county), bulk.Setting(item, "副主席"), way, nothing)
    take_back(county, entries(county)[0])
    assert content(county) == before


def test_what_was_changed_edited_or_sent_since_is_not_taken_back(taken):
    put(taken, "visit", changed(1), period=PERIOD, reason="核对", drafts=True)
    entry = entries(taken)[0]
    put(taken, "visit", changed(2), period=PERIOD, reason="核对", drafts=True)
    with pytest.raises(InputError) as refused:
        take_back(taken, entry)
    assert refused.value.code == "I449"
    first = next(one for one in entries(taken) if one.reason == "样本说明")
    with pytest.raises(InputError) as refused:
        take_back(taken, first)
    assert refused.value.code == "I449"
    with pytest.raises(InputError) as refused:
        take_back(taken, entries(taken)[-1])
    assert refused.value.code == "I448"


def test_details_come_back_with_their_record(offices):
    grassroots = offices("grassroots")
    done = put(grassroots, "hardship", reason="样本", period="2012Q3")
    assert done.added
    ((uid,),) = ask(grassroots, "SELECT parent FROM hardship_family LIMIT 1")
    with grassroots.read() as connection:
        before = records.get(connection, grassroots.tables, "hardship", uid)
    fewer = {"hardship_family": before.details["hardship_family"][:1]}
    checks = grassroots.pack.forms["hardship"].checks
    told = {check.id: "已核实无误" for check in checks if check.level == "warning"}
    confirm(grassroots, replace(before, details=fewer), period="2012Q3", explanations=told)
    take_back(grassroots, entries(grassroots)[0])
    with grassroots.read() as connection:
        after = records.get(connection, grassroots.tables, "hardship", uid)
    assert after.details == before.details


def test_what_was_deleted_or_voided_comes_back_from_its_entry(taken):
    uids = [row[0] for row in ask(taken, "SELECT uid FROM visit ORDER BY uid")][:3]
    with taken.write() as transaction:
        for uid in uids:
            records.void(transaction, "visit", uid, "录重了")
    entry = entries(taken)[0]
    assert (entry.back, entry.reason) == ("restore", "录重了")
    assert take_back(taken, entry) == 3
    assert ask(taken, "SELECT count(*) FROM visit WHERE deleted = 0") == [(8,)]
