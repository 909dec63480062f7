"""What offices above ask of this unit and it has not done yet: notices that came with their files.

A 催报 is done when every form that must be filed for its period has gone out; one whose forms had
gone out before it came asks for another copy, until a receipt comes or a file is written. A
缺号通知 is done when a file is written after it came, or a receipt names every packet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store import filings, nil_filings, notices, outbox, units
from union_desk.taskpack.period import Period

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from union_desk.store.filings import Filing
    from union_desk.store.notices import Notice
    from union_desk.store.transaction import Store
    from union_desk.store.units import Units


@dataclass(frozen=True, slots=True)
class Told:
    """One notice that still asks for something."""

    notice: Notice
    office: str
    """Name of the office that wrote it."""
    owed: tuple[Filing, ...] = ()
    """What must be filed and has not gone out; empty: another copy is asked for."""
    ready: bool = False
    """Everything owed has its records or is stated to hold nothing: it only has to be sent."""


def told(connection: Connection, store: Store) -> list[Told]:
    """Return what is still asked of this unit, the newest first."""
    found = []
    known = units.of_store(connection, store)
    for notice in notices.received(connection, store):
        office = known.name(notice.origin[:12])
        owed = _owed(connection, store, known, notice)
        if owed:
            there = nil_filings.records_in(connection, store, store.unit, [notice.period])
            ready = all(
                item.state == nil_filings.NIL
                or set(there.get((item.form, item.period), ())) - {"draft"}
                for item in owed
            )
            found.append(Told(notice, office, owed, ready))
        elif _copy_wanted(connection, store, notice):
            found.append(Told(notice, office))
    return found


def _owed(connection: Connection, store: Store, known: Units, notice: Notice) -> tuple[Filing, ...]:
    """Return what must be filed for the period of a 催报 and has not gone out."""
    if notice.kind != notices.OVERDUE:
        return ()
    first = Period.parse(notice.period).first_day
    expected = nil_filings.owed(connection, store, known, [notice.period], as_of=first)
    must = [item for item in expected if item.duty == "must"]
    table = store.tables.form[nil_filings.FORM]
    acted = [item.uid for item in must if item.state in filings.DONE]
    here = table.c.uid.in_(acted), table.c.origin == store.origin, table.c.packet.is_(None)
    waiting = set(connection.execute(sa.select(table.c.uid).where(*here)).scalars())
    return tuple(item for item in must if item.state not in filings.DONE or item.uid in waiting)


def _copy_wanted(connection: Connection, store: Store, notice: Notice) -> bool:
    """Return whether no receipt names all packets, and no file was written since it came.

    The change log tells what came first: clocks do not.
    """
    if not outbox.unacknowledged(connection, store, outbox.UP):
        return False
    log, told_of = store.tables.audit, store.tables.audit_value
    came = sa.select(sa.func.max(log.c.n)).where(
        log.c.act == "import", log.c.form == notices.FORM, log.c.uid == notice.uid
    )
    to = sa.func.json_extract(told_of.c.new, "$.for")
    since = (
        sa.select(log.c.n)
        .join(told_of, told_of.c.n == log.c.n)
        .where(log.c.act == "delivery", to == store.parent, log.c.n > came.scalar_subquery())
    )
    return connection.execute(since.limit(1)).first() is None
