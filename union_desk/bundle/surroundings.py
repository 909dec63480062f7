"""What a packet on its way in is held against: the units, the keys, the day.

Looked up once and used for packet after packet, until one comes whose rows may change it or
something is undone: then it is looked up anew.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from union_desk.store import peers, units
from union_desk.store.context import context_at

if TYPE_CHECKING:
    from union_desk.bundle.packet_head import Head
    from union_desk.store.transaction import Transaction
    from union_desk.store.units import Units
    from union_desk.taskpack.expression import Context


class Surroundings:
    """One state of the store, as far as packets are judged by it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._statuses: dict[str, set[str]] = {}
        self._keys: dict[str, tuple[peers.Peer, ...]] = {}

    @cached_property
    def units(self) -> Units:
        """The unit directory."""
        return units.of_store(self._tx.connection, self._tx.store)

    @cached_property
    def context(self) -> Context:
        """The context in which computed fields are worked out: inside the year asked about."""
        pack = self._tx.store.pack
        day = min(max(self._tx.now[:10], pack.year_from), pack.year_to)
        return context_at(self._tx.store, day, connection=self._tx.connection, units=self.units)

    @cached_property
    def _own_keys(self) -> tuple[str, ...]:
        return peers.own_publics(self._tx.connection)

    def is_pending(self, public: str) -> bool:
        """Return whether nothing but a person's decision makes a key one to be read."""
        if public not in self._statuses:
            found = peers.statuses(self._tx.connection, self._tx.store, public)
            self._statuses[public] = found
        return public not in self._own_keys and self._statuses[public] <= {"pending"}

    def verdict(self, head: Head, public: str) -> str:
        """Return what a packet's signature is worth: see :func:`peers.verdict`."""
        connection, store, origin = self._tx.connection, self._tx.store, head.origin
        if origin not in self._keys:
            self._keys[origin] = peers.everyone(connection, store, origin=origin)
        return peers.verdict(
            connection, store, origin, public, epoch=head.epoch, n=head.n, known=self._keys[origin]
        )
