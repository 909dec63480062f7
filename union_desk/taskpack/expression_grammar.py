"""From text to tree: Python's expression grammar, of it a white list, every name resolved.

Refused at once: more than 2,000 characters, 600 nodes or 40 levels; numbers beyond what is kept
exactly; every construct and function not listed here.
"""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING

from union_desk.taskpack import dates
from union_desk.taskpack.expression_scope import WORDS, ExpressionError, Scope
from union_desk.taskpack.expression_tree import (
    Arithmetic,
    Boolean,
    Compare,
    Concatenation,
    FieldValue,
    HeadValue,
    Literal,
    Membership,
    Negative,
    Node,
    Not,
    PeriodDay,
    ReferenceField,
    SameRecord,
    This,
)
from union_desk.taskpack.typed_text import LARGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Caller = Callable[["Reading", str, Sequence[ast.expr]], Node]

LONGEST, MOST_NODES, DEEPEST = 2_000, 600, 40
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
}  # fmt: skip
_ALLOWED = (
    ast.Constant, ast.Name, ast.Attribute, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Compare,
    ast.Call, ast.Tuple, ast.List, ast.And, ast.Or, ast.Not, ast.USub, ast.Load, ast.In, ast.NotIn,
    *_COMPARISONS, *_OPERATORS,
)  # fmt: skip


def syntax(text: str) -> ast.expr:
    """Return Python's own tree of an expression that uses nothing but what is listed.

    Places are counted in bytes of UTF-8, as Python counts them.
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"公式太长，最多 {LONGEST} 个字")
    if not text.strip():
        raise ExpressionError("公式是空的")
    if "\\" in text or not text.replace("\n", " ").isprintable():
        raise ExpressionError("公式里不能有反斜杠和看不见的字符")
    line = " ".join(text.split("\n")).strip()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(line, mode="eval").body
    except SyntaxError as error:
        place = max((error.offset or 1) - 1, 0)
        in_bytes = len(line[:place].encode())
        raise ExpressionError(f"公式写法不对（第 {place + 1} 个字附近）", in_bytes) from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionError("公式太复杂，请拆开来写") from None
    if b"#" in line.encode()[tree.end_col_offset :]:
        raise ExpressionError("公式里不能有“#”，它会使后面的内容不起作用", tree.end_col_offset or 0)
    _refuse_unlisted(tree)
    return tree


def _refuse_unlisted(tree: ast.expr) -> None:
    count, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if depth > DEEPEST or count > MOST_NODES:
            raise ExpressionError("公式太复杂，请拆开来写")
        if not isinstance(node, _ALLOWED):
            word = type(node).__name__
            raise ExpressionError(f"公式里不能用这种写法（{word}）", getattr(node, "col_offset", 0))
        waiting.extend((part, depth + 1) for part in ast.iter_child_nodes(node))  # type: ignore[misc]


class Reading:
    """The reading of one expression, or of one quoted condition inside it.

    :param form: whose fields bare names are.
    :param call: builds the node of a function call.
    :param outer: inside a quoted condition, the form of the outer row.
    """

    def __init__(self, scope: Scope, form: str, call: Caller, outer: str | None = None) -> None:
        self.scope = scope
        self.call = call
        self.form = form
        self.outer = outer

    def read(self, node: ast.expr) -> Node:
        """Return the tree of a syntax node; ExpressionError with its place if it cannot stand."""
        try:
            return self._read(node)
        except ExpressionError as error:
            if not error.offset:
                error.offset = node.col_offset
            raise

    def _read(self, node: ast.expr) -> Node:
        found: Node | None = None
        match node:
            case ast.Constant():
                found = self._constant(node)
            case ast.Name():
                found = self._name(node)
            case ast.Attribute():
                found = self._attribute(node)
            case ast.BoolOp():
                found = self._boolean(node)
            case ast.UnaryOp():
                found = self._unary(node)
            case ast.BinOp():
                found = self._binary(node)
            case ast.Compare():
                found = self._compare(node)
            case ast.Call():
                found = self._call(node)
        if found is None:
            raise ExpressionError("一列值只能写在 in 后面")
        return found

    def wanted(self, node: ast.expr, kind: str, what: str) -> Node:
        """Return the tree of a node that must be of one kind; text constants serve as dates."""
        found = self.read(node)
        if kind == "date":
            found = as_date(found)
        if found.kind != kind:
            raise ExpressionError(f"{what}要{WORDS[kind]}，不能是{WORDS[found.kind]}")
        return found

    def _constant(self, node: ast.Constant) -> Node:
        value = node.value
        if isinstance(value, bool):
            return Literal(value, "bool")
        if isinstance(value, int | float):
            if not abs(value) <= LARGEST:
                raise ExpressionError("数字太大")
            return Literal(value, "number")
        if isinstance(value, str):
            return Literal(value, "text")
        raise ExpressionError(f"公式里不能有“{value!r}”")

    def _name(self, node: ast.Name) -> Node:
        if node.id == "period_last_day":
            return self.period_day("last")
        if node.id == "this":
            if self.outer is None:
                raise ExpressionError("“this”只能用在加引号的条件里")
            return This(self.outer)
        return self.scope.value(self.form, node.id, "row")

    def _attribute(self, node: ast.Attribute) -> Node:
        if not isinstance(node.value, ast.Name):
            raise ExpressionError("“.”只能走一步，如 enterprise.employees")
        return self.path(f"{node.value.id}.{node.attr}")

    def path(self, text: str) -> FieldValue | HeadValue | ReferenceField:
        """Return the node of ``field``, ``reference.field`` or ``this.field``."""
        first, dot, second = text.partition(".")
        if not dot:
            return self.scope.value(self.form, first, "row")
        if "." in second:
            raise ExpressionError(f"“{text}”走了不止一步")
        if first == "this":
            if self.outer is None:
                raise ExpressionError("“this”只能用在加引号的条件里")
            return self.scope.value(self.outer, second, "this")
        return self.scope.behind(self.form, first, second, "row")

    def period_day(self, bound: str) -> PeriodDay:
        """Return a day of the outer row's period: a sheet's own, else the run's."""
        form = self.scope.of(self.outer or self.form)
        if form.detail_of:
            form = self.scope.of(form.detail_of)
        if form.kind != "sheet":
            return PeriodDay("context", bound)
        return PeriodDay("this" if self.outer else "row", bound)

    def _boolean(self, node: ast.BoolOp) -> Node:
        word = "and" if isinstance(node.op, ast.And) else "or"
        operands = [self.wanted(part, "bool", f"“{word}”两边") for part in node.values]
        return Boolean(word, tuple(operands))

    def _unary(self, node: ast.UnaryOp) -> Node:
        if isinstance(node.op, ast.Not):
            return Not(self.wanted(node.operand, "bool", "“not”后面"))
        operand = self.wanted(node.operand, "number", "负号后面")
        if isinstance(operand, Literal) and not isinstance(operand.value, str | bool):
            return Literal(-operand.value, "number")
        return Negative(operand)

    def _binary(self, node: ast.BinOp) -> Node:
        operator = _OPERATORS[type(node.op)]
        left, right = self.read(node.left), self.read(node.right)
        if operator == "+" and left.kind == right.kind == "text":
            return Concatenation(left, right)
        for side in (left, right):
            if side.kind != "number":
                raise ExpressionError(f"“{operator}”两边要数字，不能是{WORDS[side.kind]}")
        return Arithmetic(operator, left, right)

    def _compare(self, node: ast.Compare) -> Node:
        found: list[Node] = []
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            found.append(self._one_comparison(left, operator, right))
            left = right
        return found[0] if len(found) == 1 else Boolean("and", tuple(found))

    def _one_comparison(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Node:
        if isinstance(operator, ast.In | ast.NotIn):
            if not isinstance(right, ast.Tuple | ast.List) or not right.elts:
                raise ExpressionError("in 后面要一列值，如 in ('1','2')；只有一个值时写成 ('1',)")
            operand = self.read(left)
            values = tuple(self._listed(operand, self.read(item)) for item in right.elts)
            return Membership(operand, values, isinstance(operator, ast.NotIn))
        return compare(self.scope, _COMPARISONS[type(operator)], self.read(left), self.read(right))

    def _listed(self, operand: Node, value: Node) -> Literal:
        if not isinstance(value, Literal):
            raise ExpressionError("in 后面只能列出写明的值")
        compared = compare(self.scope, "==", operand, value)
        if isinstance(compared, Compare) and isinstance(compared.right, Literal):
            return compared.right
        raise ExpressionError("in 前面不能是关联")

    def _call(self, node: ast.Call) -> Node:
        if not isinstance(node.func, ast.Name):
            raise ExpressionError("这里不能这样调用函数")
        if node.keywords:
            raise ExpressionError(f"“{node.func.id}”的参数不能带名字")
        return self.call(self, node.func.id, node.args)


def compare(scope: Scope, operator: str, left: Node, right: Node) -> Node:
    """Return the comparison of two operands; ExpressionError unless their kinds agree."""
    if "ref" in (left.kind, right.kind):
        return _same_record(operator, left, right)
    if right.kind == "date":
        left = as_date(left)
    elif left.kind == "date":
        right = as_date(right)
    if "multi" in (left.kind, right.kind):
        raise ExpressionError("多选不能这样比较，请用 has(字段, '代码')")
    if left.kind != right.kind:
        raise ExpressionError(f"{WORDS[left.kind]}与{WORDS[right.kind]}不能比较")
    if left.kind == "row":
        raise ExpressionError("“this”只能与关联字段比较")
    if left.kind in {"text", "bool"} and operator not in {"==", "!="}:
        raise ExpressionError(f"{WORDS[left.kind]}只能用 == 和 != 比较")
    for side, other in ((left, right), (right, left)):
        _refuse_unknown_code(scope, side, other)
    return Compare(operator, left, right)


def _same_record(operator: str, left: Node, right: Node) -> Node:
    reference, other = (left, right) if left.kind == "ref" else (right, left)
    if operator not in {"==", "!="}:
        raise ExpressionError("关联只能用 == 和 != 比较")
    if not isinstance(reference, FieldValue):
        raise ExpressionError("这里只能比较本行的关联字段")
    if isinstance(other, FieldValue | This) and other.kind in {"ref", "row"}:
        target = other.target if isinstance(other, FieldValue) else other.form
        if target != reference.target:
            raise ExpressionError(
                f"“{reference.field}”关联的是“{reference.target}”，不能与“{target}”的记录比较"
            )
    elif other.kind != "text":
        raise ExpressionError(f"关联与{WORDS[other.kind]}不能比较")
    elif reference.is_parent:
        raise ExpressionError("明细与主表的关联不能与文字比较")
    return SameRecord(reference, other, operator == "!=")


def _refuse_unknown_code(scope: Scope, side: Node, other: Node) -> None:
    if (
        isinstance(side, FieldValue | ReferenceField)
        and side.code_list
        and isinstance(other, Literal)
        and other.value not in scope.codes(side.code_list).by_code
    ):
        raise ExpressionError(f"代码“{other.value}”不在代码表“{side.code_list}”里")


def as_date(node: Node) -> Node:
    """Return a text constant as the date it writes; any other node as it is."""
    if not isinstance(node, Literal) or node.kind != "text":
        return node
    if not dates.is_date(str(node.value)):
        raise ExpressionError(f"“{node.value}”不是日期，日期写成 '2012-08-27'")
    return Literal(node.value, "date")
