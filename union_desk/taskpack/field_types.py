"""The field types: one entry each, from what is typed to what is kept, shown and filed.

Reading never guesses: what cannot be read comes back as `Unreadable` with the sentence to
show. ``parse(field, plain(field, value), hints) == value`` for every well-formed value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from union_desk.taskpack import choices, dates, figures, money, typed_text
from union_desk.taskpack import identity_numbers as numbers
from union_desk.taskpack.typed_text import Hints, NotReadableError, Unreadable

if TYPE_CHECKING:
    from union_desk.taskpack.definition import Field, TaskPack
    from union_desk.taskpack.record import Value

__all__ = [
    "COVERED", "FIELD_TYPES", "HIDDEN", "SENSITIVE", "FieldType", "Hints", "Unreadable", "columns",
    "format_value", "is_masked", "mask", "parse", "parse_cell", "plain", "remark",
]  # fmt: skip

SENSITIVE = 2
"""Grade of fields that are masked and whose showing is noted."""
HIDDEN = "已隐藏"
"""What stands for a masked value that shows nothing of itself."""
COVERED = "这一格是遮盖过的，看不出原来的内容，请填完整，或删去这一列"
"""Says of a masked value that it can be read by nobody."""

Reader = Callable[["Field", str, Hints], "Value"]
Writer = Callable[["Field", "Value", "TaskPack | None"], str]
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LONGEST_FOR_PATTERN = 200
_LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class FieldType:
    """What every part of the program must know about a type of field."""

    id: str
    title: str
    sql: Literal["TEXT", "INTEGER", "REAL"]
    excel: Literal["text", "number", "date"]
    aggregate: Literal["sum"] | None
    expression: Literal["number", "text", "date", "bool", "ref", "multi"]
    parse: Reader
    format: Writer


def parse(item: Field, text: str, hints: Hints) -> Value | Unreadable:
    """Return the value to store for what was typed, None for nothing, or why it cannot be read."""
    if len(text) > _LONGEST:
        return Unreadable(text, f"内容超过 {_LONGEST} 个字，放不下")
    if is_masked(item, text):
        return Unreadable(text, COVERED)
    try:
        if not typed_text.is_simple(text):
            typed_text.refuse_hidden(text)
            if not text.strip().strip(typed_text.INVISIBLE + " \u3000"):
                return None
        value = FIELD_TYPES[item.type].parse(item, text, hints)
    except NotReadableError as error:
        return Unreadable(text, str(error))
    return None if value == "" else value


def parse_cell(item: Field, cell: Value, hints: Hints) -> Value | Unreadable:
    """Return `parse` of a cell of a sheet, which may hold a number instead of text.

    A number of 16 digits or more where text is asked for has lost its last digits in the
    spreadsheet program: it is refused, not read.
    """
    if cell is None or isinstance(cell, str):
        return parse(item, cell or "", hints)
    wanted = FIELD_TYPES[item.type]
    if not isfinite(cell):
        return Unreadable(str(cell), "不是数字，请核对")
    whole = cell == int(cell)
    if wanted.excel == "text" and abs(cell) >= 10**15:
        message = "表格程序已把末几位变成 0，请把该列设为文本，从原件重填"
        return Unreadable(str(cell), message)
    if item.type == "date":
        return Unreadable(str(cell), "这一格是数字，不是日期，请写成 2012-08-27 这样的日期")
    if item.type == "money" and not whole:
        return parse(item, str(round(Decimal(repr(cell)), 6).normalize()), hints)
    return parse(item, str(int(cell)) if whole else figures.plain_decimal(float(cell)), hints)


def format_value(item: Field, value: Value, pack: TaskPack | None, *, masked: bool = False) -> str:
    """Return a value for people: labels, ``1,200.00``, ``是``; None is empty.

    With `masked`, ID numbers and telephone numbers show only their ends, other sensitive values
    nothing.
    """
    if value is None:
        return ""
    if masked and item.type in {"person_id", "phone"}:
        return mask(str(value))
    if masked and item.sensitivity >= SENSITIVE:
        return HIDDEN
    return FIELD_TYPES[item.type].format(item, value, pack)


def mask(text: str) -> str:
    """Return an ID number as ``511197********3126``, a phone number as ``139****2000``."""
    if len(text) == 18:
        return f"{text[:6]}********{text[14:]}"
    if len(text) <= 4:
        return "*" * len(text)
    shown = max(len(text) - 8, 0) if len(text) != 11 else 3
    return text[:shown] + "*" * (len(text) - shown - 4) + text[-4:]


def is_masked(item: Field, text: Value) -> bool:
    """Return whether `text` is what a file or page shows in the place of a sensitive value."""
    if item.sensitivity < SENSITIVE or not isinstance(text, str):
        return False
    return text.strip() == HIDDEN or (item.type in {"person_id", "phone"} and "*" in text)


def plain(item: Field, value: Value) -> str:
    """Return a value as files hold it: exactly what `parse` reads back."""
    if value is None:
        return ""
    if item.type == "money":
        return money.plain_money(int(value))
    if item.type == "decimal":
        return figures.plain_decimal(float(value))
    return str(value)


def columns(item: Field) -> tuple[str, ...]:
    """Return the keys that hold a field in a record: three for a reference."""
    if item.type == "ref":
        return (item.id, f"{item.id}__key", f"{item.id}__label")
    return (item.id,)


def remark(item: Field, value: Value) -> str:
    """Return a remark worth showing beside a well-formed value, or the empty string."""
    if item.type not in {"person_id", "uscc"} or not isinstance(value, str) or len(value) != 18:
        return ""
    region = value[2:8] if item.type == "uscc" else value[:6]
    return "" if numbers.region_is_known(region) else f"地区码 {region} 不在区划代码表里，请核对"


def _read_text(item: Field, text: str) -> str:
    if not item.pattern and not item.check_digit:
        return typed_text.line(text)
    typed = typed_text.code(text)
    if item.pattern:
        fits = len(typed) <= _LONGEST_FOR_PATTERN and re.fullmatch(item.pattern, typed)
        if not fits:
            raise NotReadableError(f"应为{item.pattern_help or '规定的格式'}，请核对")
    if item.check_digit and not numbers.check_digit_holds(item.check_digit, typed):
        raise NotReadableError("校验位不对，请核对原件")
    return typed


def _read_codes(item: Field, text: str, hints: Hints) -> str:
    codes = hints.pack.codes(item) if hints.pack else None
    if codes is None:
        return typed_text.code(text)
    read = choices.read_multi if item.type == "multi" else choices.read_choice
    return read(text, codes)


def _read_attach(text: str) -> str:
    digests = [part.strip() for part in typed_text.code(text).lower().split(";") if part.strip()]
    if not all(_DIGEST.fullmatch(digest) for digest in digests):
        raise NotReadableError("附件要在表单里添加，这里只能是附件的摘要")
    return ";".join(dict.fromkeys(digests))


def _show_number(item: Field, value: Value) -> str:
    if not isinstance(value, int | float):
        return str(value)
    return figures.plain_decimal(value) if item.measure == figures.YEAR else figures.grouped(value)


def _show_codes(item: Field, value: Value, pack: TaskPack | None) -> str:
    codes = pack.codes(item) if pack else None
    chosen = str(value).split(";") if item.type == "multi" else [str(value)]
    return "；".join(codes.label(code) if codes else code for code in chosen)


def _text(id_: str, title: str, parse_: Reader) -> FieldType:
    """Return a type that is kept, filed and shown as the same text."""
    return FieldType(
        id_, title, "TEXT", "text", None, "text", parse_, lambda _, value, __: str(value)
    )


_TYPES = (
    _text("text", "文本", lambda item, text, _: _read_text(item, text)),
    _text("longtext", "长文本", lambda _, text, __: typed_text.prose(text)),
    FieldType(
        "int", "整数", "INTEGER", "number", "sum", "number",
        lambda item, text, _: figures.read_integer(text, item.measure),
        lambda item, value, _: _show_number(item, value),
    ),
    FieldType(
        "decimal", "小数", "REAL", "number", "sum", "number",
        lambda item, text, _: figures.read_decimal(text, item.measure),
        lambda item, value, _: _show_number(item, value),
    ),
    FieldType(
        "money", "金额", "INTEGER", "number", "sum", "number",
        lambda item, text, _: money.read_money(text, item.measure),
        lambda _, value, __: money.grouped_money(int(value or 0)),
    ),
    FieldType(
        "date", "日期", "TEXT", "date", None, "date",
        lambda _, text, hints: dates.read_date(text, hints), lambda _, value, __: str(value),
    ),
    FieldType("choice", "单选", "TEXT", "text", None, "text", _read_codes, _show_codes),
    FieldType("multi", "多选", "TEXT", "text", None, "multi", _read_codes, _show_codes),
    FieldType(
        "bool", "是否", "INTEGER", "text", None, "bool",
        lambda _, text, __: choices.read_bool(text), lambda _, value, __: "是" if value else "否",
    ),
    _text(
        "person_id", "身份证号", lambda _, text, hints: numbers.read_person_id(text, hints.today)
    ),
    _text("uscc", "信用代码", lambda _, text, __: numbers.read_credit_code(text)),
    _text("phone", "电话", lambda _, text, __: numbers.read_phone(text)),
    FieldType(
        "ref", "关联", "TEXT", "text", None, "ref",
        lambda _, text, __: typed_text.line(text), lambda _, value, __: str(value),
    ),
    FieldType(
        "attach", "附件", "TEXT", "text", None, "multi", lambda _, text, __: _read_attach(text),
        lambda _, value, __: f"{str(value).count(';') + 1} 个附件",
    ),
)  # fmt: skip
FIELD_TYPES: Mapping[str, FieldType] = MappingProxyType({item.id: item for item in _TYPES})
"""The field types by id."""
