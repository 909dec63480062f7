"""What the parent's newest receipt says of the packets that went up from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store import outbox

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from union_desk.store.transaction import Store


@dataclass(frozen=True, slots=True)
class ParentSays:
    """A receipt as its row has it."""

    epoch: str
    n: int
    hash: str | None
    fork: bool
    missing: tuple[tuple[int, int], ...]
    """Gaps, first and last number each, that later packets wait behind there."""
    held: tuple[tuple[int, str], ...]
    """Number and code of packets that it could not take in."""
    at: str
    """When the parent wrote it, "" where its packet is not known any more."""


def newest(connection: Connection, store: Store) -> ParentSays | None:
    """Return the parent's receipt of this installation, or None."""
    said, packet = store.tables.form["receipt"], store.tables.received
    chosen = (
        sa.select(
            said.c.epoch, said.c.n, said.c.hash, said.c.fork, said.c.missing, said.c.held,
            packet.c.made_at,
        )
        .join_from(said, packet, packet.c.name == said.c.packet, isouter=True)
        .where(
            said.c.for_origin == store.origin,
            said.c.for_stream == outbox.UP,
            sa.func.substr(said.c.origin, 1, 12) == (store.parent or ""),
            said.c.deleted == 0,
        )
    )  # fmt: skip
    row = connection.execute(chosen.order_by(packet.c.made_at.desc()).limit(1)).first()
    if row is None or not row.epoch:
        return None
    return ParentSays(
        row.epoch, int(row.n or 0), row.hash, bool(row.fork),
        tuple((int(low), int(high)) for low, high in _pairs(row.missing, "-")),
        tuple((int(n), code) for n, code in _pairs(row.held, ":")), row.made_at or "",
    )  # fmt: skip


def _pairs(text: str | None, mark: str) -> list[tuple[str, str]]:
    """Return the pairs of a list such as 3-5;8-8; what is no pair of a number is passed over."""
    found = []
    for item in (text or "").split(";"):
        first, _, second = item.partition(mark)
        if first.isdecimal() and (second.isdecimal() or mark == ":"):
            found.append((first, second))
    return found
