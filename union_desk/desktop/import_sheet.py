"""A sheet on its way in: pasted or read from a file, its columns laid to fields, cells mended.

Knows nothing of widgets. The grid keeps what came; :meth:`ImportSheet.table` is what is taken in.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from union_desk.taskpack.definition import HEAD
from union_desk.taskpack.record import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.record import Value

WAN = 10_000
_WAN_WORD = "万元"
_TAKEN = ("uid", "unit", "period")
_LARGEST = 200_000
"""Rows that a preview takes; more go in by the command line."""


def pasted(text: str) -> list[list[str]]:
    """Return the cells of a block copied from a spreadsheet program."""
    reader = csv.reader(io.StringIO(text, newline=""), dialect="excel-tab")
    return [[cell.strip() for cell in row] for row in reader if any(map(str.strip, row))]


@dataclass(slots=True)
class ImportSheet:
    """Columns and rows as they came, and what each column means."""

    form: Form
    titles: list[str]
    rows: list[list[Value]]
    mapping: list[str] = field(default_factory=list)
    """By column: a field, a head column, or "" for a column that is left out."""
    factors: dict[str, int] = field(default_factory=dict)
    """By money field: 10,000 where the column counts in 万元."""
    fills: dict[str, str] = field(default_factory=dict)
    """By field without a column: one value for all rows."""
    derived: dict[str, Sequence[Value]] = field(default_factory=dict)
    """By field without a column: what follows from the other cells of each row."""
    details: Mapping[str, Table] = field(default_factory=dict)
    headed: bool = True
    """The first row of what came named the columns."""

    def __post_init__(self) -> None:
        """Lay the columns to fields by their titles, unless that is known already."""
        if not self.mapping:
            self.mapping = guess(self.form, self.titles)
        for place, name in enumerate(self.mapping):
            if _WAN_WORD in self.titles[place] and name in money_fields(self.form):
                self.factors[name] = WAN

    def place(self, name: str) -> int | None:
        """Return the column that a field has."""
        return self.mapping.index(name) if name in self.mapping else None

    def lay(self, place: int, name: str) -> None:
        """Let a column mean a field; another one that meant it means nothing now."""
        self.mapping = [
            name if n == place else "" if old == name else old for n, old in enumerate(self.mapping)
        ]
        self.fills.pop(name, None)

    def unknown(self) -> list[str]:
        """Return the titles of columns that are left out."""
        return [
            title
            for title, name in zip(self.titles, self.mapping, strict=True)
            if not name and title
        ]

    def missing(self) -> list[Field]:
        """Return the required fields that have neither a column nor a value for all rows."""
        return [
            item
            for item in self.form.fields
            if item.required and item.computed is None and item.visible_when is None
            and item.required_when is None and not item.decided_by
            and item.id not in self.mapping and item.id not in self.fills
            and item.id not in self.derived
        ]  # fmt: skip

    def table(self, only: Sequence[int] | None = None) -> Table:
        """Return what is taken in: mapped columns, money in yuan, one value for all rows.

        :param only: places of the rows; None takes all.
        """
        places = [n for n, name in enumerate(self.mapping) if name]
        derived = [name for name in self.derived if name not in (*self.mapping, *self.fills)]
        header = [self.mapping[n] for n in places] + list(self.fills) + derived
        filled = list(self.fills.values())
        rows = [
            [
                *(self._cell(row, n) for n in places),
                *filled,
                *(self.derived[name][number] for name in derived),
            ]
            if any(map(_there, row))
            else []
            for number, row in enumerate(self.rows)
            if only is None or number in only
        ]
        return Table(self.form.id, header, rows)

    def _cell(self, row: Sequence[Value], place: int) -> Value:
        cell = row[place] if place < len(row) else None
        factor = self.factors.get(self.mapping[place], 1)
        return cell if factor == 1 else times(cell, factor)

    def mean(self, name: str) -> float | None:
        """Return what a column of figures holds on average where it is filled, in yuan."""
        place = self.place(name)
        cells = () if place is None else (row[place] for row in self.rows)
        found = [number for cell in cells if (number := _number(cell))]
        factor = self.factors.get(name, 1)
        return float(sum(found) * factor / len(found)) if found else None

    def sums(self, name: str) -> tuple[Decimal, Decimal]:
        """Return the sum of a money column as it stands, and in yuan."""
        place = self.place(name)
        cells = () if place is None else (row[place] for row in self.rows)
        found = sum((_number(cell) or Decimal(0) for cell in cells), Decimal(0))
        return found, found * self.factors.get(name, 1)


def guess(form: Form, titles: Sequence[str]) -> list[str]:
    """Return what each title means: its field once, "" where it names none."""
    from union_desk.store.sheet_columns import name_of

    found: list[str] = []
    for title in titles:
        plain = title.replace(f"（{_WAN_WORD}）", "").replace(f"({_WAN_WORD})", "")
        name = name_of(form, plain) or ""
        known = name in _TAKEN or name in form.by_id
        found.append(name if known and name not in found else "")
    return found


def money_fields(form: Form) -> dict[str, Field]:
    """Return the money fields by id."""
    return {item.id: item for item in form.fields if item.type == "money"}


def from_cells(form: Form, cells: Sequence[Sequence[Value]]) -> ImportSheet:
    """Return the sheet of a block: titles on top where half of the first row names fields.

    Of a block copied out of a template, the example row stays out.
    """
    from union_desk.excel.examples import without_example

    if cells and cells[0]:
        bare = without_example(Table(form.title, [str(cell or "") for cell in cells[0]], cells[1:]))
        cells = [bare.header, *bare.rows]
    width = max((len(row) for row in cells), default=0)
    first = [str(cell or "") for cell in cells[0]] + [""] * (width - len(cells[0]))
    named = sum(bool(name) for name in guess(form, first))
    if named * 2 >= sum(map(bool, first)):
        return ImportSheet(form, first, _squared(cells[1 : _LARGEST + 1], width))
    offered = [item.id for item in form.fields if item.computed is None and item.decided_by is None]
    mapping = (offered + [""] * width)[:width]
    titles = [form.by_id[name].label if name else f"第 {n} 列" for n, name in enumerate(mapping, 1)]
    rows = _squared(cells[:_LARGEST], width)
    return ImportSheet(form, titles, rows, mapping, headed=False)


def from_table(form: Form, table: Table, details: Mapping[str, Table]) -> ImportSheet:
    """Return the sheet of a file."""
    titles = [str(cell or "") for cell in table.header]
    rows = _squared(table.rows, len(titles))
    return ImportSheet(form, titles, rows, details=details)


def _squared(rows: Sequence[Sequence[Value]], width: int) -> list[list[Value]]:
    return [[*row, *[None] * (width - len(row))] for row in rows]


def _there(cell: Value) -> bool:
    return cell is not None and cell != ""


def _number(cell: Value) -> Decimal | None:
    text = str(cell if cell is not None else "").replace(",", "").replace("，", "").strip()
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def times(cell: Value, factor: int) -> Value:
    """Return a cell of 万元 in yuan; what is no number stays as it is, to be told."""
    number = _number(cell)
    return cell if number is None else f"{(number * factor).normalize():f}"


def choices(form: Form) -> list[tuple[str, str]]:
    """Return what a column may mean: title and name."""
    from union_desk.store.sheet_columns import HEAD_LABELS

    found = [(item.label, item.id) for item in form.fields if item.computed is None]
    return [*found, *((HEAD_LABELS[name], name) for name in HEAD if name in _TAKEN)]
