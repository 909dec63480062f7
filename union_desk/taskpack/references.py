"""Checking that everything the forms of a package point to is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.taskpack.field_types import Hints, Unreadable, parse
from union_desk.taskpack.problems import Problems, Trouble
from union_desk.taskpack.system import SYSTEM_FORMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from union_desk.taskpack.definition import CodeList, Field
    from union_desk.taskpack.drafts import FieldDraft, FormDraft

_KEY_HEAD = frozenset({"unit", "period"})
"""Head columns that a key of a form may use."""
_UNFIT_FOR_KEYS = frozenset({"longtext", "multi", "attach", "decimal"})
_UNIT_NOTE = SYSTEM_FORMS["unit_note"]
_COMPARABLE = {"int": "number", "decimal": "number", "money": "money", "date": "date"}


def check_form(
    draft: FormDraft,
    drafts: Mapping[str, FormDraft],
    lists: Mapping[str, CodeList],
    problems: Problems,
) -> None:
    """Note every reference of a form and its fields that leads nowhere."""
    for item in draft.fields.values():
        _check_field(draft, item, drafts, lists, problems)
    _check_keys(draft, problems)
    if draft.form.kind == "detail":
        _check_detail(draft, drafts, problems)
    _check_keeping(draft, problems)
    seen: set[str] = set()
    for check in draft.checks:
        place = check.values["field"]
        if place is not None and place not in draft.fields:
            problems.add(
                Trouble.UNKNOWN_FIELD,
                draft.file,
                check.field_line,
                f"审核 {check.id} 的“字段”{place} 不在 {draft.form.id} 里。",
            )
        if check.id in seen:
            problems.add(
                Trouble.DUPLICATE_ID, draft.file, check.line, f"审核编号 {check.id} 重复了。"
            )
        seen.add(check.id)
        until = check.values["hint_until"]
        if until is not None and until not in _UNIT_NOTE.by_id:
            problems.add(
                Trouble.UNKNOWN_FIELD,
                draft.file,
                check.line,
                f"审核 {check.id} 的“提醒至”{until} 不是单位附加信息的栏目。",
            )


def _check_keeping(draft: FormDraft, problems: Problems) -> None:
    """Note a begin of the years of keeping that is no date of the form, or years that lack."""
    form = draft.form
    if form.keep_from is None:
        return
    item = draft.fields.get(form.keep_from)
    told = ""
    if item is None:
        told = f"“保存自”{form.keep_from} 不在 {form.id} 里。"
    elif item.field.type != "date":
        told = f"“保存自”{form.keep_from} 不是日期字段。"
    elif not form.keep_years:
        told = f"{form.id} 写了“保存自”，还要写“保存期”（年数）。"
    if told:
        problems.add(Trouble.UNKNOWN_FIELD, draft.file, draft.place("keep_from"), told)


def _check_field(
    draft: FormDraft,
    item: FieldDraft,
    drafts: Mapping[str, FormDraft],
    lists: Mapping[str, CodeList],
    problems: Problems,
) -> None:
    field = item.field
    title = f"{draft.form.id} 的字段 {field.id}"

    def note(code: Trouble, attribute: str, message: str) -> None:
        problems.add(code, draft.file, item.place(attribute), message)

    if field.code_list and field.code_list not in lists:
        note(Trouble.UNKNOWN_LIST, "code_list", f"{title}用的代码表“{field.code_list}”不存在。")
    if field.form and field.form not in drafts:
        note(Trouble.UNKNOWN_FORM, "form", f"{title}关联的表“{field.form}”不存在。")
    elif field.form and not drafts[field.form].form.natural_keys:
        note(
            Trouble.MISSING_KEY,
            "form",
            f"{title}关联的表“{field.form}”没有“自然键”，别处无法指到它的行。",
        )
    codes = lists.get(field.code_list) if field.code_list else None
    if field.default and codes is None:
        typed = parse(field, field.default, Hints())
        if isinstance(typed, Unreadable):
            note(Trouble.DERIVED, "default", f"{title}的“默认”读不懂：{typed.message}。")
    if codes is not None:
        for attribute, values in (
            ("choices", field.choices),
            ("decided_codes", field.decided_codes),
            ("default", (field.default,) if field.default else ()),
        ):
            for code in values:
                if code not in codes.by_code:
                    note(
                        Trouble.UNKNOWN_CODE,
                        attribute,
                        f"{title}里的代码“{code}”不在代码表“{codes.id}”里。",
                    )
    _check_siblings(draft, item, title, note)


def _check_siblings(
    draft: FormDraft, item: FieldDraft, title: str, note: Callable[[Trouble, str, str], None]
) -> None:
    field = item.field
    for bound in field.bounds:
        if bound.other == "today":
            if field.type != "date":
                note(Trouble.NOT_APPLICABLE, "bounds", f"{title}不是日期，不能与“今天”比较。")
            continue
        other = draft.fields.get(bound.other)
        if other is None:
            note(Trouble.UNKNOWN_FIELD, "bounds", f"{title}的“界限”里没有字段“{bound.other}”。")
        elif _COMPARABLE.get(other.field.type) != _COMPARABLE.get(field.type):
            note(
                Trouble.EXPRESSION_KIND,
                "bounds",
                f"{title}与“{bound.other}”类型不同，不能比较大小。",
            )
    before = field.prefill_previous
    if before and before not in draft.fields:
        note(
            Trouble.UNKNOWN_FIELD, "prefill_previous", f"{title}的“上期预填”里没有字段“{before}”。"
        )
    elif before and draft.fields[before].field.type != field.type:
        note(
            Trouble.EXPRESSION_KIND, "prefill_previous", f"{title}与“{before}”类型不同，不能带出。"
        )


def _check_keys(draft: FormDraft, problems: Problems) -> None:
    form = draft.form
    keys: Iterable[tuple[str, str, tuple[str, ...]]] = (
        *(("duplicate_keys", "查重键", key) for key in form.duplicate_keys),
        *(("natural_keys", "自然键", key) for key in form.natural_keys),
        ("short_key", "简键", form.short_key),
        ("name_field", "名称字段", (form.name_field,) if form.name_field else ()),
    )
    for attribute, word, key in keys:
        for name in key:
            line = draft.place(attribute)
            if name in draft.fields:
                if draft.fields[name].field.type in _UNFIT_FOR_KEYS:
                    problems.add(
                        Trouble.NOT_APPLICABLE,
                        draft.file,
                        line,
                        f"{form.id} 的“{word}”不能用字段“{name}”：这种类型不能用来认行。",
                    )
            elif name not in _KEY_HEAD or attribute != "duplicate_keys":
                problems.add(
                    Trouble.UNKNOWN_FIELD,
                    draft.file,
                    line,
                    f"{form.id} 的“{word}”里没有字段“{name}”。",
                )


def _check_detail(draft: FormDraft, drafts: Mapping[str, FormDraft], problems: Problems) -> None:
    form = draft.form
    parent = drafts.get(form.detail_of or "")
    if form.detail_of and parent is None:
        problems.add(
            Trouble.UNKNOWN_FORM,
            draft.file,
            draft.place("detail_of"),
            f"明细 {form.id} 的上级表“{form.detail_of}”不存在。",
        )
    elif parent is not None and parent.form.kind == "detail":
        problems.add(
            Trouble.CYCLE,
            draft.file,
            draft.place("detail_of"),
            f"明细 {form.id} 的上级表“{form.detail_of}”本身是明细，明细不能再带明细。",
        )
    link = draft.fields.get(form.parent_field or "")
    if form.parent_field and (link is None or link.field.form != form.detail_of):
        problems.fields_broken = True
        problems.add(
            Trouble.UNKNOWN_FIELD,
            draft.file,
            draft.place("parent_field"),
            f"明细 {form.id} 的“上级字段”应是关联到“{form.detail_of}”的字段。",
        )


def cycles(edges: Mapping[str, Iterable[str]]) -> set[str]:
    """Return the names that can reach themselves along the edges."""
    return {name for name in edges if name in _reached(edges, name)}


def _reached(edges: Mapping[str, Iterable[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(edges[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(edges.get(name, ()))
    return seen


def is_money(fields: Mapping[str, Field], text: str) -> bool:
    """Return whether an expression's text is nothing but a money field."""
    found = fields.get(text.strip())
    return found is not None and found.type == "money"
