"""The word of the level between: an office vouches upward for the keys below it.

An upper office trusts a key below the next level only if *that key's* own level between says so in
its signed table ``trust``, or if it enrolled the installation itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.store import peers, units
from union_desk.store.layout import layout

if TYPE_CHECKING:
    from union_desk.store.peers import Peer
    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.record import Value


def words(tx: Transaction, peer: Peer) -> list[dict[str, Value]]:
    """Return what the offices between say of a key, the nearest to the key and the newest first."""
    made = layout(tx.tables, "trust")
    rows = tx.connection.exec_driver_sql(
        f"{made.select} WHERE for_origin = ? AND fingerprint = ? AND deleted = 0 "
        "ORDER BY updated_at DESC, uid DESC",
        (peer.origin, peer.fingerprint),
    )
    known = units.of_store(tx.connection, tx.store)
    found = []
    for row in rows:
        said = dict(zip(made.columns, row, strict=True))
        office = str(said["origin"])[: peers.SOLID]
        between = peer.unit in known.subtree(office) and office in known.subtree(tx.store.unit)
        if between and office not in (peer.unit, tx.store.unit):
            found.append((len(known.subtree(office)), said))
    return [said for _, said in sorted(found, key=lambda item: item[0])]


def vouched(tx: Transaction, peer: Peer) -> bool:
    """Return whether the level between trusts a key now."""
    said = words(tx, peer)
    return bool(said) and said[0]["status"] == "trusted"
