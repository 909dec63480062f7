"""What waits to be sent, and the packets that were made of it: numbers, chain, epochs.

A record is due when its newest confirmed revision names no packet yet. Packet n + 1 of a stream
carries the hash of packet n; both stand in one transaction with the records that name it. Packet
files are kept sealed to the store's own key in ``packets/``, durable before their row commits.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk import crypto, files
from union_desk.errors import StoreError
from union_desk.store import setting_rows
from union_desk.store.layout import layout
from union_desk.store.written import written_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.definition import TaskPack
    from union_desk.taskpack.record import Value

UP = "up"
UP_TABLES = ("filing", "check_note", "indicator_note", "change_request")
"""System tables whose rows travel up beside the forms'."""
_FETCH = 5_000


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

    @property
    def file_name(self) -> str:
        """Name of the packet as a file."""
        return f"{self.name}.zip"


@dataclass(frozen=True, slots=True)
class Slice:
    """Due records of one form: those with ``after < uid <= last``."""

    form: str
    after: str
    last: str
    count: int


def current_epoch(connection: Connection, store: Store, stream: str) -> Epoch | None:
    """Return the epoch that packets of `stream` are numbered in; None before the first."""
    table = store.tables.epoch
    chosen = sa.select(table).where(table.c.stream == stream, table.c.current == 1)
    row = connection.execute(chosen).mappings().first()
    return Epoch(row["epoch"], tuple(json.loads(row["replaces"]))) if row else None


def begin_epoch(tx: Transaction, stream: str) -> Epoch:
    """Begin a fresh epoch with a random id; it replaces all earlier ones of the stream."""
    table = tx.tables.epoch
    before = sa.select(table.c.epoch).where(table.c.stream == stream)
    earlier = tx.connection.execute(before.order_by(table.c.began_at)).scalars().all()
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


def newest(connection: Connection, store: Store, stream: str, epoch: str) -> KeptPacket | None:
    """Return the packet with the highest number of an epoch; None if it has none yet."""
    table = store.tables.packet
    chosen = sa.select(table).where(table.c.stream == stream, table.c.epoch == epoch)
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
    """Return the packet made last, of any stream."""
    table = store.tables.packet
    chosen = sa.select(table).order_by(table.c.made_at.desc(), table.c.n.desc()).limit(1)
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
    for form in forms or (*sent_forms(store), *UP_TABLES):
        counting = sa.select(sa.func.count()).where(due(store, store.tables.form[form]))
        number = connection.execute(counting).scalar_one()
        if number:
            counted[form] = number
    return counted


def due_uids(connection: Connection, store: Store, form: str) -> list[str]:
    """Return the record ids of a form that are due and not voided."""
    table = store.tables.form[form]
    chosen = sa.select(table.c.uid).where(due(store, table), table.c.deleted == 0)
    return list(connection.execute(chosen.order_by(table.c.uid)).scalars())


def sent_forms(store: Store) -> list[str]:
    """Return the ids of the sheets and ledgers, whose records make filings when they are sent."""
    return [form.id for form in store.tables.forms.values() if form.kind in ("sheet", "ledger")]


def _sent_tables(store: Store) -> Iterator[tuple[str, sa.Table]]:
    for form in (*sent_forms(store), *UP_TABLES):
        yield form, store.tables.form[form]


def portions(connection: Connection, store: Store, pack: TaskPack, most: int) -> list[list[Slice]]:
    """Cut the due records of a package's forms, and the system's, into packets of `most`."""
    made: list[list[Slice]] = []
    room = 0
    for form, table in _sent_tables(store):
        if form not in pack.forms and not (form in UP_TABLES and pack is store.pack):
            continue
        after = ""
        while (room or most) and (part := _slice(connection, store, table, after, room or most)):
            if not room:
                made.append([])
                room = most
            made[-1].append(part)
            room -= part.count
            after = part.last
    return made


def _slice(
    connection: Connection, store: Store, table: sa.Table, after: str, most: int
) -> Slice | None:
    chosen = sa.select(table.c.uid).where(due(store, table), table.c.uid > after)
    inner = chosen.order_by(table.c.uid).limit(most).subquery()
    count, last = connection.execute(sa.select(sa.func.count(), sa.func.max(inner.c.uid))).one()
    return Slice(table.name, after, last, count) if count else None


def rows(
    connection: Connection, store: Store, part: Slice, columns: Sequence[str]
) -> Iterator[Sequence[Value]]:
    """Yield the `columns` of the records of a slice as their writers wrote them, by record id.

    Voided records and decisions laid over are left out.
    """
    table, made = store.tables.form[part.form], layout(store.tables, part.form)
    pick = itemgetter(*(made.place[name] for name in columns))
    chosen = sa.select(*(table.c[name] for name in made.columns)).where(
        _within(store, table, part), table.c.deleted == 0
    )
    found = connection.execute(chosen.order_by(table.c.uid)).yield_per(_FETCH)
    for block in found.partitions():
        plain = [tuple(row) for row in block]
        yield from map(pick, written_rows(connection, store.tables, part.form, plain))


def detail_rows(
    connection: Connection, store: Store, part: Slice, detail: str, columns: Sequence[str]
) -> Iterator[Sequence[Value]]:
    """Yield the detail rows of the records of a slice, by parent and position."""
    parent, table = store.tables.form[part.form], store.tables.form[detail]
    chosen = (
        sa.select(*(table.c[name] for name in columns))
        .join_from(table, parent, parent.c.uid == table.c.parent)
        .where(_within(store, parent, part), parent.c.deleted == 0)
        .order_by(table.c.parent, table.c.position)
    )
    yield from connection.execute(chosen).yield_per(_FETCH)


def attachment_rows(
    connection: Connection, store: Store, part: Slice, field: str, columns: Sequence[str]
) -> list[tuple[Value, ...]]:
    """Return the entries of the files that the records of a slice name in `field`."""
    table, entry = store.tables.form[part.form], store.tables.attachment
    chosen = (
        sa.select(*(entry.c[name] for name in columns))
        .join_from(entry, table, table.c.uid == entry.c.record)
        .where(
            _within(store, table, part),
            table.c.deleted == 0,
            entry.c.field == field,
            table.c[field].contains(entry.c.sha256),
        )
        .order_by(entry.c.uid)
    )
    return [tuple(row) for row in connection.execute(chosen)]


def voided(connection: Connection, store: Store, part: Slice) -> list[str]:
    """Return the ids of the voided records of a slice."""
    table = store.tables.form[part.form]
    chosen = sa.select(table.c.uid).where(_within(store, table, part), table.c.deleted == 1)
    return list(connection.execute(chosen.order_by(table.c.uid)).scalars())


def _within(store: Store, table: sa.Table, part: Slice) -> ColumnElement[bool]:
    return sa.and_(due(store, table), table.c.uid > part.after, table.c.uid <= part.last)


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
        )
    )


def mark_sent(tx: Transaction, parts: Sequence[Slice], packet: str) -> None:
    """Let the records of `parts` name the packet they are in; they are 已报送 from now on."""
    for part in parts:
        table = tx.tables.form[part.form]
        tx.connection.execute(
            sa.update(table)
            .where(_within(tx.store, table, part))
            .values(packet=packet, record_state="sent")
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


def note_delivery(tx: Transaction, packet: KeptPacket, *, reader: str, way: str, uid: str) -> None:
    """Enter a file that was written for `reader` and read back right."""
    tx.connection.execute(
        sa.insert(tx.tables.delivery).values(
            uid=uid,
            name=packet.file_name,
            reader=reader,
            sha256=packet.hash,
            packets=json.dumps([packet.name]),
            records=packet.records,
            way=way,
            at=tx.now,
            person=tx.person,
            verified=1,
        )
    )


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


def kept_bytes(store: Store, packet: KeptPacket) -> bytes:
    """Return the bytes of a kept packet, compared with its hash."""
    path = kept_path(store, packet.hash)
    with store.read() as connection:
        secret = setting_rows.read(connection, "age_secret")
    try:
        content = crypto.open_sealed(path.read_bytes(), [secret])
    except (OSError, crypto.WrongKey, crypto.Damaged) as error:
        raise _lost(packet) from error
    if hashlib.sha256(content).hexdigest() != packet.hash:
        raise _lost(packet)
    return content


def _lost(packet: KeptPacket) -> StoreError:
    return StoreError(
        "S390",
        f"保存的数据包 {packet.name} 缺失或已损坏。",
        "请从备份的 sealed 文件夹取回，或请上级发还本单位数据包。",
    )
