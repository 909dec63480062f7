"""The units that a target is divided over, as a table: name, base, share typed in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from union_desk.taskpack.definition import Field
from union_desk.taskpack.field_types import Hints, Unreadable, parse
from union_desk.taskpack.figures import grouped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.store.units import UnitEntry

    Index = QModelIndex | QPersistentModelIndex

NAME, BASE, SHARE = range(3)
_FIGURE = Field("value", "分解数", "decimal", minimum=0)
_ROOT = QModelIndex()
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def read_figure(text: str) -> float | Unreadable | None:
    """Return a share as typed; None where the cell is empty."""
    if not text.strip():
        return None
    value = parse(_FIGURE, text, Hints())
    if isinstance(value, Unreadable):
        return value
    number = float(value or 0)
    return number if number >= 0 else Unreadable(text, "分解数不能小于 0")


class SharesModel(QAbstractTableModel):
    """What is typed stays as text until it is saved; what cannot be read is told."""

    edited = Signal()

    def __init__(self, units: Sequence[UnitEntry]) -> None:
        super().__init__()
        self.units = tuple(units)
        self.base_title = ""
        self.measure = ""
        self._kept: dict[str, float] = {}
        self._typed: dict[str, str] = {}
        self._weights: Mapping[str, float] = {}

    def show_shares(self, kept: Mapping[str, float], measure: str) -> None:
        """Show the shares that are saved; what was typed before is dropped."""
        self.beginResetModel()
        self._kept, self.measure = dict(kept), measure
        self._typed, self._weights, self.base_title = {}, {}, ""
        self.endResetModel()

    def show_base(self, title: str, weights: Mapping[str, float]) -> None:
        """Show by what the target was divided."""
        self.beginResetModel()
        self.base_title, self._weights = title, weights
        self.endResetModel()

    def put(self, values: Mapping[str, float | None]) -> None:
        """Fill in shares that were worked out."""
        self._typed |= {
            unit: "" if value is None else grouped(value) for unit, value in values.items()
        }
        self._refresh()

    def paste(self, row: int, text: str) -> None:
        """Put a column of figures in from `row` on."""
        lines = text.rstrip("\n").splitlines()
        for unit, line in zip(self.units[row:], lines, strict=False):
            self._typed[unit.code] = line.split("\t")[-1].strip()
        self._refresh()

    def _refresh(self) -> None:
        self.dataChanged.emit(self.index(0, 0), self.index(len(self.units) - 1, SHARE))
        self.edited.emit()

    def text(self, unit: str) -> str:
        """Return what the cell of a unit shows."""
        if unit in self._typed:
            return self._typed[unit]
        return grouped(self._kept[unit]) if unit in self._kept else ""

    def values(self) -> dict[str, float | Unreadable | None]:
        """Return every share as it stands, typed or saved."""
        return {unit.code: read_figure(self.text(unit.code)) for unit in self.units}

    def changes(self) -> dict[str, float | None]:
        """Return the shares that differ from those saved; unreadable ones are left out."""
        return {
            unit: value
            for unit, value in self.values().items()
            if not isinstance(value, Unreadable) and value != self._kept.get(unit)
        }

    def trouble(self) -> str:
        """Return what cannot be read, with its unit; "" where all can."""
        names = {unit.code: unit.name for unit in self.units}
        for unit, value in self.values().items():
            if isinstance(value, Unreadable):
                return f"{names[unit]}：“{value.text}”看不懂，请填数字。"
        return ""

    # --- what the table asks for -------------------------------------------------------------

    def rowCount(self, parent: Index = _ROOT, /) -> int:
        """Return how many units there are."""
        return 0 if parent.isValid() else len(self.units)

    def columnCount(self, parent: Index = _ROOT, /) -> int:
        """Return name, base, share."""
        return 0 if parent.isValid() else 3

    def flags(self, index: Index, /) -> Qt.ItemFlag:
        """Let shares be typed."""
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return found | Qt.ItemFlag.ItemIsEditable if index.column() == SHARE else found

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        """Return what a cell shows."""
        unit = self.units[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if index.column() == NAME else _RIGHT
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == SHARE:
            return f"{unit.name} 分解数 {self.text(unit.code) or '没有填'}"
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return None
        if index.column() == NAME:
            return unit.name
        if index.column() == SHARE:
            return self.text(unit.code)
        weight = self._weights.get(unit.code)
        return grouped(weight) if weight is not None else ""

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole, /) -> bool:
        """Take what was typed."""
        if role != Qt.ItemDataRole.EditRole or index.column() != SHARE:
            return False
        text = str(value or "").strip()
        number = read_figure(text)
        unit = self.units[index.row()].code
        self._typed[unit] = grouped(number) if isinstance(number, float) else text
        self.dataChanged.emit(index, index)
        self.edited.emit()
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> object:
        """Return the title of a column."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section == NAME else _RIGHT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return ("单位", self.base_title, f"分解数（{self.measure}）")[section]
