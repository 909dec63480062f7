"""The box and the name of every row, kept in sight while the other columns scroll sideways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from union_desk.desktop import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent

    from union_desk.desktop.ledger_table import LedgerTable

    Index = QModelIndex | QPersistentModelIndex

COUNT = 2
"""Columns that stay: the box and the name."""


class FrozenColumns(QTableView):
    """Lies over the left of a ledger, shows the same rows and selection, never takes the focus."""

    def __init__(self, table: LedgerTable, header: QHeaderView) -> None:
        super().__init__(table)
        self._table = table
        self.setProperty("role", "ledger")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("固定在左边的名称列")
        self.setHorizontalHeader(header)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for policy in (self.setVerticalScrollBarPolicy, self.setHorizontalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.horizontalScrollBar().valueChanged.connect(self.stand)
        self.hide()

    def _join(self) -> None:
        """Take rows, selection and scrolling from the table: not before a wide one is scrolled.

        A view of a million rows costs memory and time even while nobody sees it.
        """
        table = self._table
        self.setModel(table.model())
        self.setSelectionModel(table.selectionModel())
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down = self.verticalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(table.verticalHeader().defaultSectionSize())
        table.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(table.verticalScrollBar().setValue)

    def stand(self) -> None:
        """Stand where the table is scrolled sideways, as wide as what stays; else go."""
        table = self._table
        columns = table.rows.columnCount()
        if table.horizontalScrollBar().value() == 0 or columns <= COUNT:
            self.hide()
            return
        if self.model() is None:
            self._join()
        for column in range(columns):
            self.setColumnHidden(column, column >= COUNT)
            if column < COUNT:
                self.setColumnWidth(column, table.columnWidth(column))
                self.setItemDelegateForColumn(column, table.itemDelegateForColumn(column))
        header = table.horizontalHeader()
        place = table.viewport().geometry()
        self.setGeometry(
            place.left(), header.geometry().top(), self.reach(),
            header.height() + place.height(),
        )  # fmt: skip
        self.verticalScrollBar().setValue(table.verticalScrollBar().value())
        self.show()
        self.raise_()

    def reach(self) -> int:
        """Return how many pixels of the table's left it covers while it stands."""
        return sum(self._table.columnWidth(column) for column in range(COUNT)) + 1

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the lines below the rows and one at the right, which says that it stays."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        self._table.draw_lines(painter, self.viewport().width())
        painter.setPen(theme.color("field"))
        right = self.viewport().width() - 1
        painter.drawLine(right, 0, right, self.viewport().height())

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Choose by the box, mark by the name; the keys go on in the table."""
        index = self.indexAt(event.position().toPoint())
        if index.column() == 0:
            self._table.choose_box(event, index.row())
        else:
            super().mousePressEvent(event)
        self._table.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        """Open the row."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self._table.opened.emit(index.row())

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        """Scroll the table."""
        self._table.wheelEvent(event)
