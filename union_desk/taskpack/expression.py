"""The check language: one parser, and its reading over a record's values.

Text becomes a tree (:mod:`expression_tree`, which also says what blanks mean) and the tree a
closure. The SQL reading of the same tree lives in ``store``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.taskpack.expression_functions import FUNCTIONS, call
from union_desk.taskpack.expression_grammar import Reading, syntax
from union_desk.taskpack.expression_lookup import NOWHERE, Context, Lookup
from union_desk.taskpack.expression_rows import RowsLookup
from union_desk.taskpack.expression_scope import KINDS, ExpressionError, Scope
from union_desk.taskpack.expression_tree import (
    Aggregate,
    Children,
    Expression,
    Node,
    ReferenceField,
    own_fields,
    walk,
)
from union_desk.taskpack.expression_values import Closure, closure

if TYPE_CHECKING:
    from union_desk.taskpack.definition import Check
    from union_desk.taskpack.record import Row, Value

__all__ = [
    "FUNCTIONS", "KINDS", "NOWHERE", "Context", "Expression", "ExpressionError", "Lookup",
    "RowsLookup", "Scope", "compile_expression", "evaluate", "fails", "holds", "parse",
]  # fmt: skip


def parse(text: str, scope: Scope) -> Expression:
    """Return the expression that `text` writes over the rows of the scope's form.

    ExpressionError with a Chinese message and the place of the trouble if it cannot stand.
    """
    try:
        tree = Reading(scope, scope.form, call).read(syntax(text))
    except ExpressionError as error:
        encoded = " ".join(text.split("\n")).strip().encode("utf-8", "replace")
        error.offset = len(encoded[: error.offset].decode("utf-8", "ignore"))
        raise
    if tree.kind in {"row", "multi"}:
        raise ExpressionError("公式要得出一个值")
    return of_tree(text, tree)


def of_tree(text: str, tree: Node) -> Expression:
    """Return the expression of a tree that was built, not read."""
    forms = {
        node.target if isinstance(node, ReferenceField) else node.form
        for node in walk(tree)
        if isinstance(node, ReferenceField | Aggregate | Children)
    }
    fields = frozenset(item.field for item in own_fields(tree))
    return Expression(text, tree, fields, frozenset(forms), closure(tree))


def compile_expression(expression: Expression) -> Closure:
    """Return the expression as a function of a row and a context; it is built only once."""
    return expression.run


def evaluate(expression: Expression, row: Row, context: Context) -> Value:
    """Return the value: money in yuan, yes and no as 1 and 0, empty as None."""
    value = expression.run(row, context)
    return int(value) if isinstance(value, bool) else value


def holds(condition: Expression | None, row: Row, context: Context) -> bool:
    """Return whether a condition is surely true; no condition always holds."""
    return condition is None or bool(condition.run(row, context))


def fails(check: Check, row: Row, context: Context) -> bool:
    """Return whether a check's condition is surely true and its rule surely false."""
    if check.when is not None and not check.when.run(row, context):
        return False
    value = check.rule.run(row, context)
    return value is not None and not value
