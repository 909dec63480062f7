"""The rows of a detail form as a table: what is typed, what cannot be read, what is wrong."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from union_desk.desktop.form_entry import DetailRow
from union_desk.desktop.line_editor import NUMBERS
from union_desk.taskpack.field_types import HIDDEN, SENSITIVE, Unreadable
from union_desk.taskpack.field_types import columns as columns_of
from union_desk.taskpack.record import new_uid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.checks import Finding
    from union_desk.desktop.editor import Editor, Reader
    from union_desk.taskpack.definition import Field, Form

    Index = QModelIndex | QPersistentModelIndex

_ROOT = QModelIndex()
FINDING = Qt.ItemDataRole.UserRole
"""Level of what is wrong with a cell: ``error``, ``warning``, or None."""


class DetailModel(QAbstractTableModel):
    """Rows as they are typed, and an empty one at the end for the next."""

    typed = Signal()
    """A cell, or the number of rows, changed."""

    def __init__(self, form: Form, reader: Reader) -> None:
        super().__init__()
        self.form = form
        self.reader = reader
        self.fields: tuple[Field, ...] = tuple(
            item for item in form.fields if item.id != form.parent_field
        )
        self.rows: list[DetailRow] = []
        self.locked = False
        self._findings: Mapping[tuple[str, str | None], Finding] = {}

    def show_rows(self, rows: list[DetailRow]) -> None:
        """Edit these rows in place."""
        self.beginResetModel()
        self.rows = rows
        self._findings = {}
        self.endResetModel()

    def set_locked(self, *, locked: bool) -> None:
        """Take no typing: the empty row at the end goes."""
        self.beginResetModel()
        self.locked = locked
        self.endResetModel()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Mark the cells that are wrong, the worse finding of a cell first."""
        found: dict[tuple[str, str | None], Finding] = {}
        for item in sorted(findings, key=lambda item: item.level != "error"):
            found.setdefault((str(item.record), item.field), item)
        if found != self._findings:
            self._findings = found
            self._refresh(0, len(self.rows))

    def _refresh(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.fields) - 1))

    def refresh(self) -> None:
        """Show computed cells anew."""
        self._refresh(0, len(self.rows))

    # --- what a table asks -------------------------------------------------------------------

    def rowCount(self, parent: Index = _ROOT, /) -> int:
        """Return the rows and the empty one."""
        return 0 if parent.isValid() else len(self.rows) + (not self.locked)

    def columnCount(self, parent: Index = _ROOT, /) -> int:
        """Return one column a field."""
        return 0 if parent.isValid() else len(self.fields)

    def item(self, index: Index) -> Field:
        """Return the field of a cell."""
        return self.fields[index.column()]

    def row(self, index: Index) -> DetailRow | None:
        """Return the row of a cell; None for the empty one at the end."""
        return self.rows[index.row()] if index.row() < len(self.rows) else None

    def flags(self, index: Index, /) -> Qt.ItemFlag:
        """Let everything but computed cells be typed into."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not self.locked and self.item(index).computed is None:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        """Return text, alignment, and what is wrong."""
        row, item = self.row(index), self.item(index)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = item.type in NUMBERS
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, item)
        finding = self._findings.get((row.uid, item.id))
        if role == FINDING:
            return finding.level if finding else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return finding.message if finding else self.text(row, item)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> object:
        """Return labels above and row numbers at the left."""
        if orientation == Qt.Orientation.Vertical:
            if role != Qt.ItemDataRole.DisplayRole:
                return None
            return str(section + 1) if section < len(self.rows) else "＋"
        item = self.fields[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{item.label} *" if item.required else item.label
        if role == Qt.ItemDataRole.ToolTipRole:
            return item.help or item.label
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = item.type in NUMBERS
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def text(self, row: DetailRow, item: Field) -> str:
        """Return a cell as people read it."""
        if item.id in row.unreadable:
            return row.unreadable[item.id].text
        value = row.values.get(item.id)
        if item.type == "ref":
            value = row.values.get(f"{item.id}__label") or value
            return HIDDEN if self.reader.hides(item, value) else str(value or "")
        masked = item.sensitivity >= SENSITIVE and item.type == "person_id"
        return self.reader.shown(item, value, masked=masked or self.reader.hides(item, value))

    # --- typing ------------------------------------------------------------------------------

    def take(self, index: Index, editor: Editor) -> None:
        """Take over what the editor of a cell holds."""
        row, item = self.row(index), self.item(index)
        problem = editor.problem()
        cells = editor.cells()
        if row is None:
            if problem is None and all(value is None for value in cells.values()):
                return
            row = self._append()
        before = (dict(row.values), dict(row.unreadable))
        row.values.update(cells)
        if problem is None:
            row.unreadable.pop(item.id, None)
        else:
            row.unreadable[item.id] = problem
        if (row.values, row.unreadable) != before:
            self._refresh(index.row(), index.row())
            self.typed.emit()

    def _append(self) -> DetailRow:
        place = len(self.rows)
        self.beginInsertRows(_ROOT, place, place)
        row = DetailRow(new_uid(), self._defaults())
        self.rows.append(row)
        self.endInsertRows()
        return row

    def _defaults(self) -> dict[str, int | float | str | None]:
        found: dict[str, int | float | str | None] = {}
        for item in self.fields:
            for name in columns_of(item):
                found[name] = None
            if item.default is not None:
                value = self.reader.read(item, item.default)
                found[item.id] = None if isinstance(value, Unreadable) else value
        return found

    def remove(self, place: int) -> None:
        """Take a row out."""
        if self.locked or not 0 <= place < len(self.rows):
            return
        self.beginRemoveRows(_ROOT, place, place)
        del self.rows[place]
        self.endRemoveRows()
        self.typed.emit()

    def paste(self, row: int, column: int, text: str) -> int:
        """Put a block of cells in from a cell on; return how many rows it filled."""
        block = [line for line in csv.reader(io.StringIO(text), delimiter="\t") if line]
        wanted = [item.label for item in self.fields]
        if block and block[0] and all(name.strip(" *") in wanted for name in block[0]):
            block = block[1:]
        for offset, line in enumerate(block):
            while row + offset >= len(self.rows):
                self._append()
            for step, cell in enumerate(line[: len(self.fields) - column]):
                self._put(self.rows[row + offset], self.fields[column + step], cell)
        if block:
            self._refresh(row, row + len(block) - 1)
            self.typed.emit()
        return len(block)

    def _put(self, row: DetailRow, item: Field, text: str) -> None:
        if item.computed is not None:
            return
        if item.type == "ref":
            self._put_reference(row, item, text.strip())
            return
        value = self.reader.read(item, text)
        row.unreadable.pop(item.id, None)
        if isinstance(value, Unreadable):
            row.unreadable[item.id] = value
            value = None
        row.values[item.id] = value

    def _put_reference(self, row: DetailRow, item: Field, text: str) -> None:
        row.unreadable.pop(item.id, None)
        cells: tuple[str | None, ...] = (None, text or None, text or None)
        if text and self.reader.links is not None and item.form is not None:
            found = self.reader.links.target(item.form, text)
            if isinstance(found, Unreadable):
                row.unreadable[item.id] = found
                cells = (None, None, None)
            else:
                cells = (found.uid, found.key, found.label)
        row.values.update(zip(columns_of(item), cells, strict=True))

    def block(self, indexes: Sequence[Index]) -> str:
        """Return cells as a block that a spreadsheet takes."""
        rows = sorted({index.row() for index in indexes})
        columns = sorted({index.column() for index in indexes})
        lines = []
        for place in rows:
            row = self.rows[place] if place < len(self.rows) else None
            cells = [self.text(row, self.fields[n]) if row else "" for n in columns]
            lines.append("\t".join(cells))
        return "\n".join(lines)

    def totals(self) -> list[str]:
        """Return the sums of numeric columns that hold anything, in words.

        Of a column whose cells are hidden the sum is, too: of one row it is the cell.
        """
        found = []
        for item in self.fields:
            values = [row.values.get(item.id) for row in self.rows]
            numbers = [value for value in values if isinstance(value, int | float)]
            if item.type in NUMBERS and numbers:
                total = sum(numbers) if item.type == "decimal" else int(sum(numbers))
                told = self.reader.shown(item, total, masked=self.reader.hides(item, total))
                found.append(f"{item.label}合计 {told}{item.measure if told != HIDDEN else ''}")
        return found
