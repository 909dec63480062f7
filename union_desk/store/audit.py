"""The change log: append-only, each row hashed together with the one before it.

digest = SHA-256(salt + canonical JSON of the record); hash = SHA-256 of canonical JSON of [prev,
all other columns]. Salt, reason and the values that changed lie in a side table outside the hash,
so that erasing them leaves the chain whole. Order is `n`, no clock. Alone the chain proves nothing
against the machine's owner; its head travels in every packet.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy.engine import Connection

    from union_desk.store.transaction import Transaction

Change = tuple[str | None, str | None, int | None, str | None, str | None, str | None]
"""form, uid, rev, canonical JSON of the record, old values, new values (JSON of what changed)."""

_COLUMNS = ("n", "tx", "at", "person", "act", "form", "uid", "rev", "digest", "prev", "hash")
_INSERT = f"INSERT INTO audit ({', '.join(_COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_INSERT_VALUE = "INSERT INTO audit_value (n, salt, old, new, reason) VALUES (?, ?, ?, ?, ?)"
_HEAD = "SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1"
_BLOCK = 10_000

canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
"""JSON with sorted keys, no blanks and every character as it is."""
presorted = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""The same where the keys are in order already."""


@dataclass(frozen=True, slots=True)
class Break:
    """A row of the change log that is not as it was written."""

    n: int
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the change log for people, with what changed."""

    n: int
    at: str
    person: str
    act: str
    form: str | None
    uid: str | None
    rev: int | None
    old: dict[str, object]
    new: dict[str, object]
    reason: str | None
    transaction: str


def begin(connection: Connection, person: str, transaction: str, at: str) -> None:
    """Write the first row of a new store."""
    row = (1, transaction, at, person, "init", None, None, None, None, "")
    connection.exec_driver_sql(_INSERT, (*row, _hash("", row[:9])))


def write(
    transaction: Transaction, act: str, changes: Iterable[Change], *, reason: str | None = None
) -> None:
    """Append one row for each of `changes`, in the transaction of the change itself."""
    changes = list(changes)
    if not changes:
        return
    number, prev = head(transaction.connection) if transaction.chain is None else transaction.chain
    salts = os.urandom(16 * len(changes)).hex()
    fixed = (transaction.id, transaction.now, transaction.person, act)
    told = canonical(fixed)[1:-1]
    rows, values = [], []
    for place, (form, uid, rev, content, old, new) in enumerate(changes):
        number += 1
        digest = salt = None
        if content is not None:
            salt = salts[32 * place : 32 * place + 32]
            digest = sha256((salt + content).encode()).hexdigest()
        about = _about(form, uid, rev, digest)
        mark = sha256(f'["{prev}",{number},{told},{about}]'.encode()).hexdigest()
        rows.append((number, *fixed, form, uid, rev, digest, prev, mark))
        values.append((number, salt, old, new, reason))
        prev = mark
    transaction.connection.exec_driver_sql(_INSERT, rows)
    transaction.connection.exec_driver_sql(_INSERT_VALUE, values)
    transaction.chain = (number, prev)


def _about(form: str | None, uid: str | None, rev: int | None, digest: str | None) -> str:
    """Return the canonical JSON of what a row is about; texts alone are encoded fast."""
    if form is None or uid is None or rev is None or digest is None:
        return canonical((form, uid, rev, digest))[1:-1]
    return f'{canonical(form)},{canonical(uid)},{rev},"{digest}"'


def note(
    transaction: Transaction, act: str, *, form: str | None = None, uid: str | None = None,
    reason: str | None = None, new: dict[str, object] | None = None,
) -> None:  # fmt: skip
    """Append a row about something other than a record's content: access, settings, export."""
    text = canonical(new) if new else None
    write(transaction, act, [(form, uid, None, None, None, text)], reason=reason)


def record_digest(salt: str, content: str) -> str:
    """Return the digest of a record's canonical JSON."""
    return sha256((salt + content).encode()).hexdigest()


def _hash(prev: str, row: Sequence[object]) -> str:
    return sha256(canonical([prev, *row]).encode()).hexdigest()


def head(connection: Connection) -> tuple[int, str]:
    """Return number and hash of the newest row."""
    row = connection.exec_driver_sql(_HEAD).first()
    return (0, "") if row is None else (int(row[0]), str(row[1]))


def verify(connection: Connection) -> Iterator[Break]:
    """Yield every row of the chain that is changed, missing or out of order."""
    statement = f"SELECT {', '.join(_COLUMNS)} FROM audit ORDER BY n"  # noqa: S608
    result = connection.exec_driver_sql(statement)
    expected, prev = 1, ""
    while block := result.fetchmany(_BLOCK):
        for row in block:
            number = row[0]
            if number != expected:
                missing = f"{expected}—{number - 1}" if number - expected > 1 else str(expected)
                yield Break(number, f"操作记录第 {missing} 条缺失。")
            elif row[9] != prev:
                yield Break(number, f"操作记录第 {number} 条与上一条不衔接。")
            if row[10] != _hash(row[9], row[:9]):
                yield Break(number, f"操作记录第 {number} 条被改动过。")
            expected, prev = number + 1, row[10]


def history(connection: Connection, uid: str) -> tuple[Entry, ...]:
    """Return what was ever done to a record, the oldest first."""
    rows = connection.exec_driver_sql(
        "SELECT a.n, a.at, a.person, a.act, a.form, a.uid, a.rev, v.old, v.new, v.reason, a.tx "
        "FROM audit a LEFT JOIN audit_value v ON v.n = a.n WHERE a.uid = ? ORDER BY a.n",
        (uid,),
    ).all()
    return tuple(
        Entry(
            n=row[0],
            at=row[1],
            person=row[2],
            act=row[3],
            form=row[4],
            uid=row[5],
            rev=row[6],
            old=json.loads(row[7] or "{}"),
            new=json.loads(row[8] or "{}"),
            reason=row[9],
            transaction=row[10],
        )
        for row in rows
    )


def newest_digests(connection: Connection, form: str) -> dict[str, tuple[str, str]]:
    """Return salt and digest of the newest row about each record of a form, by uid."""
    rows = connection.exec_driver_sql(
        "SELECT a.uid, v.salt, a.digest FROM audit a JOIN audit_value v ON v.n = a.n "
        "WHERE a.n IN (SELECT max(n) FROM audit "
        "WHERE form = ? AND digest IS NOT NULL GROUP BY uid)",
        (form,),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def newest_digest(connection: Connection, uid: str) -> str | None:
    """Return the digest of a record as it was last written."""
    row = connection.exec_driver_sql(
        "SELECT digest FROM audit WHERE uid = ? AND digest IS NOT NULL ORDER BY n DESC LIMIT 1",
        (uid,),
    ).first()
    return None if row is None else str(row[0])
