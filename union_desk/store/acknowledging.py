"""What a receipt says of the own packets: received so far, to be sent again, or not from here.

The newest receipt is the truth. It may say less than the one before: then its writer was restored
and the next export sends again. What it knows and this store does not is a later or another self:
sending waits for a person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store import attachments, audit, holds, outbox, streams
from union_desk.store.layout import layout
from union_desk.store.writing import Write, set_head, write_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Receipt:
    """What another installation says it has of one stream of this one."""

    stream: str
    epoch: str | None
    n: int
    hash: str | None
    fork: bool
    retired: tuple[str, ...]
    missing_blobs: tuple[str, ...] = ()


def read(tx: Transaction, receipt: Receipt) -> None:
    """Do what a receipt asks for (the table of section 4 of the exchange).

    One that names no epoch, or one that the present one replaced, has nothing of the present one:
    its writer has not got it yet, or lost it by a restore. Then all of it goes out again.
    What does not fit begins the stream to one unit anew: the word of a single lower unit stops
    nothing else. Of the stream upward sending waits for a person.
    """
    epoch = outbox.current_epoch(tx.connection, tx.store, receipt.stream)
    if epoch is not None and receipt.epoch == epoch.id:
        own = _hash(tx, receipt)
        if receipt.fork or (receipt.n and own != receipt.hash):
            _amiss(tx, receipt.stream, holds.FORKED if receipt.fork else holds.LATER)
        else:
            _acknowledge(tx, receipt)
    elif receipt.epoch and (epoch is None or receipt.epoch not in epoch.replaces):
        _amiss(tx, receipt.stream, holds.LATER, (*receipt.retired, receipt.epoch))
    elif epoch is not None:
        _acknowledge(tx, replace(receipt, epoch=epoch.id, n=0, hash=None))


def _amiss(tx: Transaction, stream: str, why: str, elsewhere: Sequence[str] = ()) -> None:
    """Let sending wait, or begin the stream to one unit anew; `elsewhere`: epochs not from here."""
    if streams.kind(stream) == streams.TO:
        outbox.start_over(tx, stream, elsewhere)
        audit.note(tx, "receipt", new={"stream": stream, "begun_anew": why})
        return
    if elsewhere:
        holds.remember(tx, stream, elsewhere)
    if holds.current(tx.connection) is None:
        holds.put(tx, why)


def _hash(tx: Transaction, receipt: Receipt) -> str | None:
    """Return the hash of the own packet that the receipt names; None: there is none."""
    table = tx.tables.packet
    chosen = sa.select(table.c.hash).where(
        table.c.stream == receipt.stream,
        table.c.epoch == receipt.epoch,
        table.c.n == receipt.n,
    )
    return tx.connection.execute(chosen).scalar()


def _acknowledge(tx: Transaction, receipt: Receipt) -> None:
    table = tx.tables.packet
    run = sa.and_(table.c.stream == receipt.stream, table.c.epoch == receipt.epoch)
    before = tx.connection.execute(
        sa.select(sa.func.count()).where(run, table.c.acked == 1, table.c.n > 0)
    ).scalar_one()
    if before != receipt.n:
        since = int(outbox.card(tx.connection, receipt.stream).get("since", 0))
        least = sa.case((table.c.n == 0, since + 1), else_=table.c.n)
        got = sa.case((least <= receipt.n, 1), else_=0)
        tx.connection.execute(sa.update(table).where(run).values(acked=got))
        audit.note(
            tx,
            "receipt",
            new={"stream": receipt.stream, "n": receipt.n, "before": int(before)},
        )
    if receipt.stream == outbox.UP:
        _move_records(tx, receipt.epoch or "")
        _ask_again(tx, receipt)


def _move_records(tx: Transaction, epoch: str) -> None:
    """Let records follow their packet: 已接收 with it, back to 已报送 without."""
    packet = tx.tables.packet
    for got, old, new in ((1, "sent", "received"), (0, "received", "sent")):
        names = sa.select(packet.c.name).where(
            packet.c.stream == outbox.UP, packet.c.epoch == epoch, packet.c.acked == got
        )
        for form, table in outbox.sent_tables(tx.store):
            own = sa.and_(
                table.c.origin == tx.store.origin,
                table.c.record_state == old,
                table.c.packet.in_(names),
            )
            if form == "filing":
                _move_filings(tx, own, old, new)
            tx.connection.execute(sa.update(table).where(own).values(record_state=new))


def _move_filings(tx: Transaction, own: sa.ColumnElement[bool], old: str, new: str) -> None:
    made, table = layout(tx.tables, "filing"), tx.tables.form["filing"]
    chosen = sa.select(*(table.c[name] for name in made.columns)).where(own, table.c.state == old)
    rows = [tuple(row) for row in tx.connection.execute(chosen)]
    writes = [Write(set_head(made, row, state=new), row) for row in rows]
    if writes:
        write_rows(tx, "filing", writes, act="receive")


def _ask_again(tx: Transaction, receipt: Receipt) -> None:
    """Send the files that did not come once more, with the records that name them.

    Not while packets are still on the way: they may be in one of those.
    """
    if not receipt.missing_blobs or receipt.n != _newest(tx, receipt):
        return
    wanted = [
        digest for digest in receipt.missing_blobs if attachments.place(tx.store, digest).exists()
    ]
    entry, carried = tx.tables.attachment, tx.tables.carried
    tx.connection.execute(
        sa.delete(carried).where(carried.c.stream == receipt.stream, carried.c.sha256.in_(wanted))
    )
    chosen = sa.select(entry.c.form, entry.c.record).where(entry.c.sha256.in_(wanted))
    for form, record in tx.connection.execute(chosen.distinct()).all():
        table = tx.tables.form[form]
        own = sa.and_(
            table.c.uid == record,
            table.c.origin == tx.store.origin,
            table.c.record_state.in_(("sent", "received")),
        )
        again = sa.update(table).where(own).values(packet=None, record_state="confirmed")
        tx.connection.execute(again)


def _newest(tx: Transaction, receipt: Receipt) -> int:
    last = outbox.newest(tx.connection, tx.store, receipt.stream, receipt.epoch or "")
    return last.n if last else 0
