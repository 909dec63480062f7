"""The records of one unit that wait to be looked at, worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
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
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QKeyEvent, QPainter

    from union_desk.store.reviews import Waiting
    from union_desk.taskpack.definition import TaskPack

    Index = QModelIndex | QPersistentModelIndex

FORM, NAME, PERIOD, STATE, TOLD = range(5)
TITLES = ("表", "名称", "报告期", "情况", "要看的地方")
_MARKS = {
    "error": ("有错误", ("err", "errt")),
    "warning": ("有警告", ("warn", "warnt")),
    "explained": ("有说明", ("warn", "warnt")),
    "corrected": ("更正", ("primary", "primaryt")),
    "": ("无异常", ("ok", "okt")),
}
_ROOT = QModelIndex()


def mark_of(item: Waiting) -> str:
    """Return what is worst about a record: an error, a warning, one explained, a 更正, nothing."""
    marks = {
        "explained" if finding.level == "warning" and finding.explained else finding.level
        for finding in item.findings
    }
    worst = next((mark for mark in ("error", "warning", "explained") if mark in marks), "")
    return worst or ("corrected" if item.corrected else "")


class ReviewModel(QAbstractTableModel):
    """One row a record."""

    def __init__(self, pack: TaskPack) -> None:
        super().__init__()
        self._pack = pack
        self.items: tuple[Waiting, ...] = ()
        self._names: Mapping[str, str] = {}

    def show_items(self, items: Sequence[Waiting], names: Mapping[str, str]) -> None:
        """Show these records."""
        self.beginResetModel()
        self.items, self._names = tuple(items), names
        self.endResetModel()

    def name(self, item: Waiting) -> str:
        """Return what people call a record."""
        return self._names.get(item.uid, "")

    def rowCount(self, parent: Index = _ROOT, /) -> int:
        """Return how many records wait."""
        return 0 if parent.isValid() else len(self.items)

    def columnCount(self, parent: Index = _ROOT, /) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(TITLES)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        """Return what a cell shows."""
        item = self.items[index.row()]
        text = self._text(item, index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if index.column() == STATE else text
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return text
        return mark_of(item) if role == Qt.ItemDataRole.UserRole else None

    def _text(self, item: Waiting, column: int) -> str:
        if column == FORM:
            return self._pack.forms[item.form].title
        if column == NAME:
            return self.name(item)
        if column == PERIOD:
            return item.period
        if column == STATE:
            return _MARKS[mark_of(item)][0]
        again = (f"第 {item.rev} 次报来",) if item.corrected else ()
        told = (finding.message for finding in item.findings if finding.level != "hint")
        return "；".join((*again, *told))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> object:
        """Return the title of a column."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return TITLES[section] if role == Qt.ItemDataRole.DisplayRole else None


class _MarkDelegate(QStyledItemDelegate):
    """Draws what is worst about a record as a pill."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Draw the ground as usual and the pill over it."""
        super().paint(painter, option, index)
        words, tones = _MARKS[index.data(Qt.ItemDataRole.UserRole)]
        left, middle = option.rect.left() + theme.px(2), option.rect.center().y() + 0.5
        pill.draw_words(painter, words, tones, left, middle)


class ReviewTable(QTableView):
    """Enter accepts, R returns, A accepts all, F marks the form, N and P go on and back."""

    accepted = Signal()
    returned = Signal()
    opened = Signal(int)
    whole = Signal()
    """All of this unit are to be accepted."""
    stepped = Signal(int)
    """To the next unit, or the one before."""

    def __init__(self, model: ReviewModel) -> None:
        super().__init__()
        self._rows = model
        self.setModel(model)
        self.setProperty("role", "ledger")
        self.setAccessibleName("待审的记录")
        self.setItemDelegateForColumn(STATE, _MarkDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(40))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setFixedHeight(theme.px(40))
        for place, width in ((FORM, 170), (NAME, 170), (PERIOD, 96), (STATE, 96)):
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(place, theme.px(width))
        header.setSectionResizeMode(TOLD, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def places(self) -> list[int]:
        """Return the marked rows, else the current one."""
        marked = sorted({index.row() for index in self.selectionModel().selectedRows()})
        here = self.currentIndex()
        return marked or ([here.row()] if here.isValid() else [])

    def mark_form(self) -> None:
        """Mark all records of the form that the cursor stands on."""
        here = self.currentIndex()
        if not here.isValid():
            return
        form = self._rows.items[here.row()].form
        marks = QItemSelection()
        for place, item in enumerate(self._rows.items):
            if item.form == form:
                one = self._rows.index(place, FORM)
                marks.select(one, one)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(marks, flags.ClearAndSelect | flags.Rows)

    def go_to(self, place: int) -> None:
        """Mark a row."""
        if self._rows.rowCount():
            self.setCurrentIndex(self._rows.index(min(place, self._rows.rowCount() - 1), FORM))

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Do what a key asks."""
        if event.key() in ENTER:
            self.accepted.emit()
        elif event.key() == Qt.Key.Key_R:
            self.returned.emit()
        elif event.key() == Qt.Key.Key_A and not event.modifiers():
            self.whole.emit()
        elif event.key() == Qt.Key.Key_F and not event.modifiers():
            self.mark_form()
        elif event.key() in (Qt.Key.Key_N, Qt.Key.Key_P):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_N else -1)
        else:
            super().keyPressEvent(event)
