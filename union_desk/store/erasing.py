"""删除个人信息: what a record says of a person goes, that there was one stays.

Blanked are the row, its details, its draft, its attachments, what was said of it (notes, returns,
reviews, decisions, requests), what issued papers keep of it, and what the change log keeps of its
values, at this level and, by a tombstone, at every other.
Who and when stay, the chain still verifies. Everything own is due again in a fresh epoch, and the
packets of the epochs before are no longer kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from union_desk.errors import InputError
from union_desk.store import (
    attachments,
    backups,
    discarding,
    erased_papers,
    outbox,
    records,
    rights,
)
from union_desk.store.layout import ERASED, HEAD_PLACE, details_of, layout, rows_by
from union_desk.store.thinning import moment
from union_desk.store.writing import Write, set_head, write_rows
from union_desk.store.written import written_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from union_desk.store.layout import Row
    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.record import Value

_FORGET = (
    "DELETE FROM attachment WHERE record = ?",
    "DELETE FROM draft WHERE uid = ?",
    "DELETE FROM written_value WHERE record = ?",
    """UPDATE audit_value SET old = NULL, new = NULL
    WHERE n IN (SELECT n FROM audit WHERE uid = ?)""",
    """UPDATE audit_value SET salt = NULL, reason = NULL
    WHERE n IN (SELECT n FROM audit WHERE uid = ? AND act <> 'erase')""",
)
"""The digest of the blank record needs its salt; what was before needs none any more."""
_WORDS = ("check_note", "return_note", "review", "decision", "change_request")
"""Tables of what was said of a record: explanations and figures, returns, verdicts, requests."""
_OLDEST_BACKUP = timedelta(days=366)
"""After so long no backup that thinning keeps is older than the erasure."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did."""

    records: int
    files: int
    """Attachments and packets of retired epochs that are gone."""
    until: str
    """Day until which backups still hold it."""


@dataclass(frozen=True, slots=True)
class Related:
    """A record that speaks of the same person."""

    form: str
    uid: str
    own: bool
    """Written here: it can be erased here."""


def erase(store: Store, chosen: Sequence[tuple[str, str]], reason: str) -> Erased:
    """Erase records of a person, (form, uid), after a backup; all or none.

    :raises StoreError: S361, S404 to S408.
    :raises InputError: I475 no reason, I401 no such record, I476 another's record.
    :raises FileError: it is done, but a file could not be removed: the next opening does.
    """
    rights.check_may(store, "erase")
    if not reason.strip():
        raise InputError("I475", "删除个人信息要写明原因。", "请写原因后再删除。")
    backups.before(store, "erase")
    with store.write() as transaction:
        gone: list[Path] = []
        for form, uid in chosen:
            _check_own(transaction, form, uid)
            gone += blank(transaction, form, [uid], reason=reason.strip())
        gone += _start_over(transaction, chosen)
        discarding.note(transaction, gone)
    removed = discarding.finish(store)
    until = moment(transaction.now) + _OLDEST_BACKUP
    return Erased(len(chosen), removed, f"{until:%Y-%m-%d}")


def blank(
    transaction: Transaction,
    form: str,
    uids: Sequence[str],
    *,
    reason: str | None,
    packet: str | None = None,
) -> list[Path]:
    """Blank records and all that is kept of their values, inside the running transaction.

    :param packet: the packet whose tombstone said so; None where it begins here.
    :returns: files that nothing names any more: to be removed once the transaction holds.
    """
    connection = transaction.connection
    made = layout(transaction.tables, form)
    found = written_rows(
        connection, transaction.tables, form, list(rows_by(connection, made, "uid", uids))
    )
    there = [str(row[0]) for row in found]
    details = details_of(connection, transaction.tables, made.form, there)
    writes = [
        Write(_blanked(transaction, made.form, row, packet), row, {}, details.get(str(row[0]), {}))
        for row in found
    ]
    write_rows(transaction, form, writes, act="erase", reason=reason)
    marks = [(uid,) for uid in there]
    if not marks:
        return []
    gone = _unnamed(transaction, there)
    for statement in _FORGET:
        connection.exec_driver_sql(statement, marks)
    inner = (str(row[0]) for kinds in details.values() for found in kinds.values() for row in found)
    papers = erased_papers.blank(transaction, form, there, {*there, *inner})
    gone += _unnamed(transaction, papers)
    for paper in papers:
        connection.exec_driver_sql("DELETE FROM attachment WHERE record = ?", (paper,))
    if form not in _WORDS:
        written_by = {str(row[HEAD_PLACE["origin"]]) for row in found} if packet else set()
        for words in _WORDS:
            uids = _words_about(connection, words, there, written_by)
            gone += blank(transaction, words, uids, reason=reason) if uids else []
    return gone


def _blanked(transaction: Transaction, form: Form, row: Row, packet: str | None) -> Row:
    made = layout(transaction.tables, form.id)
    empty = (*row[: len(HEAD_PLACE)], *(None for _ in made.values))
    return set_head(
        made, empty, rev=int(row[HEAD_PLACE["rev"]] or 0) + 1, updated_at=transaction.now,
        packet=packet, deleted=ERASED, record_state=row[HEAD_PLACE["record_state"]],
    )  # fmt: skip


def _unnamed(transaction: Transaction, uids: Iterable[str]) -> list[Path]:
    """Return the attachments of records that no other record has."""
    connection, hashes = transaction.connection, set()
    wanted = set(uids)
    for uid in wanted:
        rows = connection.exec_driver_sql("SELECT sha256 FROM attachment WHERE record = ?", (uid,))
        hashes |= set(rows.scalars())
    kept = set()
    for digest in hashes:
        others = "SELECT record FROM attachment WHERE sha256 = ?"
        if set(connection.exec_driver_sql(others, (digest,)).scalars()) - wanted:
            kept.add(digest)
    return [attachments.place(transaction.store, digest) for digest in sorted(hashes - kept)]


def _words_about(
    connection: Connection, form: str, uids: Iterable[str], but: Collection[str]
) -> list[str]:
    """Return what was said of records, here and elsewhere.

    :param but: origins whose own tombstones come with that of the record.
    """
    found: list[str] = []
    for uid in uids:
        rows = connection.exec_driver_sql(
            f'SELECT uid, origin FROM "{form}" WHERE record = ? AND deleted <> ?',  # noqa: S608
            (uid, ERASED),
        )
        found += [str(said) for said, origin in rows if origin not in but]
    return found


def _check_own(transaction: Transaction, form: str, uid: str) -> None:
    found = records.get(transaction.connection, transaction.tables, form, uid)
    if found.origin != transaction.store.origin:
        raise InputError(
            "I476",
            f"这条记录由 {found.origin} 填报，本单位不能删除其中的个人信息。",
            "请填报单位删除，随它的下一个报送文件删到这里。",
        )


def _start_over(transaction: Transaction, chosen: Sequence[tuple[str, str]]) -> list[Path]:
    """Begin fresh epochs of the streams that carried the records; return their old packets."""
    connection = transaction.connection
    streams = {outbox.UP}
    for form, uid in chosen:
        rows = connection.exec_driver_sql(
            "SELECT stream FROM addressed WHERE form = ? AND uid = ?", (form, uid)
        )
        streams |= set(rows.scalars())
    gone: list[Path] = []
    for stream in sorted(streams):
        outbox.start_over(transaction, stream)
        gone += outbox.drop_retired(transaction, stream)
    return gone


# Whose else -------------------------------------------------------------------------------


def related(connection: Connection, store: Store, form: str, uid: str) -> list[Related]:
    """Return the record and every other that names the same person by number or by reference."""
    found = {(form, uid): Related(form, uid, own=True)}
    numbers = set(_numbers(connection, store, form, uid))
    for other in store.tables.forms.values():
        if other.kind not in ("ledger", "sheet"):
            continue
        for row in _about(connection, store, other, numbers, uid):
            key = (other.id, str(row[0]))
            found.setdefault(key, Related(*key, own=row[1] == store.origin))
    return list(found.values())


def _numbers(connection: Connection, store: Store, form: str, uid: str) -> Iterator[Value]:
    made = layout(store.tables, form)
    for row in rows_by(connection, made, "uid", [uid]):
        for item in made.form.fields:
            if item.type == "person_id" and item.id in made.place and row[made.place[item.id]]:
                yield row[made.place[item.id]]


def _about(
    connection: Connection, store: Store, form: Form, numbers: set[Value], uid: str
) -> Iterator[tuple[Value, ...]]:
    """Yield uid and origin of the rows of a form with one of the numbers or a reference to uid."""
    place = layout(store.tables, form.id).place
    for item in form.fields:
        wanted = [uid] if item.type == "ref" else list(numbers)
        if item.type not in ("ref", "person_id") or item.id not in place or not wanted:
            continue
        marks = ", ".join("?" * len(wanted))
        yield from connection.exec_driver_sql(
            f'SELECT uid, origin FROM "{form.id}" '  # noqa: S608
            f'WHERE "{item.id}" IN ({marks}) AND deleted <> {ERASED}',
            tuple(wanted),
        ).all()
