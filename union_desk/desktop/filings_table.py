"""The matrix of filings: units at the left stay in sight, their forms scroll beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from union_desk.desktop import filing_words, pill, theme
from union_desk.desktop.line_editor import ENTER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QPainter

    from union_desk.store.filing_matrix import UnitFilings
    from union_desk.taskpack.definition import TaskPack

    Index = QModelIndex | QPersistentModelIndex

UNIT, REPORTED, PAPER, CONTACT = "unit", "reported", "paper", "contact"
HEADS = {UNIT: "单位", REPORTED: "已报/应报", PAPER: "纸质", CONTACT: "联系人 电话"}
_WIDTHS = {UNIT: 236, REPORTED: 84, PAPER: 76, CONTACT: 176}
_STATE = Qt.ItemDataRole.UserRole
ROW, HEADER, CELL, SCROLL, EMPTY = 40, 64, 104, 10, 100


class MatrixModel(QAbstractTableModel):
    """Units by column; those of the left table first, then the forms."""

    def __init__(self, pack: TaskPack, day: str) -> None:
        super().__init__()
        self._pack, self._day = pack, day
        self.rows: Sequence[UnitFilings] = ()
        self.columns: tuple[str, ...] = tuple(HEADS)

    def show_rows(self, rows: Sequence[UnitFilings], forms: Sequence[str]) -> None:
        """Show these units and forms."""
        self.beginResetModel()
        self.rows, self.columns = rows, (*HEADS, *forms)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None, /) -> int:
        """Return the number of units."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None, /) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /
    ) -> object:
        """Return the title of a column."""
        if orientation == Qt.Orientation.Vertical or section >= len(self.columns):
            return None
        name = self.columns[section]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return HEADS.get(name) or self._pack.forms[name].title
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        """Return words, tooltips and the state of a filing."""
        row, name = self.rows[index.row()], self.columns[index.column()]
        if name in HEADS:
            fact = self._fact(row, name)
            more = filing_words.contact_words(row) if name == CONTACT else ""
            told = {Qt.ItemDataRole.DisplayRole: fact}
            told[Qt.ItemDataRole.ToolTipRole] = "\n".join(filter(None, (fact, more)))
            return told.get(Qt.ItemDataRole(role))
        state, words = filing_words.cell_words(row, name, self._day)
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == _STATE:
            return state
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return filing_words.tip(row, name, self._pack, self._day)
        return None

    def _fact(self, row: UnitFilings, name: str) -> str:
        if name == UNIT:
            return row.unit.name
        if name == REPORTED:
            owed, there = row.reported
            return f"{there}/{owed}"
        if name == PAPER:
            return filing_words.paper_words(row)
        promised = f"说{row.unit.promise[5:]}报" if row.unit.promise else ""
        return " ".join(filter(None, (promised, row.unit.contact, row.unit.phone)))


class StateDelegate(QStyledItemDelegate):
    """Draws what became of a filing as a pill; what is open or 不适用 as quiet words."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Draw the ground as usual and the pill over it."""
        state, words = index.data(_STATE), index.data(Qt.ItemDataRole.DisplayRole)
        super().paint(painter, option, index)
        place = option.rect
        if state in ("", filing_words.OPEN):
            painter.setFont(theme.font(12))
            painter.setPen(theme.color("text3"))
            painter.drawText(place.adjusted(theme.px(10), 0, 0, 0),
                             Qt.AlignmentFlag.AlignVCenter, words or "不适用")  # fmt: skip
            return
        tones = filing_words.TONES[state]
        middle = place.center().y() + 0.5
        left = place.left() + theme.px(4)
        pill.draw_words(painter, words, tones, left, middle)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Leave out the words: they are drawn above."""
        super().initStyleOption(option, index)
        option.text = ""


class _Table(QTableView):
    """One half of the matrix."""

    entered = Signal()

    def __init__(self, model: MatrixModel, name: str) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(name)
        self.setProperty("role", "ledger")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        down = self.verticalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(theme.px(ROW))
        across = self.horizontalHeader()
        across.setFixedHeight(theme.px(HEADER))
        across.setHighlightSections(False)
        across.setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        )

    def leave_room(self, height: int) -> None:
        """Keep room below for the scroll bar that stands in the other half."""
        self.setViewportMargins(0, theme.px(HEADER), 0, height)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter opens what the cursor stands on."""
        if event.key() in ENTER and self.currentIndex().isValid():
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class FilingsTable(QWidget):
    """Two tables over one model, scrolled together."""

    opened = Signal(object, str)
    """A unit's row and a form, or no form."""
    moved = Signal()
    """The cursor stands elsewhere, or nowhere any more."""

    def __init__(self, pack: TaskPack, day: str) -> None:
        super().__init__()
        self.model = MatrixModel(pack, day)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        self.units = _Table(self.model, "单位")
        self.forms = _Table(self.model, "各表的报送情况")
        self._last = self.units
        self._state = StateDelegate(self)
        self.forms.setItemDelegate(self._state)
        self.units.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.units.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.units.leave_room(theme.px(SCROLL))
        self.forms.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        line.addWidget(self.units)
        line.addWidget(self.forms, 1)
        for one, two in ((self.units, self.forms), (self.forms, self.units)):
            one.verticalScrollBar().valueChanged.connect(two.verticalScrollBar().setValue)
            one.selectionModel().currentChanged.connect(lambda *_, table=one: self._moved(table))
            one.entered.connect(lambda table=one: self._open(table))
            one.doubleClicked.connect(lambda _index, table=one: self._open(table))
        self.model.modelReset.connect(self.fit)
        self.model.modelReset.connect(self.moved)
        self.fit()

    def fit(self) -> None:
        """Show facts at the left and forms at the right."""
        for place, name in enumerate(self.model.columns):
            fact = name in HEADS
            self.units.setColumnHidden(place, not fact)
            self.forms.setColumnHidden(place, fact)
            width = self._narrow(name) or _WIDTHS.get(name, CELL)
            (self.units if fact else self.forms).setColumnWidth(place, theme.px(width))
        facts = (self._narrow(name) or width for name, width in _WIDTHS.items())
        self.units.setFixedWidth(sum(map(theme.px, facts)))

    def _narrow(self, name: str) -> int:
        """Return the width of a column that nobody has filled, else 0: the forms want the room."""
        if name != CONTACT:
            return 0
        place = self.model.columns.index(CONTACT)
        cells = (self.model.index(row, place).data() for row in range(len(self.model.rows)))
        return 0 if any(cells) else EMPTY

    def chosen(self) -> tuple[UnitFilings | None, str]:
        """Return the row and the form under the cursor."""
        here = self._last.currentIndex()
        if not here.isValid():
            return None, ""
        name = self.model.columns[here.column()]
        return self.model.rows[here.row()], "" if name in HEADS else name

    def _moved(self, table: _Table) -> None:
        self._last = table
        self.moved.emit()

    def _open(self, table: QTableView) -> None:
        here = table.currentIndex()
        if here.isValid():
            name = self.model.columns[here.column()]
            self.opened.emit(self.model.rows[here.row()], "" if name in HEADS else name)
