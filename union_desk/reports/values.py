"""Stored values as they stand on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.reports import checkcode, fonts
from union_desk.taskpack.field_types import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from union_desk.taskpack.definition import Field, Form, TaskPack
    from union_desk.taskpack.record import Record, Value

AWAITED = "待补"
_NUMBERS = frozenset({"person_id", "phone"})
"""What masks; a sensitive word prints where a definition names its field."""
NOT_SUMMED = frozenset({"", "年", "岁", "%", "月", "日", "天", "届", "号"})


def shown(item: Field, values: Mapping[str, Value], pack: TaskPack, *, masked: bool) -> str:
    """Return a value for a cell; `masked` hides the middle of ID and telephone numbers."""
    value = stored(item, values)
    if value is None:
        return ""
    if item.type == "ref":
        return str(value)
    if item.type == "int" and item.measure == "年":
        return str(value)
    return format_value(item, value, pack, masked=masked and item.type in _NUMBERS)


def stored(item: Field, values: Mapping[str, Value]) -> Value:
    """Return the stored value behind a printed one: of a reference its display name."""
    if item.type == "ref":
        return values.get(f"{item.id}__label") or values.get(f"{item.id}__key")
    return values.get(item.id)


def spoken_date(iso: str) -> str:
    """Return an ISO date as letters and sheets write it: 2012年8月5日."""
    year, month, day = iso.split("-")
    return f"{int(year)}年{int(month)}月{int(day)}日"


def label(item: Field) -> str:
    """Return the field's label with its measure: 期末职工人数（人）."""
    text = item.label.replace("(", "（").replace(")", "）")
    return f"{text}（{item.measure}）" if item.measure else text


def summed(item: Field) -> bool:
    """Return whether a column of the field has a meaningful total: amounts and numbers of things.

    A yearly or monthly income, an age or a year has none.
    """
    if item.type not in {"int", "money"} or "/" in item.measure:
        return False
    return item.type == "money" or item.measure not in NOT_SUMMED


def reason_fields(form: Form, item: Field) -> tuple[Field, ...]:
    """Return the optional choices on which the duty to give a number hangs: 证件号暂缺(原因)."""
    if item.type != "person_id" or item.required_when is None:
        return ()
    return tuple(
        other
        for name in sorted(item.required_when.fields)
        if (other := form.by_id.get(name)) and other.type == "choice" and not other.required
    )


def awaited(form: Form, item: Field, values: Mapping[str, Value]) -> bool:
    """Return whether an ID number is still to come: a reason stands in its place."""
    return values.get(item.id) is None and any(
        values.get(other.id) is not None for other in reason_fields(form, item)
    )


def cells(form: Form, record: Record, fields: tuple[Field, ...]) -> Iterator[str]:
    """Yield the digest lines of one record's printed fields."""
    del form
    for item in fields:
        value = stored(item, record.values)
        if value is not None:
            yield checkcode.cell(record.uid, item.id, value)


def clean(text: str) -> str:
    """Return a text on one line: line breaks become blanks."""
    return fonts.clean(text.replace("\n", " "))
