"""A table of plain rows: words, figures at the right, a pill for what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from union_desk.desktop import pill, theme
from union_desk.desktop.line_editor import ENTER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_TONE = int(Qt.ItemDataRole.UserRole) + 1
ROW = 40
TONES = {
    "ok": ("ok", "okt"),
    "warn": ("warn", "warnt"),
    "err": ("err", "errt"),
    "primary": ("primary", "primaryt"),
    "plain": ("text2", "track"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its width at scale 1, its share of the room that is left."""

    title: str
    width: int
    weight: int = 0
    right: bool = False
    pill: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The words of a row; `tone` colours its pill."""

    cells: tuple[str, ...]
    tone: str = "plain"


class RowModel(QAbstractTableModel):
    """Rows as Qt asks for them."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.rows: tuple[Row, ...] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP, /) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _TOP, /) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole), /) -> object:
        """Return what a cell shows."""
        row, column = self.rows[index.row()], self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return row.cells[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}：{row.cells[index.column()]}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return row.tone if role == _TONE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0, /) -> object:
        """Return the titles."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


class _PillDelegate(QStyledItemDelegate):
    """Draws a word on its tint."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Draw the ground as usual and the pill over it."""
        super().paint(painter, option, index)
        words, tone = str(index.data()), str(index.data(_TONE))
        if words:
            middle = option.rect.center().y() + 0.5
            left = option.rect.left() + theme.px(4)
            pill.draw_words(painter, words, TONES[tone], left, middle, ticked=tone == "ok")

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Leave the words to the pill."""
        super().initStyleOption(option, index)
        option.text = ""


class RowTable(QTableView):
    """Arrows move, Enter opens; nothing is edited."""

    moved = Signal(int)
    """The row the cursor stands on, -1 for none."""
    opened = Signal(int)

    def __init__(self, name: str, columns: Sequence[Column]) -> None:
        super().__init__()
        self.rows = RowModel(columns)
        self.setModel(self.rows)
        self.setAccessibleName(name)
        self.setProperty("role", "ledger")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        across = self.horizontalHeader()
        across.setHighlightSections(False)
        across.setFixedHeight(theme.px(ROW))
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down = self.verticalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(theme.px(ROW))
        self._pills = _PillDelegate(self)
        for n, column in enumerate(columns):
            if column.pill:
                self.setItemDelegateForColumn(n, self._pills)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows, the cursor on the first."""
        self.rows.show_rows(rows)
        self.fit()
        self.go_to(0)
        if not rows:
            self.moved.emit(-1)

    def place(self) -> int:
        """Return the row the cursor stands on, -1 for none."""
        return self.currentIndex().row() if self.currentIndex().isValid() else -1

    def go_to(self, place: int) -> None:
        """Put the cursor on a row."""
        if 0 <= place < self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(place, 0))

    def currentChanged(self, current: Index, previous: Index, /) -> None:
        """Tell where the cursor stands."""
        super().currentChanged(current, previous)
        self.moved.emit(current.row() if current.isValid() else -1)

    def fit(self) -> None:
        """Give every column its width; those with a weight share what is left."""
        columns = self.rows.columns
        widths = [theme.px(column.width) for column in columns]
        weights = sum(column.weight for column in columns)
        spare = max(self.viewport().width() - sum(widths), 0)
        for n, column in enumerate(columns):
            share = spare * column.weight // weights if weights else 0
            self.setColumnWidth(n, widths[n] + share)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Fit the columns to a new width."""
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Open with Enter."""
        if event.key() in ENTER and self.place() >= 0:
            self.opened.emit(self.place())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw a line below every row."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setPen(theme.color("line"))
        for place in range(self.rows.rowCount()):
            bottom = self.rowViewportPosition(place) + self.rowHeight(place) - 1
            if 0 <= bottom < self.viewport().height():
                painter.drawLine(0, bottom, self.viewport().width(), bottom)
