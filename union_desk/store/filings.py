"""Expected filings: active units x the forms they owe x periods, and what became of each.

Nothing is stored of what is merely owed: a row of table ``filing`` exists only once a filing was
acted on, and rows of ``obligation`` make a duty of the package stronger or weaker for a unit.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store.visible import counts
from union_desk.taskpack.definition import FILINGS
from union_desk.taskpack.period import Period, due, in_year

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy import Connection, RowMapping

    from union_desk.store.schema import Tables
    from union_desk.store.units import UnitEntry, Units
    from union_desk.taskpack.definition import TaskPack

DONE = ("sent", "nil", "received")
_SHORTEST = 28
"""Days of the shortest period."""


@dataclass(frozen=True, slots=True)
class Filing:
    """One expected filing; `state` is None while nobody has acted on it."""

    unit: str
    form: str
    period: str
    duty: str
    """``must`` or ``if_any``."""
    due_date: str
    state: str | None = None
    sent_date: str | None = None
    rows: int | None = None
    filed_by: str | None = None
    uid: str | None = None

    def late(self, day: str) -> bool:
        """Return whether the filing is overdue on `day`: only what must be filed can be late."""
        return self.duty == "must" and self.state not in DONE and self.due_date < day

    def row(self) -> dict[str, str | int | None]:
        """Return the filing as a row for the check language."""
        return {
            "unit": self.unit, "form": self.form, "period": self.period, "duty": self.duty,
            "due_date": self.due_date, "state": self.state, "sent_date": self.sent_date,
            "rows": self.rows, "filed_by": self.filed_by, "uid": self.uid,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Obligation:
    period: Period
    duty: str


def expected(
    connection: Connection,
    tables: Tables,
    pack: TaskPack,
    units: Units,
    *,
    as_of: str,
    below: str | None = None,
    only: Collection[str] | None = None,
) -> tuple[Filing, ...]:
    """Return what `below` and the units under it owe for the periods begun by `as_of`.

    :param below: code of a unit; the store's own where None.
    :param only: ids of the periods that are asked for.
    """
    acted = _acted(connection, tables)
    obligations = _obligations(connection, tables)
    periods = {
        kind: [
            (period, due(pack, period))
            for period in in_year(pack, kind)
            if period.first_day <= as_of and (only is None or period.id in only)
        ]
        for kind in FILINGS
    }
    wanted = units.subtree(below or units.own)
    entries = [units.by_code[code] for code in sorted(wanted & units.by_code.keys())]
    return tuple(
        _filing(Filing(entry.code, form.id, period.id, duty, day), acted)
        for entry in entries
        if entry.parent is not None
        for form in pack.top_forms
        for period, day in periods[form.filing]
        if active(entry, period, pack.active_days)
        and (duty := duty_of(pack, entry, form.id, period, obligations)) != "none"
    )


def reported(filings: Iterable[Filing], period: str | None = None) -> tuple[int, int]:
    """Return how many filings must be there (应报), and how many of those are (已报)."""
    owed = [
        item
        for item in filings
        if item.duty == "must" and (period is None or item.period == period)
    ]
    return len(owed), sum(item.state in DONE for item in owed)


def active(entry: UnitEntry, period: Period, days: int) -> bool:
    """Return whether a unit was active for at least `days` days of the period."""
    if entry.active_from is None and entry.active_to is None and days <= _SHORTEST:
        return True
    first = max(entry.active_from or period.first_day, period.first_day)
    last = min(entry.active_to or period.last_day, period.last_day)
    return (date.fromisoformat(last) - date.fromisoformat(first)).days + 1 >= days


def duty_of(
    pack: TaskPack,
    entry: UnitEntry,
    form: str,
    period: Period,
    obligations: Mapping[tuple[str, str], list[_Obligation]],
) -> str:
    """Return ``must``, ``if_any`` or ``none``: the newest row of the unit, else the package's."""
    for row in obligations.get((entry.code, form), ()):
        if row.period.first_day <= period.first_day:
            return row.duty
    return pack.duties.get((form, entry.kind), "none")


def _filing(owed: Filing, acted: Mapping[tuple[str, str, str], RowMapping]) -> Filing:
    """Return what is owed together with what became of it."""
    row = acted.get((owed.unit, owed.form, owed.period))
    if row is None:
        return owed
    done = {name: row[name] for name in ("state", "sent_date", "rows", "filed_by", "uid")}
    return replace(owed, **done)


def _acted(connection: Connection, tables: Tables) -> dict[tuple[str, str, str], RowMapping]:
    table = tables.form["filing"]
    rows = _newest_last(connection, table)
    return {(row["unit"], row["form"], row["period"]): row for row in rows}


def _obligations(
    connection: Connection, tables: Tables
) -> dict[tuple[str, str], list[_Obligation]]:
    """Return the rows of ``obligation`` by unit and form, the newest first."""
    found: dict[tuple[str, str], list[_Obligation]] = defaultdict(list)
    for row in _newest_last(connection, tables.form["obligation"]):
        rule = _Obligation(Period.parse(row["period_from"]), row["duty"])
        found[row["unit"], row["form"]].insert(0, rule)
    return found


def _newest_last(connection: Connection, table: sa.Table) -> Iterator[RowMapping]:
    statement = sa.select(table).where(counts(table)).order_by(table.c.updated_at, table.c.uid)
    yield from connection.execute(statement).mappings().all()
