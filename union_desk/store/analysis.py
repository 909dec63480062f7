"""One indicator looked at closely: month by month, unit by unit, with 原因 and 措施.

A count of what happened in the year is worked out anew for the end of each month. What hangs on
the state that rows have now (a stock) has no past to be worked out from: of it a month shows
only the figure that was kept when the month was closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.errors import InputError
from union_desk.store import adding_up, filings, frozen, intake, rollup
from union_desk.store import units as directory
from union_desk.store.visible import counts
from union_desk.taskpack.period import containing, in_year
from union_desk.taskpack.record import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from union_desk.indicators import Number, Progress
    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import Indicator

NOTE = "indicator_note"


@dataclass(frozen=True, slots=True)
class Month:
    """One month of an indicator; `total` is None where nothing tells it."""

    id: str
    title: str
    as_of: str
    total: Progress | None
    added: Number | None
    """What the month added to a count; None for a rate or a stock."""
    kept: bool = False
    """The figure was kept when the month was closed."""
    corrected: Progress | None = None
    """What the rows come to now, where that differs from the figure that was kept."""


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """One unit beside the others."""

    code: str
    name: str
    now: Progress
    owed: int
    there: int
    """应报 and 已报 of the unit and those below it."""


@dataclass(frozen=True, slots=True)
class Note:
    """Why an indicator lags, and what is done about it."""

    unit: str
    name: str
    reason: str
    measure: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything about one indicator of one unit at one day."""

    indicator: Indicator
    unit: str
    now: Progress
    owed: int
    there: int
    months: tuple[Month, ...]
    units: tuple[UnitFigure, ...]
    notes: tuple[Note, ...]
    """Of this unit and those right below, for the month of the data."""
    sums: tuple[str, ...] = ()
    """Whether the figures of the units are the sums over theirs, in sentences."""


def look(connection: Connection, store: Store, name: str, as_of: str) -> Analysis:
    """Return what is to be seen of an indicator of this office at `as_of`."""
    units = directory.of_store(connection, store)
    indicator, unit = store.pack.indicators[name], store.unit
    below = [entry for entry in units.children.get(unit, ()) if _works(entry, store)]
    codes = [unit, *(entry.code for entry in below)]
    now = rollup.progress_of_one(connection, store, as_of, name, codes)
    expected = filings.expected(connection, store.tables, store.pack, units, as_of=as_of)
    whole = filings.reported(expected)
    figures = []
    for entry in below:
        inside = units.subtree(entry.code)
        owed, there = filings.reported(item for item in expected if item.unit in inside)
        figures.append(UnitFigure(entry.code, entry.name, now[entry.code], owed, there))
    months = _months(connection, store, indicator, as_of)
    notes = tuple(
        Note(code, units.name(code), *found)
        for code, found in notes_of(connection, store, name, as_of).items()
        if code in codes
    )
    sums = adding_up.check(connection, store, as_of, [name]) if below else ()
    said = adding_up.words(sums, {entry.code: entry.name for entry in below})
    return Analysis(indicator, unit, now[unit], *whole, months, tuple(figures), notes, said)


def _works(entry: directory.UnitEntry, store: Store) -> bool:
    first, last = store.pack.year_from, store.pack.year_to
    return (entry.active_from or first) <= last and (entry.active_to or last) >= first


def _months(
    connection: Connection, store: Store, indicator: Indicator, as_of: str
) -> tuple[Month, ...]:
    flow = indicator.basis != "stock" or _dated(indicator)
    found: list[Month] = []
    before: Number = 0
    for period in in_year(store.pack, "month"):
        if period.first_day > as_of:
            break
        day = min(period.last_day, as_of)
        total = frozen.progress(connection, store, period.id, indicator)
        was_kept, corrected = total is not None, None
        if flow or (total is None and day == as_of):
            only = rollup.progress_of_one(connection, store, day, indicator.id, [store.unit])
            total, corrected = total or only[store.unit], only[store.unit]
        added = None
        if indicator.basis == "flow" and total is not None and total.value is not None:
            added = None if total.rate else total.value - before
            before = total.value
        same = corrected is None or total is None or _sides(corrected) == _sides(total)
        later = None if same else corrected
        found.append(Month(period.id, period.title, day, total, added, was_kept, later))
    return tuple(found)


def _sides(item: Progress) -> tuple[Number, Number | None]:
    return item.numerator, item.denominator


def _dated(indicator: Indicator) -> bool:
    """Return whether all that it counts is the latest sheet of a day: such a past can be told."""
    return all(term.latest_per_unit for term in (*indicator.numerator, *indicator.denominator))


def notes_of(
    connection: Connection, store: Store, name: str, as_of: str
) -> Mapping[str, tuple[str, str]]:
    """Return 原因 and 措施 of an indicator by unit, for the month of `as_of`."""
    table = store.tables.form[NOTE]
    month = containing("month", as_of).id
    wanted: sa.Select[Any] = (
        sa.select(table.c.unit, table.c.reason, table.c.measure)
        .where(counts(table), table.c.indicator == name, table.c.period == month)
        .order_by(table.c.updated_at, table.c.uid)
    )
    rows = connection.execute(wanted).all()
    return {row.unit: (row.reason or "", row.measure or "") for row in rows}


def write_note(store: Store, name: str, as_of: str, reason: str, measure: str) -> None:
    """Write 原因 and 措施 of this office for the month of `as_of`.

    :raises InputError: I479, they were refused, with what the checks say.
    """
    values = {
        "indicator": name, "unit": store.unit, "period": containing("month", as_of).id,
        "reason": reason.strip() or None, "measure": measure.strip() or None,
        "author": store.person, "date": as_of,
    }  # fmt: skip
    table = Table(NOTE, list(values), [list(values.values())])
    result = intake.put(store, NOTE, table, {}, reason="原因和措施")
    if result.refused:
        told = "；".join(item.message for item in result.findings if item.level == "error")
        raise InputError("I479", f"原因和措施没有保存：{told}。", "请改正后再保存。")
