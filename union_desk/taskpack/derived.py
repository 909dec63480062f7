"""Checks that follow from the definition of a field: what the form asks for, as rules.

So that one machinery runs them all: while typing, at 确认, over files and whole tables. Formats
and check digits are not here: text that breaks them is never a stored value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.taskpack.definition import Check
from union_desk.taskpack.expression import of_tree
from union_desk.taskpack.expression_tree import (
    Boolean,
    Call,
    Compare,
    ContextValue,
    FieldValue,
    Literal,
    Membership,
    Node,
    Not,
)
from union_desk.taskpack.field_types import Hints, Unreadable, parse
from union_desk.taskpack.figures import YEAR, grouped, plain_decimal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from union_desk.taskpack.definition import Bound, Field, Form
    from union_desk.taskpack.expression import Scope

_LEVEL_WORDS = {"grassroots": "基层", "county": "县级", "city": "市级"}
_DATE_WORDS = {"<=": "不能晚于", "<": "应早于", ">=": "不能早于", ">": "应晚于"}
_NUMBER_WORDS = {"<=": "不能大于", "<": "应小于", ">=": "不能小于", ">": "应大于"}
Rule = tuple[str, Node]
"""A rule as text to read and as its tree: built here, so it cannot fail to be read."""
_CHOSEN = frozenset({"choice", "multi", "bool"})


def derive(form: Form, scope: Scope) -> tuple[Check, ...]:
    """Return the derived checks of a form, field by field.

    Their ids are ``<form>.<field>.<kind>`` with the kinds required, length, range, bound, choice,
    hidden, decided. Those of kind ``decided`` run only *below* their `checked_at` level.
    """
    maker = _Maker(form, scope)
    return tuple(check for item in form.fields for check in maker.checks(item))


class _Maker:
    def __init__(self, form: Form, scope: Scope) -> None:
        self.form = form
        self.scope = scope

    def checks(self, item: Field) -> Iterator[Check]:
        if item.id == self.form.parent_field:
            return
        yield from self._required(item)
        yield from self._length(item)
        yield from self._range(item)
        for number, bound in enumerate(item.bounds, 1):
            yield self._bound(item, bound, number)
        yield from self._choices(item)
        if item.visible_when is not None:
            message = f"“{item.label}”在这种情况下不用填，请清空"
            shown = item.visible_when
            condition = (f"not ({shown.text})", Not(shown.tree))
            yield self._check(item, "hidden", message, self._filled(item, "empty"), condition)
        yield from self._decided(item)

    def _check(
        self,
        item: Field,
        name: str,
        message: str,
        rule: Rule,
        when: Rule | None = None,
        *,
        kind: str = "constraint",
        checked_at: str | None = None,
    ) -> Check:
        return Check(
            id=f"{self.form.id}.{item.id}.{name}",
            form=self.form.id,
            level="error",
            message=message,
            rule=of_tree(*rule),
            when=of_tree(*when) if when else None,
            kind=kind,
            field=item.id,
            checked_at=checked_at,
        )

    def _value(self, name: str) -> Node:
        return self.scope.value(self.form.id, name, "row")

    def _filled(self, item: Field, function: str = "filled") -> Rule:
        return f"{function}({item.id})", Call(function, (self._value(item.id),), "bool")

    def _required(self, item: Field) -> Iterator[Check]:
        if not item.required and item.required_when is None:
            return
        conditions = [
            (f"({found.text})", found.tree)
            for found in (item.visible_when, item.required_when)
            if found is not None
        ]
        if item.computed is not None:
            message = f"“{item.label}”算不出来，请先填好它所依据的各项"
        else:
            verb = "请选择" if item.type in _CHOSEN else "请填写"
            message = f"{verb}“{item.label}”"
        locked = item.decided_by is not None and not item.proposed and not item.decided_codes
        yield self._check(
            item,
            "required",
            message,
            self._filled(item),
            _all(conditions) if conditions else None,
            kind="required",
            checked_at=item.decided_by if locked else None,
        )

    def _length(self, item: Field) -> Iterator[Check]:
        low, high = item.min_length, item.max_length
        length = Call("length", (self._value(item.id),), "number")
        limits = [_limit(f"length({item.id})", length, ">=", low)] if low else []
        if high is not None:
            limits.append(_limit(f"length({item.id})", length, "<=", high))
        if not limits:
            return
        if low and high is not None:
            words = f"应为 {low} 个字" if low == high else f"应为 {low} 至 {high} 个字"
        else:
            words = f"至少 {low} 个字" if low else f"最多 {high} 个字"
        yield self._check(item, "length", f"“{item.label}”{words}", _all(limits))

    def _range(self, item: Field) -> Iterator[Check]:
        limits, words, value = [], [], self._value(item.id)
        for operator, limit, word in (
            (">=", item.minimum, "不能小于"),
            (">", item.above, "应大于"),
            ("<=", item.maximum, "不能大于"),
        ):
            if limit is not None:
                limits.append(_limit(item.id, value, operator, limit))
                words.append(f"{word} {_shown(item, limit)}")
        if item.minimum is not None and item.maximum is not None:
            words = [f"应在 {_shown(item, item.minimum)} 至 {_shown(item, item.maximum)} 之间"]
        if limits:
            message = f"“{item.label}”" + "，".join(words)
            yield self._check(item, "range", message, _all(limits))

    def _bound(self, item: Field, bound: Bound, number: int) -> Check:
        words = _DATE_WORDS if item.type == "date" else _NUMBER_WORDS
        other: Node
        if bound.other == "today":
            text, label, other = "today()", "今天", ContextValue("today", "date")
        else:
            text, label = bound.other, f"“{self.form.by_id[bound.other].label}”"
            other = self._value(bound.other)
        name = "bound" if number == 1 else f"bound{number}"
        message = f"“{item.label}”{words[bound.operator]}{label}"
        rule = Compare(bound.operator, self._value(item.id), other)
        return self._check(item, name, message, (f"{item.id} {bound.operator} {text}", rule))

    def _choices(self, item: Field) -> Iterator[Check]:
        whole = all(choice.lstrip("-").isdecimal() for choice in item.choices)
        if not item.choices or not (item.type == "choice" or (item.type == "int" and whole)):
            return
        message = f"“{item.label}”只能是{self._labels(item, item.choices)}"
        yield self._check(item, "choice", message, self._one_of(item, item.choices, negated=False))

    def _one_of(self, item: Field, choices: Sequence[str], *, negated: bool) -> Rule:
        kind = "number" if item.type == "int" else "text"
        literals = tuple(
            Literal(int(choice) if kind == "number" else choice, kind) for choice in choices
        )
        text = f"{item.id} {'not ' * negated}in ({', '.join(repr(v.value) for v in literals)},)"
        return text, Membership(self._value(item.id), literals, negated)

    def _labels(self, item: Field, choices: Sequence[str]) -> str:
        codes = self.scope.codes(item.code_list) if item.code_list else None
        return "、".join(codes.label(choice) if codes else choice for choice in choices)

    def _decided(self, item: Field) -> Iterator[Check]:
        if item.decided_by is None or item.proposed:
            return
        word = _LEVEL_WORDS[item.decided_by]
        if item.decided_codes:
            names = self._labels(item, item.decided_codes)
            message = f"“{item.label}”的“{names}”由{word}确定，这里不能选"
            rule = self._one_of(item, item.decided_codes, negated=True)
        else:
            message = f"“{item.label}”由{word}确定，这里不能填"
            rule = self._filled(item, "empty")
            default = self._default(item)
            if default is not None:
                message += "，请保持原来的值"
                rule = f"{rule[0]} or {default[0]}", Boolean("or", (rule[1], default[1]))
        yield self._check(
            item, "decided", message, rule, kind="decided", checked_at=item.decided_by
        )

    def _default(self, item: Field) -> Rule | None:
        """Return the rule that a field holds its default."""
        found = None if item.default is None else parse(item, item.default, Hints())
        value = self._value(item.id)
        if found is None or isinstance(found, Unreadable) or not isinstance(value, FieldValue):
            return None
        if value.kind not in {"text", "date", "number", "bool"}:
            return None
        if value.money and isinstance(found, int):
            found = found / 100.0
        constant = Literal(bool(found) if value.kind == "bool" else found, value.kind)
        return f"{item.id} == {found!r}", Compare("==", value, constant)


def _limit(text: str, value: Node, operator: str, limit: float) -> Rule:
    number = int(limit) if limit == int(limit) else limit
    shown = plain_decimal(number)
    return f"{text} {operator} {shown}", Compare(operator, value, Literal(number, "number"))


def _all(rules: Sequence[Rule]) -> Rule:
    if len(rules) == 1:
        return rules[0]
    text = " and ".join(text for text, _ in rules)
    return text, Boolean("and", tuple(tree for _, tree in rules))


def _shown(item: Field, value: float) -> str:
    number = int(value) if value == int(value) else value
    return str(number) if item.measure == YEAR else grouped(number)
