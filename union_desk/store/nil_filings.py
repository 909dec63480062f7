"""零报: a unit states of a form and a period that there was nothing (本期无发生).

An explicit filing, never a silent gap. A record confirmed later into the same form and period
lifts the statement in the same transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.errors import InputError
from union_desk.store import filings, periods, rights
from union_desk.store import units as directory
from union_desk.store.layout import layout, rows_by
from union_desk.store.notes import new_head
from union_desk.store.writing import Write, move, write_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from union_desk.store.filings import Filing
    from union_desk.store.layout import Row
    from union_desk.store.transaction import Store, Transaction
    from union_desk.store.units import Units
    from union_desk.taskpack.record import Value

FORM, NIL = "filing", "nil"


def owed(
    connection: Connection,
    store: Store,
    units: Units,
    wanted: Iterable[str],
    *,
    as_of: str,
    unit: str = "",
) -> tuple[Filing, ...]:
    """Return what a unit owes for the periods `wanted`, in the package's order.

    :param unit: the store's own where "".
    """
    whose = unit or store.unit
    ids = set(wanted)
    every = filings.expected(
        connection, store.tables, store.pack, units, as_of=as_of, below=whose, only=ids
    )
    return tuple(item for item in every if item.unit == whose)


def records_in(
    connection: Connection, store: Store, unit: str, wanted: Iterable[str]
) -> dict[tuple[str, str], dict[str, int]]:
    """Return the number of records by (form, period) and state, drafts included."""
    ids = tuple(wanted)
    selects = [
        sa.select(sa.literal(form.id), table.c.period, table.c.record_state, sa.func.count())
        .where(table.c.deleted == 0, table.c.unit == unit, table.c.period.in_(ids))
        .group_by(table.c.period, table.c.record_state)
        for form in store.pack.top_forms
        for table in (store.tables.form[form.id],)
    ]
    found: dict[tuple[str, str], dict[str, int]] = {}
    for form_id, period, state, count in connection.execute(sa.union_all(*selects)):
        found.setdefault((form_id, period), {})[state] = count
    return found


def state(transaction: Transaction, stated: Sequence[Filing]) -> list[str]:
    """State for each filing that there was nothing; return the uids of the new rows.

    :raises InputError: I436 there is a record after all, I437 not owed or filed already,
        I412 another's unit, I421 the period is closed.
    :raises StoreError: S361.
    """
    store, connection = transaction.store, transaction.connection
    rights.check_may(store, "enter")
    known = directory.directory(connection, store.tables, store.pack, store.unit)
    made = layout(transaction.tables, FORM)
    writes = []
    for item in stated:
        _check(transaction, known, item)
        said: dict[str, Value] = {
            "form": item.form, "duty": item.duty, "state": NIL, "rows": 0,
            "due_date": item.due_date, "sent_date": transaction.now[:10],
            "filed_by": store.unit if item.unit != store.unit else None,
        }  # fmt: skip
        head = new_head(transaction, item.unit, item.period)
        writes.append(Write(tuple(head.get(name, said.get(name)) for name in made.columns)))
    write_rows(transaction, FORM, writes, act=NIL)
    return [str(write.row[0]) for write in writes]


def _check(transaction: Transaction, known: Units, item: Filing) -> None:
    store = transaction.store
    title = store.pack.forms[item.form].title
    trouble = rights.unit_trouble(store, known, item.unit)
    if trouble:
        raise InputError("I412", f"{trouble}。", "请核对填报单位。")
    periods.check_open(transaction.connection, item.period, item.unit)
    if item.state is not None:
        raise InputError("I437", f"《{title}》{item.period} 已经报过。", "不用再作零报。")
    if records_in(transaction.connection, store, item.unit, (item.period,)).get(
        (item.form, item.period)
    ):
        raise InputError(
            "I436", f"《{title}》{item.period} 已有记录，不能作零报。", "请先删除草稿，或照实报送。"
        )


def withdraw(transaction: Transaction, uids: Sequence[str]) -> None:
    """Take statements back: the filings are open again."""
    rights.check_may(transaction.store, "enter")
    rows = rows_by(transaction.connection, layout(transaction.tables, FORM), "uid", uids)
    _void(transaction, [tuple(row) for row in rows])


def lift(transaction: Transaction, form: str, confirmed: Iterable[tuple[str, str]]) -> None:
    """Take back the statements that records just confirmed belie.

    :param confirmed: (unit, period) of the records.
    """
    table = transaction.tables.form[FORM]
    chosen = sa.select(table.c.uid, table.c.unit, table.c.period).where(
        table.c.form == form, table.c.state == NIL, table.c.deleted == 0,
        table.c.origin == transaction.store.origin,
    )  # fmt: skip
    stated = transaction.connection.execute(chosen).all()
    if not stated:
        return
    belied = set(confirmed)
    uids = [row.uid for row in stated if (row.unit, row.period) in belied]
    made = layout(transaction.tables, FORM)
    _void(transaction, [tuple(row) for row in rows_by(transaction.connection, made, "uid", uids)])


def _void(transaction: Transaction, rows: Sequence[Row]) -> None:
    made = layout(transaction.tables, FORM)
    live = [row for row in rows if not row[made.place["deleted"]]]
    if live:
        move(
            transaction, FORM, live, act="lift",
            new_revision=True, deleted=1, packet=None, record_state="confirmed",
        )  # fmt: skip
