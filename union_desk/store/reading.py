"""The second reading of the check language: a tree becomes an SQL expression over columns.

The first reading is a closure over one row's values; both give the same answer for every row.
NULL is SQL's own: a check fails where ``when AND NOT rule`` is true, never where it is NULL.
Everything a package writes is bound, nothing is pasted into the statement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatchmethod
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.store import sql_functions as functions
from union_desk.store.indexes import found_by
from union_desk.store.row_sources import TableRow
from union_desk.taskpack import expression_tree as tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.sql import ColumnElement

    from union_desk.store.row_sources import RowSource
    from union_desk.store.schema import Tables
    from union_desk.taskpack.definition import Check
    from union_desk.taskpack.expression import Context
    from union_desk.taskpack.record import Value

    Column = ColumnElement[Any]

_TYPES: Mapping[str, Any] = {
    "number": sa.Double(),
    "text": sa.TEXT(),
    "date": sa.TEXT(),
    "bool": sa.Boolean(),
}
_OPERATORS: Mapping[str, Callable[[Column, Column], Column]] = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
_ARITHMETIC: Mapping[str, Callable[[Column, Column], Column]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
}


def bound(context: Context) -> dict[str, Value]:
    """Return the values of every parameter that the run of a statement sets."""
    period = context.period
    values: dict[str, Value] = {
        "context_today": context.today,
        "context_as_of": context.as_of,
        "context_year_start": context.year_from,
        "context_this_year": context.year,
        "context_first": period.first_day if period else None,
        "context_last": period.last_day if period else None,
    }
    return values | {f"param_{name}": value for name, value in context.params.items()}


@dataclass(frozen=True)
class Reading:
    """Reads trees over `row`; inside a quoted condition `this` is the outer row."""

    tables: Tables
    row: RowSource
    this: RowSource | None = None

    def condition(self, node: tree.Node) -> Column:
        """Return a tree of kind bool as a condition."""
        return self.read(node)

    def fails(self, check: Check) -> Column:
        """Return the condition that is true where a check's `when` is true and its rule false."""
        broken = sa.not_(self.read(check.rule.tree))
        return broken if check.when is None else sa.and_(self.read(check.when.tree), broken)

    def _source(self, scope: str) -> RowSource:
        if scope == "row":
            return self.row
        if self.this is None:
            message = "the outer row is only known inside a quoted condition"
            raise ValueError(message)
        return self.this

    @singledispatchmethod
    def read(self, node: tree.Node) -> Column:
        """Return the SQL expression that gives the value of `node` for every row."""
        raise TypeError(f"no SQL reading of {type(node).__name__}")

    @read.register(tree.Literal)
    def _(self, node: tree.Literal) -> Column:
        if isinstance(node.value, bool):
            return sa.true() if node.value else sa.false()
        if isinstance(node.value, int):
            return sa.literal(node.value, sa.BigInteger)
        return sa.literal(node.value, _TYPES[node.kind])

    @read.register(tree.FieldValue)
    def _(self, node: tree.FieldValue) -> Column:
        return _value(node, self._source(node.scope).column(node.column))

    @read.register(tree.HeadValue)
    def _(self, node: tree.HeadValue) -> Column:
        return self._source(node.scope).column(node.name)

    @read.register(tree.ReferenceField)
    def _(self, node: tree.ReferenceField) -> Column:
        return _value(node, self._behind(node, node.field))

    def _behind(self, node: tree.ReferenceField, column: str) -> Column:
        """Return a column of the record that a reference points to, NULL where it is not here."""
        source = self._source(node.reference.scope)
        parent = source.parent()
        if node.reference.is_parent and parent is not None:
            return parent.c[column]
        target = TableRow.of(self.tables, node.target)
        wanted = sa.select(target.column(column)).where(
            target.column("uid") == source.column(node.reference.column), target.counted()
        )
        return wanted.correlate_except(*target.sources).scalar_subquery()

    @read.register(tree.SameRecord)
    def _(self, node: tree.SameRecord) -> Column:
        source = self._source(node.reference.scope)
        uid = source.column(node.reference.column)
        key = source.column(f"{node.reference.field}__key")
        if isinstance(node.other, tree.This):
            same = uid == self._source("this").column("uid")
        elif isinstance(node.other, tree.FieldValue):
            wanted = self._identity(node.other)
            same = uid == wanted
            if not node.reference.is_parent:  # each half of the or is served by its own index
                same = sa.or_(same, sa.and_(uid.is_(None), key == wanted))
        else:
            same = key == self.read(node.other)
        return sa.not_(same) if node.negated else same

    def _identity(self, node: tree.FieldValue) -> Column:
        """Return the record id of a reference, its natural key where the id is not known."""
        source = self._source(node.scope)
        uid = source.column(node.column)
        return uid if node.is_parent else sa.func.coalesce(uid, source.column(f"{node.field}__key"))

    @read.register(tree.Compare)
    def _(self, node: tree.Compare) -> Column:
        return _OPERATORS[node.operator](self.read(node.left), self.read(node.right))

    @read.register(tree.Membership)
    def _(self, node: tree.Membership) -> Column:
        wanted = [value.value for value in node.values]
        found = self.read(node.operand).in_(wanted)
        return sa.not_(found) if node.negated else found

    @read.register(tree.Boolean)
    def _(self, node: tree.Boolean) -> Column:
        join = sa.and_ if node.operator == "and" else sa.or_
        return join(*(self.read(operand) for operand in node.operands))

    @read.register(tree.Not)
    def _(self, node: tree.Not) -> Column:
        return sa.not_(self.read(node.operand))

    @read.register(tree.Arithmetic)
    def _(self, node: tree.Arithmetic) -> Column:
        left, right = self.read(node.left), self.read(node.right)
        if node.operator == "/":
            return functions.exact(left) / functions.exact(sa.func.nullif(right, 0))
        return _ARITHMETIC[node.operator](left, right)

    @read.register(tree.Negative)
    def _(self, node: tree.Negative) -> Column:
        return -self.read(node.operand)

    @read.register(tree.Concatenation)
    def _(self, node: tree.Concatenation) -> Column:
        return self.read(node.left) + self.read(node.right)

    @read.register(tree.Call)
    def _(self, node: tree.Call) -> Column:
        first = node.arguments[0]
        if node.function in {"empty", "filled"}:
            empty = self._empty(first)
            return empty if node.function == "empty" else sa.not_(empty)
        if node.function in {"has", "round"}:
            constant = node.arguments[1]
            if not isinstance(constant, tree.Literal):
                raise TypeError(f"{node.function}() wants a constant")
            if node.function == "has":
                return functions.has(self.read(first), str(constant.value))
            return functions.rounded(self.read(first), int(constant.value))
        return functions.CALLS[node.function](*(self.read(part) for part in node.arguments))

    def _empty(self, node: tree.Node) -> Column:
        if not isinstance(node, tree.FieldValue) or node.kind != "ref":
            return self.read(node).is_(None)
        if node.is_parent:
            return sa.false()
        source = self._source(node.scope)
        parts = [source.column(f"{node.field}{end}") for end in ("", "__key", "__label")]
        return sa.and_(*(part.is_(None) for part in parts))

    @read.register(tree.CodeAttribute)
    def _(self, node: tree.CodeAttribute) -> Column:
        code = self.read(node.operand)
        if node.kind == "bool":
            return code.in_([key for key, value in node.values if value])
        known = [(key, value) for key, value in node.values if value is not None]
        kind = _TYPES[node.kind]
        if not known:
            return sa.cast(sa.null(), kind)
        return sa.case(*((code == key, sa.literal(value, kind)) for key, value in known))

    @read.register(tree.Parameter)
    def _(self, node: tree.Parameter) -> Column:
        return sa.bindparam(f"param_{node.name}", value=None, type_=_TYPES[node.kind])

    @read.register(tree.ContextValue)
    def _(self, node: tree.ContextValue) -> Column:
        kind: Any = sa.BigInteger() if node.kind == "number" else _TYPES[node.kind]
        return sa.bindparam(f"context_{node.name}", value=None, type_=kind)

    @read.register(tree.PeriodDay)
    def _(self, node: tree.PeriodDay) -> Column:
        if node.source == "context":
            return sa.bindparam(f"context_{node.bound}", value=None, type_=sa.TEXT())
        cut = functions.first_day if node.bound == "first" else functions.last_day
        return cut(self._source(node.source).column("period"))

    @read.register(tree.Children)
    def _(self, node: tree.Children) -> Column:
        child = TableRow.of(self.tables, node.form)
        mine = child.column(node.link.column) == self.row.column("uid")
        return self._aggregate(node, child, mine)

    @read.register(tree.Aggregate)
    def _(self, node: tree.Aggregate) -> Column:
        other = TableRow.of(self.tables, node.form).found_by(found_by(node.where))
        inner = replace(self, row=other, this=self.row)
        return self._aggregate(node, other, inner.read(node.where))

    def _aggregate(
        self, node: tree.Children | tree.Aggregate, other: TableRow, where: Column
    ) -> Column:
        wanted: Column
        if node.aggregate == "exists":
            wanted = sa.literal_column("1")
        elif node.aggregate == "count":
            wanted = sa.func.count()
        elif node.field is None:
            raise TypeError(f"{node.aggregate} wants a field")
        elif node.aggregate == "names":
            return _names(other.column(node.field.column), other, where)
        else:
            total = sa.func.coalesce(sa.func.sum(other.column(node.field.column)), 0)
            wanted = functions.yuan(total) if node.field.money else total
        statement = (
            sa.select(wanted).select_from(other.joined).where(where, other.counted())
        ).correlate_except(*other.sources)
        return statement.exists() if node.aggregate == "exists" else statement.scalar_subquery()


def _names(name: Column, other: TableRow, where: Column) -> Column:
    """Return the texts of a column, parted by 、, in the order of record ids."""
    ordered = (
        sa.select(name.label("name"))
        .select_from(other.joined)
        .where(where, other.counted(), name.is_not(None))
        .order_by(other.column("uid"))
        .correlate_except(*other.sources)
        .subquery()
    )
    return sa.select(sa.func.aggregate_strings(ordered.c.name, "、")).scalar_subquery()


def _value(node: tree.FieldValue | tree.ReferenceField, stored: Column) -> Column:
    """Return a stored value as expressions see it: money in yuan, yes and no as truth."""
    if node.money:
        return functions.yuan(stored)
    if node.kind == "bool":
        return stored != sa.literal(0, sa.Integer)
    return stored
