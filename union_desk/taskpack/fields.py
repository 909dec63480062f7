"""Reading one field of a form from its package file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from union_desk.taskpack.definition import Bound, Field
from union_desk.taskpack.drafts import FieldDraft
from union_desk.taskpack.identity_numbers import CHECK_DIGITS
from union_desk.taskpack.problems import Trouble
from union_desk.taskpack.vocabulary import FIELD_TYPES, LEVELS

if TYPE_CHECKING:
    from union_desk.taskpack.document import Scalar
    from union_desk.taskpack.reading import Part

_EXPRESSIONS = {
    "必填条件": "required_when",
    "显示条件": "visible_when",
    "计算": "computed",
    "预填": "prefill",
}
_TEXTS = frozenset({"text", "longtext"})
_NUMBERS = frozenset({"int", "decimal", "money"})
_CODED = frozenset({"choice", "multi"})
_ONLY = {
    "长度": _TEXTS,
    "格式": frozenset({"text"}),
    "格式说明": frozenset({"text"}),
    "校验": frozenset({"text"}),
    "范围": _NUMBERS,
    "大于": _NUMBERS,
    "界限": _NUMBERS | {"date"},
    "代码表": _CODED,
    "可选值": frozenset({"choice", "int"}),
    "关联表": frozenset({"ref"}),
    "文件类型": frozenset({"attach"}),
    "文件上限": frozenset({"attach"}),
    "上级确定代码": frozenset({"choice"}),
}
"""Keys that mean something only for some types of field."""

_MARKED = {
    "代码表": "code_list", "关联表": "form", "默认": "default", "可选值": "choices",
    "界限": "bounds", "上期预填": "prefill_previous", "上级确定代码": "decided_codes",
    "类型": "type",
}  # fmt: skip
_CHECK_DIGITS = {scheme: scheme for scheme in CHECK_DIGITS}
_OF_UNITS = {name: name for name in ("code", "name", "parent", "division", "category")}
"""Columns of the unit directory that a field may take over."""
_NUMBER = r"-?\d{1,12}(?:\.\d{1,6})?"


def read_field(part: Part, name: Scalar) -> FieldDraft:
    """Return the field `name` with its expressions still as text."""
    kind = part.word("类型", FIELD_TYPES, "", required=True, code=Trouble.UNKNOWN_TYPE)
    if kind:
        _refuse_strangers(part, kind)
    low, high = _limits(part, "范围")
    shortest, longest = _limits(part, "长度")
    item = Field(
        id=name.text,
        label=part.text("名称", name.text, required=True),
        type=kind or "text",
        required=part.flag("必填"),
        prefill_previous=part.text("上期预填") or None,
        prefill_unit=part.word("单位预填", _OF_UNITS) or None,
        default=part.text("默认") or None,
        code_list=part.text("代码表", required=kind in _CODED) or None,
        form=part.text("关联表", required=kind == "ref") or None,
        measure=part.text("计量单位"),
        sensitivity=_sensitivity(part),
        min_length=None if shortest is None else int(shortest),
        max_length=None if longest is None else int(longest),
        minimum=low,
        maximum=high,
        above=_number(part, "大于"),
        bounds=_bounds(part),
        choices=part.texts("可选值"),
        pattern=_pattern(part),
        pattern_help=part.text("格式说明", required=part.has("格式")),
        check_digit=part.word("校验", _CHECK_DIGITS) or None,
        file_types=tuple(word.lower() for word in part.texts("文件类型")),
        max_bytes=_bytes(part),
        help=part.text("说明"),
        decided_by=part.word("上级确定", LEVELS) or None,
        decided_codes=part.texts("上级确定代码"),
        proposed=part.flag("可先填报"),
        travels=part.flag("随报", default=True),
        pen=part.flag("手填"),
        masked=part.flag("遮盖"),
    )
    draft = FieldDraft(item, name.line)
    for key, attribute in _EXPRESSIONS.items():
        text = part.marked(key)
        if text is not None:
            draft.expressions[attribute] = text
    draft.marks.update(part.lines(_MARKED))
    _refuse_contradictions(part, item, draft)
    part.close()
    return draft


def _refuse_strangers(part: Part, kind: str) -> None:
    words = {value: word for word, value in FIELD_TYPES.items()}
    for key, kinds in _ONLY.items():
        if part.has(key) and kind not in kinds:
            part.asked.add(key)
            names = "、".join(word for value, word in words.items() if value in kinds)
            line = next(name.line for name, _ in part.node.pairs if name.text == key)
            part.add(
                Trouble.NOT_APPLICABLE,
                line,
                f"{part.title}是“{words[kind]}”，不能写“{key}”（只用于{names}）。",
            )


def _refuse_contradictions(part: Part, item: Field, draft: FieldDraft) -> None:
    if item.required and "required_when" in draft.expressions:
        part.add(
            Trouble.NOT_APPLICABLE,
            draft.expressions["required_when"].line,
            f"{part.title}已写“必填: 是”，不要再写“必填条件”。",
        )
    if (item.decided_codes or item.proposed) and item.decided_by is None:
        part.add(
            Trouble.MISSING_KEY,
            draft.line,
            f"{part.title}写了由上级确定的细节，还缺“上级确定”是哪一级。",
        )


def _sensitivity(part: Part) -> int:
    return int(part.word("密级", {"0": "0", "1": "1", "2": "2"}, default="0"))


def _limits(part: Part, key: str) -> tuple[float | None, float | None]:
    """Return both ends of ``a..b``, ``a..`` or ``..b``; they may be open."""
    node = part.marked(key)
    if node is None:
        return None, None
    match = re.fullmatch(rf"({_NUMBER})?\s*\.\.\s*({_NUMBER})?", node.text.strip())
    if match is None or not (match[1] or match[2]):
        part.add(
            Trouble.WRONG_TYPE,
            node.line,
            f"{part.title}的“{key}”应写成“最小..最大”，如 0..100、1..、..20，不是“{node.text}”。",
        )
        return None, None
    low = float(match[1]) if match[1] else None
    high = float(match[2]) if match[2] else None
    if low is not None and high is not None and low > high:
        part.add(Trouble.RANGE, node.line, f"{part.title}的“{key}”最小值大于最大值，请对调。")
    return low, high


def _number(part: Part, key: str) -> float | None:
    node = part.marked(key)
    if node is None:
        return None
    if not re.fullmatch(_NUMBER, node.text.strip()):
        part.add(
            Trouble.WRONG_TYPE, node.line, f"{part.title}的“{key}”应是数字，不是“{node.text}”。"
        )
        return None
    return float(node.text)


def _bounds(part: Part) -> tuple[Bound, ...]:
    found = []
    for node in part.scalars("界限"):
        match = re.fullmatch(r"(<=|<|>=|>)\s*(\w+)", node.text.strip())
        if match:
            found.append(Bound(match[1], "today" if match[2] == "今天" else match[2]))
        else:
            part.add(
                Trouble.WRONG_TYPE,
                node.line,
                f"{part.title}的“界限”应写成“<= 今天”或“>= 另一字段”，不是“{node.text}”。",
            )
    return tuple(found)


def _pattern(part: Part) -> str | None:
    node = part.marked("格式")
    if node is None:
        return None
    try:
        re.compile(node.text)
    except re.error:
        part.add(Trouble.WRONG_TYPE, node.line, f"{part.title}的“格式”不是正确的匹配式。")
        return None
    return node.text


def _bytes(part: Part) -> int | None:
    node = part.marked("文件上限")
    if node is None:
        return None
    match = re.fullmatch(r"(\d{1,3})\s*MB", node.text.strip())
    if match is None:
        part.add(
            Trouble.WRONG_TYPE,
            node.line,
            f"{part.title}的“文件上限”应写成“5MB”这样，不是“{node.text}”。",
        )
        return None
    return int(match[1]) * 1024 * 1024
