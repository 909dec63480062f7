"""The table of a preview: cells in trouble tinted, the reason with its mark at the row's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from union_desk.desktop import icons, theme
from union_desk.desktop.import_check import BAD, FINE, WARN
from union_desk.desktop.import_model import LEVEL, NUMBER, VERDICT, ImportModel
from union_desk.desktop.line_editor import ENTER

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    Index = QModelIndex | QPersistentModelIndex

ROW = 40
_LEAST, _MOST, _VERDICT = 86, 240, 300
_TINTS = {"error": ("errt", "err"), "warning": ("warnt", "warn")}
_MARKS = {
    BAD: ("alert-circle-filled", "err"),
    WARN: ("alert-triangle-filled", "warn"),
    FINE: ("circle-check-filled", "ok"),
}


class CellDelegate(QStyledItemDelegate):
    """Draws the tint of a cell in trouble, and the verdict with its mark."""

    open: QWidget | None = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Draw the cell."""
        level, place = index.data(LEVEL), option.rect
        super().paint(painter, option, index)
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        if level in _TINTS:
            tint, tone = _TINTS[level]
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(tint))
            side = theme.px(4)
            painter.drawRoundedRect(QRectF(place).adjusted(2, 6, -2, -6), side, side)
            painter.setPen(theme.color(tone))
            inner = place.adjusted(theme.px(9), 0, -theme.px(9), 0)
            align = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole))
            shown = painter.fontMetrics().elidedText(
                words or "（空）", Qt.TextElideMode.ElideRight, inner.width()
            )
            painter.drawText(inner, align, shown)
        elif level in _MARKS:
            icon, tone = _MARKS[level]
            side = theme.px(16)
            box = QRectF(place.left() + theme.px(8), place.center().y() - side / 2, side, side)
            icons.draw(painter, icon, tone, box)
            painter.setPen(theme.color(tone))
            inner = place.adjusted(theme.px(32), 0, -theme.px(6), 0)
            shown = painter.fontMetrics().elidedText(
                words, Qt.TextElideMode.ElideRight, inner.width()
            )
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, shown)

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index, /
    ) -> QWidget:
        """Open a line and remember it as the one that is open."""
        self.open = super().createEditor(parent, option, index)
        return self.open

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Leave out the words that are drawn above."""
        super().initStyleOption(option, index)
        if index.data(LEVEL):
            option.text = ""


class ImportTable(QTableView):
    """Arrows move, typing or F2 mends a cell, Enter goes to the next one below."""

    pasted = Signal()

    def __init__(self, model: ImportModel) -> None:
        super().__init__()
        self.grid = model
        self.setModel(model)
        self.setProperty("role", "ledger")
        self.setAccessibleName("要导入的各行")
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        down, across = self.verticalHeader(), self.horizontalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(theme.px(ROW))
        across.setFixedHeight(theme.px(ROW))
        across.setHighlightSections(False)
        self._cell = CellDelegate(self)
        self.setItemDelegate(self._cell)
        model.modelReset.connect(self.fit)

    def fit(self) -> None:
        """Give every column the width of its first rows; the verdict takes what is left."""
        metrics = QFontMetrics(theme.font())
        widths = []
        for column, name in enumerate(self.grid.columns):
            if name == VERDICT:
                widths.append(theme.px(_VERDICT))
                continue
            texts = [self.grid.headerData(column, Qt.Orientation.Horizontal)]
            texts += [
                self.grid.index(n, column).data() for n in range(min(12, len(self.grid.places)))
            ]
            width = max(metrics.horizontalAdvance(str(text or "")) for text in texts)
            least = 52 if name == NUMBER else _LEAST
            widths.append(min(max(width + theme.px(30), theme.px(least)), theme.px(_MOST)))
        if widths:
            room = self.viewport().width()
            self._place_verdict(beside_number=sum(widths) > room)
            widths[-1] = max(widths[-1], room - sum(widths[:-1]))
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)

    def _place_verdict(self, *, beside_number: bool) -> None:
        """Keep the verdict in sight: at the row's end, or beside the number of a long row."""
        across, last = self.horizontalHeader(), len(self.grid.columns) - 1
        wanted = 1 if beside_number else last
        if across.visualIndex(last) != wanted:
            across.moveSection(across.visualIndex(last), wanted)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Fit the columns to a new width."""
        super().resizeEvent(event)
        self.fit()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw a line below every row."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setPen(theme.color("line"))
        first = max(self.rowAt(0), 0)
        last = self.rowAt(self.viewport().height() - 1)
        for place in range(first, (last if last >= 0 else self.grid.rowCount() - 1) + 1):
            bottom = self.rowViewportPosition(place) + self.rowHeight(place) - 1
            painter.drawLine(0, bottom, self.viewport().width(), bottom)

    def commitData(self, editor: QWidget, /) -> None:
        """Take what was typed, once: leaving the line asks a second time after Enter did."""
        if editor is self._cell.open:
            super().commitData(editor)

    def closeEditor(self, editor: QWidget, hint: QStyledItemDelegate.EndEditHint, /) -> None:
        """Forget the line that was open."""
        if editor is self._cell.open:
            self._cell.open = None
            super().closeEditor(editor, hint)

    def go_to(self, index: QModelIndex) -> None:
        """Make a cell the current one and bring it into sight."""
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Ctrl+V pastes another block; Enter goes down; the rest as tables do."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
        elif event.key() in ENTER and self.currentIndex().isValid():
            self.go_to(self.currentIndex().siblingAtRow(self.currentIndex().row() + 1))
        else:
            super().keyPressEvent(event)
