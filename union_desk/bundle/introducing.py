"""What a packet says of keys, read before there is any trust in its writer.

A key card: short, one table, signed by the key it shows or the one before. A packet of the parent
to all: its rows of keys, and the tags that prove them under the 开通码 that was typed here.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import IO, TYPE_CHECKING, Protocol

from union_desk import crypto
from union_desk.bundle import packet_reading, packet_tables
from union_desk.bundle.outcomes import Known, Waits
from union_desk.bundle.waiting import KEY
from union_desk.errors import BundleError
from union_desk.store import joining, peers, streams, trusting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.bundle.packet_head import Head
    from union_desk.bundle.packet_reading import Packet
    from union_desk.store.received import Arrival
    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.record import Value

MOST = 1 << 16
"""Length of the longest card, bytes."""
MOST_ROWS = 20_000
"""Rows of a table that are read before there is any trust."""
TABLE = "key"
_STEP = "请在“上下级单位”里处理；核对后它的数据包会自动装入。"


class Arriving(Protocol):
    """A packet on its way in."""

    tx: Transaction
    file: IO[bytes]
    arrival: Arrival
    """What is known of it so far: what its name says, then what its head says."""


def concerns(packet: Arriving) -> bool:
    """Return whether a packet may say something of keys: a card, or the parent's to all."""
    arrival = packet.arrival
    above = arrival.origin[: peers.SOLID] == packet.tx.store.parent
    return arrival.n == 0 or (arrival.stream == streams.ALL and above)


def introduce(packet: Arriving) -> str:
    """Read what a packet says of keys; what is found out stays, whatever becomes of the packet.

    :returns: what to tell of a key card, which is done with by that; "" for any other packet.
    :raises Known: it is the own card.
    :raises Waits: a person, or another file, decides about the key first.
    :raises BundleError: the card is none, or a stranger's.
    """
    if packet.arrival.n == 0:
        return _card(packet)
    if concerns(packet):
        _broadcast(packet)
    return ""


def _card(packet: Arriving) -> str:
    if packet.arrival.size > MOST:
        raise _no_card()
    signer = _verified(packet)
    packet.file.seek(0)
    with packet_reading.opened(packet.file) as card:
        head = card.head
        if head.kind != "keys" or card.tables != (TABLE,) or card.blobs:
            raise _no_card()
        packet.arrival = described(packet.arrival, head)
        if head.origin == packet.tx.store.origin:
            raise Known
        rows = _rows(card, packet.tx.store)
    taken = trusting.take_card(
        packet.tx, head.origin, head.epoch, rows, signer=signer, card=packet.arrival.hash
    )
    if taken.peer.status == "pending":
        raise Waits(KEY, f"{head.origin} 的身份还没有核对：{taken.sentence}", _STEP)
    return f"已核对 {head.origin} 的身份。"


def _no_card() -> BundleError:
    return BundleError("B535", "这张开通卡的内容不对，没有收。", "请该单位重新做一次。")


def _broadcast(packet: Arriving) -> None:
    """Let a packet of the parent to all prove the parent's keys, where they are not trusted yet."""
    tx, origin = packet.tx, packet.arrival.origin
    signer = _verified(packet)
    known = peers.find(tx.connection, tx.store, origin, signer)
    if known is not None and known.status != "pending":
        return
    packet.file.seek(0)
    with packet_reading.opened(packet.file) as opened:
        head = opened.head
        if head.stream != streams.ALL or head.origin != origin:
            return
        keys, tags = (_rows(opened, tx.store, table) for table in (TABLE, "enrol"))
    taken = joining.take_enrol(tx, origin, signer=signer, keys=keys, enrols=tags)
    if taken is not None and taken.peer.status == "pending":
        packet.arrival = described(packet.arrival, head)
        raise Waits(KEY, f"还没有核对过上级 {origin} 的身份：{taken.sentence}", _STEP)


def _verified(packet: Arriving) -> str:
    """Return the key whose signature over the bytes holds."""
    packet.file.seek(0)
    try:
        public = crypto.signed_by(packet.arrival.signature)
        crypto.verify(packet.arrival.signature, public, packet.file)
    except crypto.Forged as error:
        raise forged(packet.arrival) from error
    return public


def forged(arrival: Arrival) -> BundleError:
    """Return that the signature of a packet does not hold."""
    return BundleError(
        "B573",
        f"数据包 {arrival.name} 的签名不对，内容可能被改动过。",
        "请让对方重新报送；没有改动任何数据。",
    )


def _rows(packet_: Packet, store: Store, table: str = TABLE) -> Sequence[Mapping[str, Value]]:
    """Return the rows of a system table, which looks the same under every task package."""
    if table not in packet_.tables:
        return []
    header = packet_tables.layout(store.pack, table).header
    rows = list(islice(packet_.rows(table, store.pack), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise BundleError(
            "B602", f"数据包 {packet_.head.name} 里的钥匙太多，没有收。", "请让对方重新报送。"
        )
    return [dict(zip(header, row, strict=True)) for row in rows]


def described(arrival: Arrival, head: Head) -> Arrival:
    """Return a packet as its signed head tells: the name of a file is for people."""
    return replace(
        arrival,
        origin=head.origin,
        stream=head.stream,
        epoch=head.epoch,
        n=head.n,
        name=head.name,
        prev=head.prev,
        kind=head.kind,
        parts=head.parts,
        replaces=head.replaces,
        slip=head.slip,
        package=" ".join(head.package),
        made_at=head.made_at,
        made_by=head.made_by,
    )
