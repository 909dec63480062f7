"""What changed between two versions of a task package, in Chinese sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from union_desk.taskpack.vocabulary import (
    AGGREGATES,
    CARRIES,
    DUTIES,
    FIELD_TYPES,
    FILINGS,
    FORM_KINDS,
    LEVELS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from union_desk.taskpack.definition import Field, Form, TaskPack

_PACK = {
    "version": "版本", "title": "名称", "year": "年度", "year_from": "年度第一天",
    "year_to": "年度最后一天", "document": "文号", "issuer": "制定机关",
    "active_days": "最少活动天数", "second_sign_in": "第二人登录",
}  # fmt: skip
_FORM = {
    "title": "名称", "area": "领域", "kind": "类别", "writers": "填报级", "filing": "周期",
    "duplicate_keys": "查重键", "natural_keys": "自然键", "short_key": "简键",
    "name_field": "名称字段", "detail_of": "上级表", "broadcast": "下发", "carry": "结转",
    "help": "说明", "keep_years": "保存期", "keep_from": "保存自",
}  # fmt: skip
_FIELD = {
    "label": "名称", "type": "类型", "required": "必填", "required_when": "必填条件",
    "visible_when": "显示条件", "computed": "计算", "prefill": "预填",
    "prefill_previous": "上期预填", "prefill_unit": "单位预填", "default": "默认",
    "code_list": "代码表", "form": "关联表", "measure": "计量单位", "sensitivity": "密级",
    "min_length": "最短长度", "max_length": "最长长度", "minimum": "最小值", "maximum": "最大值",
    "above": "大于", "bounds": "界限", "choices": "可选值", "pattern": "格式",
    "pattern_help": "格式说明", "check_digit": "校验", "file_types": "文件类型",
    "max_bytes": "文件上限", "help": "说明", "decided_by": "上级确定",
    "decided_codes": "上级确定代码", "proposed": "可先填报", "travels": "随报",
    "pen": "手填", "masked": "遮盖",
}  # fmt: skip
_CHECK = {
    "level": "级别", "message": "提示", "rule": "要求", "when": "前提", "field": "字段",
    "checked_at": "审核级", "hint_until": "提醒至", "reasons": "理由", "lists": "列名",
}  # fmt: skip
_INDICATOR = {
    "title": "名称", "measure": "计量单位", "area": "领域", "numerator": "分子",
    "denominator": "分母", "scale": "倍数", "by": "分组", "basis": "口径", "roll_up": "汇总",
    "target": "目标", "base": "分解基数", "source": "依据",
}  # fmt: skip
_REPORT = {
    "title": "名称", "layout": "版式", "levels": "级别", "forms": "用表", "columns": "栏目",
    "landscape": "横排", "block": "签章", "content": "内容", "record_form": "单条表",
    "record_block": "单条签章", "heading": "印出标题", "record_heading": "单条标题",
    "needs_record": "须指明一条", "table_code": "表号",
}  # fmt: skip
_PARAMETER = {"label": "名称", "default": "值", "type": "类型"}
_UNIT = {
    "name": "名称", "parent": "上级", "level": "级别", "division": "区划", "short": "简称",
}  # fmt: skip
_ITEM = {"label": "名称", "attributes": "属性"}
_WORDS = {
    word_id: word
    for words in (FIELD_TYPES, LEVELS, FORM_KINDS, FILINGS, DUTIES, AGGREGATES, CARRIES)
    for word, word_id in words.items()
} | {"error": "错误", "warning": "警告"}
_WORDED = frozenset({
    "type", "kind", "level", "levels", "writers", "filing", "checked_at", "decided_by", "aggregate",
    "carry",
})  # fmt: skip
"""Attributes whose values are ids of words of the package files."""
_LONGEST = 60


def diff(old: TaskPack, new: TaskPack) -> list[str]:
    """Return what is added, gone and changed, one sentence each; empty when nothing is."""
    found: list[str] = []
    if old.id != new.id:
        found.append(f"编号不同：“{old.id}”与“{new.id}”是两个任务包。")
    found += _changes("任务包", old, new, _PACK)
    found += _due(old, new)
    found += _collection("参数", old.parameters, new.parameters, _PARAMETER)
    for title, ours, theirs in _pairs("代码表", old.code_lists, new.code_lists, found):
        found += _collection(f"{title}的代码", ours.by_code, theirs.by_code, _ITEM)
    for title, form, other in _pairs("表", old.forms, new.forms, found):
        found += _form(title, form, other)
    for title, indicator, after in _pairs("指标", old.indicators, new.indicators, found):
        found += _changes(title, indicator, after, _INDICATOR)
    for title, report, newer in _pairs("报表", old.reports, new.reports, found):
        found += _changes(title, report, newer, _REPORT)
        if report.body != newer.body:
            found.append(f"{title}印出的内容（表块、公文、对照或单条版面）变了。")
    units = [{unit.code: unit for unit in pack.units} for pack in (old, new)]
    found += _collection("单位", units[0], units[1], _UNIT)
    found += _duties(old, new)
    return found


def _pairs(
    title: str, old: Mapping[str, Any], new: Mapping[str, Any], found: list[str]
) -> Iterable[tuple[str, Any, Any]]:
    """Yield what both have; note what only one has."""
    found += [f"{title} {name}（{_name(new[name])}）是新增的。" for name in new if name not in old]
    found += [f"{title} {name}（{_name(old[name])}）不再有。" for name in old if name not in new]
    for name in new:
        if name in old:
            yield f"{title} {name}", old[name], new[name]


def _collection(
    title: str, old: Mapping[str, Any], new: Mapping[str, Any], names: Mapping[str, str]
) -> list[str]:
    found: list[str] = []
    for place, before, after in _pairs(title, old, new, found):
        found += _changes(place, before, after, names)
    return found


def _form(title: str, old: Form, new: Form) -> list[str]:
    found = _changes(title, old, new, _FORM)
    place = f"{title}的字段"
    old_fields: Mapping[str, Field] = old.by_id
    for name, before, after in _pairs(place, old_fields, new.by_id, found):
        found += _changes(name, before, after, _FIELD)
    if [(item.title, item.fields) for item in old.sections] != [
        (item.title, item.fields) for item in new.sections
    ]:
        found.append(f"{title}的分节或字段顺序变了。")
    checks = [{check.id: check for check in form.checks} for form in (old, new)]
    return found + _collection(f"{title}的审核", checks[0], checks[1], _CHECK)


def _changes(place: str, old: object, new: object, names: Mapping[str, str]) -> list[str]:
    found = []
    for attribute, word in names.items():
        before, after = (_plain(getattr(item, attribute), attribute) for item in (old, new))
        if before != after:
            found.append(f"{place}的“{word}”由{_quote(before)}改为{_quote(after)}。")
    return found


def _due(old: TaskPack, new: TaskPack) -> list[str]:
    words = {"month": "月报", "quarter": "季报", "year": "年报"}
    return [
        f"{words[kind]}的限期由期末后第 {old.due_days[kind]} 天改为第 {new.due_days[kind]} 天。"
        for kind in words
        if old.due_days[kind] != new.due_days[kind]
    ]


def _duties(old: TaskPack, new: TaskPack) -> list[str]:
    titles = {kind.id: kind.title for kind in (*old.unit_kinds, *new.unit_kinds)}
    found = []
    for key in sorted(old.duties.keys() & new.duties.keys()):
        before, after = old.duties[key], new.duties[key]
        if before != after:
            form, kind = key
            found.append(f"表 {form} 对{titles[kind]}由“{_WORDS[before]}”改为“{_WORDS[after]}”。")
    return found


def _name(item: object) -> str:
    for attribute in ("title", "label", "name", "message"):
        text = getattr(item, attribute, "")
        if text:
            return str(text)
    return ""


def _plain(value: object, attribute: str = "") -> str:
    """Return a value as people read it: expressions as their text, ids of words as words."""
    text = getattr(value, "text", value)
    if text is None or isinstance(text, bool | int | float | str):
        word = _word(text)
        return _WORDS.get(word, word) if attribute in _WORDED else word
    if isinstance(value, tuple):
        return "、".join(_plain(item, attribute) for item in value)
    if isinstance(value, Mapping):
        return "、".join(f"{name}={_plain(item)}" for name, item in value.items())
    if is_dataclass(value):
        parts = (_plain(getattr(value, item.name), item.name) for item in fields(value))
        return " ".join(part for part in parts if part)
    return str(value)


def _word(value: bool | float | str | None) -> str:  # noqa: FBT001 - a value, not a switch
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value)


def _quote(text: str) -> str:
    if not text:
        return "空"
    return f"“{text}”" if len(text) <= _LONGEST else f"“{text[:_LONGEST]}…”"
