"""What waits to be sent upward, and the packets of all streams: numbers, chain, epochs.

A record is due when its newest confirmed revision names no packet yet. Packet n + 1 of a stream
carries the hash of packet n; both stand in one transaction with the records that name it. Packet
files are kept sealed to the store's own key in ``packets/``, durable before their row commits.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk import crypto, files
from union_desk.errors import StoreError
from union_desk.store import sealed_files, setting_rows, streams

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from union_desk.store.transaction import Store, Transaction

UP = streams.UP


@dataclass(frozen=True, slots=True)
class Epoch:
    """A run of packet numbers from 1 on, and every run before it."""

    id: str
    replaces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptPacket:
    """A packet of the outbox."""

    name: str
    stream: str
    epoch: str
    n: int
    hash: str
    prev: str | None
    size: int
    records: int
    made_at: str
    signature: str = ""
    """Of the writer over the packet's bytes; empty for one of a program before signatures."""

    @property
    def file_name(self) -> str:
        """Name of the packet as a file."""
        return f"{self.name}.zip"


def current_epoch(connection: Connection, store: Store, stream: str) -> Epoch | None:
    """Return the epoch that packets of `stream` are numbered in; None before the first."""
    table = store.tables.epoch
    chosen = sa.select(table).where(table.c.stream == stream, table.c.current == 1)
    row = connection.execute(chosen).mappings().first()
    return Epoch(row["epoch"], tuple(json.loads(row["replaces"]))) if row else None


def begin_epoch(tx: Transaction, stream: str, outside: Sequence[str] = ()) -> Epoch:
    """Begin a fresh epoch with a random id; it replaces all earlier ones of the stream.

    :param outside: earlier ones that only others know: those of a later state that was lost.
    """
    table = tx.tables.epoch
    before = sa.select(table.c.epoch, table.c.replaces).where(table.c.stream == stream)
    rows = tx.connection.execute(before.order_by(table.c.began_at)).all()
    known = [item for row in rows for item in (*json.loads(row[1]), row[0])]
    earlier = dict.fromkeys((*known, *outside))
    tx.connection.execute(sa.update(table).where(table.c.stream == stream).values(current=0))
    made = Epoch(secrets.token_hex(16), tuple(earlier))
    tx.connection.execute(
        sa.insert(table).values(
            stream=stream,
            epoch=made.id,
            began_at=tx.now,
            replaces=json.dumps(made.replaces),
            current=1,
        )
    )
    return made


def start_over(tx: Transaction, stream: str, outside: Sequence[str] = ()) -> None:
    """Begin a fresh epoch in which every confirmed record of this origin is due again.

    Where nothing was ever sent, there is nothing to replace and nothing is done.
    """
    if current_epoch(tx.connection, tx.store, stream) is None and not outside:
        return
    begin_epoch(tx, stream, outside)
    if stream != UP:
        addressed = tx.tables.addressed
        again = sa.update(addressed).where(addressed.c.stream == stream).values(packet=None)
        tx.connection.execute(again)
        return
    for _, table in sent_tables(tx.store):
        mine = sa.and_(table.c.origin == tx.store.origin, table.c.packet.is_not(None))
        tx.connection.execute(sa.update(table).where(mine).values(packet=None))


def drop_retired(tx: Transaction, stream: str) -> list[Path]:
    """Keep the packets of a stream's earlier epochs by number, hash and signature only.

    :returns: their files, to be removed once the transaction holds.
    """
    epoch = current_epoch(tx.connection, tx.store, stream)
    table = tx.tables.packet
    old = sa.and_(
        table.c.stream == stream,
        table.c.epoch != (epoch.id if epoch else ""),
        table.c.dropped.is_(None),
    )
    hashes = tx.connection.execute(sa.select(table.c.hash).where(old)).scalars().all()
    tx.connection.execute(sa.update(table).where(old).values(dropped=1))
    return [kept_path(tx.store, digest) for digest in hashes]


def dropped(connection: Connection, store: Store) -> set[str]:
    """Return the hashes of packets whose files are kept no longer."""
    table = store.tables.packet
    chosen = sa.select(table.c.hash).where(table.c.dropped.is_not(None))
    return set(connection.execute(chosen).scalars())


def known_streams(connection: Connection, store: Store) -> list[str]:
    """Return the streams that ever had an epoch."""
    table = store.tables.epoch
    chosen = sa.select(table.c.stream).distinct().order_by(table.c.stream)
    return list(connection.execute(chosen).scalars())


def newest(connection: Connection, store: Store, stream: str, epoch: str) -> KeptPacket | None:
    """Return the packet with the highest number of an epoch; None if it has none yet."""
    table = store.tables.packet
    chosen = sa.select(table).where(table.c.stream == stream, table.c.epoch == epoch, table.c.n > 0)
    row = connection.execute(chosen.order_by(table.c.n.desc()).limit(1)).mappings().first()
    return _packet(row) if row else None


def unacknowledged(connection: Connection, store: Store, stream: str) -> list[KeptPacket]:
    """Return the packets of the current epoch that no receipt names yet, in order."""
    epoch = current_epoch(connection, store, stream)
    if epoch is None:
        return []
    table = store.tables.packet
    chosen = sa.select(table).where(
        table.c.stream == stream, table.c.epoch == epoch.id, table.c.acked == 0
    )
    return [_packet(row) for row in connection.execute(chosen.order_by(table.c.n)).mappings()]


def last_packet(connection: Connection, store: Store) -> KeptPacket | None:
    """Return the packet made last, of any stream; key cards aside."""
    table = store.tables.packet
    chosen = (
        sa.select(table)
        .where(table.c.n > 0)
        .order_by(table.c.made_at.desc(), table.c.n.desc())
        .limit(1)
    )
    row = connection.execute(chosen).mappings().first()
    return _packet(row) if row else None


def all_packets(connection: Connection, store: Store) -> list[KeptPacket]:
    """Return every packet ever made, by stream and epoch, in order of number."""
    table = store.tables.packet
    chosen = sa.select(table).order_by(table.c.stream, table.c.epoch, table.c.n)
    return [_packet(row) for row in connection.execute(chosen).mappings()]


def _packet(row: RowMapping) -> KeptPacket:
    return KeptPacket(
        row["name"],
        row["stream"],
        row["epoch"],
        row["n"],
        row["hash"],
        row["prev"],
        row["bytes"],
        row["records"],
        row["made_at"],
        row["signature"] or "",
    )


# What is due ------------------------------------------------------------------------------


def due(store: Store, table: sa.Table) -> ColumnElement[bool]:
    """Return the condition under which a row is due upward, voided ones included."""
    return sa.and_(
        table.c.packet.is_(None), table.c.record_state != "draft", table.c.origin == store.origin
    )


def due_counts(
    connection: Connection, store: Store, forms: Sequence[str] | None = None
) -> dict[str, int]:
    """Return per form how many confirmed or voided records are in no packet yet."""
    counted = {}
    for form in forms or streams.carried(UP, store.tables.forms):
        counting = sa.select(sa.func.count()).where(due(store, store.tables.form[form]))
        number = connection.execute(counting).scalar_one()
        if number:
            counted[form] = number
    return counted


def due_uids(
    connection: Connection, store: Store, form: str, package: str = "", others: Sequence[str] = ()
) -> list[str]:
    """Return the record ids of a form that are due and not voided.

    :param package: only records of this package, or of any but `others` where those are named.
    """
    table = store.tables.form[form]
    chosen = sa.select(table.c.uid).where(due(store, table), table.c.deleted == 0)
    if others:
        chosen = chosen.where(table.c.package.not_in(others))
    elif package:
        chosen = chosen.where(table.c.package == package)
    return list(connection.execute(chosen.order_by(table.c.uid)).scalars())


def sent_forms(store: Store) -> list[str]:
    """Return the ids of the sheets and ledgers, whose records make filings when they are sent."""
    return [form.id for form in store.tables.forms.values() if form.kind in ("sheet", "ledger")]


def sent_tables(store: Store) -> Iterator[tuple[str, sa.Table]]:
    """Yield id and table of everything whose rows travel up."""
    for form in streams.carried(UP, store.tables.forms):
        yield form, store.tables.form[form]


# Making a packet --------------------------------------------------------------------------


def add(tx: Transaction, packet: KeptPacket, *, kind: str, slip: str | None) -> None:
    """Enter a packet whose file is kept already."""
    tx.connection.execute(
        sa.insert(tx.tables.packet).values(
            stream=packet.stream,
            epoch=packet.epoch,
            n=packet.n,
            hash=packet.hash,
            prev=packet.prev,
            kind=kind,
            name=packet.name,
            bytes=packet.size,
            records=packet.records,
            slip=slip,
            made_at=packet.made_at,
            made_by=tx.person,
            acked=0,
            signature=packet.signature,
        )
    )


def carried(connection: Connection, store: Store, stream: str) -> set[str]:
    """Return the hashes of the files that packets of `stream` have carried."""
    table = store.tables.carried
    return set(
        connection.execute(sa.select(table.c.sha256).where(table.c.stream == stream)).scalars()
    )


def mark_carried(tx: Transaction, stream: str, hashes: Sequence[str]) -> None:
    """Note that `stream` has carried these files."""
    if hashes:
        entries = [{"stream": stream, "sha256": value} for value in hashes]
        tx.connection.execute(sa.insert(tx.tables.carried), entries)


def forget_older(tx: Transaction, newest_one: KeptPacket) -> list[str]:
    """Forget the packets before one of stream ``all``, which stands for them; return their hashes.

    Their files may go when this is saved.
    """
    table = tx.tables.packet
    older = sa.and_(
        table.c.stream == newest_one.stream,
        sa.or_(
            table.c.epoch != newest_one.epoch,
            sa.and_(table.c.n < newest_one.n, table.c.n > 0),
        ),
    )
    gone = list(tx.connection.execute(sa.select(table.c.hash).where(older)).scalars())
    tx.connection.execute(sa.delete(table).where(older))
    return gone


def card(connection: Connection, stream: str) -> dict[str, Any]:
    """Return of which keys the own key card in a stream is, and behind which packet it was made."""
    said: dict[str, Any] = json.loads(setting_rows.read(connection, f"card_{stream}") or "{}")
    return said


def note_card(tx: Transaction, stream: str, of: Sequence[str | None], since: int) -> None:
    """Note of which keys the own key card is: until a packet after `since` is acknowledged."""
    said = json.dumps({"of": of, "since": since})
    setting_rows.write(tx.connection, f"card_{stream}", said)


def forget_card(tx: Transaction, stream: str, epoch: str) -> None:
    """Forget the key card of an epoch: another takes its place."""
    table = tx.tables.packet
    tx.connection.execute(
        sa.delete(table).where(table.c.stream == stream, table.c.epoch == epoch, table.c.n == 0)
    )


def note_delivery(
    tx: Transaction,
    *,
    uid: str,
    name: str,
    sha256: str,
    reader: str,
    packets: Sequence[str],
    records: int,
    way: str,
    carrier: str | None = None,
) -> None:
    """Enter a file that was written for `reader` and read back right."""
    tx.connection.execute(
        sa.insert(tx.tables.delivery).values(
            uid=uid,
            name=name,
            reader=reader,
            sha256=sha256,
            packets=json.dumps(packets),
            records=records,
            way=way,
            carrier=carrier,
            at=tx.now,
            person=tx.person,
            verified=1,
        )
    )


def delivered_names(connection: Connection, store: Store, start: str) -> list[str]:
    """Return the names, beginning with `start`, of files that were delivered."""
    name = store.tables.delivery.c.name
    return list(connection.execute(sa.select(name).where(name.startswith(start))).scalars())


# Kept files -------------------------------------------------------------------------------


def keep(tx: Transaction, content: bytes, sha256: str) -> Path:
    """Keep a packet's bytes sealed to the store's own key, and return where."""
    recipient = setting_rows.read(tx.connection, "age_recipient")
    path = kept_path(tx.store, sha256)
    files.write_durable(path, crypto.seal(content, [recipient]))
    return path


def kept_path(store: Store, sha256: str) -> Path:
    """Return where the sealed file of a packet lies."""
    return store.folder / "packets" / f"{sha256}.age"


def drop_kept(store: Store, digest: str) -> None:
    """Remove the file of a packet that nothing names any more."""
    files.remove(kept_path(store, digest))


def kept_bytes(store: Store, packet: KeptPacket) -> bytes:
    """Return the bytes of a kept packet, compared with its hash; if need be its copy's.

    :raises StoreError: S390.
    """
    with store.read() as connection:
        secret = setting_rows.read(connection, "age_secret")
    content = sealed_files.read(store.folder, "packets", packet.hash, secret)
    if content is None:
        raise StoreError(
            "S390",
            f"保存的数据包 {packet.name} 缺失或已损坏。",
            "请从备份的 sealed 文件夹取回，或请上级发还本单位数据包。",
        )
    return content
