"""The store as it was: records put back to earlier revisions for the length of a look, then undone.

What a record said at an earlier revision follows from the change log, entry by entry backwards.
The look happens in a savepoint that is always rolled back, over a copy of the store whose caches
are its own.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from union_desk.store.layout import HEAD_PLACE, layout, rows_by
from union_desk.store.written import written_cells
from union_desk.taskpack.field_types import columns as columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from union_desk.store.layout import Row
    from union_desk.store.schema import Tables
    from union_desk.store.transaction import Store, Transaction

Revisions = dict[str, dict[str, int]]
"""form -> uid -> revision; 0: the record is not there yet."""

_SAVEPOINT = "SAVEPOINT past"
_BACK = "ROLLBACK TO past"
_RELEASE = "RELEASE past"


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that a transaction changed: the revision before, when it was first confirmed."""

    form: str
    uid: str
    rev: int
    first: int
    """Number in the change log of its first confirmed revision."""
    own: bool
    """Whether this office wrote it."""


def changed_by(transaction: Transaction) -> list[Changed]:
    """Return the once-confirmed records that the transaction has written a new revision of."""
    connection = transaction.connection
    begin = connection.exec_driver_sql(
        "SELECT n FROM audit WHERE tx <> ? ORDER BY n DESC LIMIT 1", (transaction.id,)
    ).scalar()
    rows = connection.exec_driver_sql(
        "SELECT a.form, a.uid, min(a.n) FROM audit a JOIN audit_value v ON v.n = a.n "
        "WHERE a.n > ? AND a.digest IS NOT NULL AND a.rev > 1 AND v.old IS NOT NULL "
        "GROUP BY a.form, a.uid ORDER BY 3",
        (begin or 0,),
    ).all()
    found = []
    for form, uid, n in rows:
        known = connection.exec_driver_sql(
            "SELECT max(rev), min(CASE WHEN rev > 0 THEN n END) FROM audit "
            "WHERE uid = ? AND n < ? AND digest IS NOT NULL",
            (uid, n),
        ).one()
        if known[0] and known[1] and form in transaction.tables.form:
            of = f'SELECT origin FROM "{form}" WHERE uid = ?'  # noqa: S608
            own = connection.exec_driver_sql(of, (uid,)).scalar() == transaction.store.origin
            found.append(Changed(form, uid, int(known[0]), int(known[1]), own))
    return found


def newest_revisions(
    connection: Connection, tables: Tables, form: str, uids: Sequence[str]
) -> dict[str, tuple[int, int]]:
    """Return by uid the revision that the store holds, and whether it is voided or lapsed."""
    made = layout(tables, form)
    rev, deleted = made.place["rev"], made.place["deleted"]
    return {
        str(row[0]): (int(row[rev] or 0), int(row[deleted] or 0))
        for row in rows_by(connection, made, "uid", uids)
    }


@contextmanager
def put_back(
    connection: Connection, store: Store, revisions: Mapping[str, Mapping[str, int]],
    *, undecided: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[tuple[Store, Revisions]]:  # fmt: skip
    """Yield the store with records at `revisions`, and those that could not be put back.

    :param connection: of a write transaction; what is changed here is undone in the end.
    :param undecided: records by form that are to show as their writers wrote them.
    """
    copy = _own_caches(store)
    connection.exec_driver_sql(_SAVEPOINT)
    try:
        for form, uids in (undecided or {}).items():
            _without_decisions(connection, copy.tables, form, uids)
        unknown: Revisions = {}
        for form, wanted in revisions.items():
            for uid, rev in wanted.items():
                if not _put_back(connection, copy.tables, form, uid, rev):
                    unknown.setdefault(form, {})[uid] = rev
        yield copy, unknown
    finally:
        connection.exec_driver_sql(_BACK)
        connection.exec_driver_sql(_RELEASE)


def _own_caches(store: Store) -> Store:
    tables = store.tables
    copy = replace(tables)
    copy.kept.update(tables.kept)
    return replace(store, tables=copy)


def _without_decisions(
    connection: Connection, tables: Tables, form: str, uids: Sequence[str]
) -> None:
    cells = written_cells(connection, form, uids)
    for uid, by_field in cells.items():
        names = [
            (name, value)
            for field, values in by_field.items()
            for name, value in zip(columns_of(tables.forms[form].by_id[field]), values, strict=True)
        ]
        _set(connection, form, uid, dict(names))


def _put_back(connection: Connection, tables: Tables, form: str, uid: str, rev: int) -> bool:
    """Change one record to an earlier revision; return whether the log tells it."""
    made = layout(tables, form)
    if rev == 0:
        connection.exec_driver_sql(f'DELETE FROM "{form}" WHERE uid = ?', (uid,))  # noqa: S608
        return True
    row = next(iter(rows_by(connection, made, "uid", [uid])), None)
    if row is None:
        return False
    entries = connection.exec_driver_sql(
        "SELECT a.rev, v.old FROM audit a JOIN audit_value v ON v.n = a.n "
        "WHERE a.uid = ? AND a.form = ? AND a.digest IS NOT NULL ORDER BY a.n DESC",
        (uid, form),
    ).all()
    cells, details, reached = _unwound(entries, rev, int(row[HEAD_PLACE["rev"]] or 0))
    if reached != rev:
        return False
    known = {name: value for name, value in cells.items() if name in made.place}
    _set(connection, form, uid, {**known, "rev": rev})
    if details is not None:
        _set_details(connection, tables, form, uid, details)
    return True


def _unwound(
    entries: Sequence[tuple[int | None, str | None]], rev: int, now: int
) -> tuple[dict[str, object], dict[str, list[dict[str, object]]] | None, int]:
    """Return the cells and details that differ at `rev`, and the revision that was reached."""
    cells: dict[str, object] = {}
    details: dict[str, list[dict[str, object]]] | None = None
    reached = now
    for number, (at, old) in enumerate(entries):
        if (at or 0) <= rev:
            break
        if old is None:  # its first row: there was nothing before
            return cells, details, 0
        before = json.loads(old)
        if "details" in before:
            details = before.pop("details")
        cells.update(before)
        reached = int(entries[number + 1][0] or 0) if number + 1 < len(entries) else 0
    return cells, details, reached


def _set(connection: Connection, form: str, uid: str, cells: Mapping[str, object]) -> None:
    if not cells:
        return
    changes = ", ".join(f'"{name}" = ?' for name in cells)
    connection.exec_driver_sql(
        f'UPDATE "{form}" SET {changes} WHERE uid = ?',  # noqa: S608
        (*cells.values(), uid),
    )


def _set_details(
    connection: Connection, tables: Tables, form: str, uid: str,
    details: Mapping[str, Sequence[Mapping[str, object]]],
) -> None:  # fmt: skip
    for inner in tables.forms[form].details:
        connection.exec_driver_sql(f'DELETE FROM "{inner}" WHERE parent = ?', (uid,))  # noqa: S608
        rows: list[Row] = [
            tuple(
                uid if name == "parent" else cells.get(name)  # type: ignore[misc]
                for name in layout(tables, inner).columns
            )
            for cells in details.get(inner, ())
        ]
        for row in rows:
            names = ", ".join(f'"{name}"' for name in layout(tables, inner).columns)
            marks = ", ".join("?" * len(row))
            connection.exec_driver_sql(
                f'INSERT INTO "{inner}" ({names}) VALUES ({marks})',  # noqa: S608
                row,
            )


def last_change(transaction: Transaction) -> tuple[str, str | None]:
    """Return act and reason of the newest change of a record in the transaction."""
    row = transaction.connection.exec_driver_sql(
        "SELECT a.act, v.reason FROM audit a LEFT JOIN audit_value v ON v.n = a.n "
        "WHERE a.tx = ? AND a.digest IS NOT NULL AND v.old IS NOT NULL ORDER BY a.n DESC LIMIT 1",
        (transaction.id,),
    ).first()
    return ("", None) if row is None else (str(row[0]), row[1])


def touched(connection: Connection, form: str, act: str, transaction: str) -> list[str]:
    """Return the records of a form that a transaction did `act` to."""
    rows = connection.exec_driver_sql(
        "SELECT uid FROM audit WHERE tx = ? AND form = ? AND act = ? ORDER BY n",
        (transaction, form, act),
    )
    return list(rows.scalars())
