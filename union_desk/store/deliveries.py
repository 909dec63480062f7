"""报送记录: every file that was written, for whom, by which way, and what became of it.

Green only on a signed receipt: the packets of a file are acknowledged, or they are not. Kept
after the files themselves are gone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store import issued, outbox, slips, units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store

WRITTEN, RECEIVED, RETURNED = "written", "received", "returned"
_ROW, _FRAME = 120, 12_000
"""Bytes that a row takes, and that a packet takes beside its rows, about."""
_PACKAGE = 300_000
"""Bytes of a task package, about."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file that was written and read back."""

    uid: str
    name: str
    reader: str
    reader_name: str
    sha256: str
    packets: tuple[str, ...]
    records: int
    way: str
    carrier: str
    at: str
    person: str
    verified: bool
    state: str
    """written, received: every packet of it is named by a receipt; returned: a record came back."""
    by: str = ""
    """Level that acknowledged it."""


def listed(connection: Connection, store: Store) -> list[Delivery]:
    """Return every file, the newest first."""
    table = store.tables.delivery
    acked = _acknowledged(connection, store)
    higher = _acknowledged_above(connection, store)
    returned = _returned(connection, store)
    directory = units.of_store(connection, store)
    parent = directory.by_code.get(store.parent or "")
    nearest = parent.level if parent else ""
    found = []
    chosen = sa.select(table).order_by(table.c.at.desc(), table.c.uid.desc())
    for row in connection.execute(chosen).mappings():
        names = tuple(json.loads(row["packets"]))
        reader = str(row["reader"])
        state, level = WRITTEN, ""
        if names and all(acked.get(name, False) for name in names):
            state = RECEIVED
            above = {higher.get(name, nearest) for name in names}
            level = above.pop() if len(above) == 1 else nearest
        if returned.intersection(names):
            state, level = RETURNED, ""
        found.append(
            Delivery(
                row["uid"], row["name"], reader, directory.name(reader), row["sha256"], names,
                row["records"], row["way"], row["carrier"] or "", row["at"], row["person"],
                bool(row["verified"]), state, level,
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class PacketLine:
    """A packet of a file: its name, its digest, how many records it holds."""

    name: str
    sha256: str
    records: int


def packets(connection: Connection, store: Store, delivery: Delivery) -> list[PacketLine]:
    """Return the packets of a file in its order; others' packets are known where they are kept."""
    wanted = delivery.packets
    known: dict[str, PacketLine] = {}
    for table in (store.tables.packet, store.tables.received):
        chosen = sa.select(table.c.name, table.c.hash, table.c.records)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            rows = connection.execute(chosen.where(table.c.name.in_(part)))
            known |= {row.name: PacketLine(row.name, row.hash, row.records) for row in rows}
    return [known.get(name, PacketLine(name, "", 0)) for name in wanted]


def _acknowledged(connection: Connection, store: Store) -> dict[str, bool]:
    """Return per packet, own or passed on, whether a receipt of its reader names it."""
    table = store.tables.packet
    found = {
        name: bool(acked)
        for name, acked in connection.execute(sa.select(table.c.name, table.c.acked))
    }
    said, other = store.tables.form["receipt"], store.tables.received
    passed = sa.select(other.c.name).join_from(
        other,
        said,
        sa.and_(
            other.c.origin == said.c.for_origin,
            other.c.stream == said.c.for_stream,
            other.c.epoch == said.c.epoch,
            other.c.n <= said.c.n,
        ),
    )
    by_parent = sa.func.substr(said.c.origin, 1, 12) == (store.parent or "")
    rows = connection.execute(passed.where(by_parent, said.c.deleted == 0))
    return found | dict.fromkeys(rows.scalars(), True)


def _acknowledged_above(connection: Connection, store: Store) -> Mapping[str, str]:
    """Return per own packet the level of an office above the parent whose receipt names it."""
    said, packet = store.tables.form["receipt"], store.tables.packet
    directory = units.of_store(connection, store)
    rows = connection.execute(
        sa.select(sa.func.substr(said.c.origin, 1, 12), packet.c.name)
        .join_from(
            said,
            packet,
            sa.and_(
                packet.c.stream == said.c.for_stream,
                packet.c.epoch == said.c.epoch,
                packet.c.n <= said.c.n,
            ),
        )
        .where(said.c.for_origin == store.origin, said.c.deleted == 0)
    )
    return {name: directory.by_code[unit].level for unit, name in rows if unit in directory.by_code}


def _returned(connection: Connection, store: Store) -> set[str]:
    """Return the packets that hold a record that came back and was not sent anew since."""
    found: set[str] = set()
    for form in outbox.sent_forms(store):
        table = store.tables.form[form]
        chosen = sa.select(table.c.packet).where(
            table.c.record_state == "returned", table.c.deleted == 0, table.c.packet.is_not(None)
        )
        found.update(connection.execute(chosen.distinct()).scalars())
    return found


@dataclass(frozen=True, slots=True)
class Estimate:
    """About how large the next file upward will be, and how many attachments go with it."""

    size: int
    attachments: int


def estimate(connection: Connection, store: Store) -> Estimate:
    """Return it: packets that no receipt names yet, rows that are due, files not carried yet."""
    waiting = outbox.unacknowledged(connection, store, outbox.UP)
    rows = sum(outbox.due_counts(connection, store).values())
    table = store.tables.attachment
    files_ = connection.execute(sa.select(table.c.sha256, table.c.bytes).distinct()).all()
    gone = outbox.carried(connection, store, outbox.UP)
    new = {sha256: size for sha256, size in files_ if sha256 not in gone}
    size = sum(item.size for item in waiting) + rows * _ROW + sum(new.values()) + _FRAME
    return Estimate(size, len(new))


def broadcast_size(connection: Connection, store: Store) -> int:
    """Return about how large the files to the units below will be."""
    waiting = [
        item
        for stream in outbox.known_streams(connection, store)
        if stream != outbox.UP
        for item in outbox.unacknowledged(connection, store, stream)
    ]
    directory = len(units.of_store(connection, store).by_code)
    return _PACKAGE + directory * _ROW + sum(item.size + _FRAME for item in waiting)


@dataclass(frozen=True, slots=True)
class Papers:
    """What stands on paper of that which is sent: the cover in force, what lacks its seal."""

    cover: str
    """Serial of the cover that is printed and not written yet, empty: none is."""
    later: int
    """Records confirmed after it: they wait for the next cover."""
    unsealed: int
    """Papers issued and not sealed."""
    issued: int


def papers(connection: Connection, store: Store) -> Papers:
    """Return what is to be told of the papers before the file is written."""
    ready = [
        paper
        for paper in issued.papers(connection, store.tables, origin=store.origin)
        if paper.live and not paper.sent
    ]
    cover = slips.pending(connection, store)
    later = 0
    if cover is not None:
        table = store.tables.slip_row
        forms = outbox.sent_forms(store)
        listed = sa.select(sa.func.count()).where(
            table.c.slip == cover.serial, table.c.form.in_(forms)
        )
        due = sum(outbox.due_counts(connection, store, forms).values())
        later = max(due - connection.execute(listed).scalar_one(), 0)
    unsealed = sum(paper.sealed_date is None for paper in ready)
    return Papers(cover.serial if cover else "", later, unsealed, len(ready))
