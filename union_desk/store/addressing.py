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
    below = units.of_store(tx.connection, tx.store).subtree(tx.store.unit) - {tx.store.unit}
    table = tx.tables.addressed
    for form in streams.carried(streams.TO, tx.tables.forms):
        found = list(_waiting(tx, form))
        writers = dict(_writers(tx.connection, tx.store, found))
        for uid, rev, target, record, unit in found:
            reader = writers.get((target, record), unit)
            if reader not in below:
                continue
            stream = streams.to_unit(reader)
            this = (table.c.stream == stream, table.c.form == form, table.c.uid == uid)
            tx.connection.execute(sa.delete(table).where(*this))
            tx.connection.execute(
                sa.insert(table).values(stream=stream, form=form, uid=uid, rev=rev, packet=None)
            )


_Row = tuple[str, int, str, str, str]


def _waiting(tx: Transaction, form: str) -> Iterator[_Row]:
    """Yield uid, revision, form and id of the record, and unit of the rows to be addressed.

    One that is about no record is for the unit of its head; one that was taken back before it
    went out is for nobody.
    """
    table, done = tx.tables.form[form], tx.tables.addressed
    known = sa.exists().where(
        done.c.form == form, done.c.uid == table.c.uid, done.c.rev >= table.c.rev
    )
    gone = sa.exists().where(
        done.c.form == form, done.c.uid == table.c.uid, done.c.packet.is_not(None)
    )
    nothing = sa.literal("")
    about = (table.c.form, table.c.record) if "record" in table.c else (nothing, nothing)
    chosen = sa.select(table.c.uid, table.c.rev, *about, table.c.unit).where(
        table.c.origin == tx.store.origin, table.c.record_state != "draft", ~known,
        sa.or_(table.c.deleted == 0, gone),
    )  # fmt: skip
    for row in tx.connection.execute(chosen.order_by(table.c.uid)):
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
