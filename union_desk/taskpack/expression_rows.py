"""Other rows held in memory: for details in the form, and to compare with the SQL reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.taskpack.expression_lookup import names, total
from union_desk.taskpack.expression_values import Closure, closure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.expression_lookup import Context
    from union_desk.taskpack.expression_tree import Aggregate, Node
    from union_desk.taskpack.record import Row, Value


class RowsLookup:
    """Rows held in memory, by form; conditions are evaluated row by row.

    :param rows: rows by form, with uid, unit, period, and of a detail its parent's uid.
    :param forms: the package's forms, which tell how rows are linked.
    """

    def __init__(self, rows: Mapping[str, Sequence[Row]], forms: Mapping[str, Form]) -> None:
        self.rows = rows
        self.forms = forms
        self._by_uid: dict[str, dict[Value, Row]] = {}
        self._conditions: dict[int, tuple[Node, Closure]] = {}

    def reference(self, form: str, uid: str) -> Row | None:
        """Return the row of a record."""
        if form not in self._by_uid:
            self._by_uid[form] = {row["uid"]: row for row in self.rows.get(form, ())}
        return self._by_uid[form].get(uid)

    def children(self, form: str, parent_form: str, parent_uid: str) -> Sequence[Row]:
        """Return the rows whose reference points to a record."""
        link = link_column(self.forms[form], parent_form)
        return [row for row in self.rows.get(form, ()) if row.get(link) == parent_uid]

    def aggregate(self, node: Aggregate, outer: Row, context: Context) -> Value:
        """Return the aggregate over the rows in memory."""
        holds = self._condition(node.where)
        inner = context.inside(outer)
        found = (row for row in self.rows.get(node.form, ()) if holds(row, inner))
        return aggregate_of(node, found)

    def _condition(self, where: Node) -> Closure:
        known = self._conditions.get(id(where))
        if known is None:
            known = self._conditions[id(where)] = (where, closure(where))
        return known[1]


def aggregate_of(node: Aggregate, rows: Iterable[Row]) -> Value:
    """Return exists (1 or 0), count, sum or names over rows for which the condition holds."""
    found = iter(rows)
    if node.aggregate == "exists":
        return int(next(found, None) is not None)
    if node.aggregate == "count" or node.field is None:
        return sum(1 for _ in found)
    if node.aggregate == "names":
        return names(node.field.column, found)
    return total(node.field.column, found, money=node.field.money)


def link_column(form: Form, parent: str) -> str:
    """Return the column by which rows of `form` point to rows of the form `parent`."""
    if form.detail_of == parent:
        return "parent"
    return next(item.id for item in form.fields if item.type == "ref" and item.form == parent)
