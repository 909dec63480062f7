"""The functions of the check language: what each asks for and the nodes it becomes."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from union_desk.taskpack.expression_grammar import Reading, syntax
from union_desk.taskpack.expression_scope import KINDS, WORDS, ExpressionError
from union_desk.taskpack.expression_tree import (
    Aggregate,
    Boolean,
    Call,
    Children,
    CodeAttribute,
    Compare,
    ContextValue,
    FieldValue,
    HeadValue,
    Literal,
    Node,
    Parameter,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PLAIN: dict[str, tuple[tuple[str, ...], str]] = {
    "nz": (("number",), "number"),
    "abs": (("number",), "number"),
    "length": (("text",), "number"),
    "year": (("date",), "number"),
    "days": (("date", "date"), "number"),
    "age": (("date", "date"), "number"),
    "who": (("text", "text", "date"), "text"),
}
"""Name -> kinds of the arguments, kind of the result."""

_CONTEXT = {"today": "date", "as_of": "date", "year_start": "date", "this_year": "number"}
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")


def call(reading: Reading, name: str, args: Sequence[ast.expr]) -> Node:
    """Return the node of a function call; ExpressionError if it is not listed or wrongly used."""
    if name in _PLAIN:
        kinds, result = _PLAIN[name]
        _expect(name, args, len(kinds))
        return Call(name, _arguments(reading, name, kinds, args), result)
    if name in _CONTEXT:
        _expect(name, args, 0)
        return ContextValue(name, _CONTEXT[name])
    special = _SPECIAL.get(name)
    if special is None:
        raise ExpressionError(f"没有函数“{name}”")
    count, build = special
    _expect(name, args, count)
    return build(reading, args)


def _expect(name: str, args: Sequence[ast.expr], count: int) -> None:
    if len(args) != count:
        raise ExpressionError(f"函数“{name}”要 {count} 个参数，写了 {len(args)} 个")


def _arguments(
    reading: Reading, name: str, kinds: Sequence[str], args: Sequence[ast.expr]
) -> tuple[Node, ...]:
    what = f"函数“{name}”"
    return tuple(reading.wanted(arg, kind, what) for kind, arg in zip(kinds, args, strict=True))


def _quoted(name: str, node: ast.expr) -> str:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        raise ExpressionError(f"函数“{name}”里的名字和条件要加引号")
    return node.value


def _filled(name: str) -> Callable[[Reading, Sequence[ast.expr]], Node]:
    def build(reading: Reading, args: Sequence[ast.expr]) -> Node:
        operand = reading.read(args[0])
        if operand.kind == "row":
            raise ExpressionError(f"函数“{name}”里要一个字段")
        return Call(name, (operand,), "bool")

    return build


def _round(reading: Reading, args: Sequence[ast.expr]) -> Node:
    places = args[1]
    if (
        not isinstance(places, ast.Constant)
        or type(places.value) is not int
        or not 0 <= places.value <= 6
    ):
        raise ExpressionError("round 的第二个参数是 0 至 6 的整数")
    number = reading.wanted(args[0], "number", "函数“round”")
    return Call("round", (number, Literal(places.value, "number")), "number")


def _has(reading: Reading, args: Sequence[ast.expr]) -> Node:
    chosen = reading.wanted(args[0], "multi", "函数“has”")
    code = _quoted("has", args[1])
    code_list = getattr(chosen, "code_list", None)
    if code_list is None or code not in reading.scope.codes(code_list).by_code:
        raise ExpressionError(f"代码“{code}”不在代码表“{code_list}”里")
    return Call("has", (chosen, Literal(code, "text")), "bool")


def _person_id(name: str, kind: str) -> Callable[[Reading, Sequence[ast.expr]], Node]:
    def build(reading: Reading, args: Sequence[ast.expr]) -> Node:
        operand = reading.read(args[0])
        if getattr(operand, "type", "") != "person_id":
            raise ExpressionError(f"函数“{name}”要身份证号字段")
        return Call(name, (operand,), kind)

    return build


def _attribute(reading: Reading, args: Sequence[ast.expr]) -> CodeAttribute:
    path, name = _quoted("attr", args[0]), _quoted("attr", args[1])
    operand = reading.path(path)
    if isinstance(operand, HeadValue) or not operand.code_list or operand.kind != "text":
        raise ExpressionError(f"“{path}”不是单选字段，没有代码属性")
    items = reading.scope.codes(operand.code_list).items
    given = [item.attributes[name] for item in items if name in item.attributes]
    if not given:
        raise ExpressionError(f"代码表“{operand.code_list}”没有属性“{name}”")
    if all(isinstance(value, bool) for value in given):
        values = tuple((item.code, bool(item.attributes.get(name, False))) for item in items)
        return CodeAttribute(operand, name, values, "bool")
    texts: list[tuple[str, str | None]] = []
    for item in items:
        value = item.attributes.get(name)
        texts.append((item.code, value if isinstance(value, str) else None))
    return CodeAttribute(operand, name, tuple(texts), "text")


def _number(reading: Reading, args: Sequence[ast.expr]) -> Node:
    operand = reading.read(args[0])
    if operand.kind == "number":
        return operand
    if not isinstance(operand, CodeAttribute):
        raise ExpressionError(f"函数“num”要代码属性或数字，不能是{WORDS[operand.kind]}")
    numbers: list[tuple[str, float | None]] = []
    for code, value in operand.values:
        if value is None:
            numbers.append((code, None))
            continue
        if not isinstance(value, str) or not _NUMBER.fullmatch(value):
            raise ExpressionError(f"代码“{code}”的属性“{operand.name}”不是数字")
        numbers.append((code, float(value) if "." in value else int(value)))
    return CodeAttribute(operand.operand, operand.name, tuple(numbers), "number")


def _reference(reading: Reading, args: Sequence[ast.expr]) -> Node:
    first, second = _quoted("ref", args[0]), _quoted("ref", args[1])
    return reading.scope.behind(reading.form, first, second, "row")


def _parameter(reading: Reading, args: Sequence[ast.expr]) -> Node:
    name = _quoted("param", args[0])
    item = reading.scope.parameters.get(name)
    if item is None:
        raise ExpressionError(f"没有参数“{name}”")
    return Parameter(name, KINDS[item.type])


def _unit(reading: Reading, _: Sequence[ast.expr]) -> Node:
    return HeadValue("this" if reading.outer else "row", "unit")


def _between(first: Node, value: Node, last: Node) -> Node:
    return Boolean("and", (Compare("<=", first, value), Compare("<=", value, last)))


def _in_year(reading: Reading, args: Sequence[ast.expr]) -> Node:
    day = reading.wanted(args[0], "date", "函数“in_year”")
    return _between(ContextValue("year_start", "date"), day, ContextValue("as_of", "date"))


def _in_period(reading: Reading, args: Sequence[ast.expr]) -> Node:
    day = reading.wanted(args[0], "date", "函数“in_period”")
    return _between(reading.period_day("first"), day, reading.period_day("last"))


def _valid(reading: Reading, args: Sequence[ast.expr]) -> Node:
    first, last = _arguments(reading, "valid", ("date", "date"), args)
    return _between(first, ContextValue("as_of", "date"), last)


def _overlap(reading: Reading, args: Sequence[ast.expr]) -> Node:
    one, two, three, four = _arguments(reading, "overlap", ("date",) * 4, args)
    return Boolean("and", (Compare("<=", one, four), Compare("<=", three, two)))


def _children(aggregate: str) -> Callable[[Reading, Sequence[ast.expr]], Node]:
    def build(reading: Reading, args: Sequence[ast.expr]) -> Node:
        name = f"child_{aggregate}"
        if reading.outer is not None:
            raise ExpressionError(f"函数“{name}”不能用在加引号的条件里")
        form = _quoted(name, args[0])
        link = reading.scope.link(form, reading.form)
        field = _summed(reading, form, args[1], name) if aggregate == "sum" else None
        return Children(aggregate, form, link, field)

    return build


def _aggregate(name: str, aggregate: str) -> Callable[[Reading, Sequence[ast.expr]], Node]:
    def build(reading: Reading, args: Sequence[ast.expr]) -> Node:
        if reading.outer is not None:
            raise ExpressionError(f"函数“{name}”不能套在另一个加引号的条件里")
        form = _quoted(name, args[0])
        reading.scope.of(form)
        field = _OF_FIELD[aggregate](reading, form, args[1], name) if len(args) > 2 else None
        inner = Reading(reading.scope, form, reading.call, reading.form)
        try:
            where = inner.wanted(syntax(_quoted(name, args[-1])), "bool", "加引号的条件")
        except ExpressionError as error:
            error.offset = 0
            raise
        kind = {"exists": "bool", "names": "text"}.get(aggregate, "number")
        return Aggregate(aggregate, form, where, field, kind)

    return build


def _summed(reading: Reading, form: str, node: ast.expr, name: str) -> FieldValue:
    found = reading.scope.value(form, _quoted(name, node), "row")
    if not isinstance(found, FieldValue) or found.kind != "number":
        raise ExpressionError(f"函数“{name}”只能加数字字段")
    return found


def _named(reading: Reading, form: str, node: ast.expr, name: str) -> FieldValue:
    found = reading.scope.value(form, _quoted(name, node), "row")
    if not isinstance(found, FieldValue) or found.kind != "text":
        raise ExpressionError(f"函数“{name}”只能列文字字段")
    return found


_OF_FIELD = {"sum": _summed, "names": _named}


_SPECIAL: dict[str, tuple[int, Callable[[Reading, Sequence[ast.expr]], Node]]] = {
    "empty": (1, _filled("empty")),
    "filled": (1, _filled("filled")),
    "round": (2, _round),
    "num": (1, _number),
    "has": (2, _has),
    "attr": (2, _attribute),
    "ref": (2, _reference),
    "param": (1, _parameter),
    "unit": (0, _unit),
    "id_birth": (1, _person_id("id_birth", "date")),
    "id_gender": (1, _person_id("id_gender", "text")),
    "in_year": (1, _in_year),
    "in_period": (1, _in_period),
    "period_start": (0, lambda reading, _: reading.period_day("first")),
    "period_end": (0, lambda reading, _: reading.period_day("last")),
    "valid": (2, _valid),
    "overlap": (4, _overlap),
    "child_count": (1, _children("count")),
    "child_sum": (2, _children("sum")),
    "exists": (2, _aggregate("exists", "exists")),
    "count": (2, _aggregate("count", "count")),
    "sum_": (3, _aggregate("sum_", "sum")),
    "names": (3, _aggregate("names", "names")),
}

FUNCTIONS: frozenset[str] = frozenset((*_PLAIN, *_CONTEXT, *_SPECIAL, "period_last_day"))
"""Every function that an expression may call, and the one that is written without brackets."""
