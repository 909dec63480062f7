"""The packet to all lower units: one full state, made anew at each export, secret to nobody.

Its newest number stands for all before, so any one file is enough for any unit, whatever was lost
before. Cells of persons stay empty, and the task package itself goes along.
"""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING

from union_desk.bundle import cards, making, packet, packet_tables, receipts
from union_desk.bundle.making import Making
from union_desk.store import enrolment, outbox, packages, portions, streams
from union_desk.store.portions import Lane
from union_desk.taskpack import field_types

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from union_desk.bundle.packet_tables import Value
    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.definition import Field, TaskPack

_LANE = Lane(streams.ALL)
_MOST = 2**53


def make_all(store: Store) -> None:
    """Make the next packet of stream ``all``; the one before it goes."""
    older: list[str] = []

    def make(tx: Transaction, kept: list[Path]) -> None:
        pack = store.pack
        enrolment.publish(tx)
        archive = packages.content(store, tx.connection, pack)
        digest = hashlib.sha256(archive).hexdigest()
        work = Making(tx, _LANE, kept)
        epoch, last = work.place()
        cards.ensure(work)
        content = packet.Content(
            tables=_tables(tx, pack, digest), blobs={digest: partial(_once, archive)}
        )
        made = work.enter(work.head(pack, epoch, last, 1), pack, content, 0)
        older.extend(outbox.forget_older(tx, made))

    making.whole(store, make)
    for digest in older:
        outbox.drop_kept(store, digest)


def _once(content: bytes) -> Iterator[bytes]:
    yield content


def _tables(
    tx: Transaction, pack: TaskPack, archive: str
) -> Iterator[tuple[str, Iterator[Sequence[Value]] | list[tuple[Value, ...]]]]:
    for pieces in portions.cut(tx.connection, tx.store, _LANE, pack, _MOST):
        for piece in pieces:
            for table, rows in making.tables_of(tx, pack, piece):
                yield table, _without_persons(tx, pack, table, rows)
    yield receipts.FORM, receipts.rows(tx.connection, tx.store)
    yield "package", [_package_row(tx, pack, archive)]


def _without_persons(
    tx: Transaction, pack: TaskPack, table: str, rows: Iterator[Sequence[Value]]
) -> Iterator[Sequence[Value]]:
    """Empty the cells of persons, and of free text that may name them."""
    form = tx.tables.forms[table]
    empty = {
        name
        for item in form.fields
        if _of_persons(item, system=form.kind == "system")
        for name in field_types.columns(item)
    } | {"created_by"}
    header = packet_tables.layout(pack, table).header
    places = [place for place, name in enumerate(header) if name in empty]
    for row in rows:
        cells = list(row)
        for place in places:
            cells[place] = None
        yield cells


def _of_persons(item: Field, *, system: bool) -> bool:
    return item.sensitivity > 0 or item.type == "attach" or (item.type == "longtext" and not system)


def _package_row(tx: Transaction, pack: TaskPack, archive: str) -> tuple[Value, ...]:
    """Return the row that names the task package of this packet, the same while it is the same."""
    store = tx.store
    began = f"{pack.year_from}T00:00:00Z"
    row: dict[str, Value] = {
        "uid": packet_tables.lasting_uid("package", store.origin, pack.id, pack.digest),
        "unit": store.unit,
        "period": f"{pack.year}Y",
        "rev": 1,
        "package": pack.id,
        "created_at": began,
        "updated_at": began,
        "task_package": pack.id,
        "version": pack.version,
        "digest": pack.digest,
        "file": archive,
    }
    return tuple(row.get(name) for name in packet_tables.layout(pack, "package").header)
