"""Reading the expressions of a package, when all its forms and fields are known."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from union_desk.taskpack.definition import Check, Field, Form, Indicator, Term
from union_desk.taskpack.derived import derive
from union_desk.taskpack.expression import KINDS, ExpressionError, Scope, parse
from union_desk.taskpack.expression_scope import WORDS
from union_desk.taskpack.problems import Problems, Trouble
from union_desk.taskpack.references import cycles, is_money
from union_desk.taskpack.system import SYSTEM_FORMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.taskpack.definition import CodeList, Parameter
    from union_desk.taskpack.document import Scalar
    from union_desk.taskpack.drafts import CheckDraft, FormDraft, IndicatorDraft, TermDraft
    from union_desk.taskpack.expression import Expression


class Linker:
    """Turns drafts into definitions; each expression that cannot stand is a problem."""

    def __init__(
        self,
        drafts: Mapping[str, FormDraft],
        lists: Mapping[str, CodeList],
        parameters: Mapping[str, Parameter],
        problems: Problems,
    ) -> None:
        self.drafts = drafts
        self.lists = lists
        self.parameters = parameters
        self.problems = problems
        plain = {form_id: draft.form for form_id, draft in drafts.items()}
        self.forms: Mapping[str, Form] = MappingProxyType(plain | dict(SYSTEM_FORMS))
        self.scopes: dict[str, Scope] = {}

    def scope(self, form: str) -> Scope:
        """Return what an expression over the rows of `form` may name."""
        if form not in self.scopes:
            self.scopes[form] = Scope(
                form=form, forms=self.forms, code_lists=self.lists, parameters=self.parameters
            )
        return self.scopes[form]

    def expression(
        self, file: str, form: str, text: Scalar | None, wanted: str, title: str
    ) -> Expression | None:
        """Return an expression over the rows of `form`, or None with its problem noted."""
        if text is None:
            return None
        try:
            found = parse(text.text, self.scope(form))
        except ExpressionError as error:
            place = f"（公式第 {error.offset + 1} 个字起）" if error.offset else ""
            self.problems.add(
                Trouble.EXPRESSION,
                file,
                text.line,
                f"{title}的公式不成立：{error.message}{place}，请核对。",
            )
            return None
        kind = found.tree.kind
        if wanted and kind not in {wanted, "unknown"}:
            self.problems.add(
                Trouble.EXPRESSION_KIND,
                file,
                text.line,
                f"{title}的公式得出的是{WORDS.get(kind, kind)}，这里要的是{WORDS[wanted]}。",
            )
        return found

    def form(self, draft: FormDraft) -> Form:
        """Return the form with every expression read, and its derived checks if it is sound."""
        fields = tuple(self._field(draft, item.field.id) for item in draft.fields.values())
        self._refuse_cycles(draft, fields)
        checks = tuple(
            check for item in draft.checks if (check := self._check(draft, item)) is not None
        )
        details = tuple(
            form_id
            for form_id, other in self.drafts.items()
            if other.form.detail_of == draft.form.id
        )
        form = replace(draft.form, fields=fields, checks=checks, details=details)
        if self.problems.found:
            return form
        return replace(form, derived=derive(form, self.scope(form.id)))

    def _field(self, draft: FormDraft, name: str) -> Field:
        item = draft.fields[name]
        found: dict[str, Any] = {}
        for attribute, text in item.expressions.items():
            wanted = "bool" if attribute.endswith("_when") else KINDS[item.field.type]
            title = f"{draft.form.id} 的字段 {name} "
            found[attribute] = self.expression(draft.file, draft.form.id, text, wanted, title)
        return replace(item.field, **found) if found else item.field

    def _refuse_cycles(self, draft: FormDraft, fields: tuple[Field, ...]) -> None:
        for attribute, word in (("computed", "计算"), ("visible_when", "显示条件")):
            edges = {
                item.id: found.fields
                for item in fields
                if (found := getattr(item, attribute)) is not None
            }
            for name in sorted(cycles(edges)):
                self.problems.add(
                    Trouble.CYCLE,
                    draft.file,
                    draft.fields[name].expressions[attribute].line,
                    f"{draft.form.id} 的字段 {name} 的“{word}”绕回到它自己，请改写。",
                )

    def _check(self, draft: FormDraft, item: CheckDraft) -> Check | None:
        title = f"审核 {item.id} "
        rule = self.expression(draft.file, draft.form.id, item.rule, "bool", title)
        when = self.expression(draft.file, draft.form.id, item.when, "bool", title)
        lists = [
            (word, self.expression(draft.file, draft.form.id, text, "text", title))
            for word, text in item.lists
        ]
        if rule is None:
            return None
        values: dict[str, Any] = dict(item.values)
        told = tuple((word, found) for word, found in lists if found is not None)
        return Check(**values, rule=rule, when=when, lists=told)

    def indicator(self, draft: IndicatorDraft) -> Indicator:
        """Return the indicator with its terms read."""
        by = draft.indicator.by
        forms = [item.term.form for item in draft.numerator]
        if by and any(by not in self.forms[form].by_id for form in forms if form in self.forms):
            self.problems.add(
                Trouble.UNKNOWN_FIELD,
                draft.file,
                draft.marks["by"],
                f"指标 {draft.indicator.id} 的“分组”里没有字段“{by}”。",
            )
        money = all(
            item.term.aggregate == "sum"
            and item.value is not None
            and item.term.form in self.forms
            and is_money(self.forms[item.term.form].by_id, item.value.text)
            for item in draft.numerator
        )
        return replace(
            draft.indicator,
            numerator=tuple(self._term(draft, item) for item in draft.numerator),
            denominator=tuple(self._term(draft, item) for item in draft.denominator),
            money=money and bool(draft.numerator) and not draft.denominator,
        )

    def _term(self, draft: IndicatorDraft, item: TermDraft) -> Term:
        form = item.term.form
        if form not in self.forms:
            self.problems.add(
                Trouble.UNKNOWN_FORM,
                draft.file,
                item.line,
                f"指标 {draft.indicator.id} 用的表“{form}”不存在。",
            )
            return item.term
        title = f"指标 {draft.indicator.id} "
        wanted = "number" if item.term.aggregate == "sum" else ""
        return replace(
            item.term,
            value=self.expression(draft.file, form, item.value, wanted, title),
            where=self.expression(draft.file, form, item.where, "bool", title),
        )
