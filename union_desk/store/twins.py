"""One enterprise, one union in the ledgers of several offices: it counts once, and all are named.

Told by a number that an authority has issued (credit code, union code, identity number), where
that alone is a natural key of the form. An office may write several rows of a number (a union is
founded, then renewed); of several offices the rows of the one that entered the first stand.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.store.kept import kept
from union_desk.store.visible import counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from union_desk.store.schema import Tables
    from union_desk.store.units import Units
    from union_desk.taskpack.definition import Form

    Twins = Mapping[str, tuple[tuple[str, str, str], ...]]
    """By number that several offices have: record, unit and office of each, the first first."""


def number(form: Form) -> str | None:
    """Return the field whose number alone identifies a row of a form, if there is one."""
    for key in form.natural_keys:
        item = form.by_id.get(key[0]) if len(key) == 1 else None
        if item is not None and (item.type in ("uscc", "person_id") or item.check_digit):
            return item.id
    return None


def of_form(connection: Connection, tables: Tables, form_id: str) -> Twins:
    """Return the numbers of a form that rows of more than one office have."""
    name = number(tables.forms[form_id])
    if name is None:
        return {}
    known = kept(connection, tables, "twins", rows_alone=True)
    found = known.value(
        form_id, frozenset({form_id}), lambda: _read(connection, tables.form[form_id], name)
    )
    known.keep()
    return found


def _read(connection: Connection, table: sa.Table, name: str) -> Twins:
    column, office = table.c[name], sa.func.substr(table.c.origin, 1, 12)
    several = (
        sa.select(column).where(counts(table), column.is_not(None)).group_by(column)
        .having(sa.func.count(sa.distinct(office)) > 1)
    )  # fmt: skip
    wanted: sa.Select[Any] = (
        sa.select(column, table.c.uid, table.c.unit, office)
        .where(counts(table), column.in_(several))
        .order_by(column, table.c.created_at, table.c.uid)
    )
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for value, *row in connection.execute(wanted):
        found[str(value)].append((row[0], row[1], row[2]))
    return {value: tuple(rows) for value, rows in found.items()}


def left_out(
    connection: Connection, tables: Tables, units: Units, form_id: str, unit: str
) -> Sequence[str]:
    """Return the records of a unit and those below it that repeat another one of them."""
    found = of_form(connection, tables, form_id)
    if not found:
        return ()
    own = unit == units.own
    codes = units.outside(unit) if own else units.subtree(unit)
    dropped = []
    for rows in found.values():
        inside = [row for row in rows if (row[1] in codes) != own]
        dropped += [uid for uid, _, office in inside if office != inside[0][2]]
    return dropped
