"""What rows of the system's tables set in motion here, once they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.bundle import receipts
from union_desk.store import joining, returns, streams, trusting
from union_desk.store.layout import layout

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.bundle.packet_head import Head
    from union_desk.store.layout import Row
    from union_desk.store.transaction import Transaction


def after(tx: Transaction, head: Head, changed: Mapping[str, Sequence[Row]]) -> None:
    """Do what a packet's new or changed rows ask for."""
    kind = streams.kind(head.stream)
    if kind == streams.TO:
        returns.arrived(tx, changed.get("return_note", ()), changed.get("review", ()))
    if changed.get("receipt"):
        receipts.read(tx, head.origin, changed["receipt"])
    if kind == streams.ALL and changed.get("key"):
        joining.learn(tx, head.origin, head.epoch)
    if changed.get("trust"):
        place = layout(tx.tables, "trust").place["for_origin"]
        trusting.settle_vouched(tx, (str(row[place]) for row in changed["trust"]))
