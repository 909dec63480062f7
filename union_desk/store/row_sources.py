"""Where the values of a row come from: the columns of a table, or bound values of one row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

from union_desk.store.visible import counts
from union_desk.taskpack import expression_tree as tree
from union_desk.taskpack.field_types import FIELD_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.sql import ColumnElement, FromClause
    from sqlalchemy.sql.type_api import TypeEngine

    from union_desk.store.schema import Tables
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.record import Row, Value

TYPES: Mapping[str, type[TypeEngine[Any]]] = {
    "TEXT": sa.TEXT,
    "INTEGER": sa.BigInteger,
    "REAL": sa.Double,
}
HEAD_OF_PARENT = ("unit", "period")
"""Columns that a detail row takes from its parent."""


class RowSource(Protocol):
    """A row whose values an expression reads."""

    def column(self, name: str) -> ColumnElement[Any]:
        """Return the value stored under `name`: a field, ``f__key``, ``uid``, ``unit``."""

    def parent(self) -> FromClause | None:
        """Return the table of the row's parent where it is joined already."""


@dataclass(frozen=True)
class TableRow:
    """The rows of a form's table under an alias of its own, a detail's with its parent joined."""

    form: Form
    table: FromClause
    owner: FromClause | None
    veiled: frozenset[str] = frozenset()
    """Columns by whose index the rows are not to be looked up: others tell more."""

    @classmethod
    def of(cls, tables: Tables, form_id: str) -> TableRow:
        """Return fresh aliases of the tables of a form."""
        form = tables.forms[form_id]
        owner = tables.form[form.detail_of].alias() if form.detail_of else None
        return cls(form, tables.form[form_id].alias(), owner)

    def column(self, name: str) -> ColumnElement[Any]:
        """Return the column; unit and period of a detail are its parent's."""
        if self.owner is not None and name in HEAD_OF_PARENT:
            return self.owner.c[name]
        if name not in self.table.c:
            return sa.cast(sa.null(), sa.TEXT)
        column = self.table.c[name]
        return sa.func.coalesce(column, sa.null()) if name in self.veiled else column

    def parent(self) -> FromClause | None:
        """Return the joined table of the parent."""
        return self.owner

    def found_by(self, columns: Iterable[str]) -> TableRow:
        """Return the same rows, to be looked up by the index of one of `columns` alone."""
        wanted = frozenset(columns)
        if not wanted or not isinstance(self.table, sa.Alias):
            return self
        table = self.table.element
        made = table.indexes if isinstance(table, sa.Table) else ()
        return replace(self, veiled=frozenset(index.columns[0].name for index in made) - wanted)

    @property
    def sources(self) -> tuple[FromClause, ...]:
        """The aliases that the rows come from."""
        return (self.table,) if self.owner is None else (self.table, self.owner)

    @property
    def joined(self) -> FromClause:
        """The table, a detail's joined to its parent's."""
        if self.owner is None:
            return self.table
        return self.table.join(self.owner, self.owner.c.uid == self.table.c.parent)

    def counted(self) -> ColumnElement[bool]:
        """Return the condition that the row counts (see :mod:`.visible`)."""
        return counts(self.table if self.owner is None else self.owner)


@dataclass(frozen=True)
class BoundRow:
    """One row whose values are bound when the statement runs, each as ``this_<column>``."""

    types: Mapping[str, TypeEngine[Any]]
    """SQL types by column; TEXT where none is given."""

    @classmethod
    def read_by(cls, node: tree.Node) -> BoundRow:
        """Return the outer row as a quoted condition reads it."""
        return cls(
            {
                item.column: TYPES[FIELD_TYPES[item.type].sql]()
                for item in tree.walk(node)
                if isinstance(item, tree.FieldValue) and item.scope == "this" and item.kind != "ref"
            }
        )

    def column(self, name: str) -> ColumnElement[Any]:
        """Return the parameter for the value stored under `name`."""
        return sa.bindparam(f"this_{name}", value=None, type_=self.types.get(name, sa.TEXT()))

    def parent(self) -> FromClause | None:
        """Return None: a bound row has no tables."""
        return None


def bound_values(row: Row) -> dict[str, Value]:
    """Return the values of a row under the names of :class:`BoundRow`."""
    return {f"this_{name}": value for name, value in row.items()}
