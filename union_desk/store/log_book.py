"""操作记录: what was done, one entry for each transaction, and what takes an entry back.

The rows of one transaction stand side by side in the change log, so its first row is found by
halving, without an index of its own. What takes an entry back is read from the log as well:
of every field that changed it holds the old value.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.errors import InputError
from union_desk.store import records, undoing
from union_desk.store.layout import HEAD_PLACE, details_of, layout, rows_by
from union_desk.store.undoing import Undo
from union_desk.store.writing import DetailRows, set_head
from union_desk.store.written import written_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection

    from union_desk.store.layout import Row
    from union_desk.store.schema import Tables
    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.record import Value

ENTERED = ("confirm", "correct", "draft")
"""Acts by which records come in; an entry with one of them is taken back by undoing it."""
GONE = ("delete", "void")
"""Acts whose records lie in the recycle list and come back from there."""
_REV, _AT, _DELETED = HEAD_PLACE["rev"], HEAD_PLACE["updated_at"], HEAD_PLACE["deleted"]
_STATE = HEAD_PLACE["record_state"]


@dataclass(frozen=True, slots=True)
class Done:
    """One entry: who did what to how many records when."""

    transaction: str
    at: str
    person: str
    first: int
    """Numbers of its rows in the change log."""
    last: int
    acts: Mapping[tuple[str, str | None], int]
    """Rows by act and form."""
    reason: str | None = None

    @property
    def form(self) -> str | None:
        """The form whose records came in or went, where that is one alone."""
        found = {form for act, form in self.acts if act in (*ENTERED, *GONE)}
        return found.pop() if len(found) == 1 else None

    @property
    def back(self) -> str:
        """How it is taken back: ``undo``, ``restore``, or not at all."""
        acts = {act for act, _ in self.acts}
        if self.form is None or "undo" in acts:
            return ""
        came, went = acts & set(ENTERED), acts & set(GONE)
        return "" if came and went else "undo" if came else "restore" if went else ""


@dataclass(frozen=True, slots=True)
class _Told:
    """What the log says of one record of an entry."""

    act: str
    uid: str
    rev: int
    old: dict[str, object] | None


def newest(connection: Connection, before: int | None = None, count: int = 50) -> list[Done]:
    """Return `count` entries, the newest first: those whose rows lie before a row of the log."""
    found: list[Done] = []
    last = before - 1 if before is not None else _scalar(connection, "SELECT max(n) FROM audit")
    while last and len(found) < count:
        first = _first_of(connection, last)
        found.append(_entry(connection, first, last))
        last = first - 1
    return found


def _scalar(connection: Connection, statement: str, *bound: object) -> int:
    return int(connection.exec_driver_sql(statement, bound).scalar() or 0)


def _first_of(connection: Connection, last: int) -> int:
    """Return the first row of the transaction that wrote row `last`."""
    same = "SELECT count(*) FROM audit WHERE n = ? AND tx = (SELECT tx FROM audit WHERE n = ?)"
    step, low = 1, last
    while low - step >= 1 and _scalar(connection, same, low - step, last):
        low -= step
        step *= 2
    outside = max(low - step, 0)
    while low - outside > 1:
        middle = (low + outside) // 2
        if _scalar(connection, same, middle, last):
            low = middle
        else:
            outside = middle
    return low


def _entry(connection: Connection, first: int, last: int) -> Done:
    head = connection.exec_driver_sql(
        "SELECT a.tx, a.at, a.person, v.reason FROM audit a LEFT JOIN audit_value v ON v.n = a.n "
        "WHERE a.n = ?",
        (first,),
    ).one()
    acts = connection.exec_driver_sql(
        "SELECT act, form, count(*) FROM audit WHERE n BETWEEN ? AND ? GROUP BY act, form "
        "ORDER BY min(n)",
        (first, last),
    )
    told = {(str(act), form): int(count) for act, form, count in acts}
    return Done(head[0], head[1], head[2], first, last, told, head[3])


def way_back(tables: Tables, done: Done) -> str:
    """Return how an entry is taken back; what lies in the system's own tables has its own ways."""
    form = tables.forms.get(done.form or "")
    return "" if form is None or form.kind == "system" else done.back


def take_back(transaction: Transaction, done: Done) -> int:
    """Take an entry back, all of it or nothing; return of how many records.

    :raises InputError: I448 it is none that can be taken back, I449 a record was changed since,
        I439 one was sent.
    :raises StoreError: S361.
    """
    connection, tables = transaction.connection, transaction.tables
    way = way_back(tables, done)
    if done.form is None or not way:
        raise InputError("I448", "这一步不能撤销。", "要改的记录请在台账里打开，改好再确认。")
    told = _told(connection, done)
    if way == "restore":
        for item in told:
            records.restore(transaction, done.form, item.uid)
        return len(told)
    found = _undo_of(connection, tables, done, told)
    undoing.undo(transaction, found)
    return found.count


def _told(connection: Connection, done: Done) -> list[_Told]:
    """Return what the log says of each record; of one that was written twice the first old."""
    rows = connection.exec_driver_sql(
        "SELECT a.act, a.uid, a.rev, v.old FROM audit a LEFT JOIN audit_value v ON v.n = a.n "
        "WHERE a.n BETWEEN ? AND ? AND a.form = ? AND a.digest IS NOT NULL ORDER BY a.n",
        (done.first, done.last, done.form),
    )
    found: dict[str, _Told] = {}
    for act, uid, rev, old in rows:
        if act not in (*ENTERED, *GONE):
            continue
        before = found.get(uid)
        kept = before.old if before is not None else (None if old is None else json.loads(old))
        found[uid] = _Told(act, uid, int(rev or 0), kept)
    return list(found.values())


def _undo_of(connection: Connection, tables: Tables, done: Done, told: Sequence[_Told]) -> Undo:
    """Return what takes back the records that came in, once all of them are as they came."""
    form = str(done.form)
    made = layout(tables, form)
    uids = [item.uid for item in told]
    now = {str(row[0]): tuple(row) for row in rows_by(connection, made, "uid", uids)}
    edits = _edits(connection, done, set(uids))
    for item in told:
        row = now.get(item.uid)
        if row is None or row[_DELETED] or row[_REV] != item.rev or row[_AT] != done.at:
            raise _changed_since()
    rows = {
        str(row[0]): row
        for row in written_rows(connection, tables, form, [now[uid] for uid in uids])
    }
    details = details_of(connection, tables, made.form, uids)
    before = []
    for item in told:
        if item.old is not None:
            state = "draft" if item.rev <= 1 else "confirmed"
            row = set_head(made, rows[item.uid], record_state=state)
            before.append(_as_it_was(tables, row, item.old, details.get(item.uid, {}), form))
    fresh = [item for item in told if item.old is None]
    return Undo(
        form,
        tuple(item.uid for item in fresh if now[item.uid][_STATE] != "draft"),
        tuple(item.uid for item in fresh if now[item.uid][_STATE] == "draft"),
        edits,
        tuple(before),
    )


def _changed_since() -> InputError:
    return InputError(
        "I449", "其中有记录后来又改过、删除过或者已经报送，不能整批撤销。",
        "请在台账里逐条改，每条记录的“操作记录”里有原来的值。",
    )  # fmt: skip


def _edits(connection: Connection, done: Done, known: set[str]) -> tuple[str, ...]:
    """Return the records whose edit the entry laid apart (修改中).

    :raises InputError: I449, one of its own records is being edited since.
    """
    rows = connection.exec_driver_sql(
        "SELECT uid, at FROM draft WHERE form = ? AND at >= ?", (done.form, done.at)
    ).all()
    if any(uid in known and at != done.at for uid, at in rows):
        raise _changed_since()
    return tuple(uid for uid, at in rows if at == done.at and uid not in known)


def _as_it_was(
    tables: Tables, row: Row, old: Mapping[str, object], now: DetailRows, form: str
) -> tuple[Row, DetailRows]:
    """Return a row and its detail rows with the old values of what changed."""
    made = layout(tables, form)
    cells = list(row)
    for name, value in old.items():
        if name in made.place:
            cells[made.place[name]] = value  # type: ignore[call-overload]
    told = old.get("details")
    if not isinstance(told, dict):
        return tuple(cells), now
    details = {}
    for name, found in told.items():
        inner = layout(tables, name)
        details[name] = [
            tuple(_cell(content, column, str(row[0])) for column in inner.columns)
            for content in found
        ]
    return tuple(cells), details


def _cell(content: Mapping[str, Value], column: str, parent: str) -> Value:
    return parent if column == "parent" else content.get(column)
