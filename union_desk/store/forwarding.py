"""Packets of others that pass through this office, as they came: upward, and down to their unit.

A packet goes on until a receipt of its reader names it; what was never read goes nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store import peers, received, streams, units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from union_desk.store.received import Arrival
    from union_desk.store.transaction import Store

Receipts = dict[tuple[str, str], tuple[str, int, frozenset[str]]]
"""By writer and stream: epoch, number of the last packet applied, epochs that ended before."""


def upward(connection: Connection, store: Store) -> list[Arrival]:
    """Return the packets of lower units that the parent has not acknowledged, in their order.

    With them go the key cards of their writers: they are short, and may be new.
    """
    reader = peers.parent_origin(connection, store)
    said = _receipts(connection, store, reader) if reader else {}
    here = [
        item
        for item in received.arrivals(connection, store, received.APPLIED)
        if item.stream == streams.UP and item.origin != store.origin
    ]
    due = {item.origin for item in here if not _acknowledged(item, said)}
    return [
        item
        for item in here
        if (item.n == 0 and item.origin in due) or not _acknowledged(item, said)
    ]


def downward(connection: Connection, store: Store, unit: str) -> list[Arrival]:
    """Return the packets from above for a unit or one below it that those have not acknowledged."""
    below = units.of_store(connection, store).subtree(unit)
    said: dict[str, list[Receipts]] = {}
    found = []
    for item in received.arrivals(connection, store, received.APPLIED):
        reader = streams.unit_of(item.stream)
        if reader not in below:
            continue
        if reader not in said:
            readers = peers.trusted(connection, store, unit=reader)
            said[reader] = [_receipts(connection, store, peer.origin) for peer in readers]
        told = said[reader]
        if not (told and all(_acknowledged(item, one) for one in told)):
            found.append(item)
    return found


def lapsed(connection: Connection, store: Store, unit: str) -> list[Arrival]:
    """Return the packets of a unit that hold records its new full state no longer has."""
    table = store.tables.lapsed
    forms = connection.execute(
        sa.select(table.c.form).where(table.c.origin.startswith(unit)).distinct()
    ).scalars()
    names: set[str] = set()
    for form in forms.all():
        row = store.tables.form[form]
        held = sa.select(row.c.packet).join(
            table, sa.and_(table.c.form == form, table.c.uid == row.c.uid)
        )
        names.update(connection.execute(held.where(row.c.origin.startswith(unit))).scalars())
    arrived = received.arrivals(connection, store, received.APPLIED) if names else []
    return [item for item in arrived if item.name in names]


def broadcasts(connection: Connection, store: Store) -> list[Arrival]:
    """Return the newest packet to all of each office above."""
    return [
        item
        for item in received.arrivals(connection, store, received.APPLIED)
        if item.stream == streams.ALL
    ]


def _receipts(connection: Connection, store: Store, reader: str) -> Receipts:
    """Return what an installation has acknowledged, by its own receipts."""
    table = store.tables.form["receipt"]
    chosen = sa.select(
        table.c.for_origin, table.c.for_stream, table.c.epoch, table.c.n, table.c.retired
    ).where(table.c.origin == reader, table.c.deleted == 0)
    return {
        (row[0], row[1]): (row[2] or "", int(row[3]), frozenset((row[4] or "").split(";")))
        for row in connection.execute(chosen)
    }


def _acknowledged(
    item: Arrival, said: Mapping[tuple[str, str], tuple[str, int, frozenset[str]]]
) -> bool:
    epoch, number, ended = said.get((item.origin, item.stream), ("", 0, frozenset()))
    return item.epoch in ended or (item.epoch == epoch and item.n <= number)
