"""The rows of other records for the closure reading, taken from the store one by one.

Serves the form while it is typed; whole tables are read in SQL (:mod:`.checking`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.store.reading import Reading, bound
from union_desk.store.row_sources import BoundRow, TableRow, bound_values
from union_desk.store.schema import value_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection
    from sqlalchemy.sql import ColumnElement

    from union_desk.store.schema import Tables
    from union_desk.taskpack import expression_tree as tree
    from union_desk.taskpack.expression import Context
    from union_desk.taskpack.record import Row, Value

_HEAD = ("uid", "unit", "period")
_DETAIL_HEAD = (*_HEAD, "parent", "position")


class StoreLookup:
    """Rows that count, as a connection sees them."""

    def __init__(self, connection: Connection, tables: Tables) -> None:
        self.connection = connection
        self.tables = tables
        self._statements: dict[tree.Aggregate, sa.Select[Any]] = {}

    def reference(self, form: str, uid: str) -> Row | None:
        """Return the row of a record, None where it is not here or does not count."""
        rows = rows_where(self.connection, self.tables, form, "uid", uid)
        return rows[0] if rows else None

    def children(self, form: str, parent_form: str, parent_uid: str) -> Sequence[Row]:
        """Return the rows of `form` whose reference points to a row of `parent_form`."""
        return rows_where(
            self.connection, self.tables, form, self._link(form, parent_form), parent_uid
        )

    def aggregate(self, node: tree.Aggregate, outer: Row, context: Context) -> Value:
        """Return what an aggregate yields for a row that need not be in the store."""
        statement = self._statements.get(node)
        if statement is None:
            reading = Reading(self.tables, BoundRow.read_by(node))
            statement = self._statements[node] = sa.select(reading.read(node))
        values = bound(context) | bound_values(outer)
        found: Value = self.connection.execute(statement, values).scalar_one()
        return found

    def _link(self, form: str, parent_form: str) -> str:
        definition = self.tables.forms[form]
        if definition.detail_of == parent_form:
            return "parent"
        return next(
            item.id for item in definition.fields if item.type == "ref" and item.form == parent_form
        )


def rows_where(
    connection: Connection, tables: Tables, form: str, column: str, value: Value
) -> list[Row]:
    """Return the rows of a form that count and have `value` in `column`, in the order of rowid."""
    source = TableRow.of(tables, form)
    wanted = (
        sa.select(*row_columns(tables, source))
        .select_from(source.joined)
        .where(source.column(column) == value, source.counted())
        .order_by(source.table.c.rowid)
    )
    return [dict(row) for row in connection.execute(wanted).mappings()]


def row_columns(tables: Tables, source: TableRow) -> list[ColumnElement[Any]]:
    """Return the columns of a row as expressions see it."""
    head = _DETAIL_HEAD if source.form.detail_of else _HEAD
    names = (*head, *value_columns(tables.forms[source.form.id]))
    return [source.column(name).label(name) for name in names]
