"""What is typed and not yet saved waits in the store, whatever it is."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.offices import PROPOSAL, ask, confirm, draft
from union_desk.store import audit, drafts
from union_desk.store.drafts import Draft, DraftDetail
from union_desk.taskpack.record import new_uid

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
RAW = st.text(max_size=20) | st.sampled_from(["\ud83d", "a\udc00b", "\0", "😀"])
"""What a broken paste may hold, half characters too."""
DETAIL = st.builds(DraftDetail, st.uuids().map(str), st.dictionaries(TEXT, RAW, max_size=3))
DRAFT = st.builds(
    Draft,
    uid=st.uuids().map(str),
    form=st.sampled_from(["proposal", "visit"]),
    fields=st.dictionaries(TEXT, RAW, max_size=4),
    details=st.dictionaries(TEXT, st.lists(DETAIL, max_size=3).map(tuple), max_size=2),
    unit=TEXT,
    period=TEXT,
    base_rev=st.integers(0, 9),
    base_digest=st.none() | TEXT,
    cursor=st.none() | TEXT,
    open=st.booleans(),
)


def keep(store, *kept):
    with store.write() as transaction:
        return [drafts.save_draft(transaction, one) for one in kept]


def load(store, uid):
    with store.read() as connection:
        return drafts.load_draft(connection, uid)


def test_whatever_is_typed_reads_back_the_same(city):
    @settings(max_examples=50, deadline=None)
    @given(DRAFT)
    def typed_reads_back(typed):
        (kept,) = keep(city, typed)
        assert load(city, typed.uid) == kept
        assert replace(kept, person="", package="", at="") == typed
        assert kept.person == "李敏"

    typed_reads_back()


def test_a_later_text_replaces_the_earlier_one(city):
    uid = new_uid()
    keep(city, Draft(uid, "proposal", {"title": "甲"}), Draft(uid, "proposal", {"title": "乙"}))
    assert load(city, uid).fields == {"title": "乙"}
    assert ask(city, "SELECT count(*) FROM draft") == [(1,)]


def test_a_draft_leaves_no_row_of_the_change_log_and_changes_no_record(city):
    saved = confirm(city, draft("proposal", PROPOSAL))
    before = ask(city, "SELECT count(*) FROM audit"), ask(city, "SELECT * FROM proposal")
    keep(city, Draft(saved.uid, "proposal", {"items": "一百二"}, base_rev=1))
    assert (ask(city, "SELECT count(*) FROM audit"), ask(city, "SELECT * FROM proposal")) == before


def test_only_pages_not_left_in_order_are_offered_at_the_next_start(city):
    left, closed = (
        Draft(new_uid(), "proposal", {"title": "甲"}),
        Draft(new_uid(), "visit", {"place": "乙"}),
    )
    keep(city, left, closed)
    with city.write() as transaction:
        drafts.close_draft(transaction, closed.uid)
    with city.read() as connection:
        assert [one.uid for one in drafts.load_drafts(connection, left_open=True)] == [left.uid]
        assert {one.uid for one in drafts.load_drafts(connection)} == {left.uid, closed.uid}
        assert [one.uid for one in drafts.load_drafts(connection, "visit")] == [closed.uid]


def test_dropping_an_edit_can_be_undone(city):
    (kept,) = keep(city, Draft(new_uid(), "proposal", {"title": "甲"}))
    with city.write() as transaction:
        assert drafts.discard(transaction, kept.uid) == kept
        assert drafts.discard(transaction, kept.uid) is None
    assert load(city, kept.uid) is None
    keep(city, kept)
    assert load(city, kept.uid).fields == kept.fields


@pytest.mark.parametrize("items", [11, 12])
def test_an_edit_knows_the_revision_it_was_made_from(city, items):
    saved = confirm(city, draft("proposal", PROPOSAL))
    with city.read() as connection:
        base = audit.newest_digest(connection, saved.uid)
    keep(city, Draft(saved.uid, "proposal", {"items": "13"}, base_rev=saved.rev, base_digest=base))
    with city.read() as connection:
        assert load(city, saved.uid).base_digest == audit.newest_digest(connection, saved.uid)
    confirm(city, draft("proposal", PROPOSAL | {"items": items}, uid=saved.uid))
    assert load(city, saved.uid) is None
