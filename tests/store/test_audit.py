"""The change log: every row hashed with the one before, an edited one named."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from tests.store.offices import PROPOSAL, ask, confirm, draft, put
from union_desk.store import audit, records

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


def breaks(store):
    with store.read() as connection:
        return [(found.n, found.message) for found in audit.verify(connection)]


def spoil(store, *statements):
    """Change the log behind the program's back."""
    with store.write() as transaction:
        for trigger in ("audit__no_update", "audit__no_delete"):
            transaction.connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        for statement in statements:
            transaction.connection.exec_driver_sql(statement)


@pytest.fixture
def logged(city):
    """A store with some history: ten rows of the log."""
    for number in range(9):
        with city.write() as transaction:
            audit.note(transaction, "test", reason=f"第 {number} 次", new={"n": number})
    return city


def test_a_new_store_has_one_row_and_a_whole_chain(city):
    assert ask(city, "SELECT n, act, prev FROM audit") == [(1, "init", "")]
    assert breaks(city) == []


def test_everything_done_is_in_the_chain_in_order(logged):
    assert [row[0] for row in ask(logged, "SELECT n FROM audit ORDER BY n")] == list(range(1, 11))
    assert breaks(logged) == []


@pytest.mark.parametrize("column", ["tx", "at", "person", "act", "form", "uid", "rev", "digest"])
def test_an_edited_row_is_named_by_its_number(logged, column):
    spoil(logged, f"UPDATE audit SET {column} = {7 if column == 'rev' else repr('x')} WHERE n = 5")
    assert breaks(logged) == [(5, "操作记录第 5 条被改动过。")]


def test_an_edited_hash_breaks_the_next_link_too(logged):
    spoil(logged, "UPDATE audit SET hash = 'x' WHERE n = 5")
    assert [number for number, _ in breaks(logged)] == [5, 6]


def test_missing_rows_are_named(logged):
    spoil(logged, "DELETE FROM audit WHERE n IN (4, 5)")
    assert breaks(logged) == [(6, "操作记录第 4—5 条缺失。")]


def test_two_rows_changed_round_are_found(logged):
    spoil(
        logged,
        "UPDATE audit SET n = -n WHERE n IN (4, 5)",
        "UPDATE audit SET n = 9 + n WHERE n < 0",
    )
    assert breaks(logged)


def test_the_log_takes_new_rows_only(logged):
    for statement in (
        "UPDATE audit SET person = 'x' WHERE n = 5",
        "DELETE FROM audit WHERE n = 10",
    ):
        with pytest.raises(IntegrityError, match="append-only"), logged.write() as transaction:
            transaction.connection.exec_driver_sql(statement)
    assert breaks(logged) == []


def test_erasing_values_and_salts_leaves_the_chain_whole(logged):
    with logged.write() as transaction:
        transaction.connection.exec_driver_sql(
            "UPDATE audit_value SET salt = NULL, old = NULL, new = NULL, reason = NULL"
        )
    assert breaks(logged) == []


def test_a_change_and_its_row_of_the_log_stand_or_fall_together(city):
    with city.write() as transaction:
        audit.note(transaction, "test")
        transaction.connection.rollback()
        transaction.connection.begin()
    assert ask(city, "SELECT count(*) FROM audit") == [(1,)]
    assert ask(city, "SELECT count(*) FROM audit_value") == [(0,)]


def test_the_digest_is_of_the_record_and_its_salt(city):
    saved = confirm(city, draft("proposal", PROPOSAL))
    ((salt, digest),) = ask(
        city,
        "SELECT v.salt, a.digest FROM audit a JOIN audit_value v ON v.n = a.n WHERE a.uid = ?",
        saved.uid,
    )
    assert len(salt) == 32
    assert audit.record_digest(salt, "[]") != digest
    with city.read() as connection:
        assert audit.newest_digests(connection, "proposal") == {saved.uid: (salt, digest)}
        assert audit.newest_digest(connection, saved.uid) == digest


def test_the_history_of_a_record_tells_what_changed_by_whom_and_why(city):
    saved = confirm(city, draft("proposal", PROPOSAL))
    with city.write() as transaction:
        transaction.connection.exec_driver_sql(
            "UPDATE proposal SET record_state = 'sent', packet = 'p'"
        )
    confirm(city, draft("proposal", PROPOSAL | {"items": 12}, uid=saved.uid), reason="电话退回")
    with city.write() as transaction:
        records.void(transaction, "proposal", saved.uid, "重复填报")
    with city.read() as connection:
        first, second, third = audit.history(connection, saved.uid)
    assert (first.act, first.rev, first.person, first.old) == ("confirm", 1, "李敏", {})
    assert (second.act, second.rev, second.reason) == ("correct", 2, "电话退回")
    assert (second.old["items"], second.new["items"]) == (10, 12)
    assert set(second.new) == {"items"}
    assert (third.act, third.rev, third.reason) == ("void", 3, "重复填报")


def test_a_bulk_write_hashes_as_one_row_at_a_time_does(city):
    put(city, "contest", reason="样本")
    assert breaks(city) == []


@settings(max_examples=50, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_any_text_hashes_the_same_when_read_back(person, act, uid):
    row = (7, "tx", "at", person, act, None, uid, 1, None)
    text = audit.canonical(["p", *row])
    assert json.loads(text) == ["p", *row]
    assert text == f'["p",7,{audit.canonical(row[1:5])[1:-1]},{audit.canonical(row[5:])[1:]}'
