"""What a unit filed for a period beside the period before and the same one of last year.

Sheets are compared figure by figure, ledgers by the number of rows and the sums of their figures;
the rows are the newest confirmed revisions, whoever wrote them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.store.layout import CHUNK
from union_desk.store.visible import counts
from union_desk.taskpack.field_types import FIELD_TYPES
from union_desk.taskpack.period import Period, previous, same_last_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import Field, Form

    Sums = Mapping[tuple[str, str], Mapping[str, float]]

ROWS = ""
"""Stands for the field where rows are counted."""
JUMP, LEAST = 0.5, 10
"""A figure is out of line when it differs by half of what it was, and by ten or more."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a unit's form now, the period before and last year; None where none was filed."""

    form: str
    period: str
    field: str
    now: float
    last: float | None
    last_year: float | None

    @property
    def outlier(self) -> bool:
        """Whether it is out of line with the period before, or with last year."""
        return jumps(self.now, self.last) or jumps(self.now, self.last_year)


def change(now: float, then: float | None) -> float | None:
    """Return the change in percent; None where there is nothing to compare with."""
    return None if not then else 100 * (now - then) / abs(then)


def jumps(now: float, then: float | None) -> bool:
    """Return whether a figure is out of line with one of before."""
    return bool(then) and abs(now - (then or 0)) >= max(JUMP * abs(then or 0), LEAST)


def compared_fields(form: Form) -> tuple[Field, ...]:
    """Return the fields whose figures add up."""
    return tuple(item for item in form.fields if FIELD_TYPES[item.type].aggregate == "sum")


def figures(
    connection: Connection, store: Store, form: Form, filed: Iterable[tuple[str, str]]
) -> dict[str, list[Figure]]:
    """Return the figures by unit of what units have filed.

    :param filed: unit and period of each filing.
    """
    wanted = sorted(set(filed))
    periods = {period for _, period in wanted}
    near = {
        period: (previous(Period.parse(period)).id, same_last_year(Period.parse(period)).id)
        for period in periods
    }
    asked = sorted(periods.union(*near.values()))
    sums = _sums(connection, store, form, sorted({unit for unit, _ in wanted}), asked)
    found: dict[str, list[Figure]] = {}
    for unit, period in wanted:
        last, year = near[period]
        made = list(_beside(form, period, (unit, period), (unit, last), (unit, year), sums))
        found.setdefault(unit, []).extend(made)
    return found


def _beside(  # noqa: PLR0917 - a figure and the two it stands beside
    form: Form,
    period: str,
    now: tuple[str, str],
    last: tuple[str, str],
    year: tuple[str, str],
    sums: Sums,
) -> Iterator[Figure]:
    here, before, then = sums.get(now, {}), sums.get(last, {}), sums.get(year, {})
    for name, value in here.items():
        figure = Figure(form.id, period, name, value, before.get(name), then.get(name))
        if name == ROWS or value or figure.last or figure.last_year:
            yield figure


def _sums(
    connection: Connection,
    store: Store,
    form: Form,
    units: Sequence[str],
    periods: Sequence[str],
) -> Sums:
    table = store.tables.form[form.id]
    fields = compared_fields(form)
    sums = [sa.func.sum(table.c[item.id]) for item in fields]
    head = [sa.func.count()] if form.kind == "ledger" else []
    names = [ROWS] * len(head) + [item.id for item in fields]
    found: dict[tuple[str, str], dict[str, float]] = {}
    for start in range(0, len(units), CHUNK):
        chosen: sa.Select[Any] = (
            sa.select(table.c.unit, table.c.period, *head, *sums)
            .where(
                counts(table),
                table.c.unit.in_(units[start : start + CHUNK]),
                table.c.period.in_(periods),
            )
            .group_by(table.c.unit, table.c.period)
        )
        for unit, period, *cells in connection.execute(chosen):
            told = zip(names, cells, strict=True)
            found[unit, period] = {name: value for name, value in told if value is not None}
    return found
