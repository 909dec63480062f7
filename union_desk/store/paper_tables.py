"""What the blocks of a package's tables count and list, added up in SQL.

Counted are the rows of the paper's unit and of all units below it, as indicators count them; the
conditions of the package say of which days.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.store import terms, twins
from union_desk.store.dialect import listed
from union_desk.store.reading import Reading, bound
from union_desk.store.row_sources import TableRow
from union_desk.taskpack.expression_tree import FieldValue
from union_desk.taskpack.paper_blocks import (
    GROUPS,
    UNFILLED,
    UNITS,
    Block,
    Counted,
    Counts,
    Listed,
    RowKey,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection
    from sqlalchemy.sql import ColumnElement

    from union_desk.store.schema import Tables
    from union_desk.store.units import Units
    from union_desk.taskpack.definition import Field, TaskPack
    from union_desk.taskpack.expression import Context, Expression
    from union_desk.taskpack.paper_blocks import Number

_SEPARATOR = "|"
_UNFILLED_TITLE = "未填"
_BATCH = 60
"""Columns of one statement."""


@dataclass(frozen=True)
class Counting:
    """One state of the store, one unit, one day."""

    connection: Connection
    tables: Tables
    pack: TaskPack
    units: Units
    unit: str
    context: Context

    # --- counted blocks ------------------------------------------------------------------

    def counts(self, block: Block) -> Counts:
        """Return what the counted columns of a block come to."""
        values: dict[str, dict[str, Number]] = {}
        totals: dict[str, Number] = {}
        everything = [
            (figure.id, counted) for figure in block.figures for counted in figure.counted
        ]
        depth = max(len(block.groups), 1) if block.kind == GROUPS else 0
        for column, found in self._totals(everything):
            totals[column] = totals.get(column, 0) + found
        for level in range(1, depth + 1):
            for column, key, found in self._grouped(everything, level):
                _add(values, column, key, found)
        for column, counted, found in self._whole(everything):
            _add(values, column, str(counted.into), found)
        if block.kind == UNITS:
            for column, key, found in self._by_unit(everything):
                _add(values, column, key, found)
        return Counts(self._rows(block, values), values, totals)

    def _totals(self, wanted: Sequence[tuple[str, Counted]]) -> Iterator[tuple[str, Number]]:
        for batch in _batches(wanted, level=0):
            row = self._ask([counted for _, counted in batch], 0, self.unit)[0]
            for (column, _), found in zip(batch, row, strict=True):
                yield column, found or 0

    def _whole(
        self, wanted: Sequence[tuple[str, Counted]]
    ) -> Iterator[tuple[str, Counted, Number]]:
        for batch in _batches([one for one in wanted if one[1].into is not None], level=0):
            row = self._ask([counted for _, counted in batch], 0, self.unit)[0]
            for (column, counted), found in zip(batch, row, strict=True):
                yield column, counted, found or 0

    def _grouped(
        self, wanted: Sequence[tuple[str, Counted]], level: int
    ) -> Iterator[tuple[str, str, Number]]:
        told = [one for one in wanted if one[1].into is None]
        for batch in _batches(told, level=level):
            for row in self._ask([counted for _, counted in batch], level, self.unit):
                key = _SEPARATOR.join(_text(part) for part in row[:level])
                for (column, _), found in zip(batch, row[level:], strict=True):
                    yield column, key, found or 0

    def _by_unit(self, wanted: Sequence[tuple[str, Counted]]) -> Iterator[tuple[str, str, Number]]:
        """Yield the figures of each unit directly below, and of the unit's own rows."""
        below = {
            code: entry.code
            for entry in self.units.children.get(self.unit, ())
            for code in self.units.subtree(entry.code)
        }
        sums = [one for one in wanted if one[1].term.aggregate != "distinct"]
        for batch in _batches(sums, level=0):
            for row in self._ask([counted for _, counted in batch], 0, self.unit, by_unit=True):
                for (column, _), found in zip(batch, row[1:], strict=True):
                    yield column, below.get(row[0], self.unit), found or 0
        several = [one for one in wanted if one[1].term.aggregate == "distinct"]
        for batch in _batches(several, level=0):
            asked = [counted for _, counted in batch]
            for entry in self.units.children.get(self.unit, ()):
                row = self._ask(asked, 0, entry.code)[0]
                for (column, _), found in zip(batch, row, strict=True):
                    yield column, entry.code, found or 0
            row = self._ask(asked, 0, self.unit, but=below)[0]
            for (column, _), found in zip(batch, row, strict=True):
                yield column, self.unit, found or 0

    def _ask(
        self,
        wanted: Sequence[Counted],
        level: int,
        unit: str,
        *,
        by_unit: bool = False,
        but: Iterable[str] = (),
    ) -> Sequence[Sequence[Any]]:
        """Return the rows of one statement; all of `wanted` share form and groups.

        :param but: units whose rows stay out.
        """
        first = wanted[0]
        source = TableRow.of(self.tables, first.term.form)
        reading = Reading(self.tables, source)
        groups = [_told(reading, source, item) for item in first.groups[:level]]
        if by_unit:
            groups = [source.column("unit")]
        sums = [terms.aggregate(reading, source, item.term, fen=_money(item)) for item in wanted]
        conditions = [source.counted(), *self.inside(source, unit)]
        if without := sorted(but):
            conditions.append(
                sa.not_(listed(source.column("unit"), sa.literal(json.dumps(without))))
            )
        if first.term.latest_per_unit:
            conditions = [source.table.c.rowid.in_(terms.latest(source, conditions))]
        statement: sa.Select[Any] = (
            sa.select(*groups, *sums).select_from(source.joined).where(*conditions)
        )
        if groups:
            statement = statement.group_by(*groups)
        return [tuple(row) for row in self.connection.execute(statement, bound(self.context))]

    def inside(self, source: TableRow, unit: str) -> Iterator[ColumnElement[bool]]:
        """Yield the condition that a row is of a unit or one below it."""
        own = unit == self.units.own
        codes = self.units.outside(unit) if own else self.units.subtree(unit)
        if codes:
            inside = listed(source.column("unit"), sa.literal(json.dumps(sorted(codes))))
            yield sa.not_(inside) if own else inside
        but = twins.left_out(self.connection, self.tables, self.units, source.form.id, unit)
        if but:
            yield sa.not_(listed(source.column("uid"), sa.literal(json.dumps(list(but)))))

    # --- rows of a block -----------------------------------------------------------------

    def _rows(self, block: Block, values: Mapping[str, Mapping[str, Number]]) -> tuple[RowKey, ...]:
        seen = {key for column in values.values() for key, value in column.items() if value}
        if block.kind == UNITS:
            return tuple(self._unit_rows(block, seen))
        if block.kind != GROUPS:
            return block.rows
        if len(block.groups) == 1:
            return tuple(self._keys(block.groups[0], seen, block.rows))
        rows = []
        outer = {key for key in seen if _SEPARATOR not in key}
        for row in self._keys(block.groups[0], outer, ()):
            rows.append(row)
            start = row.key + _SEPARATOR
            inner = {key.removeprefix(start) for key in seen if key.startswith(start)}
            rows += [
                RowKey(start + item.key, item.title, 1)
                for item in self._keys(block.groups[1], inner, ())
            ]
        return tuple(rows)

    def _keys(self, item: Field, seen: set[str], always: tuple[RowKey, ...]) -> Iterator[RowKey]:
        """Yield rows in the order of the code list, else of the words; what is not filled last."""
        yield from always
        rest = seen - {row.key for row in always}
        codes = self.pack.codes(item)
        order = [code.code for code in codes.items] if codes else []
        known = sorted(rest - {UNFILLED}, key=lambda key: (_place(order, key), key))
        for key in known:
            label = codes.label(key) if codes else key
            yield RowKey(key, {"1": "是", "0": "否"}[key] if item.type == "bool" else label)
        if UNFILLED in rest:
            yield RowKey(UNFILLED, _UNFILLED_TITLE)

    def _unit_rows(self, block: Block, seen: set[str]) -> Iterator[RowKey]:
        for entry in self.units.children.get(self.unit, ()):
            if entry.base or entry.code in seen or not block.sparse:
                yield RowKey(entry.code, short_name(self.pack, self.units, entry.code))
        if self.unit in seen or not self.units.children.get(self.unit):
            below = bool(self.units.children.get(self.unit))
            name = short_name(self.pack, self.units, self.unit)
            yield RowKey(self.unit, f"{name}（本级）" if below else name)

    # --- lists ---------------------------------------------------------------------------

    def listing(self, block: Block) -> Iterator[Listed]:
        """Yield the rows of a list in its order."""
        source = TableRow.of(self.tables, block.form)
        reading = Reading(self.tables, source)
        own = [column for column in source.table.c if column.name != "rowid"]
        told = [item for item in block.shown if item.value is not None]
        extra = [reading.read(item.value.tree) for item in told if item.value]
        band = reading.read(block.band.tree) if block.band else sa.literal("")
        order = [reading.read(item.tree) for item in block.order]
        where = [reading.condition(block.where.tree)] if block.where else []
        statement: sa.Select[Any] = (
            sa.select(*own, source.column("unit").label("whose"), band.label("band"), *extra)
            .select_from(source.joined)
            .where(source.counted(), *self.inside(source, self.unit), *where)
            .order_by(*([band] if block.band else []), *order, source.table.c.rowid)
        )
        names = [column.name for column in own]
        for row in self.connection.execute(statement, bound(self.context)):
            values = dict(zip(names, row, strict=False))
            found = row[len(names) + 2 :]
            yield Listed(
                str(values["uid"]), row[len(names)] or "", values,
                {item.id: value for item, value in zip(told, found, strict=True)},
                row[len(names) + 1] or "",
            )  # fmt: skip


def short_name(pack: TaskPack, units: Units, code: str) -> str:
    """Return the short name that the package has for a unit, else its name."""
    return next((unit.short for unit in pack.units if unit.code == code), "") or units.name(code)


def _batches(
    wanted: Iterable[tuple[str, Counted]], *, level: int
) -> Iterator[list[tuple[str, Counted]]]:
    """Yield what can be asked in one statement: the same form, selection and groups."""
    alike: dict[object, list[tuple[str, Counted]]] = defaultdict(list)
    for column, counted in wanted:
        texts = tuple(item.text for item in counted.groups[:level])
        alike[counted.term.form, counted.term.latest_per_unit, texts].append((column, counted))
    for group in alike.values():
        for start in range(0, len(group), _BATCH):
            yield group[start : start + _BATCH]


def _told(reading: Reading, source: TableRow, item: Expression) -> ColumnElement[Any]:
    """Return what tells rows apart: of a reference its name."""
    tree = item.tree
    if isinstance(tree, FieldValue) and tree.kind == "ref":
        return sa.func.coalesce(
            source.column(f"{tree.field}__label"), source.column(f"{tree.field}__key")
        )
    if isinstance(tree, FieldValue) and tree.kind == "bool":
        return source.column(tree.field)
    return reading.read(tree)


def _money(item: Counted) -> bool:
    tree = item.term.value.tree if item.term.value else None
    return isinstance(tree, FieldValue) and tree.money


def _add(values: dict[str, dict[str, Number]], column: str, key: str, found: Number) -> None:
    cells = values.setdefault(column, {})
    cells[key] = cells.get(key, 0) + found


def _text(value: object) -> str:
    return UNFILLED if value is None else str(value)


def _place(order: Sequence[str], key: str) -> int:
    return order.index(key) if key in order else len(order)
