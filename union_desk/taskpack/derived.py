"""Checks that follow from the definition of a field: what the form asks for, as rules.

So that one machinery runs them all: while typing, at 确认, over files and whole tables. Formats
and check digits are not here: text that breaks them is never a stored value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.taskpack.definition import Check
from union_desk.taskpack.expression import Expression, parse
from union_desk.taskpack.figures import YEAR, grouped, plain_decimal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from union_desk.taskpack.definition import Bound, CodeList, Field, Form
    from union_desk.taskpack.expression import Scope

_LEVEL_WORDS = {"grassroots": "基层", "county": "县级", "city": "市级"}
_DATE_WORDS = {"<=": "不能晚于", "<": "应早于", ">=": "不能早于", ">": "应晚于"}
_NUMBER_WORDS = {"<=": "不能大于", "<": "应小于", ">=": "不能小于", ">": "应大于"}
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
            condition = f"not ({item.visible_when.text})"
            yield self._check(item, "hidden", message, f"empty({item.id})", condition)
        yield from self._decided(item)

    def _check(
        self,
        item: Field,
        name: str,
        message: str,
        rule: str,
        when: str = "",
        *,
        kind: str = "constraint",
        checked_at: str | None = None,
    ) -> Check:
        return Check(
            id=f"{self.form.id}.{item.id}.{name}",
            form=self.form.id,
            level="error",
            message=message,
            rule=self._read(rule),
            when=self._read(when) if when else None,
            kind=kind,
            field=item.id,
            checked_at=checked_at,
        )

    def _read(self, text: str) -> Expression:
        return parse(text, self.scope)

    def _required(self, item: Field) -> Iterator[Check]:
        if not item.required and item.required_when is None:
            return
        conditions = [
            f"({found.text})"
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
            f"filled({item.id})",
            " and ".join(conditions),
            kind="required",
            checked_at=item.decided_by if locked else None,
        )

    def _length(self, item: Field) -> Iterator[Check]:
        low, high = item.min_length, item.max_length
        limits = [f"length({item.id}) >= {low}"] if low else []
        if high is not None:
            limits.append(f"length({item.id}) <= {high}")
        if not limits:
            return
        if low and high is not None:
            words = f"应为 {low} 个字" if low == high else f"应为 {low} 至 {high} 个字"
        else:
            words = f"至少 {low} 个字" if low else f"最多 {high} 个字"
        yield self._check(item, "length", f"“{item.label}”{words}", " and ".join(limits))

    def _range(self, item: Field) -> Iterator[Check]:
        limits, words = [], []
        if item.minimum is not None:
            limits.append(f"{item.id} >= {_number(item.minimum)}")
            words.append(f"不能小于 {_shown(item, item.minimum)}")
        if item.above is not None:
            limits.append(f"{item.id} > {_number(item.above)}")
            words.append(f"应大于 {_shown(item, item.above)}")
        if item.maximum is not None:
            limits.append(f"{item.id} <= {_number(item.maximum)}")
            words.append(f"不能大于 {_shown(item, item.maximum)}")
        if item.minimum is not None and item.maximum is not None:
            words = [f"应在 {_shown(item, item.minimum)} 至 {_shown(item, item.maximum)} 之间"]
        if limits:
            message = f"“{item.label}”" + "，".join(words)
            yield self._check(item, "range", message, " and ".join(limits))

    def _bound(self, item: Field, bound: Bound, number: int) -> Check:
        words = _DATE_WORDS if item.type == "date" else _NUMBER_WORDS
        if bound.other == "today":
            other, label = "today()", "今天"
        else:
            other, label = bound.other, f"“{self.form.by_id[bound.other].label}”"
        name = "bound" if number == 1 else f"bound{number}"
        message = f"“{item.label}”{words[bound.operator]}{label}"
        return self._check(item, name, message, f"{item.id} {bound.operator} {other}")

    def _choices(self, item: Field) -> Iterator[Check]:
        if not item.choices or item.type not in {"choice", "int"}:
            return
        codes = self.scope.codes(item.code_list) if item.code_list else None
        values = ", ".join(
            _number(float(choice)) if item.type == "int" else _quote(choice)
            for choice in item.choices
        )
        names = "、".join(_label(codes, choice) for choice in item.choices)
        yield self._check(
            item, "choice", f"“{item.label}”只能是{names}", f"{item.id} in ({values},)"
        )

    def _decided(self, item: Field) -> Iterator[Check]:
        if item.decided_by is None or item.proposed:
            return
        word = _LEVEL_WORDS[item.decided_by]
        if item.decided_codes:
            codes = self.scope.codes(item.code_list) if item.code_list else None
            names = "、".join(_label(codes, code) for code in item.decided_codes)
            values = ", ".join(_quote(code) for code in item.decided_codes)
            message = f"“{item.label}”的“{names}”由{word}确定，这里不能选"
            rule = f"{item.id} not in ({values},)"
        else:
            message = f"“{item.label}”由{word}确定，这里不能填"
            rule = f"empty({item.id})"
            if item.default is not None:
                message += "，请保持原来的值"
                rule += f" or {item.id} == {_constant(item)}"
        yield self._check(
            item, "decided", message, rule, kind="decided", checked_at=item.decided_by
        )


def _constant(item: Field) -> str:
    default = item.default or ""
    if item.type in {"int", "decimal", "money"}:
        return _number(float(default))
    if item.type == "bool":
        return str(default in {"1", "是"})
    return _quote(default)


def _quote(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"


def _number(value: float) -> str:
    return plain_decimal(value)


def _shown(item: Field, value: float) -> str:
    number = int(value) if value == int(value) else value
    return str(number) if item.measure == YEAR else grouped(number)


def _label(codes: CodeList | None, code: str) -> str:
    return codes.label(code) if codes else code
