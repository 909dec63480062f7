"""The one road by which records enter their tables: rows, details, word index, change log.

Plain tuples and one statement per form; a hundred thousand rows take it as one row does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from union_desk.store import audit
from union_desk.store.audit import canonical
from union_desk.store.layout import (
    CHUNK,
    HEAD_PLACE,
    Layout,
    Row,
    details_of,
    layout,
    record_json,
)
from union_desk.store.search_text import index_rows, search_columns
from union_desk.store.written import written_rows

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.record import Value

DetailRows = Mapping[str, Sequence[Row]]
"""Detail rows by detail form, in order of position."""

_UID, _REV = HEAD_PLACE["uid"], HEAD_PLACE["rev"]
_AUTOMATIC = ("rev", "updated_at", "record_state", "packet")
"""Head columns that change with every revision: not told in the change log."""


class Write(NamedTuple):
    """A row to be written: as it shall be and as it was, with all its detail rows."""

    row: Row
    old: Row | None = None
    details: DetailRows | None = None
    """None: leave the detail rows as they are."""
    old_details: DetailRows | None = None


def write_rows(
    transaction: Transaction,
    form: str,
    writes: Sequence[Write],
    *,
    act: str,
    reason: str | None = None,
) -> None:
    """Insert or update `writes` with their details, their words and their rows of the log."""
    made = layout(transaction.tables, form)
    new = [write for write in writes if write.old is None]
    changed = [write for write in writes if write.old is not None]
    _insert(transaction.connection, made, [write.row for write in new])
    _update(transaction.connection, made, changed)
    _write_details(transaction, made, writes)
    changes = [_change(transaction, made, write) for write in writes]
    audit.write(transaction, act, changes, reason=reason)


def _insert(connection: Connection, made: Layout, rows: Sequence[Row]) -> None:
    if not rows:
        return
    first = next_rowid(connection, made)
    numbers = range(first, first + len(rows))
    connection.exec_driver_sql(
        made.insert, [(number, *row) for number, row in zip(numbers, rows, strict=True)]
    )
    index_rows(connection, made, numbers, rows)


def next_rowid(connection: Connection, made: Layout) -> int:
    """Return the first rowid that is free above all others."""
    newest = f'SELECT max(rowid) FROM "{made.form.id}"'  # noqa: S608
    return int(connection.exec_driver_sql(newest).scalar() or 0) + 1


def _update(connection: Connection, made: Layout, writes: Sequence[Write]) -> None:
    if not writes:
        return
    connection.exec_driver_sql(made.update, [(*write.row[1:], write.row[_UID]) for write in writes])
    places = [made.place[name] for name in search_columns(made.form)]
    moved = [
        write.row
        for write in writes
        if write.old is None or any(write.row[place] != write.old[place] for place in places)
    ]
    if moved:
        numbers = rowids(connection, made, [row[_UID] for row in moved])
        index_rows(connection, made, [numbers[row[_UID]] for row in moved], moved)


def rowids(connection: Connection, made: Layout, uids: Sequence[Value]) -> dict[Value, int]:
    """Return the rowids of records by uid."""
    found: dict[Value, int] = {}
    for start in range(0, len(uids), CHUNK):
        chunk = tuple(uids[start : start + CHUNK])
        marks = ", ".join("?" * len(chunk))
        statement = f'SELECT uid, rowid FROM "{made.form.id}" WHERE uid IN ({marks})'  # noqa: S608
        found.update((row[0], int(row[1])) for row in connection.exec_driver_sql(statement, chunk))
    return found


def _write_details(transaction: Transaction, made: Layout, writes: Sequence[Write]) -> None:
    """Replace the whole set of detail rows of every write that brings one."""
    rows: dict[str, list[Row]] = defaultdict(list)
    stale = []
    for write in writes:
        if write.details is None:
            continue
        if write.old is not None:
            stale.append((write.row[_UID],))
        for form, found in write.details.items():
            rows[form].extend(found)
    for form in made.form.details:
        if stale:
            remove = f'DELETE FROM "{form}" WHERE parent = ?'  # noqa: S608
            transaction.connection.exec_driver_sql(remove, stale)
        _insert(transaction.connection, layout(transaction.tables, form), rows[form])


def _change(transaction: Transaction, made: Layout, write: Write) -> audit.Change:
    """Return the row of the change log for one write."""
    details = write.old_details if write.details is None else write.details
    pairs = {
        form: [(layout(transaction.tables, form), row) for row in rows]
        for form, rows in (details.items() if details else ())
    }
    uid, rev = write.row[_UID], write.row[_REV]
    content = record_json(made, write.row, pairs)
    old = new = None
    if write.old is not None:
        old, new = _differences(transaction, made, write)
    return (made.form.id, str(uid), int(rev or 0), content, old, new)


def _differences(transaction: Transaction, made: Layout, write: Write) -> tuple[str, str]:
    """Return what changed as it was and as it is, as JSON."""
    if write.old is None:
        raise ValueError(write)
    old: dict[str, object] = {}
    new: dict[str, object] = {}
    for name, before, after in zip(made.columns, write.old, write.row, strict=True):
        if before != after and name not in _AUTOMATIC:
            old[name], new[name] = before, after
    if write.details is not None:
        before_details = _told(transaction, write.old_details or {})
        after_details = _told(transaction, write.details)
        if before_details != after_details:
            old["details"], new["details"] = before_details, after_details
    return canonical(old), canonical(new)


def _told(transaction: Transaction, details: DetailRows) -> dict[str, list[dict[str, Value]]]:
    return {
        form: [layout(transaction.tables, form).content(row) for row in rows]
        for form, rows in details.items()
        if rows
    }


def set_head(made: Layout, row: Row, **head: Value) -> Row:
    """Return `row` with some of its head columns set."""
    cells = list(row)
    for name, value in head.items():
        cells[made.place[name]] = value
    return tuple(cells)


def move(
    transaction: Transaction,
    form: str,
    rows: Sequence[Row],
    *,
    act: str,
    reason: str | None = None,
    new_revision: bool = False,
    **head: Value,
) -> None:
    """Set head columns of records whose content stays as it is, with a row of the log each."""
    made = layout(transaction.tables, form)
    written = written_rows(transaction.connection, transaction.tables, form, rows)
    uids = [str(row[_UID]) for row in rows]
    details = details_of(transaction.connection, transaction.tables, made.form, uids)
    writes = []
    for row in written:
        rev = int(row[_REV] or 0) + int(new_revision)
        moved = set_head(made, row, rev=rev, updated_at=transaction.now, **head)
        writes.append(Write(moved, row, None, details.get(str(row[_UID]), {})))
    names = ("rev", "updated_at", *head)
    marks = ", ".join(f'"{name}" = ?' for name in names)
    places = [made.place[name] for name in names]
    transaction.connection.exec_driver_sql(
        f'UPDATE "{form}" SET {marks} WHERE uid = ?',  # noqa: S608
        [(*(write.row[place] for place in places), write.row[_UID]) for write in writes],
    )
    changes = [_change(transaction, made, write) for write in writes]
    audit.write(transaction, act, changes, reason=reason)
