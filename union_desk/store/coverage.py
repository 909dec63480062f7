"""Which rows a paper may have read: of every form of a unit and the units below it, by revision.

System tables whose rows print, or by which figures are reckoned, are among them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.store import units as directory
from union_desk.store.dialect import listed
from union_desk.store.visible import counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from union_desk.store.past import Revisions
    from union_desk.store.transaction import Store

SYSTEM = ("indicator_note", "target_share", "filing", "obligation", "unit", "decision")
"""System tables whose rows change what a table shows."""
DECISION = "decision"
MOST = 20_000
"""More rows than these are not listed: all that was confirmed before the paper is meant."""


def of_unit(
    connection: Connection,
    store: Store,
    unit: str,
    *,
    most: int | None = None,
    forms: Iterable[str] | None = None,
) -> Revisions | None:
    """Return the revisions of all rows that count of a unit and those below; None: too many."""
    units = directory.of_store(connection, store)
    own = unit == store.unit
    codes = units.outside(unit) if own else units.subtree(unit)
    found: Revisions = {}
    left = most
    for form in forms or (*(form.id for form in store.pack.top_forms), *SYSTEM):
        table = store.tables.form[form]
        wanted: sa.Select[Any] = sa.select(table.c.uid, table.c.rev).where(counts(table))
        if form != DECISION and codes:
            inside = listed(table.c.unit, sa.literal(json.dumps(sorted(codes))))
            wanted = wanted.where(sa.not_(inside) if own else inside)
        rows = connection.execute(wanted if left is None else wanted.limit(left + 1)).all()
        if left is not None:
            left -= len(rows)
            if left < 0:
                return None
        if rows:
            found[form] = {row[0]: int(row[1]) for row in rows}
    return found


def decisions_about(
    connection: Connection, store: Store, uids: Sequence[str]
) -> dict[str, tuple[str, str, str, int]]:
    """Return the decisions about records: by uid the form, record, field and revision."""
    table = store.tables.form[DECISION]
    inside = listed(table.c.record, sa.literal(json.dumps(list(uids))))
    wanted: sa.Select[Any] = sa.select(
        table.c.uid, table.c.form, table.c.record, table.c.field, table.c.rev
    ).where(counts(table), inside)
    return {row[0]: (row[1], row[2], row[3], int(row[4])) for row in connection.execute(wanted)}


def own_uids(
    connection: Connection, store: Store, form: str, uids: Sequence[str] | None
) -> list[str]:
    """Return the records of a form that this office wrote and that count, among `uids`."""
    table = store.tables.form[form]
    wanted = sa.select(table.c.uid).where(counts(table), table.c.origin == store.origin)
    if uids is not None:
        wanted = wanted.where(listed(table.c.uid, sa.literal(json.dumps(list(uids)))))
    return list(connection.execute(wanted.order_by(table.c.uid)).scalars())
