"""Where printed reports take their values from: the rows that count of a unit and those below."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.errors import InputError
from union_desk.store import adding_up, filings, paper_remarks, records, rollup, twins
from union_desk.store import units as directory
from union_desk.store.context import context_at
from union_desk.store.dialect import listed
from union_desk.store.layout import layout, records_of
from union_desk.store.paper_tables import Counting, short_name
from union_desk.store.reading import Reading, bound
from union_desk.store.row_sources import TableRow
from union_desk.store.sql_functions import first_day, last_day
from union_desk.store.visible import counts
from union_desk.taskpack.period import Period, containing, due, in_year

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection
    from sqlalchemy.sql import ColumnElement

    from union_desk.indicators import Progress
    from union_desk.store.transaction import Store
    from union_desk.store.units import UnitEntry, Units
    from union_desk.taskpack.definition import TaskPack
    from union_desk.taskpack.expression import Context, Expression
    from union_desk.taskpack.paper_blocks import (
        Block,
        Counts,
        Explained,
        Listed,
        PaperMark,
        Returned,
    )
    from union_desk.taskpack.record import Record

_CHUNK = 1_000
"""Rows read at once: a long roster keeps no more in memory."""
_UNNAMED = "填报人"


class PaperSource:
    """The values behind one paper, in one state of the store.

    :param period: rows whose own period shares days with it (so a quarter's rows show in its
        months); None for all whose period began by `as_of`.
    :param unit: the unit the paper speaks for, with all units below it; the store's own if None.
    :param only: uids of rows that were chosen by hand, of whatever period; None for all.
    :raises InputError: I472, no such unit.
    """

    def __init__(
        self,
        connection: Connection,
        store: Store,
        *,
        period: Period | None,
        as_of: str,
        unit: str | None = None,
        only: Sequence[str] | None = None,
    ) -> None:
        self.only = only
        self.connection = connection
        self.store = store
        self.period = period
        self.as_of = as_of
        self.unit = unit or store.unit
        self._progress: dict[str, tuple[Progress, ...]] = {}
        if self.unit not in self._units.by_code:
            raise InputError("I472", f"没有编码为“{self.unit}”的单位。", "请核对 12 位工会编码。")

    @cached_property
    def _units(self) -> Units:
        return directory.of_store(self.connection, self.store)

    @property
    def _entry(self) -> UnitEntry:
        return self._units.by_code[self.unit]

    @property
    def pack(self) -> TaskPack:
        """The task package."""
        return self.store.pack

    @property
    def level(self) -> str:
        """Level of the unit."""
        return self.store.level if self.unit == self.store.unit else self._entry.level

    @property
    def unit_name(self) -> str:
        """Name of the unit."""
        return self.store.unit_name if self.unit == self.store.unit else self._entry.name

    @property
    def person(self) -> str:
        """Who fills in; another unit's paper, or nobody's, is left to the pen."""
        known = self.unit == self.store.unit and self.store.person != _UNNAMED
        return self.store.person if known else ""

    @property
    def phone(self) -> str:
        """The telephone number of the unit's contact."""
        return self._entry.phone or ""

    @property
    def demo(self) -> bool:
        """Whether these are sample data."""
        return self.store.demo

    def records(
        self, form_id: str, where: Expression | None = None, *, whole: bool = False
    ) -> Iterator[Record]:
        """Yield the rows of a form, in the order of its ledger, with their details.

        :param where: only those for which it holds; `whole`: those of earlier periods, too.
        """
        form = layout(self.store.tables, form_id)
        source = TableRow.of(self.store.tables, form_id)
        columns = [source.table.c[name] for name in form.columns]
        rowid = source.table.c.rowid
        wanted: sa.Select[Any] = (
            sa.select(rowid, *columns)
            .where(
                *self._chosen(source, None if whole else self.period),
                *self._holding(source, where),
                rowid > sa.bindparam("after", type_=sa.BigInteger),
            )
            .order_by(rowid)
            .limit(_CHUNK)
        )
        after, known = -1, bound(self._at(self.period)) if where is not None else {}
        while rows := self.connection.execute(wanted, known | {"after": after}).all():
            after = rows[-1][0]
            values = [tuple(row)[1:] for row in rows]
            yield from records_of(self.connection, self.store.tables, form_id, values)

    def count(self, form_id: str) -> int:
        """Return how many rows :meth:`records` yields."""
        source = TableRow.of(self.store.tables, form_id)
        wanted = (
            sa.select(sa.func.count())
            .select_from(source.table)
            .where(*self._chosen(source, self.period))
        )
        return self.connection.execute(wanted).scalar_one()

    def _holding(self, source: TableRow, where: Expression | None) -> Iterator[ColumnElement[bool]]:
        if where is not None:
            yield Reading(self.store.tables, source).condition(where.tree)

    def _chosen(self, source: TableRow, period: Period | None) -> Iterator[ColumnElement[bool]]:
        yield source.counted()
        if self.only is not None:
            yield listed(source.column("uid"), sa.literal(json.dumps(list(self.only))))
            return
        own = self.unit == self.store.unit
        codes = self._units.outside(self.unit) if own else self._units.subtree(self.unit)
        if codes:
            inside = listed(source.column("unit"), sa.literal(json.dumps(sorted(codes))))
            yield sa.not_(inside) if own else inside
        tables, form = self.store.tables, source.form.id
        if but := twins.left_out(self.connection, tables, self._units, form, self.unit):
            yield sa.not_(listed(source.column("uid"), sa.literal(json.dumps(list(but)))))
        first, last = first_day(source.column("period")), last_day(source.column("period"))
        if period is None:
            yield first <= self.as_of
        else:
            yield first <= period.last_day
            yield last >= period.first_day

    def record(self, uid: str) -> Record:
        """Return one sheet or ledger row with its details.

        :raises InputError: I471, there is none.
        """
        for form in self.pack.top_forms:
            found = records.lookup(self.connection, self.store.tables, form.id, uid)
            if found is not None:
                return found
        raise InputError("I471", f"没有记录号为 {uid} 的记录。", "请核对记录号。")

    def progress(self, as_of: str) -> tuple[Progress, ...]:
        """Return every indicator of the unit at a day."""
        if as_of not in self._progress:
            self._progress[as_of] = rollup.progress(self.connection, self.store, as_of, self.unit)
        return self._progress[as_of]

    def reported(self) -> tuple[int, int]:
        """Return how many filings are due from the tree for the period, and how many are in.

        Without a period: for all periods that ended by `as_of`.
        """
        return filings.reported(item for item in self._expected() if self._covers(item.period))

    def _expected(self) -> tuple[filings.Filing, ...]:
        return filings.expected(
            self.connection, self.store.tables, self.pack, self._units,
            as_of=self.as_of, below=self.unit,
        )  # fmt: skip

    def _touches(self, text: str) -> bool:
        period, asked = Period.parse(text), self.period
        if asked is None:
            return period.first_day <= self.as_of
        return period.first_day <= asked.last_day and period.last_day >= asked.first_day

    def _covers(self, text: str) -> bool:
        period = Period.parse(text)
        if self.period is None:
            return period.last_day <= self.as_of
        return self.period.holds(period.first_day) and self.period.holds(period.last_day)

    def progress_below(self, as_of: str) -> list[tuple[str, str, tuple[Progress, ...]]]:
        """Return code, short name and indicators of each unit directly below."""
        codes = [entry.code for entry in self._units.children.get(self.unit, ())]
        found = rollup.progress_of_units(self.connection, self.store, as_of, codes)
        return [(code, self._short(code), found[code]) for code in codes]

    def sums_said(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return whether figures of the units right below are the sums over their units."""
        found = adding_up.check(self.connection, self.store, self.as_of, names, self.unit)
        short = {
            entry.code: self._short(entry.code) for entry in self._units.children.get(self.unit, ())
        }
        return adding_up.words(found, short)

    def tree(self) -> list[tuple[str, str, frozenset[str]]]:
        """Return code, short name and all units of the own unit and each unit directly below."""
        below = [
            (entry.code, self._short(entry.code), self._units.subtree(entry.code))
            for entry in self._units.children.get(self.unit, ())
        ]
        own = self._short(self.unit)
        name = f"{own}（本级）" if below else own
        return [(self.unit, name, frozenset({self.unit})), *below]

    def _short(self, code: str) -> str:
        return short_name(self.pack, self._units, code)

    def owed(self) -> tuple[filings.Filing, ...]:
        """Return the expected filings whose periods share days with the paper's."""
        return tuple(item for item in self._expected() if self._touches(item.period))

    def overdue(self) -> tuple[filings.Filing, ...]:
        """Return what the units below have not filed in time, of any period."""
        return tuple(
            item for item in self._expected() if item.unit != self.unit and item.late(self.as_of)
        )

    def papers(self) -> tuple[PaperMark, ...]:
        """Return what is known of the papers of units below for the paper's period."""
        return tuple(
            mark
            for mark, period in paper_remarks.marks(self._counting(self.period))
            if self._touches(period)
        )

    def returned(self) -> tuple[Returned, ...]:
        """Return the records that were returned, noted in the paper's period."""
        return tuple(paper_remarks.returned(self._counting(self.period)))

    @property
    def parent_name(self) -> str:
        """Name of the unit above, empty where there is none."""
        parent = self._entry.parent
        return self.name_of(parent) if parent else ""

    def limit(self) -> str:
        """Return the last day in time for the paper's period, ISO; empty without a period."""
        return due(self.pack, self.period) if self.period is not None else ""

    def counts(self, block: Block, period: Period | None) -> Counts:
        """Return what a counted block of a table comes to for the unit and those below it."""
        return self._counting(period).counts(block)

    def listing(self, block: Block, period: Period | None) -> Iterator[Listed]:
        """Yield the records that a list of a table shows."""
        return self._counting(period).listing(block)

    def explained(
        self, forms: Sequence[str], period: Period | None, record: str | None = None
    ) -> tuple[Explained, ...]:
        """Return why warnings of the forms' rows were passed, alike ones together."""
        counting = self._counting(period)
        return tuple(
            item
            for form in forms
            if form in self.pack.forms
            for item in paper_remarks.explained(counting, form, record)
        )

    def _at(self, period: Period | None) -> Context:
        day = min(self.as_of, self.pack.year_to)
        return context_at(
            self.store, day, period=period, connection=self.connection, units=self._units
        )

    def _counting(self, period: Period | None) -> Counting:
        return Counting(
            self.connection, self.store.tables, self.pack, self._units, self.unit, self._at(period)
        )

    def name_of(self, unit: str) -> str:
        """Return the name of a unit by its code; the code where the directory has none."""
        entry = self._units.by_code.get(unit)
        return entry.name if entry is not None else unit

    def notes(self) -> Mapping[str, tuple[str, str]]:
        """Return 原因 and 措施 by indicator, as the unit last wrote them within the period."""
        table = self.store.tables.form["indicator_note"]
        asked = self.period or containing("month", self.as_of)
        months = {item.id for item in in_year(self.pack, "month") if asked.holds(item.last_day)}
        wanted: sa.Select[Any] = (
            sa.select(table.c.indicator, table.c.reason, table.c.measure)
            .where(
                counts(table), table.c.unit == self.unit, table.c.period.in_({asked.id, *months})
            )
            .order_by(table.c.period, table.c.updated_at, table.c.uid)
        )
        rows = self.connection.execute(wanted).all()
        return {row.indicator: (row.reason or "", row.measure or "") for row in rows}
