"""Upper and lower offices with what is known of their keys, for people: one row per computer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.store import enrolment, peers, trusting, units

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from union_desk.store.peers import Peer
    from union_desk.store.transaction import Store
    from union_desk.store.units import Units

NONE = "none"
"""Status of an office of which no key has come yet."""
_ORDER = ("pending", NONE, "trusted", "retired", "revoked", "refused")
_ROLES = ("parent", "above", "child", "below", "self")


@dataclass(frozen=True, slots=True)
class Office:
    """A computer of an upper or lower office, or an office without one."""

    origin: str
    unit: str
    name: str
    role: str
    status: str
    peer: Peer | None = None
    code_until: str | None = None
    """Last day of a strip that was handed out and not used yet."""

    @property
    def reason(self) -> str:
        """Why it waits, and what to do; "" where nothing waits."""
        if self.peer is None or self.status != "pending":
            return ""
        return trusting.REASONS[self.peer.reason or "paper"]


def listed(connection: Connection, store: Store) -> tuple[Office, ...]:
    """Return offices with keys or strips, and direct neighbours without; who waits first."""
    known = units.of_store(connection, store)
    strips = {
        strip.origin: strip.expires
        for strip in reversed(enrolment.strips(connection, store))
        if not strip.void and strip.used_by is None
    }
    found = [
        Office(
            peer.origin,
            peer.unit,
            known.name(peer.unit),
            peer.role,
            peer.status,
            peer,
            strips.pop(peer.origin, None) if peer.status in ("trusted", "pending") else None,
        )
        for peer in peers.everyone(connection, store)
    ]
    seen = {item.unit for item in found if item.status in ("trusted", "pending")}
    bare = {origin: origin[: peers.SOLID] for origin in strips}
    neighbours = [store.parent] if store.parent else []
    neighbours += [entry.code for entry in known.children.get(store.unit, ())]
    for unit in neighbours:
        if unit not in seen and unit not in bare.values():
            bare[unit] = unit
    found += [_without(known, store, origin, strips.get(origin)) for origin in bare]
    return tuple(
        sorted(
            found,
            key=lambda item: (
                item.role != "parent",
                _ORDER.index(item.status),
                _ROLES.index(item.role) if item.role in _ROLES else len(_ROLES),
                item.origin,
            ),
        )
    )


def _without(known: Units, store: Store, origin: str, until: str | None) -> Office:
    unit = origin[: peers.SOLID]
    role = peers.relation(known, store, unit) or "child"
    return Office(origin, unit, known.name(unit), role, NONE, None, until)


def next_origin(connection: Connection, store: Store, unit: str) -> str:
    """Return the name of a unit's next further computer: its code and a free letter."""
    taken = {peer.origin for peer in peers.everyone(connection, store)}
    taken |= {strip.origin for strip in enrolment.strips(connection, store)}
    letters = (letter for letter in "BCDEFGHIJKLMNOPQRSTUVWXYZ" if unit + letter not in taken)
    return unit + next(letters, "Z")
