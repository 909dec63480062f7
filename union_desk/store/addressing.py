"""Whom returns, reviews and decisions are for: the unit whose computer wrote the record.

Table ``addressed`` says it of every such row at its newest revision; one that goes up as well is
marked there and by its head, for each reader apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store import streams, units
from union_desk.store.layout import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store, Transaction


def address(tx: Transaction) -> None:
    """Say of every row that waits for it whom it is for; rows about own records are for nobody."""
    table = tx.tables.addressed
    for stream, form, uid, rev in list(_fresh(tx.connection, tx.store)):
        this = (table.c.stream == stream, table.c.form == form, table.c.uid == uid)
        tx.connection.execute(sa.delete(table).where(*this))
        tx.connection.execute(
            sa.insert(table).values(stream=stream, form=form, uid=uid, rev=rev, packet=None)
        )


def to_be_told(connection: Connection, store: Store) -> list[str]:
    """Return the streams to single units that the next files have rows for, addressed or not."""
    fresh = {stream for stream, *_ in _fresh(connection, store)}
    return sorted(fresh.union(waiting_for(connection, store)))


def _fresh(connection: Connection, store: Store) -> Iterator[tuple[str, str, str, int]]:
    """Yield stream, form, uid and revision of every row that nothing is said of yet."""
    below = units.of_store(connection, store).subtree(store.unit) - {store.unit}
    for form in streams.carried(streams.TO, store.tables.forms):
        found = list(_waiting(connection, store, form))
        writers = dict(_writers(connection, store, found))
        for uid, rev, target, record, unit in found:
            reader = writers.get((target, record), unit)
            if reader in below:
                yield streams.to_unit(reader), form, uid, rev


_Row = tuple[str, int, str, str, str]


def _waiting(connection: Connection, store: Store, form: str) -> Iterator[_Row]:
    """Yield uid, revision, form and id of the record, and unit of the rows to be addressed.

    One that is about no record is for the unit of its head; one that was taken back before it
    went out is for nobody.
    """
    table, done = store.tables.form[form], store.tables.addressed
    known = sa.exists().where(
        done.c.form == form, done.c.uid == table.c.uid, done.c.rev >= table.c.rev
    )
    gone = sa.exists().where(
        done.c.form == form, done.c.uid == table.c.uid, done.c.packet.is_not(None)
    )
    nothing = sa.literal("")
    about = (table.c.form, table.c.record) if "record" in table.c else (nothing, nothing)
    chosen = sa.select(table.c.uid, table.c.rev, *about, table.c.unit).where(
        table.c.origin == store.origin, table.c.record_state != "draft", ~known,
        sa.or_(table.c.deleted == 0, gone),
    )  # fmt: skip
    for row in connection.execute(chosen.order_by(table.c.uid)):
        yield row[0], int(row[1]), str(row[2]), str(row[3]), str(row[4])


def _writers(
    connection: Connection, store: Store, rows: Iterable[_Row]
) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield form and id of each record that is here, with the unit whose computer wrote it."""
    records: dict[str, set[str]] = {}
    for _, _, form, record, _ in rows:
        records.setdefault(form, set()).add(record)
    for form, wanted in records.items():
        table = store.tables.form.get(form)
        if table is None or "origin" not in table.c:
            continue
        uids = sorted(wanted)
        for start in range(0, len(uids), CHUNK):
            some = table.c.uid.in_(uids[start : start + CHUNK])
            for uid, origin in connection.execute(
                sa.select(table.c.uid, table.c.origin).where(some)
            ):
                yield (form, uid), str(origin)[:12]


def waiting_for(connection: Connection, store: Store) -> list[str]:
    """Return the streams to single units that have rows in no packet yet."""
    table = store.tables.addressed
    chosen = sa.select(table.c.stream).where(table.c.packet.is_(None)).distinct()
    return list(connection.execute(chosen.order_by(table.c.stream)).scalars())
