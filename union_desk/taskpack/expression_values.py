"""One reading of an expression: nested closures over the values of a row.

A closure takes the row and the context and returns the value; empty is None. Nothing is
evaluated from text. The common comparisons of a field have closures of their own: checks run at
every keystroke and over whole files.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeGuard

from union_desk.taskpack import expression_calls as calls
from union_desk.taskpack import expression_tree as tree
from union_desk.taskpack.expression_lookup import total

if TYPE_CHECKING:
    from union_desk.taskpack.expression_lookup import Context
    from union_desk.taskpack.record import Row

Operand = Any
"""A number, text, date or truth value, or None; the kinds were checked when it was read."""
Closure = Callable[["Row", "Context"], Operand]

_COMPARE: dict[str, Callable[[Operand, Operand], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def closure(node: tree.Node) -> Closure:
    """Return the closure of a tree."""
    return _BUILDERS[type(node)](node)


def _literal(node: tree.Literal) -> Closure:
    value = node.value
    return lambda _row, _context: value


def _field(node: tree.FieldValue) -> Closure:
    read = _column(node.column, node.scope)
    return _in_yuan(read) if node.money else read


def _head(node: tree.HeadValue) -> Closure:
    return _column(node.name, node.scope)


def _column(name: str, scope: str) -> Closure:
    if scope == "row":
        return lambda row, _context: row.get(name)
    return lambda _row, context: None if context.this is None else context.this.get(name)


def _in_yuan(read: Closure) -> Closure:
    return lambda row, context: None if (fen := read(row, context)) is None else fen / 100.0


def _reference_field(node: tree.ReferenceField) -> Closure:
    uid, form, name = closure(node.reference), node.target, node.field

    def run(row: Row, context: Context) -> Operand:
        found = uid(row, context)
        if found is None:
            return None
        other = context.lookup.reference(form, found)
        return None if other is None else other.get(name)

    return _in_yuan(run) if node.money else run


def _same_record(node: tree.SameRecord) -> Closure:
    reference, other, negated = node.reference, node.other, node.negated
    if isinstance(other, tree.This):
        left, right = closure(reference), closure(tree.HeadValue("this", "uid"))
    elif other.kind == "ref" and isinstance(other, tree.FieldValue):
        left, right = _identity(reference), _identity(other)
    else:
        left, right = _key(reference), closure(other)

    def run(row: Row, context: Context) -> Operand:
        one, two = left(row, context), right(row, context)
        return None if one is None or two is None else (one == two) is not negated

    return run


def _key(node: tree.FieldValue) -> Closure:
    return closure(tree.FieldValue(node.scope, f"{node.field}__key", "text", "text"))


def _identity(node: tree.FieldValue) -> Closure:
    uid = closure(node)
    if node.is_parent:
        return uid
    key = _key(node)

    def run(row: Row, context: Context) -> Operand:
        found = uid(row, context)
        return key(row, context) if found is None else found

    return run


def _compare(node: tree.Compare) -> Closure:
    same, left, right = _COMPARE[node.operator], node.left, node.right
    if _is_plain(left) and _is_plain(right):
        return _two_fields(same, left.field, right.field)
    if _is_plain(left) and isinstance(right, tree.Literal):
        return _field_and_constant(same, left.field, right.value)
    first, second = closure(left), closure(right)

    def run(row: Row, context: Context) -> Operand:
        a = first(row, context)
        if a is None:
            return None
        b = second(row, context)
        return None if b is None else same(a, b)

    return run


def _two_fields(same: Callable[[Operand, Operand], bool], one: str, two: str) -> Closure:
    def run(row: Row, _context: Context) -> Operand:
        a, b = row.get(one), row.get(two)
        return None if a is None or b is None else same(a, b)

    return run


def _field_and_constant(
    same: Callable[[Operand, Operand], bool], name: str, constant: Operand
) -> Closure:
    def run(row: Row, _context: Context) -> Operand:
        value = row.get(name)
        return None if value is None else same(value, constant)

    return run


def _is_plain(node: tree.Node) -> TypeGuard[tree.FieldValue]:
    """Return whether a node is a column of the row just as it stands."""
    return (
        isinstance(node, tree.FieldValue)
        and node.scope == "row"
        and not node.is_parent
        and not node.money
    )


def _membership(node: tree.Membership) -> Closure:
    operand, wanted = closure(node.operand), frozenset(item.value for item in node.values)
    negated = node.negated

    def run(row: Row, context: Context) -> Operand:
        value = operand(row, context)
        return None if value is None else (value in wanted) is not negated

    return run


def _boolean(node: tree.Boolean) -> Closure:
    operands = tuple(closure(item) for item in node.operands)
    decisive = node.operator == "or"
    if len(operands) == 2:
        first, second = operands

        def two(row: Row, context: Context) -> Operand:
            a = first(row, context)
            if a is not None and bool(a) is decisive:
                return decisive
            b = second(row, context)
            if b is not None and bool(b) is decisive:
                return decisive
            return None if a is None or b is None else not decisive

        return two

    def run(row: Row, context: Context) -> Operand:
        unknown = False
        for operand in operands:
            value = operand(row, context)
            if value is None:
                unknown = True
            elif bool(value) is decisive:
                return decisive
        return None if unknown else not decisive

    return run


def _not(node: tree.Not) -> Closure:
    operand = closure(node.operand)

    def run(row: Row, context: Context) -> Operand:
        value = operand(row, context)
        return None if value is None else not value

    return run


def _multiply(a: Operand, b: Operand) -> Operand:
    """Return the product; beyond 63 bits it becomes a float, as in SQL."""
    product = a * b
    return product if abs(product) < calls.LARGEST_WHOLE else float(product)


def _divide(a: Operand, b: Operand) -> Operand:
    return a / b if b else None


_ARITHMETIC: dict[str, Callable[[Operand, Operand], Any]] = {
    "+": operator.add, "-": operator.sub, "*": _multiply, "/": _divide,
}  # fmt: skip


def _arithmetic(node: tree.Arithmetic | tree.Concatenation) -> Closure:
    sign = node.operator if isinstance(node, tree.Arithmetic) else "+"
    act, left, right = _ARITHMETIC[sign], closure(node.left), closure(node.right)

    def run(row: Row, context: Context) -> Operand:
        a = left(row, context)
        if a is None:
            return None
        b = right(row, context)
        return None if b is None else act(a, b)

    return run


def _negative(node: tree.Negative) -> Closure:
    operand = closure(node.operand)

    def run(row: Row, context: Context) -> Operand:
        value = operand(row, context)
        return None if value is None else -value

    return run


def _attribute(node: tree.CodeAttribute) -> Closure:
    code, values = closure(node.operand), dict(node.values)
    other = False if node.kind == "bool" else None

    def run(row: Row, context: Context) -> Operand:
        chosen = code(row, context)
        return None if chosen is None else values.get(chosen, other)

    return run


def _parameter(node: tree.Parameter) -> Closure:
    name = node.name
    return lambda _row, context: context.params.get(name)


_CONTEXT: dict[str, Closure] = {
    "today": lambda _row, context: context.today,
    "as_of": lambda _row, context: context.as_of,
    "year_start": lambda _row, context: context.year_from,
    "this_year": lambda _row, context: context.year,
}


def _period_day(node: tree.PeriodDay) -> Closure:
    bound = node.bound
    if node.source == "row":
        return lambda row, _context: calls.day_of(row.get("period"), bound)
    if node.source == "this":
        return lambda _row, context: calls.day_of((context.this or {}).get("period"), bound)
    if bound == "first":
        return lambda _row, context: context.period.first_day if context.period else None
    return lambda _row, context: context.period.last_day if context.period else None


def _children(node: tree.Children) -> Closure:
    form, parent, field = node.form, node.parent, node.field

    def run(row: Row, context: Context) -> Operand:
        found = context.lookup.children(form, parent, str(row["uid"]))
        return len(found) if field is None else total(field.column, found, money=field.money)

    return run


def _aggregate(node: tree.Aggregate) -> Closure:
    return lambda row, context: context.lookup.aggregate(node, row, context)


def _call(node: tree.Call) -> Closure:
    if node.function in {"empty", "filled"}:
        return _filled(node.arguments[0], wanted=node.function == "filled")
    if node.function == "nz":
        operand = closure(node.arguments[0])
        return lambda row, context: 0 if (v := operand(row, context)) is None else v
    arguments = tuple(closure(item) for item in node.arguments)
    if node.function == "who":
        pid, name, birth = arguments
        return lambda row, context: calls.who(
            pid(row, context), name(row, context), birth(row, context)
        )
    act = calls.FUNCTIONS[node.function]
    if len(arguments) == 1:
        only = arguments[0]
        return lambda row, context: None if (v := only(row, context)) is None else act(v)

    def run(row: Row, context: Context) -> Operand:
        values = [argument(row, context) for argument in arguments]
        return None if None in values else act(*values)

    return run


def _filled(node: tree.Node, *, wanted: bool) -> Closure:
    if isinstance(node, tree.FieldValue) and node.kind == "ref" and not node.is_parent:
        names = (node.field, f"{node.field}__key", f"{node.field}__label")
        readers = tuple(closure(tree.FieldValue(node.scope, n, "text", "text")) for n in names)
        return lambda row, context: any(r(row, context) is not None for r in readers) is wanted
    operand = closure(node)
    return lambda row, context: (operand(row, context) is not None) is wanted


_BUILDERS: dict[type, Callable[[Any], Closure]] = {
    tree.Literal: _literal,
    tree.FieldValue: _field,
    tree.HeadValue: _head,
    tree.ReferenceField: _reference_field,
    tree.SameRecord: _same_record,
    tree.Compare: _compare,
    tree.Membership: _membership,
    tree.Boolean: _boolean,
    tree.Not: _not,
    tree.Arithmetic: _arithmetic,
    tree.Negative: _negative,
    tree.Concatenation: _arithmetic,
    tree.Call: _call,
    tree.CodeAttribute: _attribute,
    tree.Parameter: _parameter,
    tree.ContextValue: lambda node: _CONTEXT[node.name],
    tree.PeriodDay: _period_day,
    tree.Children: _children,
    tree.Aggregate: _aggregate,
}
