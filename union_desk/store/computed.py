"""Computed fields: worked out when a row is written, and again when a decision changes it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from union_desk.taskpack.expression import compile_expression

if TYPE_CHECKING:
    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.expression import Context
    from union_desk.taskpack.record import Row, Value

Computation = tuple[str, Callable[["Row", "Context"], "Value"]]


def computations(form: Form) -> tuple[Computation, ...]:
    """Return (field, closure that yields the value to store) of every computed field."""
    return tuple((item.id, _closure(item)) for item in form.fields if item.computed is not None)


def compute(form: Form, row: Row, context: Context) -> dict[str, Value]:
    """Return the values of a form's computed fields for one row."""
    return {field: closure(row, context) for field, closure in computations(form)}


def _closure(item: Field) -> Callable[[Row, Context], Value]:
    if item.computed is None:
        raise ValueError(item)
    evaluate, kind = compile_expression(item.computed), item.type

    def value(row: Row, context: Context) -> Value:
        return stored(kind, evaluate(row, context))

    return value


def stored(kind: str, result: Value) -> Value:
    """Return the result of an expression as a field of type `kind` stores it."""
    if result is None or isinstance(result, str):
        return result or None
    if kind == "money":
        return _half_up(Decimal(repr(float(result))) * 100)
    if kind in ("int", "bool"):
        return _half_up(Decimal(repr(float(result))))
    if kind == "decimal":
        return float(result)
    return str(result)


def _half_up(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))
