"""Which packets that wait may go on: something they waited for may have come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk import crypto
from union_desk.bundle import chain
from union_desk.store import joining, packages, peers, received, streams

if TYPE_CHECKING:
    from union_desk.store.received import Arrival
    from union_desk.store.transaction import Connection, Store

KEY, PACKAGE, NEWER, DIRECTORY = received.UNREAD, "B583", "B501", "B587"
"""Codes of waiting for trust, a task package, a newer program, the directory row of a unit."""


def free(connection: Connection, store: Store, item: Arrival) -> bool:
    """Return whether it is worth while to try a waiting packet again."""
    if item.code == KEY:
        proof = item.stream == streams.ALL and joining.waits_for_proof(connection)
        return item.n == 0 or proof or _trusted(connection, store, item)
    if item.code == PACKAGE:
        ident, _, version = item.package.rpartition(" ")[0].rpartition(" ")
        return packages.version(store, connection, ident, version) is not None
    source = received.source(connection, store, item.origin, item.stream)
    if item.code == chain.GAP:
        return source is not None and source.epoch == item.epoch and item.n <= source.n + 1
    if item.code == chain.EPOCH:
        return source is None or source.epoch in item.replaces or item.epoch in source.retired
    if item.code == chain.PARTS:
        return source is not None and item.epoch in source.retired
    return True


def _trusted(connection: Connection, store: Store, item: Arrival) -> bool:
    public = crypto.signed_by(item.signature)
    if public in peers.own_publics(connection):
        return True
    return bool(peers.statuses(connection, store, public) - {"pending"})


def missing(connection: Connection, store: Store) -> list[tuple[str, str, list[tuple[int, int]]]]:
    """Return by writer and stream the gaps (first, last) that packets wait behind: 缺号."""
    found = []
    for item in received.sources(connection, store):
        gaps = received.missing(connection, store, item)
        if gaps:
            found.append((item.origin, item.stream, gaps))
    return found
