"""Rows of ``filing`` that say 已报: what of each unit, form and period was handed in.

Sending writes them in the transaction of the packet, and they travel in it; filling in for
another unit (代报) writes them at once, since that unit has handed in with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store.layout import layout
from union_desk.store.notes import new_head
from union_desk.store.visible import counts
from union_desk.store.writing import Write, set_head, write_rows
from union_desk.taskpack.period import Period, due

if TYPE_CHECKING:
    from collections.abc import Iterable

    from union_desk.store.layout import Row
    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.record import Value

FORM = "filing"


def note_sent(transaction: Transaction, forms: Iterable[str]) -> None:
    """Write or renew the filings that the due records of `forms` belong to."""
    known = _known(transaction)
    writes = []
    for form in forms:
        for unit, period, rows in _totals(transaction, form):
            write = _write(transaction, known.get((unit, form, period)), (unit, form, period), rows)
            if write is not None:
                writes.append(write)
    write_rows(transaction, FORM, writes, act="file")


def note_for_others(transaction: Transaction, filed: Iterable[tuple[str, str, str]]) -> list[str]:
    """Write or renew the filings (unit, form, period) that were filled in for other units (代报).

    Return the uids of the rows that are new. The number of rows is that of all records which
    this office holds of the filing.
    """
    known = _known(transaction)
    writes = []
    for filing in sorted(filed):
        unit, form, period = filing
        table = transaction.tables.form[form]
        held = sa.select(sa.func.count()).where(
            counts(table), table.c.origin == transaction.store.origin,
            table.c.unit == unit, table.c.period == period,
        )  # fmt: skip
        rows = transaction.connection.execute(held).scalar_one()
        write = _write(transaction, known.get(filing), filing, rows) if rows else None
        if write is not None:
            writes.append(write)
    write_rows(transaction, FORM, writes, act="file")
    return [str(write.row[0]) for write in writes if write.old is None]


def _totals(transaction: Transaction, form: str) -> list[tuple[str, str, int]]:
    """Return unit, period and number of all records of each filing that has due ones."""
    table = transaction.tables.form[form]
    due_here = sa.func.sum(sa.case((table.c.packet.is_(None), 1), else_=0))
    chosen = (
        sa.select(table.c.unit, table.c.period, sa.func.count())
        .where(counts(table), table.c.origin == transaction.store.origin)
        .group_by(table.c.unit, table.c.period)
        .having(due_here > 0)
        .order_by(table.c.unit, table.c.period)
    )
    return [(row[0], row[1], row[2]) for row in transaction.connection.execute(chosen)]


def _known(transaction: Transaction) -> dict[tuple[str, str, str], Row]:
    made = layout(transaction.tables, FORM)
    rows = transaction.connection.exec_driver_sql(
        f"{made.select} WHERE origin = ? AND deleted = 0", (transaction.store.origin,)
    )
    places = [made.place[name] for name in ("unit", "form", "period")]
    return {tuple(row[place] for place in places): tuple(row) for row in rows}


def _write(
    transaction: Transaction, old: Row | None, filing: tuple[str, str, str], rows: int
) -> Write | None:
    """Return what is to be written, None where the filing stands as sent with so many rows."""
    unit, form, period = filing
    store, made = transaction.store, layout(transaction.tables, FORM)
    said: dict[str, Value] = {"state": "sent", "rows": rows}
    if old is not None and all(old[made.place[name]] == value for name, value in said.items()):
        return None
    said |= {
        "form": form,
        "due_date": due(store.pack, Period.parse(period)),
        "sent_date": transaction.now[:10],
        "filed_by": store.unit if unit != store.unit else None,
    }
    if old is None:
        head = new_head(transaction, unit, period)
        return Write(tuple(head.get(name, said.get(name)) for name in made.columns))
    changes = said | {
        "rev": int(old[made.place["rev"]] or 0) + 1,
        "updated_at": transaction.now,
        "record_state": "confirmed",
        "packet": None,
    }
    return Write(set_head(made, old, **changes), old)
