"""Reading the forms of a work area, with their sections and checks, from its file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from union_desk.taskpack import names
from union_desk.taskpack.definition import Form, Section
from union_desk.taskpack.drafts import CheckDraft, FieldDraft, FormDraft
from union_desk.taskpack.fields import read_field
from union_desk.taskpack.problems import Trouble
from union_desk.taskpack.system import SYSTEM_FORMS
from union_desk.taskpack.vocabulary import CARRIES, CHECK_LEVELS, FILINGS, FORM_KINDS, LEVELS

if TYPE_CHECKING:
    from union_desk.taskpack.document import Scalar
    from union_desk.taskpack.reading import Part

_MARKED = {
    "上级表": "detail_of", "上级字段": "parent_field", "查重键": "duplicate_keys",
    "自然键": "natural_keys", "简键": "short_key", "名称字段": "name_field", "序号": "number",
    "保存自": "keep_from",
}  # fmt: skip
_OF_DETAILS = ("上级表", "上级字段")
_NOT_OF_DETAILS = ("填报级", "周期", "序号", "自然键", "简键", "下发", "结转", "保存期", "保存自")


def read_area(part: Part, area: str, *, default_reasons: tuple[str, ...]) -> list[FormDraft]:
    """Return the forms of the file of a work area."""
    written = part.marked("领域", required=True)
    if written is not None and written.text != area:
        part.add(
            Trouble.UNKNOWN_WORD,
            written.line,
            f"这个文件在 taskpack.yaml 里登记为领域“{area}”，这里写的是“{written.text}”。",
        )
    forms = []
    for name, inner in part.named("表", "表", required=True):
        names.form_id(inner, name.text, name.line, frozenset(SYSTEM_FORMS))
        forms.append(_form(inner, name, area, default_reasons))
    part.close()
    return forms


def _form(part: Part, name: Scalar, area: str, default_reasons: tuple[str, ...]) -> FormDraft:
    kind = part.word("类别", FORM_KINDS, "ledger", required=True)
    detail = kind == "detail"
    for key in _NOT_OF_DETAILS if detail else _OF_DETAILS:
        if part.has(key):
            part.asked.add(key)
            line = next(key_.line for key_, _ in part.node.pairs if key_.text == key)
            part.add(
                Trouble.NOT_APPLICABLE,
                line,
                f"{part.title}是{'明细' if detail else '报表或台账'}，不写“{key}”。",
            )
    sections, fields = _sections(part, detail=detail)
    form = Form(
        id=name.text,
        title=part.text("名称", name.text, required=True),
        area=area,
        kind=kind,
        fields=tuple(draft.field for draft in fields.values()),
        sections=sections,
        writers=() if detail else part.words("填报级", LEVELS, required=True),
        filing="" if detail else part.word("周期", FILINGS, "month", required=True),
        duplicate_keys=keys(part, "查重键"),
        natural_keys=() if detail else keys(part, "自然键"),
        short_key=() if detail else tuple(_split(part.text("简键"))),
        name_field=part.text("名称字段", required=kind != "sheet"),
        detail_of=part.text("上级表", required=True) if detail else None,
        parent_field=part.text("上级字段", required=True) if detail else None,
        help=part.text("说明"),
        number=0 if detail else part.integer("序号", required=True),
        broadcast=False if detail else part.flag("下发"),
        keep_years=0 if detail else _years(part),
        keep_from=None if detail else part.text("保存自") or None,
        carry="" if detail else part.word("结转", CARRIES, ""),
    )
    draft = FormDraft(form, part.file, name.line, fields, [])
    draft.marks.update(part.lines(_MARKED))
    draft.checks += _checks(part, name.text, "审核", "row", default_reasons)
    draft.checks += _checks(part, name.text, "表间审核", "cross", default_reasons)
    part.close()
    return draft


def _years(part: Part) -> int:
    """Return the years of 保存期, 0 where nothing is said."""
    node = part.marked("保存期")
    if node is None:
        return 0
    years = int(node.text) if re.fullmatch(r"[1-9]\d?", node.text.strip()) else 0
    if not years:
        part.add(
            Trouble.WRONG_TYPE,
            node.line,
            f"{part.title}的“保存期”应是 1 到 99 的整数（年），不是“{node.text}”。",
        )
    return years


def keys(part: Part, key: str) -> tuple[tuple[str, ...], ...]:
    """Return the alternatives of a key, each ``a + b`` being the parts of one."""
    return tuple(tuple(_split(text)) for text in part.texts(key))


def _split(text: str) -> list[str]:
    return [piece.strip() for piece in text.split("+") if piece.strip()]


def _sections(part: Part, *, detail: bool) -> tuple[tuple[Section, ...], dict[str, FieldDraft]]:
    sections = []
    fields: dict[str, FieldDraft] = {}
    for inner in part.parts("分节", "分节", required=True):
        found = []
        for name, item in inner.named("字段", f"{part.title}的字段", required=True):
            names.field_id(item, name.text, name.line, detail=detail)
            if name.text in fields:
                item.add(
                    Trouble.DUPLICATE_ID,
                    name.line,
                    f"{part.title}的字段“{name.text}”第 {fields[name.text].line} 行已有，"
                    "一个字段只能在一节里出现一次。",
                )
                continue
            fields[name.text] = read_field(item, name)
            found.append(name.text)
        if not found:
            inner.add(
                Trouble.SECTION, inner.line, f"{inner.title}没有字段，请删去这一节或补上字段。"
            )
        sections.append(
            Section(inner.text("名称", required=True), tuple(found), inner.text("说明"))
        )
        inner.close()
    return tuple(sections), fields


def _checks(
    part: Part, form: str, key: str, kind: str, default_reasons: tuple[str, ...]
) -> list[CheckDraft]:
    found = []
    for name, inner in part.named(key, "审核"):
        names.mark(inner, name.text, name.line, "审核")
        level = inner.word("级别", CHECK_LEVELS, "error", required=True)
        reasons = inner.texts("理由")
        place = inner.marked("字段")
        values: dict[str, object] = {
            "id": name.text,
            "form": form,
            "level": level,
            "message": inner.text("提示", required=True),
            "kind": kind,
            "field": place.text.strip() if place else None,
            "checked_at": inner.word("审核级", LEVELS) or None,
            "hint_until": inner.text("提醒至") or None,
            "reasons": reasons or (default_reasons if level == "warning" else ()),
        }
        found.append(
            CheckDraft(
                name.text,
                name.line,
                values,
                inner.marked("要求", required=True),
                inner.marked("前提"),
                tuple(inner.entries("列名")),
                place.line if place else name.line,
            )
        )
        inner.close()
    return found
