"""Every indicator of a unit at a day: one pass over each form's table, added up in SQL.

Numerator and denominator stay apart; distinct persons and names are counted over the merged
rows, once. Counted are the rows of the unit and of all units below it; a row of a unit that is
not in the directory counts at the store's own unit until its entry comes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.errors import InputError
from union_desk.indicators import Number, Progress, Totals, target_for
from union_desk.indicators import progress as progress_of
from union_desk.store import filings
from union_desk.store import units as directory
from union_desk.store.context import context_at
from union_desk.store.dialect import folded, listed
from union_desk.store.reading import Reading, bound
from union_desk.store.row_sources import TableRow
from union_desk.store.sql_functions import last_day
from union_desk.store.visible import counts
from union_desk.taskpack.expression import evaluate, holds
from union_desk.taskpack.expression_tree import FieldValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection
    from sqlalchemy.sql import ColumnElement

    from union_desk.store.transaction import Store
    from union_desk.store.units import Units
    from union_desk.taskpack.definition import Indicator, Term
    from union_desk.taskpack.expression import Context

FILING = "filing"
"""The computed expected filings, as a form that terms may count."""
_DISTINCT_TEXTS = ("text", "longtext")


def progress(
    connection: Connection, store: Store, as_of: str, unit: str | None = None
) -> tuple[Progress, ...]:
    """Return every indicator of `unit` and the units below it, in the package's order.

    :param as_of: the day, taken as the last day of the package's year where it lies behind it.
    :param unit: the store's own where None.
    :raises InputError: I470, no such unit.
    """
    units = directory.of_store(connection, store)
    return _Run(connection, store, units, min(as_of, store.pack.year_to)).of(unit or store.unit)


def progress_of_units(
    connection: Connection, store: Store, as_of: str, codes: Sequence[str]
) -> dict[str, tuple[Progress, ...]]:
    """Return every indicator of each of several units."""
    units = directory.of_store(connection, store)
    run = _Run(connection, store, units, min(as_of, store.pack.year_to))
    return {code: run.of(code) for code in codes}


@dataclass(frozen=True)
class _Run:
    """One state of the store at one day."""

    connection: Connection
    store: Store
    units: Units
    as_of: str

    @cached_property
    def context(self) -> Context:
        return context_at(self.store, self.as_of, connection=self.connection)

    @cached_property
    def shares(self) -> Mapping[tuple[str, str], float]:
        """The shares of the year's targets by indicator and unit, the newest of each."""
        table = self.store.tables.form["target_share"]
        statement: sa.Select[Any] = (
            sa.select(table.c.indicator, table.c.unit, table.c.value)
            .where(counts(table), table.c.year == self.store.pack.year)
            .order_by(table.c.updated_at, table.c.uid)
        )
        rows = self.connection.execute(statement).all()
        return {(row.indicator, row.unit): row.value for row in rows}

    def of(self, unit: str) -> tuple[Progress, ...]:
        """Return the progress of one unit."""
        if unit != self.store.unit and unit not in self.units.by_code:
            raise InputError("I470", f"没有编码为“{unit}”的单位。", "请核对 12 位工会编码。")
        indicators = self.store.pack.indicators.values()
        wanted = {
            (indicator.id, side, number): term
            for indicator in indicators
            for side, terms in (("n", indicator.numerator), ("d", indicator.denominator))
            for number, term in enumerate(terms)
        }
        figures = self._figures(wanted, unit)
        return tuple(self._progress(indicator, figures, unit) for indicator in indicators)

    def _progress(
        self, indicator: Indicator, figures: Mapping[_Key, Number], unit: str
    ) -> Progress:
        share = self.shares.get((indicator.id, unit))
        return progress_of(
            indicator,
            _totals(indicator, figures),
            pack=self.store.pack,
            unit=unit,
            as_of=self.as_of,
            target=target_for(indicator, root=unit == self.units.root, share=share),
            by=self._broken_down(indicator, unit),
        )

    def _figures(self, wanted: Mapping[_Key, Term], unit: str) -> dict[_Key, Number]:
        """Return the value of every term, those over one table in one statement."""
        passes: dict[tuple[str, bool], list[_Key]] = defaultdict(list)
        for key, term in wanted.items():
            passes[term.form, term.latest_per_unit].append(key)
        found: dict[_Key, Number] = {}
        for (form, latest), keys in passes.items():
            terms = {key: wanted[key] for key in keys}
            if form == FILING:
                values: Sequence[Number | None] = self._over_filings(
                    [wanted[k] for k in keys], unit
                )
            else:
                source = TableRow.of(self.store.tables, form)
                terms = {key: wanted[key] for key in keys}
                values = self._ask(self._select(source, terms, unit, latest=latest))[0]
            found |= {key: value or 0 for key, value in zip(keys, values, strict=True)}
        return found

    def _select(
        self, source: TableRow, terms: Mapping[_Key, Term], unit: str, *, latest: bool = False
    ) -> sa.Select[Any]:
        reading = Reading(self.store.tables, source)
        money = {key: self.store.pack.indicators[key[0]].money for key in terms}
        statement = sa.select(
            *(_aggregate(reading, source, term, fen=money[key]) for key, term in terms.items())
        )
        conditions = [source.counted(), *self._within(source, unit)]
        if latest:
            conditions = [source.table.c.rowid.in_(self._latest(source, conditions))]
        return statement.select_from(source.joined).where(*conditions)

    def _within(self, source: TableRow, unit: str) -> Iterable[ColumnElement[bool]]:
        """Yield the condition that a row is about the unit or one below it, where it needs one."""
        own = unit == self.store.unit
        codes = self.units.outside(unit) if own else self.units.subtree(unit)
        if own and not codes:
            return
        inside = listed(source.column("unit"), sa.literal(json.dumps(sorted(codes))))
        yield sa.not_(inside) if own else inside

    def _latest(
        self, source: TableRow, conditions: Iterable[ColumnElement[bool]]
    ) -> sa.Select[Any]:
        """Return the rows of each unit's last period that ended by the day, its own sheet first."""
        end = last_day(source.column("period"))
        filed_for_itself = sa.func.substr(source.table.c.origin, 1, 12) == source.column("unit")
        place = sa.func.row_number().over(
            partition_by=source.column("unit"),
            order_by=[
                end.desc(),
                sa.case((filed_for_itself, 0), else_=1),
                source.table.c.updated_at.desc(),
                source.table.c.uid.desc(),
            ],
        )
        numbered = (
            sa.select(source.table.c.rowid, place.label("place"))
            .where(*conditions, end <= self.as_of)
            .subquery()
        )
        return sa.select(numbered.c.rowid).where(numbered.c.place == 1)

    def _ask(self, statement: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        return self.connection.execute(statement, bound(self.context)).all()

    def _over_filings(self, terms: Iterable[Term], unit: str) -> list[Number | None]:
        """Return the value of terms over the expected filings, which are in no table."""
        rows = [
            filing.row()
            for filing in filings.expected(
                self.connection, self.store.tables, self.store.pack, self.units,
                as_of=self.as_of, below=unit,
            )
        ]  # fmt: skip
        found: list[Number | None] = []
        for term in terms:
            held = [row for row in rows if holds(term.where, row, self.context)]
            told = [evaluate(term.value, row, self.context) for row in held if term.value]
            values = [value for value in told if value is not None]
            if term.aggregate == "count":
                found.append(len(held))
            elif term.aggregate == "distinct":
                found.append(len(set(values)))
            else:
                found.append(sum(value for value in values if not isinstance(value, str)))
        return found

    def _broken_down(self, indicator: Indicator, unit: str) -> tuple[tuple[str, str, Totals], ...]:
        """Return (code, label, totals) of each code of the field `by`, in the list's order."""
        if indicator.by is None:
            return ()
        sums: dict[str, dict[_Key, Number]] = defaultdict(dict)
        for side, terms in (("n", indicator.numerator), ("d", indicator.denominator)):
            for number, term in enumerate(terms):
                source = TableRow.of(self.store.tables, term.form)
                key, column = (indicator.id, side, number), source.column(indicator.by)
                statement = self._select(source, {key: term}, unit).add_columns(column)
                statement = statement.group_by(column)
                for value, code in map(tuple, self._ask(statement)):
                    sums[code or ""][key] = value or 0
        form = self.store.pack.forms[indicator.numerator[0].form]
        codes = self.store.pack.codes(form.by_id[indicator.by])
        order = [item.code for item in codes.items] if codes else []
        ordered = sorted(sums, key=lambda code: order.index(code) if code in order else len(order))
        parts = [
            (code, codes.label(code) if codes else code, _totals(indicator, sums[code]))
            for code in ordered
        ]
        return tuple(part for part in parts if part[2].numerator or part[2].denominator)


_Key = tuple[str, str, int]
"""Indicator, ``n`` or ``d``, and the place of the term."""


def _totals(indicator: Indicator, figures: Mapping[_Key, Number]) -> Totals:
    sides = [
        sum(figures.get((indicator.id, side, number), 0) for number in range(len(terms)))
        for side, terms in (("n", indicator.numerator), ("d", indicator.denominator))
    ]
    return Totals(sides[0], sides[1] if indicator.denominator else None)


def _aggregate(reading: Reading, source: TableRow, term: Term, *, fen: bool) -> ColumnElement[Any]:
    """Return count, sum or count of distinct values over the rows for which a term holds.

    :param fen: an amount of money stays in whole fen, so that nothing is lost in adding it up.
    """
    where = None if term.where is None else reading.condition(term.where.tree)
    if term.value is None:
        return sa.func.count() if where is None else sa.func.count(sa.case((where, 1)))
    tree = term.value.tree
    if term.aggregate == "sum":
        stored = isinstance(tree, FieldValue) and tree.money and fen
        value = source.column(tree.column) if stored else reading.read(tree)  # type: ignore[union-attr]
        return sa.func.sum(value if where is None else sa.case((where, value)))
    value = reading.read(tree)
    if isinstance(tree, FieldValue) and tree.kind == "ref":
        value = sa.func.coalesce(value, source.column(f"{tree.field}__key"))
    elif isinstance(tree, FieldValue) and tree.type in _DISTINCT_TEXTS:
        value = folded(value)
    counted = value if where is None else sa.case((where, value))
    return sa.func.count(sa.distinct(counted))
