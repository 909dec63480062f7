"""The table of 目标分解: one open share after the other, a column from Excel at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from union_desk.desktop import theme
from union_desk.desktop.shares_model import BASE, NAME, SHARE, SharesModel

if TYPE_CHECKING:
    Index = QModelIndex | QPersistentModelIndex

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1}


class ShareDelegate(QStyledItemDelegate):
    """The open cell: Enter and arrows go on, a column from Excel goes into the cells below."""

    def __init__(self, table: SharesTable) -> None:
        super().__init__(table)
        self._table = table

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index, /
    ) -> QWidget:
        """Return a line that stands where the figure stands."""
        made = super().createEditor(parent, option, index)
        if isinstance(made, QLineEdit):
            made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            made.setAccessibleName(str(index.data(Qt.ItemDataRole.AccessibleTextRole)))
        return made

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Take what the line itself has no use for."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            text = QApplication.clipboard().text()
            if event.matches(QKeySequence.StandardKey.Paste) and ("\n" in text or "\t" in text):
                self._table.paste(text)
                return True
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None and isinstance(watched, QWidget):
                self.commitData.emit(watched)
                self._table.step(step)
                return True
        return super().eventFilter(watched, event)


class SharesTable(QTableView):
    """The units; the marked share is always open for typing, Enter goes to the next one."""

    def __init__(self, model: SharesModel) -> None:
        super().__init__()
        self._shares = model
        self.setModel(model)
        self.setItemDelegate(ShareDelegate(self))
        self.setProperty("role", "ledger")
        self.setAccessibleName("各单位的分解数")
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(40))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setFixedHeight(theme.px(40))
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for place in (BASE, SHARE):
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(place, theme.px(150))

    def start(self) -> None:
        """Put the mark on the first share."""
        if self._shares.units:
            self.setCurrentIndex(self._shares.index(0, SHARE))

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Open the marked share."""
        super().focusInEvent(event)
        place = self.currentIndex()
        if place.isValid() and self.state() != QAbstractItemView.State.EditingState:
            self.edit(self._shares.index(place.row(), SHARE))

    def step(self, rows: int) -> None:
        """Go up or down; beyond the last unit the mark stays."""
        wanted = self.currentIndex().row() + rows
        if 0 <= wanted < len(self._shares.units):
            self.setCurrentIndex(self._shares.index(wanted, SHARE))

    def paste(self, text: str) -> None:
        """Put a column of figures in from the marked unit on."""
        place = self.currentIndex().row()
        self.setCurrentIndex(QModelIndex())
        self._shares.paste(max(place, 0), text)
        self.setCurrentIndex(self._shares.index(max(place, 0), SHARE))
