"""The two sides of a hold: how far this computer got, and what is known of the other one.

Known of the other side are, the surest first: own packets that came back and lie in no outbox
here, the parent's receipt, the counter that this machine keeps outside the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store import counter, outbox, parent_says

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from union_desk.store.outbox import Epoch
    from union_desk.store.transaction import Store

PACKETS, RECEIPT, COUNTER = "packets", "receipt", "counter"
"""Where what is known of the other side comes from."""


@dataclass(frozen=True, slots=True)
class Side:
    """How far one computer got with the packets to the parent."""

    epoch: str
    n: int
    who: str = ""
    """Who wrote the last packet, "" where that is not known."""
    at: str = ""
    """When it was written; of a receipt, when the parent wrote that; "" where it is not known."""
    known_by: str = ""


@dataclass(frozen=True, slots=True)
class Sides:
    """Both; None: nothing was sent by it, or nothing is known of it."""

    here: Side | None
    there: Side | None
    taken_back: int = 0
    """Packets of the other side whose records were taken over here."""


def of(connection: Connection, store: Store) -> Sides:
    """Return what is known of this computer and of the other."""
    epoch = outbox.current_epoch(connection, store, outbox.UP)
    here = _here(connection, store, epoch)
    back = _came_back(connection, store, epoch)
    there = back[-1] if back else _told(connection, store, epoch, here)
    return Sides(here, there or _counted(store, epoch, here), len(back))


def _here(connection: Connection, store: Store, epoch: Epoch | None) -> Side | None:
    """Return the last packet of this store."""
    table = store.tables.packet
    if epoch is None:
        return None
    chosen = sa.select(table.c.n, table.c.made_by, table.c.made_at).where(
        table.c.stream == outbox.UP, table.c.epoch == epoch.id, table.c.n > 0
    )
    row = connection.execute(chosen.order_by(table.c.n.desc()).limit(1)).first()
    return Side(epoch.id, row.n, row.made_by, row.made_at) if row else Side(epoch.id, 0)


def _came_back(connection: Connection, store: Store, epoch: Epoch | None) -> list[Side]:
    """Return the packets of this origin that came from elsewhere, the last one last."""
    table, own = store.tables.received, store.tables.packet
    chosen = sa.select(table.c.epoch, table.c.n, table.c.made_by, table.c.made_at).where(
        table.c.origin == store.origin,
        table.c.stream == outbox.UP,
        table.c.n > 0,
        table.c.hash.not_in(sa.select(own.c.hash)),
    )
    settled = epoch.replaces if epoch else ()
    return [
        Side(row.epoch, row.n, row.made_by or "", row.made_at, PACKETS)
        for row in connection.execute(chosen.order_by(table.c.made_at, table.c.n))
        if row.epoch not in settled
    ]


def _told(
    connection: Connection, store: Store, epoch: Epoch | None, here: Side | None
) -> Side | None:
    """Return what the parent's receipt says that it has, where this store does not know it."""
    said = parent_says.newest(connection, store)
    if said is None or (epoch and said.epoch in epoch.replaces):
        return None
    mine = here is not None and said.epoch == here.epoch
    if mine and not said.fork and _holds(connection, store, said.hash):
        return None
    return Side(said.epoch, said.n, "", said.at, RECEIPT)


def _holds(connection: Connection, store: Store, digest: str | None) -> bool:
    table = store.tables.packet
    chosen = sa.select(table.c.n).where(table.c.hash == digest)
    return digest is None or connection.execute(chosen).first() is not None


def _counted(store: Store, epoch: Epoch | None, here: Side | None) -> Side | None:
    """Return what this machine noted outside the store and the store does not know."""
    runs = (counter.read(store.store_id) or {}).get(outbox.UP, {})
    known = set(epoch.replaces) if epoch else set()
    ahead = [
        Side(name, n, "", counter.noted_at(store.store_id), COUNTER)
        for name, n in runs.items()
        if name not in known and not (here and name == here.epoch and n <= here.n)
    ]
    return ahead[-1] if ahead else None
