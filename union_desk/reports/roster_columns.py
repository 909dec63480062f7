"""The columns of a roster: a report's own, or every field of a form that a list may show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.reports import values
from union_desk.reports.geometry import MM

if TYPE_CHECKING:
    from union_desk.reports.job import Job
    from union_desk.taskpack.definition import Field

LONGEST = 1000
"""Longer texts stand on the sheet only."""
_RIGHT = frozenset({"int", "decimal", "money"})
_LEFT = frozenset({"text", "longtext", "ref", "multi"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column; without a field it is left to the pen, `pen` points wide."""

    id: str
    title: str
    field: Field | None = None
    align: str = "center"
    summed: bool = False
    pen: float = 0
    key: bool = False
    """The name: repeated on every column page."""


def columns(job: Job) -> tuple[Column, ...]:
    """Return the columns in order.

    Without a definition: all fields but sensitive ones (an ID number prints masked), files and
    the longest texts.
    """
    form = job.of
    named = job.report.columns if job.report is not None else ()
    chosen = [form.by_id[name] for name in named if name in form.by_id]
    if not chosen:
        chosen = [item for item in form.fields if listed(item)]
    key = next((item.id for item in chosen if item.id == form.name_field), chosen[0].id)
    found = [_column(item, key=item.id == key) for item in chosen]
    if job.block == "D":
        found.append(Column("", "领取人签字", pen=30 * MM))
        found.append(Column("", "领取日期", pen=26 * MM))
    return tuple(found)


def listed(item: Field) -> bool:
    """Return whether a roster without definition shows a field."""
    if item.type == "attach" or item.pen:
        return False
    if item.type == "longtext" and (item.max_length or LONGEST + 1) > LONGEST:
        return False
    return item.sensitivity < 2 or item.type == "person_id"


def _column(item: Field, *, key: bool) -> Column:
    align = "right" if item.type in _RIGHT and item.measure != "年" else "center"
    if item.type in _LEFT and not key:
        align = "left"
    return Column(item.id, values.label(item), item, align, summed=values.summed(item), key=key)
