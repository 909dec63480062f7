"""待审: what units sent waits, worst first; it is accepted or goes back with a remark."""

from contextlib import ExitStack

import pytest

from tests.bundle.offices import GRASS, Offices, build
from tests.store.offices import DAY, ask, get, put, rows_of, sheet
from union_desk.errors import InputError, StoreError
from union_desk.store import reviews


@pytest.fixture(scope="module")
def made(pack, tmp_path_factory):
    folder = tmp_path_factory.mktemp("three") / "made"
    build(folder, pack)
    return folder


@pytest.fixture
def offices(made, tmp_path, monkeypatch):
    """A county that has just taken in members and files of hardship of one unit."""
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    with ExitStack() as stack:
        three = Offices(made, tmp_path, stack)
        put(three.grassroots, "member")
        put(three.grassroots, "hardship", reason="样本数据")
        three.up("grassroots", "county")
        yield three


def waiting(offices):
    (sender,) = reviews.queue(offices.county, DAY)
    return sender


def correct(offices, uid):
    """Change a member's post at the unit that wrote it."""
    name = get(offices.grassroots, "member", uid).values["name"]
    row = next(row for row in rows_of("member") if row["name"] == name)
    changed = sheet("member", row | {"uid": uid, "post": "调度"})
    assert put(offices.grassroots, "member", changed, reason="岗位变了").updated == 1


def test_what_a_unit_sent_waits_with_what_the_checks_say(offices):
    sender = waiting(offices)
    assert sender.unit.code == GRASS
    assert sender.counts == {"member": 8, "hardship": 8}
    assert sender.errors == 0
    with offices.county.read() as connection:
        named = reviews.names(connection, offices.county, sender.records)
        assert reviews.waiting_counts(connection, offices.county) == 16
    assert set(named.values()) >= {row["name"] for row in rows_of("member")}


def test_what_is_accepted_is_off_the_list_and_back_with_the_next_revision(offices):
    records = waiting(offices).records
    assert reviews.accept(offices.county, records, DAY) == 16
    assert reviews.queue(offices.county, DAY) == ()
    uid = next(item.uid for item in records if item.form == "member")
    correct(offices, uid)
    offices.up("grassroots", "county")
    (again,) = waiting(offices).records
    assert (again.uid, again.corrected, again.unusual) == (uid, True, True)


def test_a_returned_record_is_given_back_below_with_the_remark(offices):
    item = next(one for one in waiting(offices).records if one.form == "hardship")
    reviews.give_back(
        offices.county, [item], "家庭人口与明细不符", DAY, field_id="family_size", due="2012-09-07"
    )
    assert item.uid not in {one.uid for one in waiting(offices).records}
    offices.down("county", "grassroots")
    record = get(offices.grassroots, "hardship", item.uid)
    assert record.record_state == "returned"
    ((text, field, due),) = ask(offices.grassroots, "SELECT text, field, due_date FROM return_note")
    assert (text, field, due) == ("家庭人口与明细不符", "family_size", "2012-09-07")


def test_a_verdict_is_undone_before_it_is_sent(offices):
    records = waiting(offices).records
    reviews.accept(offices.county, records, DAY)
    reviews.take_back(offices.county, records, "点错了")
    assert len(waiting(offices).records) == 16
    reviews.accept(offices.county, records[:1], DAY)
    assert len(waiting(offices).records) == 15


def test_a_unit_with_nothing_unusual_is_told_from_one_that_corrected(offices):
    sender = waiting(offices)
    assert not sender.unusual
    assert len(reviews.sample([sender], seed=1)) == 1
    assert reviews.sample([], seed=1) == ()
    uid = next(item.uid for item in sender.records if item.form == "member")
    correct(offices, uid)
    offices.up("grassroots", "county")
    sender = waiting(offices)
    assert (sender.unusual, sender.corrected) == (True, 1)
    assert (sender.records[0].uid, sender.records[0].corrected) == (uid, True)


def test_a_remark_is_asked_for_and_only_reviewers_judge(offices):
    records = waiting(offices).records
    with pytest.raises(InputError, match="I443"):
        reviews.give_back(offices.county, records[:1], "  ", DAY)
    offices.county.roles = ("clerk",)
    with pytest.raises(StoreError, match="S361"):
        reviews.accept(offices.county, records, DAY)
    assert len(waiting(offices).records) == 16


def test_a_verdict_that_the_store_refuses_changes_nothing(offices):
    records = waiting(offices).records
    with pytest.raises(InputError, match="I444"):
        reviews.give_back(offices.county, records[:1], "字" * 600, DAY)
    assert len(waiting(offices).records) == 16
