"""The rows behind a figure: exactly those that one term of an indicator counts.

They are found by the same conditions as the figure itself, so that they add up to it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from union_desk.errors import InputError
from union_desk.store import rollup, terms
from union_desk.store import units as directory
from union_desk.store.reading import bound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from union_desk.indicators import Number
    from union_desk.store.filings import Filing
    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import Indicator, Term

Side = Literal["n", "d"]
"""Numerator or denominator."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure is meant: of which indicator, which side and term, of whom, at which day."""

    indicator: str
    side: Side = "n"
    place: int = 0
    unit: str = ""
    """Code; the store's own where empty."""
    as_of: str = ""
    code: str | None = None
    """Code of the field by which the indicator is broken down; "" is not filled in, None all."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What lies behind one figure."""

    asked: Asked
    form: str
    """The form whose records these are; a detail's rows stand for their records."""
    figure: Number
    """What the rows come to: their number, the sum of their values, how many differ."""
    brought: Mapping[str, Number | str]
    """By record: what it brings; of several rows of a record the sum, or the last that differs."""
    filings: tuple[Filing, ...] = ()
    """In place of records, where expected filings are counted."""

    @property
    def count(self) -> int:
        """How many records or filings there are."""
        return len(self.filings) or len(self.brought)


def term_of(indicator: Indicator, asked: Asked) -> Term:
    """Return the term that is asked for.

    :raises InputError: I478, the indicator has no such term.
    """
    terms_there = indicator.numerator if asked.side == "n" else indicator.denominator
    if not 0 <= asked.place < len(terms_there):
        raise InputError("I478", f"指标“{indicator.title}”没有这一项。", "请从工作台的数字点进来。")
    return terms_there[asked.place]


def sides(indicator: Indicator) -> tuple[tuple[Side, int], ...]:
    """Return side and place of every term of an indicator."""
    return (
        *(("n", place) for place in range(len(indicator.numerator))),
        *(("d", place) for place in range(len(indicator.denominator))),
    )


def rows(connection: Connection, store: Store, asked: Asked) -> Behind:
    """Return the rows behind a figure, as they stand.

    :raises InputError: I470, no such unit; I478, no such term.
    """
    units = directory.of_store(connection, store, asked.as_of or None)
    unit = asked.unit or store.unit
    if unit != store.unit and unit not in units.by_code:
        raise InputError("I470", f"没有编码为“{unit}”的单位。", "请核对 12 位工会编码。")
    as_of = min(asked.as_of or store.pack.year_to, store.pack.year_to)
    run = rollup.Run(connection, store, units, as_of)
    indicator = store.pack.indicators[asked.indicator]
    term = term_of(indicator, asked)
    if term.form == rollup.FILING:
        held = tuple(run.held(term, run.expected(unit)))
        return Behind(asked, term.form, len(held), {}, held)
    form = store.tables.forms[term.form]
    within, codes = run.within(unit, standing=term.latest_per_unit)
    by = indicator.by if indicator.by and asked.code is not None else ""
    but = run.left_out(term.form, unit)
    statement = terms.rows(store.tables, term, within, fen=indicator.money, by=by, but=bool(but))
    given = bound(run.context) | {"codes": codes, "but": json.dumps(but)}
    found: list[Any] = [
        row
        for row in connection.execute(statement, given)
        if not by or (row[3] or "") == asked.code
    ]
    brought: dict[str, Number | str] = {}
    for uid, _, value, *_ in found:
        known = brought.get(uid)
        summed = term.aggregate != "distinct" and known is not None
        brought[uid] = known + value if summed else value
    figure = _figure(term, [row[2] for row in found])
    return Behind(asked, form.detail_of or form.id, figure, brought)


def _figure(term: Term, values: list[Any]) -> Number:
    if term.aggregate == "distinct":
        return len(set(values))
    total: Number = sum(values)
    return total
