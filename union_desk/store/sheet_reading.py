"""The cells of a sheet, column by column: every distinct text is read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from union_desk.checks import Finding
from union_desk.store.completing import ambiguous
from union_desk.store.references import Ambiguous, dangling, find
from union_desk.store.schema import stored_fields
from union_desk.store.uncovering import uncover
from union_desk.taskpack.field_types import COVERED, Hints, Unreadable, is_masked, parse_cell
from union_desk.taskpack.field_types import columns as columns_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from union_desk.store.schema import Tables
    from union_desk.store.sheet_columns import Columns
    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.record import Table, Value

Column = Sequence["Value"]


@dataclass(slots=True)
class Sheet:
    """What a sheet says: columns of stored values, and cells that cannot be read."""

    form: Form
    columns: Columns
    numbers: Sequence[int]
    """Row numbers as people count them, without the header: blank rows are left out."""
    values: dict[str, list[Value]] = field(default_factory=dict)
    """By column of the form's table, and by head column that the sheet has."""
    unreadable: dict[int, dict[str, str]] = field(default_factory=dict)
    """By place of the row: text as it stands, by field."""
    findings: list[tuple[int, Finding]] = field(default_factory=list)
    """Place of the row, and what is wrong there."""

    @property
    def count(self) -> int:
        """The number of rows."""
        return len(self.numbers)

    def add(
        self, place: int, name: str | None, code: str, message: str, level: str = "error"
    ) -> None:
        """Note a finding at a row and, by name, at a column."""
        finding = Finding(
            form=self.form.id,
            record=None,
            row=self.numbers[place],
            column=self.columns.title.get(name) if name else None,
            field=name if name in self.form.by_id else None,
            code=f"{self.form.id}.{code}",
            level=level,
            message=message,
        )
        self.findings.append((place, finding))


def read_sheet(
    connection: Connection,
    tables: Tables,
    table: Table,
    columns: Columns,
    *,
    form: Form,
    hints: Hints,
) -> Sheet:
    """Return the rows of a sheet for `form` as columns of stored values."""
    rows = [(n, row) for n, row in enumerate(table.rows, start=1) if any(map(_filled, row))]
    width = len(table.header)
    sheet = Sheet(form, columns, [number for number, _ in rows])
    for place, (_, row) in enumerate(rows):
        if len(row) > width and any(map(_filled, row[width:])):
            sheet.add(place, None, "too_many_cells", f"这一行比列名多出 {len(row) - width} 格")
    cells = {
        name: [row[number] if number < len(row) else None for _, row in rows]
        for name, number in columns.place.items()
    }
    uncover(connection, tables, form, cells)
    for name in ("uid", "unit", "period", "parent"):
        if name in cells:
            sheet.values[name] = [_text(cell) for cell in cells[name]]
    for item in stored_fields(form):
        if item.type == "ref":
            _refuse_masked(sheet, item, cells)
            _read_reference(connection, tables, sheet, item, cells)
        elif item.id in cells:
            sheet.values[item.id] = _read_column(sheet, item, cells[item.id], hints)
    return sheet


def _filled(cell: Value) -> bool:
    return cell is not None and cell != ""


def _text(cell: Value) -> str | None:
    if isinstance(cell, float) and cell == int(cell):
        cell = int(cell)
    text = "" if cell is None else str(cell).strip()
    return text or None


def _read_column(sheet: Sheet, item: Field, cells: Column, hints: Hints) -> list[Value]:
    """Read every distinct cell once; a column of numbers and texts may hold both 1 and "1"."""
    known: dict[Value, Value | Unreadable] = {
        cell: parse_cell(item, cell, hints) for cell in set(cells)
    }
    if not any(isinstance(value, Unreadable) for value in known.values()):
        return [known[cell] for cell in cells]  # type: ignore[misc]
    values: list[Value] = []
    for place, cell in enumerate(cells):
        value = known[cell]
        if isinstance(value, Unreadable):
            message = f"{item.label}“{_shown(item, value.text)}”：{value.message}"
            sheet.add(place, item.id, f"{item.id}.unreadable", message)
            sheet.unreadable.setdefault(place, {})[item.id] = value.text
            values.append(None)
        else:
            values.append(value)
    return values


def _shown(item: Field, text: str) -> str:
    """Return the text for a sentence: private ones are not spelled out, long ones are cut."""
    if item.sensitivity >= 2:
        return f"{text[:3]}…"
    return text if len(text) <= 30 else f"{text[:30]}…"


def _refuse_masked(sheet: Sheet, item: Field, cells: dict[str, list[Value]]) -> None:
    """Refuse a masked name: no record is called that."""
    for name in columns_of(item):
        for place, cell in enumerate(cells.get(name, ())):
            if is_masked(item, cell):
                sheet.add(place, item.id, f"{item.id}.unreadable", f"{item.label}：{COVERED}")
                cells[name][place] = None


def _read_reference(
    connection: Connection,
    tables: Tables,
    sheet: Sheet,
    item: Field,
    cells: Mapping[str, Column],
) -> None:
    names = columns_of(item)
    given = [cells[name] for name in names if name in cells]
    if not given or item.form is None:
        return
    texts = [
        next((text for cell in row if (text := _text(cell))), None)
        for row in zip(*given, strict=True)
    ]
    found = find(connection, tables, item.form, {text for text in texts if text})
    triple: tuple[list[Value], list[Value], list[Value]] = ([], [], [])
    for place, text in enumerate(texts):
        link = found[text] if text else None
        if isinstance(link, Ambiguous):
            told = ambiguous(sheet.form, item, link, None)
            sheet.add(place, item.id, f"{item.id}.ambiguous", told.message)
            link = dangling(link.text)
        cells_ = (link.uid, link.key, link.label) if link else (None, None, None)
        for column, cell in zip(triple, cells_, strict=True):
            column.append(cell)
    sheet.values.update(zip(names, triple, strict=True))
