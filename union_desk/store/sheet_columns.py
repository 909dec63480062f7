"""The header of a sheet: which column is which field, by id or Chinese label."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.checks import Finding
from union_desk.taskpack.definition import HEAD
from union_desk.taskpack.field_types import columns as columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.record import Table

HEAD_LABELS = {
    "uid": "记录号",
    "origin": "填报端",
    "unit": "填报单位",
    "period": "报告期",
    "record_state": "记录状态",
    "rev": "版次",
    "package": "任务包",
    "created_by": "填报人",
    "created_at": "填报时间",
    "updated_at": "修改时间",
    "packet": "数据包",
    "deleted": "作废标记",
}
"""Chinese labels of the head columns."""
_FEW = 4
"""Columns that are named of a sheet that is another table."""
DETAIL_LABELS = {"uid": "明细记录号", "parent": "所属记录", "position": "行序"}
"""Chinese labels of the head columns of a detail row."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where everything stands in the sheet."""

    place: Mapping[str, int]
    """Place by name: a field id, ``f__key`` or ``f__label`` of a reference, a head column."""
    title: Mapping[str, str]
    """What the sheet's header says, by the same names."""
    foreign: bool = False
    """It has no column of its form, and others: one sentence says it, and nothing is read."""

    def has(self, name: str) -> bool:
        """Return whether the sheet has a column."""
        return name in self.place


def read_header(form: Form, table: Table) -> tuple[Columns, list[Finding]]:
    """Return the columns of a sheet for `form`, and unknown, doubled or missing ones."""
    names = _names(form)
    place: dict[str, int] = {}
    title: dict[str, str] = {}
    findings: list[Finding] = []
    for number, cell in enumerate(table.header):
        text = str(cell or "").strip()
        name = names.get(_fold(text))
        if not text and any(
            number < len(row) and row[number] not in ("", None) for row in table.rows
        ):
            findings.append(_finding(form, text, "no_title", f"第 {number + 1} 列没有列名"))
        elif text and name is None:
            message = f"《{form.title}》里没有“{text}”这一列，请改列名或删去这一列"
            findings.append(_finding(form, text, "unknown_column", message))
        elif name in place:
            message = f"“{text}”这一列出现了两次，请删去一列"
            findings.append(_finding(form, text, "double_column", message))
        elif name:
            place[name], title[name] = number, text
    head = DETAIL_LABELS if form.kind == "detail" else HEAD_LABELS
    foreign = bool(findings) and not place.keys() - head.keys()
    if foreign:
        findings = [_finding(form, "", "foreign_sheet", _foreign_words(form, table))]
    return Columns(place, title, foreign=foreign), findings


def _foreign_words(form: Form, table: Table) -> str:
    """Say of a sheet none of whose columns belong to the form what stands there instead."""
    said = [text for cell in table.header if (text := str(cell or "").strip())]
    if not said:
        return f"第一行没有列名，请补上《{form.title}》的列名一行"
    there = "、".join(said[:_FEW]) + (f"等 {len(said)} 列" if len(said) > _FEW else "")
    return (
        f"第一行“{there}”没有一列是《{form.title}》的，请核对是不是选错了文件或表，或补上列名一行"
    )


def name_of(form: Form, title: str) -> str | None:
    """Return the field or head column that a title of a column means, None if it names none."""
    name = _names(form).get(_fold(title))
    return None if name is None or ignored(name) else name.split("__", 1)[0]


def _names(form: Form) -> dict[str, str]:
    """Return what a header may say, folded, and the name it stands for."""
    head = DETAIL_LABELS if form.kind == "detail" else HEAD_LABELS
    known: dict[str, str] = {}
    for name, label in head.items():
        known[name] = known[_fold(label)] = name
    labels: dict[str, list[str]] = {}
    for item in form.fields:
        labels.setdefault(_fold(item.label), []).append(item.id)
    for label, ids in labels.items():
        if len(ids) == 1:
            known[label] = ids[0]
    known.update({column: column for item in form.fields for column in columns_of(item)})
    if form.parent_field:
        label = _fold(form.by_id[form.parent_field].label)
        known[form.parent_field] = known[label] = "parent"
        known[f"{form.parent_field}__key"] = known[f"{form.parent_field}__label"] = "parent"
    return known


def ignored(name: str) -> bool:
    """Return whether a head column is written by ``get`` and not read by ``put``."""
    return name in HEAD and name not in ("uid", "unit", "period")


def _fold(text: str) -> str:
    """Return a header without width, case, blanks and the colon after 其中."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if not letter.isspace() and letter not in ":：*")


def _finding(form: Form, column: str, kind: str, message: str) -> Finding:
    return Finding(
        form=form.id,
        record=None,
        row=None,
        column=column or None,
        field=None,
        code=f"{form.id}.{kind}",
        level="error",
        message=message,
    )


def missing_parent(form: Form, columns: Columns) -> list[Finding]:
    """Return a finding if a detail sheet does not say which record its rows belong to."""
    if form.parent_field is None or columns.has("parent") or columns.foreign:
        return []
    label = form.by_id[form.parent_field].label
    message = f"缺少“{label}”一列，不知道各行属于哪条记录，请补上"
    return [_finding(form, label, "missing_column", message)]


def missing_columns(form: Form, columns: Columns) -> list[Finding]:
    """Return a finding for every column that new rows cannot do without."""
    if columns.foreign:
        return []
    return [
        _finding(form, item.label, "missing_column", f"缺少必填的“{item.label}”一列，请补上")
        for item in form.fields
        if item.required and item.required_when is None and item.computed is None
        and item.visible_when is None and item.id not in HEAD and item.id != form.parent_field
        and not any(columns.has(name) for name in columns_of(item))
        and not item.decided_by
    ]  # fmt: skip
