"""Reporting periods: months, quarters and the year of a package, and when they are due.

An id is ``2012M08``, ``2012Q3`` or ``2012Y``. Months and quarters are those of the calendar;
the first and last day of the year are the package's (the union's annual return runs from
October to September, so they are data).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from union_desk.taskpack.definition import FILINGS

if TYPE_CHECKING:
    from union_desk.taskpack.definition import TaskPack

_ID = re.compile(r"([12][0-9]{3})(?:M(0[1-9]|1[0-2])|Q([1-4])|(Y))")
_QUARTERS = ("一", "二", "三", "四")


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days that a filing is for, both ends included."""

    id: str
    kind: str
    """``month``, ``quarter`` or ``year``."""
    first_day: str
    last_day: str
    title: str
    """As people say it: 2012年8月, 2012年第三季度, 2012年."""

    @classmethod
    def parse(cls, text: str) -> Period:
        """Return the period of an id; ValueError with a Chinese sentence for anything else."""
        match = _ID.fullmatch(text)
        if match is None:
            message = f"报告期“{text}”看不懂，请写成 2012M08（月）、2012Q3（季）或 2012Y（年）"
            raise ValueError(message)
        year = int(match[1])
        if match[2]:
            return _months(text, "month", year, int(match[2]), 1)
        if match[3]:
            return _months(text, "quarter", year, int(match[3]) * 3 - 2, 3)
        return _months(text, "year", year, 1, 12)

    def __str__(self) -> str:
        return self.id

    def holds(self, day: str) -> bool:
        """Return whether an ISO date lies in the period."""
        return self.first_day <= day <= self.last_day


def _months(text: str, kind: str, year: int, month: int, count: int) -> Period:
    first = date(year, month, 1)
    after = month - 1 + count
    last = date(year + after // 12, after % 12 + 1, 1) - timedelta(days=1)
    if kind == "month":
        title = f"{year}年{month}月"
    elif kind == "quarter":
        title = f"{year}年第{_QUARTERS[(month - 1) // 3]}季度"
    else:
        title = f"{year}年"
    return Period(text, kind, first.isoformat(), last.isoformat(), title)


def containing(kind: str, day: str) -> Period:
    """Return the calendar period of `kind` that holds an ISO date."""
    when = date.fromisoformat(day)
    if kind == "month":
        return Period.parse(f"{when.year:04}M{when.month:02}")
    if kind == "quarter":
        return Period.parse(f"{when.year:04}Q{(when.month + 2) // 3}")
    if kind == "year":
        return Period.parse(f"{when.year:04}Y")
    message = f"期别只能是 {'、'.join(FILINGS)}，不能是“{kind}”"
    raise ValueError(message)


def previous(period: Period) -> Period:
    """Return the period of the same kind just before."""
    before = date.fromisoformat(period.first_day) - timedelta(days=1)
    if period.kind == "year":
        return Period.parse(f"{int(period.id[:4]) - 1:04}Y")
    return containing(period.kind, before.isoformat())


def same_last_year(period: Period) -> Period:
    """Return the same month, quarter or year one year earlier."""
    return Period.parse(f"{int(period.id[:4]) - 1:04}{period.id[4:]}")


def of_year(pack: TaskPack) -> Period:
    """Return the year of the package, from its own first to its own last day."""
    return Period(f"{pack.year:04}Y", "year", pack.year_from, pack.year_to, f"{pack.year}年")


def in_year(pack: TaskPack, kind: str) -> tuple[Period, ...]:
    """Return the periods of `kind` whose last day lies in the package's year, in order."""
    if kind == "year":
        return (of_year(pack),)
    found = []
    period = containing(kind, pack.year_from)
    while period.last_day <= pack.year_to:
        found.append(period)
        following = date.fromisoformat(period.last_day) + timedelta(days=1)
        period = containing(kind, following.isoformat())
    return tuple(found)


def due(pack: TaskPack, period: Period) -> str:
    """Return the last day on which a filing for `period` is in time, ISO."""
    last = of_year(pack).last_day if period.id == f"{pack.year:04}Y" else period.last_day
    return (date.fromisoformat(last) + timedelta(days=pack.due_days[period.kind])).isoformat()
