"""The tables of a packet: their columns, and how a stored value stands in a cell.

Columns follow from the task package alone, so that writer and reader of one package version
agree without a word in the packet; ``datapackage.json`` repeats them for stock tools.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from union_desk.errors import BundleError
from union_desk.taskpack import field_types
from union_desk.taskpack.system import SYSTEM_FORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.taskpack.definition import Field, Form, TaskPack

Value = int | float | str | None
Reader = Callable[[str], Value]

ATTACHMENT = "attachment"
DELETED = "deleted"
REASONS = ("void", "erase")
LARGEST = 2**53 - 1
FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f\x80-\x9f\ud800-\udfff\ufeff\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]"
)
"""Control characters but LF, lone surrogates, U+FEFF, marks that turn the direction of text."""
UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

_INTEGER = re.compile(r"0|-?[1-9]\d{0,15}")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name and its type in the words of the Data Package standard."""

    name: str
    type: str = "string"
    required: bool = False


_ROW_HEAD = (
    Column("uid", required=True),
    Column("unit", required=True),
    Column("period", required=True),
    Column("rev", "integer", required=True),
    Column("package", required=True),
    Column("created_by"),
    Column("created_at", "datetime", required=True),
    Column("updated_at", "datetime", required=True),
)
_DETAIL_HEAD = (
    Column("uid", required=True),
    Column("parent", required=True),
    Column("position", "integer", required=True),
)
_ATTACHMENT = (
    Column("uid", required=True),
    Column("form", required=True),
    Column("record", required=True),
    Column("field", required=True),
    Column("sha256", required=True),
    Column("name", required=True),
    Column("bytes", "integer", required=True),
    Column("type", required=True),
)
_DELETED = (
    Column("form", required=True),
    Column("uid", required=True),
    Column("reason", required=True),
)


@dataclass(frozen=True)
class Layout:
    """A table of a packet: its columns in order, and those by which its rows are sorted."""

    table: str
    columns: tuple[Column, ...]
    order: tuple[str, ...] = ("uid",)
    detail_of: str | None = None

    @cached_property
    def header(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """Places of the columns that hold decimals."""
        return tuple(place for place, item in enumerate(self.columns) if item.type == "number")

    def resource(self) -> dict[str, object]:
        """Return the table's entry in ``datapackage.json``."""
        return {
            "name": self.table,
            "path": f"{self.table}.csv",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": {
                "fields": [{"name": item.name, "type": item.type} for item in self.columns],
                "primaryKey": ["form", "uid"] if self.table == DELETED else "uid",
            },
        }


_FIXED = {
    ATTACHMENT: Layout(ATTACHMENT, _ATTACHMENT),
    DELETED: Layout(DELETED, _DELETED, ("form", "uid")),
}
_MADE: dict[int, tuple[Form, Layout]] = {}
"""Layouts by the definition they follow from, which is kept with them."""
_MOST_MADE = 1_000


def layout(pack: TaskPack, table: str) -> Layout:
    """Return the layout of `table` under `pack`; `BundleError` if it knows none of that name."""
    if table in _FIXED:
        return _FIXED[table]
    form = pack.forms.get(table) or SYSTEM_FORMS.get(table)
    if form is None:
        raise BundleError(
            "B503", f"数据包里的表 {table} 不在任务包 {pack.id} 里。", "请先装入对方所用的任务包。"
        )
    found = _MADE.get(id(form))
    if found is None or found[0] is not form:
        if len(_MADE) >= _MOST_MADE:
            _MADE.clear()
        found = _MADE[id(form)] = (form, _layout(form))
    return found[1]


def _layout(form: Form) -> Layout:
    if form.detail_of:
        own = _columns(form, {form.parent_field})
        return Layout(form.id, _DETAIL_HEAD + own, ("parent", "position"), form.detail_of)
    return Layout(form.id, _ROW_HEAD + _columns(form, {column.name for column in _ROW_HEAD}))


def _columns(form: Form, without: set[str | None] | set[str]) -> tuple[Column, ...]:
    """Return the columns of a form's fields but those that the head has already."""
    return tuple(
        Column(name, _type(item))
        for item in form.fields
        if item.travels and item.id not in without
        for name in field_types.columns(item)
    )


def _type(item: Field) -> str:
    if item.type in ("bool", "date"):
        return {"bool": "boolean", "date": "date"}[item.type]
    return {"INTEGER": "integer", "REAL": "number"}.get(
        field_types.FIELD_TYPES[item.type].sql, "string"
    )


def lasting_uid(*parts: str) -> str:
    """Return a record id that is the same for the same parts: of a row made for a packet only."""
    digest = bytearray(hashlib.sha256("\n".join(parts).encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(digest)))


def plain_number(value: float) -> str:
    """Return the shortest decimal that reads back as `value`, never with an exponent."""
    text = repr(value)
    return text if "e" not in text else format(Decimal(text), "f")


def readers(columns: Sequence[Column]) -> list[Reader]:
    """Return one function per column: cell to stored value; `ValueError` for a wrong cell."""
    kinds: dict[str, Reader] = {
        "string": _string,
        "integer": _integer,
        "number": _number,
        "boolean": _boolean,
        "date": _date,
        "datetime": _time,
    }
    return [
        _demanding(kinds[column.type]) if column.required else kinds[column.type]
        for column in columns
    ]


def _demanding(read: Reader) -> Reader:
    def demand(text: str) -> Value:
        if not text:
            raise ValueError("空")
        return read(text)

    return demand


def _string(text: str) -> Value:
    return text or None


def _integer(text: str) -> Value:
    if not text:
        return None
    if not _INTEGER.fullmatch(text) or abs(int(text)) > LARGEST:
        raise ValueError("不是整数")
    return int(text)


def _number(text: str) -> Value:
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError("不是数")
    value = float(text)
    if plain_number(value) != text and value != int(value):
        raise ValueError("不是数")
    return value


def _boolean(text: str) -> Value:
    if text not in ("", "0", "1"):
        raise ValueError("不是 1 或 0")
    return int(text) if text else None


def _date(text: str) -> Value:
    if text and (len(text) != 10 or dt.date.fromisoformat(text).isoformat() != text):
        raise ValueError("不是日期")
    return text or None


def _time(text: str) -> Value:
    if text and not _TIME.fullmatch(text):
        raise ValueError("不是时间")
    return text or None
