"""The own key card: a packet of number 0, outside the chain, that says this installation's keys.

A card is signed by the key it shows, or by the key before that one. It rides first in every bundle
to the parent until a receipt shows that packets signed with its key were applied.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from union_desk.bundle import making, packet, packet_tables
from union_desk.bundle.making import Making
from union_desk.store import enrolment, joining, outbox, peers, rotating, setting_rows, streams
from union_desk.store.portions import Lane

if TYPE_CHECKING:
    from pathlib import Path

    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.record import Value

TABLE = "key"


def make_card(store: Store, stream: str) -> None:
    """Make the card of a stream, if it has an epoch and the card is not there."""

    def make(tx: Transaction, kept: list[Path]) -> None:
        ensure(Making(tx, Lane(stream), kept))

    making.whole(store, make)


def ensure(work: Making) -> None:
    """Make the card of the present keys and 开通码 in the stream's current epoch, if need be.

    To all lower units a card goes only after a change of the signing key: their parent's keys
    stand in the packets themselves.
    """
    tx, stream = work.tx, work.lane.stream
    epoch = outbox.current_epoch(tx.connection, tx.store, stream)
    if epoch is None:
        return
    turn = rotating.rotation(tx.connection, stream, epoch.id)
    if not (turn if stream == streams.ALL else tx.store.parent):
        return
    mine = peers.own(tx.connection, tx.store)
    tag = setting_rows.read(tx.connection, joining.TAG) or None if stream == streams.UP else None
    wanted = [epoch.id, mine.signing.public, mine.recipient, tag]
    said = outbox.card(tx.connection, stream)
    if said.get("of") == wanted:
        return
    newest = outbox.newest(tx.connection, tx.store, stream, epoch.id) if said else None
    first = work.head(tx.store.pack, epoch, None, None)
    head = replace(first, n=0, kind="keys", parts=None, slip=None)
    row = _own_row(tx, mine, tag, turn.from_n if turn else 0)
    header = packet_tables.layout(tx.store.pack, TABLE).header
    content = packet.Content(tables=[(TABLE, [tuple(row.get(name) for name in header)])])
    outbox.forget_card(tx, stream, epoch.id)
    work.enter(head, tx.store.pack, content, 0, turn.old if turn else None)
    outbox.note_card(tx, stream, wanted, newest.n if newest else 0)


def _own_row(
    tx: Transaction, mine: peers.OwnKeys, tag: str | None, from_n: int
) -> dict[str, Value]:
    pack = tx.store.pack
    since = setting_rows.read(tx.connection, "sign_since") or tx.now
    return enrolment.own_row(mine, since[:10], from_n, tag) | {
        "uid": packet_tables.lasting_uid(TABLE, mine.origin, mine.fingerprint),
        "unit": tx.store.unit,
        "period": f"{pack.year}Y",
        "rev": 1,
        "package": pack.id,
        "created_at": tx.now,
        "updated_at": tx.now,
    }
