"""What others have sent: how far each stream was taken in, and their packets as they came.

Table ``source`` has the highest packet of each (origin, stream) that was applied without a gap;
``received`` every packet whose signature held: applied ones are passed on, waiting ones tried
again. Their files lie sealed to the own key beside the own packets.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk import crypto, files
from union_desk.errors import StoreError
from union_desk.store import outbox, sealed_files, setting_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import IO

    from sqlalchemy import Connection, RowMapping

    from union_desk.store.transaction import Store, Transaction

APPLIED, WAITING, FORKED, REPLACED = "applied", "waiting", "fork", "replaced"
"""Outcomes of table ``received``; replaced: a newer state of stream ``all`` stands for it."""


@dataclass(frozen=True, slots=True)
class Source:
    """How far one stream of another installation has been taken in."""

    origin: str
    stream: str
    epoch: str
    n: int
    hash: str
    retired: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """A packet of another installation as it is noted."""

    hash: str
    origin: str
    stream: str
    epoch: str
    n: int
    name: str
    signature: str
    size: int
    prev: str | None = None
    kind: str = ""
    parts: int | None = None
    replaces: tuple[str, ...] = ()
    slip: str | None = None
    package: str = ""
    """Id, version and digest of the task package, separated by blanks."""
    records: int = 0
    outcome: str = WAITING
    code: str | None = None
    reason: str | None = None
    made_at: str = ""
    at: str = ""


def source(connection: Connection, store: Store, origin: str, stream: str) -> Source | None:
    """Return how far a stream has been taken in; None: nothing yet."""
    table = store.tables.source
    chosen = sa.select(table).where(table.c.origin == origin, table.c.stream == stream)
    row = connection.execute(chosen).mappings().first()
    return _source(row) if row else None


def sources(connection: Connection, store: Store) -> list[Source]:
    """Return every stream that was ever taken in."""
    table = store.tables.source
    chosen = sa.select(table).order_by(table.c.origin, table.c.stream)
    return [_source(row) for row in connection.execute(chosen).mappings()]


def _source(row: RowMapping) -> Source:
    return Source(
        row["origin"],
        row["stream"],
        row["epoch"],
        row["n"],
        row["hash"],
        tuple(json.loads(row["retired"])),
    )


def advance(tx: Transaction, to: Source) -> None:
    """Note how far a stream is now."""
    table = tx.tables.source
    own = sa.and_(table.c.origin == to.origin, table.c.stream == to.stream)
    tx.connection.execute(sa.delete(table).where(own))
    tx.connection.execute(
        sa.insert(table).values(
            origin=to.origin,
            stream=to.stream,
            epoch=to.epoch,
            n=to.n,
            hash=to.hash,
            retired=json.dumps(to.retired),
            updated_at=tx.now,
        )
    )


def forked(connection: Connection, store: Store, origin: str, stream: str, epoch: str) -> bool:
    """Return whether two files stood under one number of a run: the receipt will tell."""
    table = store.tables.received
    chosen = sa.select(table.c.hash).where(
        table.c.origin == origin,
        table.c.stream == stream,
        table.c.epoch == epoch,
        table.c.outcome == FORKED,
    )
    return connection.execute(chosen.limit(1)).first() is not None


def arrival(connection: Connection, store: Store, digest: str) -> Arrival | None:
    """Return the packet with this hash, or None."""
    table = store.tables.received
    row = connection.execute(sa.select(table).where(table.c.hash == digest)).mappings().first()
    return _arrival(row) if row else None


def arrivals(
    connection: Connection, store: Store, *outcomes: str, kept: bool = True
) -> list[Arrival]:
    """Return the packets of these outcomes (all: none named), in order of their numbers.

    :param kept: only those whose file lies here.
    """
    table = store.tables.received
    chosen = sa.select(table).order_by(table.c.origin, table.c.stream, table.c.at, table.c.n)
    if outcomes:
        chosen = chosen.where(table.c.outcome.in_(outcomes))
    if kept:
        chosen = chosen.where(table.c.kept == 1)
    return [_arrival(row) for row in connection.execute(chosen).mappings()]


def _arrival(row: RowMapping) -> Arrival:
    return Arrival(
        hash=row["hash"],
        origin=row["origin"],
        stream=row["stream"],
        epoch=row["epoch"],
        n=row["n"],
        name=row["name"],
        signature=row["signature"],
        size=row["bytes"],
        prev=row["prev"],
        kind=row["kind"],
        parts=row["parts"],
        replaces=tuple(json.loads(row["replaces"])),
        slip=row["slip"],
        package=row["package"],
        records=row["records"],
        outcome=row["outcome"],
        code=row["code"],
        reason=row["reason"],
        made_at=row["made_at"],
        at=row["at"],
    )


def of_run(
    connection: Connection, store: Store, origin: str, stream: str, epoch: str
) -> list[Arrival]:
    """Return what is known of one run of numbers, in their order."""
    table = store.tables.received
    chosen = sa.select(table).where(
        table.c.origin == origin, table.c.stream == stream, table.c.epoch == epoch
    )
    return [_arrival(row) for row in connection.execute(chosen.order_by(table.c.n)).mappings()]


def note(tx: Transaction, item: Arrival) -> None:
    """Enter a packet whose file is kept, or what became of one that waited."""
    table = tx.tables.received
    tx.connection.execute(sa.delete(table).where(table.c.hash == item.hash))
    tx.connection.execute(
        sa.insert(table).values(
            hash=item.hash,
            origin=item.origin,
            stream=item.stream,
            epoch=item.epoch,
            n=item.n,
            prev=item.prev,
            kind=item.kind,
            parts=item.parts,
            replaces=json.dumps(item.replaces),
            slip=item.slip,
            package=item.package,
            name=item.name,
            signature=item.signature,
            bytes=item.size,
            records=item.records,
            outcome=item.outcome,
            code=item.code,
            reason=item.reason,
            kept=1,
            at=item.at or tx.now,
            made_at=item.made_at,
        )
    )


def forget_waiting(tx: Transaction, digest: str) -> None:
    """Drop a waiting packet that turned out to be of no use; its file goes with the next sweep."""
    table = tx.tables.received
    tx.connection.execute(
        sa.delete(table).where(table.c.hash == digest, table.c.outcome == WAITING)
    )


def replaced(tx: Transaction, origin: str, stream: str, newest: str) -> list[str]:
    """Let the newest packet of stream ``all`` stand for all before; return what may be removed."""
    table = tx.tables.received
    older = sa.and_(
        table.c.origin == origin,
        table.c.stream == stream,
        table.c.hash != newest,
        table.c.outcome == APPLIED,
    )
    gone = list(tx.connection.execute(sa.select(table.c.hash).where(older)).scalars())
    tx.connection.execute(sa.update(table).where(older).values(outcome=REPLACED, kept=0))
    return gone


def drop_epochs(tx: Transaction, origin: str, stream: str, epochs: Sequence[str]) -> list[str]:
    """Keep of the packets of retired epochs number, hash and signature only (after erasure)."""
    table = tx.tables.received
    old = sa.and_(table.c.origin == origin, table.c.stream == stream, table.c.epoch.in_(epochs))
    gone = list(tx.connection.execute(sa.select(table.c.hash).where(old)).scalars())
    tx.connection.execute(sa.update(table).where(old).values(kept=0))
    return gone


def missing(connection: Connection, store: Store, item: Source) -> list[tuple[int, int]]:
    """Return the gaps (first, last) between what was applied and what waits behind it."""
    waiting = [
        one.n
        for one in of_run(connection, store, item.origin, item.stream, item.epoch)
        if one.outcome == WAITING and one.n > item.n
    ]
    gaps, expected = [], item.n + 1
    for number in sorted(set(waiting)):
        if number > expected:
            gaps.append((expected, number - 1))
        expected = number + 1
    return gaps


# Kept files -------------------------------------------------------------------------------


def keep(tx: Transaction, file: IO[bytes], digest: str) -> Path | None:
    """Keep a packet as it came, sealed to the own key; return where, None if it is there."""
    path = outbox.kept_path(tx.store, digest)
    if path.exists():
        return None
    recipient = setting_rows.read(tx.connection, "age_recipient")
    file.seek(0)
    with files.temporary(tx.store.folder / "tmp") as sealed:
        crypto.seal_file(file, sealed, [recipient])
        sealed.seek(0)
        files.write_durable(path, iter(lambda: sealed.read(files.CHUNK), b""))
    return path


def content(connection: Connection, store: Store, item: Arrival) -> bytes:
    """Return a packet as it came, compared with its hash; if need be its copy's.

    :raises StoreError: S391.
    """
    secret = setting_rows.read(connection, "age_secret")
    found = sealed_files.read(store.folder, "packets", item.hash, secret)
    if found is None:
        raise StoreError(
            "S391",
            f"保存的数据包 {item.name} 缺失或已损坏。",
            "请从备份的 sealed 文件夹取回，或请对方再报送一次。",
        )
    return found
