"""Receipts as rows of packets: what this office has of every stream of others, and reading theirs.

Cumulative: a row states the highest packet applied without a gap. No remark, nothing of a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.bundle import chain, packet_tables
from union_desk.store import (
    acknowledging,
    arriving_files,
    peers,
    quarantine,
    received,
    returns,
    streams,
    units,
)
from union_desk.store.layout import layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.bundle.packet_tables import Value
    from union_desk.store.layout import Row
    from union_desk.store.received import Source
    from union_desk.store.transaction import Connection, Store, Transaction

FORM = "receipt"
_MOST_HELD = 50


def rows(
    connection: Connection, store: Store, stream: str = streams.ALL
) -> list[tuple[Value, ...]]:
    """Return the rows for a packet of `stream`, as table ``receipt`` has them, by record id.

    To all lower units: a row per origin of the whole subtree. Upward: one per stream to single
    units that was read here.
    """
    header = packet_tables.layout(store.pack, FORM).header
    wanted = streams.UP if stream == streams.ALL else streams.TO
    below = units.of_store(connection, store).subtree(store.unit)
    returned = returns.waiting(connection, store)
    lacking = arriving_files.lacking(connection, store)
    made = []
    for item in _sources(connection, store, wanted):
        if wanted == streams.UP and item.origin[:12] not in below:
            continue  # moved away, or not known yet: readers refuse a row about it
        said = _row(connection, store, item)
        if wanted == streams.TO:
            said["unit"] = store.unit
        else:
            asked = lacking.get(item.origin, [])[: arriving_files.MOST_ASKED]
            said["missing_blobs"] = ";".join(asked) or None
            said["returns"] = returned.get(item.origin, 0)
        made.append(tuple(said.get(name) for name in header))
    return sorted(made, key=lambda row: str(row[0]))


def _sources(connection: Connection, store: Store, kind: str) -> list[Source]:
    """Return the streams of a kind that were read, or held; of every unit below that is known.

    A unit of which nothing came, or all was lost by a restore, learns that it must send again.
    """
    known = {
        (item.origin, item.stream): item
        for item in received.sources(connection, store)
        if streams.kind(item.stream) == kind
    }
    if kind == streams.UP:
        for peer in peers.trusted(connection, store):
            known.setdefault(
                (peer.origin, streams.UP), received.Source(peer.origin, streams.UP, "", 0, "")
            )
    for held in quarantine.held(connection, store):
        if held.origin and held.stream and held.n and streams.kind(held.stream) == kind:
            key = (held.origin, held.stream)
            known.setdefault(key, received.Source(*key, "", 0, ""))
    return list(known.values())


def _row(connection: Connection, store: Store, item: Source) -> dict[str, Value]:
    """Return the receipt of one stream."""
    pack = store.pack
    began = f"{pack.year_from}T00:00:00Z"
    held = quarantine.unusable(connection, store, item.origin, item.stream)
    gaps = received.missing(connection, store, item)
    return {
        "uid": packet_tables.lasting_uid(FORM, store.origin, item.origin, item.stream),
        "unit": item.origin[:12],
        "period": f"{pack.year}Y",
        "rev": 1,
        "package": pack.id,
        "created_at": began,
        "updated_at": began,
        "for_origin": item.origin,
        "for_stream": item.stream,
        "epoch": item.epoch or None,
        "n": item.n,
        "hash": item.hash or None,
        "fork": int(received.forked(connection, store, item.origin, item.stream, item.epoch)),
        "retired": ";".join(item.retired[-chain.MOST_RETIRED :]) or None,
        "missing": ";".join(f"{first}-{last}" for first, last in gaps[:_MOST_HELD]) or None,
        "held": ";".join(f"{n}:{code}" for n, code in list(held.items())[:_MOST_HELD] if n > item.n)
        or None,
    }


def read(tx: Transaction, writer: str, changed: Sequence[Row]) -> None:
    """Read what another installation has received of this one's packets.

    Upward only the parent's word counts, of a stream to one unit only that unit's.
    """
    place = layout(tx.tables, FORM).place
    for row in changed:
        if row[place["for_origin"]] != tx.store.origin:
            continue
        stream = str(row[place["for_stream"]])
        reader = streams.unit_of(stream) or tx.store.parent
        if writer[: peers.SOLID] != reader:
            continue
        acknowledging.read(
            tx,
            acknowledging.Receipt(
                stream=stream,
                epoch=_text(row[place["epoch"]]),
                n=int(row[place["n"]] or 0),
                hash=_text(row[place["hash"]]),
                fork=bool(row[place["fork"]]),
                retired=_list(row[place["retired"]]),
                missing_blobs=_list(row[place["missing_blobs"]]),
            ),
        )


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _list(value: Value) -> tuple[str, ...]:
    return tuple(str(value).split(";")) if value else ()
