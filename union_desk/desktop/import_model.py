"""The grid of a preview: what came, mendable in place, the verdict at the end of each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from union_desk.desktop.import_check import BAD, FINE, WARN, Checked, Verdict
from union_desk.desktop.line_editor import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.import_sheet import ImportSheet

    Index = QModelIndex | QPersistentModelIndex

NUMBER, VERDICT = "#", "?"
LEVEL = Qt.ItemDataRole.UserRole
"""``error`` or ``warning`` of a cell; in the last column the state of the row."""
_UNCHECKED = Verdict("", "正在检查…")


class ImportModel(QAbstractTableModel):
    """Rows of a sheet: number, mapped columns, verdict."""

    mended = Signal()
    """A cell was changed by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet: ImportSheet | None = None
        self.checked = Checked({})
        self.places: Sequence[int] = ()
        """The rows shown, by their place in the sheet."""
        self.columns: tuple[str, ...] = ()
        self.only_bad = False

    def show_sheet(self, sheet: ImportSheet) -> None:
        """Show a sheet whose verdicts are not known yet."""
        self.beginResetModel()
        self.sheet = sheet
        self.checked = Checked({})
        self.columns = (NUMBER, *(name for name in sheet.mapping if name), VERDICT)
        self._choose_rows()
        self.endResetModel()

    def show_checked(self, checked: Checked) -> None:
        """Show the verdicts; rows keep their place unless only those in trouble are shown."""
        self.checked = checked
        if self.only_bad:
            self.beginResetModel()
            self._choose_rows()
            self.endResetModel()
        elif self.rowCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def show_only_bad(self, *, only: bool) -> None:
        """Show rows in trouble alone, or all."""
        self.only_bad = only
        self.beginResetModel()
        self._choose_rows()
        self.endResetModel()

    def _choose_rows(self) -> None:
        rows = self.sheet.rows if self.sheet else []
        shown = [n for n, row in enumerate(rows) if any(cell not in (None, "") for cell in row)]
        if self.only_bad:
            shown = [n for n in shown if self.verdict(n).state in (BAD, WARN)]
        self.places = shown

    def verdict(self, place: int) -> Verdict:
        """Return the verdict of a row of the sheet."""
        return self.checked.verdicts.get(place, _UNCHECKED)

    def first_bad(self) -> QModelIndex:
        """Return the first wrong cell, else the first that warns; an invalid index for none."""
        for state, level in ((BAD, "error"), (WARN, "warning")):
            for row, place in enumerate(self.places):
                verdict = self.verdict(place)
                if verdict.state == state:
                    named = [
                        n for n, name in enumerate(self.columns) if verdict.cells.get(name) == level
                    ]
                    return self.index(row, named[0] if named else len(self.columns) - 1)
        return QModelIndex()

    # --- what the view asks ------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None, /) -> int:
        """Return the number of rows shown."""
        return 0 if parent is not None and parent.isValid() else len(self.places)

    def columnCount(self, parent: Index | None = None, /) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def flags(self, index: Index, /) -> Qt.ItemFlag:
        """Let the cells that came be mended."""
        flags = super().flags(index)
        if self.columns[index.column()] not in (NUMBER, VERDICT):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> object:
        """Return the label of the field; the title of the sheet in the tooltip."""
        if self.sheet is None or orientation == Qt.Orientation.Vertical:
            return None
        name = self.columns[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(name)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if name in (NUMBER, VERDICT):
            return "行" if name == NUMBER else "检查结果"
        place = self.sheet.place(name) or 0
        item = self.sheet.form.by_id.get(name)
        words = item.label if item else self.sheet.titles[place]
        return words if role == Qt.ItemDataRole.DisplayRole else f"{self.sheet.titles[place]}"

    def _side(self, name: str) -> Qt.AlignmentFlag:
        item = self.sheet.form.by_id.get(name) if self.sheet else None
        number = item is not None and item.type in NUMBERS
        side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        """Return the cell as it came, its level, its alignment."""
        if self.sheet is None:
            return None
        place, name = self.places[index.row()], self.columns[index.column()]
        verdict = self.verdict(place)
        if role == LEVEL:
            return verdict.state if name == VERDICT else verdict.cells.get(name, "")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(name)
        if role == Qt.ItemDataRole.ToolTipRole:
            return verdict.words if name == VERDICT or name in verdict.cells else None
        wanted = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole)
        return self._words(self.sheet, place, name) if wanted else None

    def _words(self, sheet: ImportSheet, place: int, name: str) -> str:
        if name == NUMBER:
            return str(place + (2 if sheet.headed else 1))
        if name == VERDICT:
            return self.verdict(place).words
        return _text(sheet.rows[place][sheet.place(name) or 0])

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole, /) -> bool:
        """Take a mended cell."""
        if self.sheet is None or role != Qt.ItemDataRole.EditRole:
            return False
        place, name = self.places[index.row()], self.columns[index.column()]
        column, text = self.sheet.place(name) or 0, str(value or "").strip()
        if _text(self.sheet.rows[place][column]) == text:
            return False
        self.sheet.rows[place][column] = text
        self.dataChanged.emit(index, index)
        self.mended.emit()
        return True


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return "" if cell is None else str(cell)


def counts(checked: Checked) -> tuple[int, int, int]:
    """Return how many rows can be taken in, want a reason, and are wrong."""
    return checked.count(FINE), checked.count(WARN), checked.count(BAD)
