"""The due rows of a store, cut into portions that each fill one packet.

Rows come out as their writers wrote them, in the order and with the columns that a packet asks
for; the same portion of records is marked as sent afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store import outbox, streams
from union_desk.store.layout import ERASED, layout
from union_desk.store.visible import counts
from union_desk.store.written import written_rows
from union_desk.taskpack.definition import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection

    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.definition import TaskPack
    from union_desk.taskpack.record import Value

_FETCH = 5_000


@dataclass(frozen=True, slots=True)
class Lane:
    """A stream as packets are filled from it; `slip`: only with the rows of that R33."""

    stream: str
    slip: str | None = None

    def due(self, store: Store, table: sa.Table) -> ColumnElement[bool]:
        """Return the condition under which a row belongs into the next packet."""
        kind = streams.kind(self.stream)
        if kind == streams.ALL:
            return sa.and_(counts(table), table.c.origin == store.origin)
        if kind == streams.TO:
            return table.c.uid.in_(self._addressed(store, table.name))
        condition = outbox.due(store, table)
        if self.slip is None or store.tables.forms[table.name].kind == "system":
            return condition
        row = store.tables.slip_row
        chosen = sa.exists().where(
            row.c.slip == self.slip, row.c.form == table.name,
            row.c.uid == table.c.uid, row.c.rev == table.c.rev,
        )  # fmt: skip
        return sa.and_(condition, chosen)

    def _addressed(self, store: Store, form: str) -> sa.Select[tuple[str]]:
        row = store.tables.addressed
        return sa.select(row.c.uid).where(
            row.c.stream == self.stream, row.c.form == form, row.c.packet.is_(None)
        )


@dataclass(frozen=True, slots=True)
class Slice:
    """Due records of one form: those with ``after < uid <= last``."""

    lane: Lane
    form: str
    after: str
    last: str
    count: int
    packages: tuple[str, ...] = ()
    """Of a form that several packages have: ids of those whose records these are not."""
    package: str = ""
    """Of such a form: the id of the package whose records alone these are."""


def cut(
    connection: Connection, store: Store, lane: Lane, pack: TaskPack, most: int
) -> list[list[Slice]]:
    """Cut the due records of a package's forms, and the system's, into packets of `most`."""
    made: list[list[Slice]] = []
    room = 0
    for form in streams.carried(lane.stream, store.tables.forms):
        table = store.tables.form[form]
        system = store.tables.forms[form].kind == "system"
        if form not in pack.forms and not (system and pack is store.pack):
            continue
        if form in streams.REVIEWERS and lane.stream == streams.UP and store.level == LEVELS[0]:
            continue  # a unit without children has nobody to say it of
        after = ""
        others, only = _packages(store, form, pack)
        due = sa.and_(lane.due(store, table), _of_packages(table, others, only))
        while (room or most) and (found := _next(connection, table, due, after, room or most)):
            if not room:
                made.append([])
                room = most
            count, last = found
            made[-1].append(Slice(lane, form, after, last, count, others, only))
            room -= count
            after = last
    return made


def _packages(store: Store, form: str, pack: TaskPack) -> tuple[tuple[str, ...], str]:
    """Return the other packages whose records a packet of `pack` leaves to theirs, or its own id.

    Each record goes in the words of its year; one of a package that is not here, in the newest.
    """
    having = [one for one in store.packs if form in one.forms]
    if len(having) < 2:
        return (), ""
    if pack is having[-1]:
        return tuple(one.id for one in having[:-1]), ""
    return (), pack.id


def _of_packages(table: sa.Table, others: tuple[str, ...], only: str) -> ColumnElement[bool]:
    if only:
        return table.c.package == only
    return table.c.package.not_in(others) if others else sa.true()


def _next(
    connection: Connection, table: sa.Table, due: ColumnElement[bool], after: str, most: int
) -> tuple[int, str] | None:
    """Return how many records come next, and the last of them."""
    chosen = sa.select(table.c.uid).where(due, table.c.uid > after)
    inner = chosen.order_by(table.c.uid).limit(most).subquery()
    count, last = connection.execute(sa.select(sa.func.count(), sa.func.max(inner.c.uid))).one()
    return (count, last) if count else None


def rows(
    connection: Connection, store: Store, part: Slice, columns: Sequence[str]
) -> Iterator[Sequence[Value]]:
    """Yield the `columns` of the records of a slice as their writers wrote them, by record id.

    Voided records and decisions laid over are left out.
    """
    table, made = store.tables.form[part.form], layout(store.tables, part.form)
    pick = itemgetter(*(made.place[name] for name in columns))
    chosen = sa.select(*(table.c[name] for name in made.columns)).where(
        _within(store, table, part), table.c.deleted == 0
    )
    found = connection.execute(chosen.order_by(table.c.uid)).yield_per(_FETCH)
    for block in found.partitions():
        plain = [tuple(row) for row in block]
        yield from map(pick, written_rows(connection, store.tables, part.form, plain))


def detail_rows(
    connection: Connection, store: Store, part: Slice, detail: str, columns: Sequence[str]
) -> Iterator[Sequence[Value]]:
    """Yield the detail rows of the records of a slice, by parent and position."""
    parent, table = store.tables.form[part.form], store.tables.form[detail]
    chosen = (
        sa.select(*(table.c[name] for name in columns))
        .join_from(table, parent, parent.c.uid == table.c.parent)
        .where(_within(store, parent, part), parent.c.deleted == 0)
        .order_by(table.c.parent, table.c.position)
    )
    yield from connection.execute(chosen).yield_per(_FETCH)


def attachment_rows(
    connection: Connection, store: Store, part: Slice, field: str, columns: Sequence[str]
) -> list[tuple[Value, ...]]:
    """Return the entries of the files that the records of a slice name in `field`."""
    table, entry = store.tables.form[part.form], store.tables.attachment
    chosen = (
        sa.select(*(entry.c[name] for name in columns))
        .join_from(entry, table, table.c.uid == entry.c.record)
        .where(
            _within(store, table, part),
            table.c.deleted == 0,
            entry.c.field == field,
            table.c[field].contains(entry.c.sha256),
        )
        .order_by(entry.c.uid)
    )
    return [tuple(row) for row in connection.execute(chosen)]


def gone(connection: Connection, store: Store, part: Slice) -> list[tuple[str, str]]:
    """Return the ids of the voided and erased records of a slice, each with the reason."""
    table = store.tables.form[part.form]
    reason = sa.case((table.c.deleted == ERASED, "erase"), else_="void")
    chosen = sa.select(table.c.uid, reason).where(_within(store, table, part), table.c.deleted != 0)
    return [(row[0], row[1]) for row in connection.execute(chosen.order_by(table.c.uid))]


def _within(store: Store, table: sa.Table, part: Slice) -> ColumnElement[bool]:
    due = part.lane.due(store, table)
    mine = _of_packages(table, part.packages, part.package)
    return sa.and_(due, mine, table.c.uid > part.after, table.c.uid <= part.last)


def mark_sent(tx: Transaction, parts: Sequence[Slice], packet: str) -> None:
    """Note the packet that the records of `parts` are in; those sent up are 已报送 from now on."""
    for part in parts:
        table, row = tx.tables.form[part.form], tx.tables.addressed
        kind = streams.kind(part.lane.stream)
        if kind == streams.UP:
            within = _within(tx.store, table, part)
            change = sa.update(table).where(within).values(packet=packet, record_state="sent")
            tx.connection.execute(change)
        elif kind == streams.TO:
            within = sa.and_(
                row.c.stream == part.lane.stream, row.c.form == part.form, row.c.packet.is_(None),
                row.c.uid > part.after, row.c.uid <= part.last,
            )  # fmt: skip
            tx.connection.execute(sa.update(row).where(within).values(packet=packet))
