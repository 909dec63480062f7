"""Every indicator of a unit at a day: one pass over each form's table, added up in SQL.

Numerator and denominator stay apart; distinct persons and names are counted over the merged
rows, once. Counted are the rows of the unit and of all units below it; a row of a unit that is
not in the directory counts at the store's own unit until its entry comes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property, partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.errors import InputError
from union_desk.indicators import Number, Progress, Totals, target_for
from union_desk.indicators import progress as progress_of
from union_desk.store import filings, terms, twins
from union_desk.store import units as directory
from union_desk.store.context import context_at
from union_desk.store.kept import Kept, kept
from union_desk.store.reading import bound
from union_desk.store.visible import counts
from union_desk.taskpack.expression import evaluate, holds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from union_desk.store.filings import Filing
    from union_desk.store.terms import Key
    from union_desk.store.transaction import Store
    from union_desk.store.units import Units
    from union_desk.taskpack.definition import Indicator, Term
    from union_desk.taskpack.expression import Context

FILING, OBLIGATION = "filing", "obligation"
"""The computed expected filings, as a form that terms may count, and what changes them."""


def progress(
    connection: Connection, store: Store, as_of: str, unit: str | None = None
) -> tuple[Progress, ...]:
    """Return every indicator of `unit` and the units below it, in the package's order.

    :param as_of: the day, taken as the last day of the package's year where it lies behind it.
    :param unit: the store's own where None.
    :raises InputError: I470, no such unit.
    """
    units = directory.of_store(connection, store, as_of)
    return Run(connection, store, units, min(as_of, store.pack.year_to)).of(unit or store.unit)


def progress_of_units(
    connection: Connection, store: Store, as_of: str, codes: Sequence[str]
) -> dict[str, tuple[Progress, ...]]:
    """Return every indicator of each of several units."""
    units = directory.of_store(connection, store, as_of)
    run = Run(connection, store, units, min(as_of, store.pack.year_to))
    return {code: run.of(code) for code in codes}


def progress_of_one(
    connection: Connection, store: Store, as_of: str, indicator: str, codes: Sequence[str]
) -> dict[str, Progress]:
    """Return one indicator of each of several units; only its own rows are read."""
    units = directory.of_store(connection, store, as_of)
    run = Run(connection, store, units, min(as_of, store.pack.year_to))
    return {code: run.one(store.pack.indicators[indicator], code) for code in codes}


@dataclass(frozen=True)
class Run:
    """One state of the store at one day."""

    connection: Connection
    store: Store
    units: Units
    as_of: str
    codes: dict[tuple[str, bool], tuple[terms.Within, str]] = field(default_factory=dict)

    @cached_property
    def context(self) -> Context:
        """The context in which terms are evaluated."""
        return context_at(self.store, self.as_of, connection=self.connection, units=self.units)

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
        pack = self.store.pack
        indicators = pack.indicators.values()
        key = (pack.digest, unit, self.as_of, tuple(self.context.params.items()))
        everything = frozenset({pack.directory.form, "unit", "unit_event", "decision"})
        known = kept(self.connection, self.store.tables, key, everything)
        wanted = {key: term for indicator in indicators for key, term in _terms(indicator)}
        figures = self._figures(wanted, unit, known)
        found = tuple(self._progress(indicator, figures, unit, known) for indicator in indicators)
        known.keep()
        return found

    def one(self, indicator: Indicator, unit: str) -> Progress:
        """Return one indicator of one unit, kept for no later look."""
        passing = Kept(self.store.tables, None, (0, ""))
        figures = self._figures(dict(_terms(indicator)), unit, passing)
        return self._progress(indicator, figures, unit, passing)

    def by_unit(self, indicator: Indicator, unit: str) -> dict[str, tuple[Number, Number | None]]:
        """Return numerator and denominator of each single unit at or below `unit`."""
        sums: dict[str, dict[Key, Number]] = defaultdict(dict)
        for key, term in _terms(indicator):
            for value, code in map(tuple, self._ask({key: term}, unit, "unit")):
                sums[code][key] = value or 0
        found = {code: _totals(indicator, figures) for code, figures in sums.items()}
        return {code: (item.numerator, item.denominator) for code, item in found.items()}

    def _progress(
        self, indicator: Indicator, figures: Mapping[Key, Number], unit: str, known: Kept
    ) -> Progress:
        share = self.shares.get((indicator.id, unit))
        return progress_of(
            indicator,
            _totals(indicator, figures),
            pack=self.store.pack,
            unit=unit,
            as_of=self.as_of,
            target=target_for(indicator, root=unit == self.units.root, share=share),
            by=self._broken_down(indicator, unit, known),
        )

    def _figures(self, wanted: Mapping[Key, Term], unit: str, known: Kept) -> dict[Key, Number]:
        """Return the value of every term, those over one table in one statement."""
        passes: dict[tuple[str, bool], dict[Key, Term]] = defaultdict(dict)
        for key, term in wanted.items():
            passes[term.form, term.latest_per_unit][key] = term
        found: dict[Key, Number] = {}
        for name, group in passes.items():
            over: Callable[..., Sequence[Number | None]]
            over = self._over_filings if name[0] == FILING else self._over_rows
            values = known.value(name, self._read_by(group.values()), partial(over, group, unit))
            found |= {key: value or 0 for key, value in zip(group, values, strict=True)}
        return found

    def _over_rows(self, group: Mapping[Key, Term], unit: str) -> Sequence[Number | None]:
        return tuple(self._ask(group, unit)[0])

    def _read_by(self, wanted: Iterable[Term]) -> frozenset[str]:
        """Return the forms whose rows the terms read, the parents of details among them."""
        forms: set[str] = set()
        for term in wanted:
            forms.add(term.form)
            for expression in (term.where, term.value):
                forms |= expression.forms if expression else set()
        parents = {self.store.tables.forms[form].detail_of for form in forms}
        owed = {OBLIGATION} if FILING in forms else set()
        return frozenset(forms | owed | {parent for parent in parents if parent})

    def _ask(self, group: Mapping[Key, Term], unit: str, by: str = "") -> Sequence[sa.Row[Any]]:
        """Return what the terms of one table add up to for a unit and those below it."""
        latest = next(iter(group.values())).latest_per_unit
        within, codes = self.within(unit, standing=latest)
        but = self.left_out(next(iter(group.values())).form, unit)
        statement = terms.statement(
            self.store.tables, self.store.pack, group, within, by, but=bool(but)
        )
        given = bound(self.context) | {"codes": codes, "but": json.dumps(but)}
        return self.connection.execute(statement, given).all()

    def left_out(self, form: str, unit: str) -> list[str]:
        """Return records of a form that repeat another one below the unit: they count once."""
        tables = self.store.tables
        return [*twins.left_out(self.connection, tables, self.units, form, unit)]

    def within(self, unit: str, *, standing: bool = False) -> tuple[terms.Within, str]:
        """Return how rows of a unit and those below are told, and the codes as a JSON array.

        :param standing: without units closed or merged by the day: what they were is over.
        """
        key = (unit, standing)
        if key not in self.codes:
            own = unit == self.store.unit
            gone = self._gone() if standing else frozenset()
            units = self.units
            codes = units.outside(unit) | gone if own else units.subtree(unit) - gone
            within: terms.Within = ("out" if codes else "all") if own else "in"
            self.codes[key] = (within, json.dumps([*codes]))
        return self.codes[key]

    def _gone(self) -> frozenset[str]:
        entries = self.units.by_code.values()
        return frozenset(one.code for one in entries if (one.active_to or "9") < self.as_of)

    def _over_filings(self, group: Mapping[Key, Term], unit: str) -> Sequence[Number | None]:
        """Return the value of terms over the expected filings, which are in no table."""
        expected = self.expected(unit)
        found: list[Number | None] = []
        for term in group.values():
            held = self.held(term, expected)
            told = [evaluate(term.value, one.row(), self.context) for one in held if term.value]
            values = [value for value in told if value is not None]
            if term.aggregate == "count":
                found.append(len(held))
            elif term.aggregate == "distinct":
                found.append(len(set(values)))
            else:
                found.append(sum(value for value in values if not isinstance(value, str)))
        return found

    def expected(self, unit: str) -> tuple[Filing, ...]:
        """Return the filings that a unit and those below it owe."""
        return filings.expected(
            self.connection, self.store.tables, self.store.pack, self.units,
            as_of=self.as_of, below=unit,
        )  # fmt: skip

    def held(self, term: Term, expected: Iterable[Filing]) -> list[Filing]:
        """Return the filings for which a term holds; alike ones are asked about once."""
        if term.where is None:
            return list(expected)
        alike = attrgetter("form", *sorted(term.where.fields))
        known: dict[object, bool] = {}
        found = []
        for item in expected:
            key = alike(item)
            if key not in known:
                known[key] = holds(term.where, item.row(), self.context)
            if known[key]:
                found.append(item)
        return found

    def _broken_down(
        self, indicator: Indicator, unit: str, known: Kept
    ) -> tuple[tuple[str, str, Totals], ...]:
        """Return (code, label, totals) of each code of the field `by`, in the list's order."""
        if indicator.by is None:
            return ()
        sums: dict[str, dict[Key, Number]] = defaultdict(dict)
        for key, term in _terms(indicator):
            name, forms = (*key, indicator.by), self._read_by([term])
            add_up = partial(self._ask, {key: term}, unit, indicator.by)
            for value, code in map(tuple, known.value(name, forms, add_up)):
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


def _terms(indicator: Indicator) -> Iterable[tuple[Key, Term]]:
    for side, found in (("n", indicator.numerator), ("d", indicator.denominator)):
        for number, term in enumerate(found):
            yield (indicator.id, side, number), term


def _totals(indicator: Indicator, figures: Mapping[Key, Number]) -> Totals:
    sides: dict[str, Number] = {"n": 0, "d": 0}
    for key, _ in _terms(indicator):
        sides[key[1]] += figures.get(key, 0)
    return Totals(sides["n"], sides["d"] if indicator.denominator else None)
