"""The table of a ledger: 40-pixel rows, check marks, pills; everything by keyboard as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from union_desk.desktop import icons, pill, theme
from union_desk.desktop.ledger_columns import PERSON, width_of
from union_desk.desktop.ledger_frozen import COUNT, FrozenColumns
from union_desk.desktop.ledger_model import CHECK, CHECKED, PILLS, STATE, UNIT, LedgerModel
from union_desk.desktop.line_editor import ENTER

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent

    from union_desk.taskpack.definition import Form

    Index = QModelIndex | QPersistentModelIndex

ROW, HEADER = 40, 40
CHECK_WIDTH, STATE_WIDTH, UNIT_WIDTH = 52, 92, 190


def draw_check(painter: QPainter, place: QRect, *, on: bool) -> None:
    """Draw a check box in the middle of a cell."""
    side = theme.px(18)
    box = QRectF(0, 0, side, side)
    box.moveCenter(QRectF(place).center())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("btn" if on else "field"), 1))
    painter.setBrush(theme.color("btn" if on else "input"))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(4), theme.px(4))
    if on:
        icons.draw(painter, "check", "#FFFFFF", box.adjusted(2, 2, -2, -2))
    painter.restore()


class CheckDelegate(QStyledItemDelegate):
    """Draws the check mark of a row."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Draw the ground as usual and the box over it."""
        super().paint(painter, option, index)
        draw_check(painter, option.rect, on=index.data(CHECKED) == Qt.CheckState.Checked)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Leave out Qt's own check box."""
        super().initStyleOption(option, index)
        option.features &= ~QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator


class StateDelegate(QStyledItemDelegate):
    """Draws the state of a row as pills."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Draw the ground as usual and the pills over it."""
        super().paint(painter, option, index)
        left = option.rect.left() + theme.px(2)
        for state in index.data(PILLS) or ():
            middle = option.rect.center().y() + 0.5
            left += pill.draw(painter, state, left, middle) + theme.px(6)


class CheckHeader(QHeaderView):
    """The header; its first section chooses all rows."""

    def __init__(self, table: LedgerTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setFixedHeight(theme.px(HEADER))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int, /) -> None:  # noqa: N803
        """Add the box that chooses all."""
        painter.save()
        super().paintSection(painter, rect, logicalIndex)
        painter.restore()
        if logicalIndex == 0 and self._table.rows.rowCount():
            draw_check(painter, rect, on=self._table.rows.all_picked)


class LedgerTable(QTableView):
    """Arrows move, Space chooses, Enter opens, Delete removes, Ctrl+C copies."""

    opened = Signal(int)
    """The row at a place."""
    removal = Signal()
    sorted_by = Signal(str)
    drawn = Signal()
    """A column was drawn wider or narrower."""

    def __init__(self, model: LedgerModel, form: Form) -> None:
        super().__init__()
        self._form = form
        self.rows = model
        self.frozen = FrozenColumns(self, CheckHeader(self))
        self.setModel(model)
        self._anchor = 0
        self.setProperty("role", "ledger")
        self.setHorizontalHeader(CheckHeader(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.factors: dict[str, float] = {}
        """Of columns drawn wider or narrower by hand: how much, against the usual width."""
        self.free = False
        """The columns were chosen by hand: they may need more room than there is."""
        self._fitting = False
        self.horizontalHeader().sectionResized.connect(self._resized)
        down = self.verticalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(theme.px(ROW))
        self._check = CheckDelegate(self)
        self._state = StateDelegate(self)
        self._plain = QStyledItemDelegate(self)
        self.setItemDelegateForColumn(0, self._check)
        for header in (self.horizontalHeader(), self.frozen.horizontalHeader()):
            header.sectionClicked.connect(self._header_clicked)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        model.modelReset.connect(self.fit)

    # --- layout ----------------------------------------------------------------------------

    def fit(self) -> None:
        """Give every column its width; the name takes what is left."""
        columns = self.rows.columns
        fields = {item.id: item for item in self.rows.fields}
        widths = []
        for n, name in enumerate(columns):
            if name in fields:
                usual = width_of(fields[name], self._form)
                widths.append(round(usual * self.factors.get(name, 1)))
            else:
                fixed = {CHECK: CHECK_WIDTH, STATE: self._state_width(), UNIT: UNIT_WIDTH}
                widths.append(theme.px(fixed[name]))
            self.setItemDelegateForColumn(n, self._delegate(name))
        spare = self.viewport().width() - sum(widths)
        weights = [self._weight(name) for name in columns]
        if spare > 0 and any(weights):
            share = spare / sum(weights)
            widths = [int(w + share * weight) for w, weight in zip(widths, weights, strict=True)]
        if len(widths) > 1 and (spare > 0 or not self.free):
            widths[1] = max(widths[1] + self.viewport().width() - sum(widths), theme.px(110))
        self._fitting = True
        for n, width in enumerate(widths):
            self.setColumnWidth(n, width)
        self._fitting = False
        self.frozen.stand()

    def _resized(self, section: int, _old: int, new: int) -> None:
        """Remember by how much a column was drawn wider or narrower by hand."""
        name = self.rows.columns[section] if section < len(self.rows.columns) else ""
        item = self._form.by_id.get(name)
        if not self._fitting and item is not None:
            self.factors[name] = round(new / max(width_of(item, self._form), 1), 2)
            self.frozen.stand()
            self.drawn.emit()

    def _weight(self, name: str) -> int:
        """Return how much of the spare room a column takes: a long name the most."""
        item = self._form.by_id.get(name)
        if item is None:
            return 0
        long = name == self._form.name_field and not 0 < (item.max_length or 0) <= PERSON
        return 8 if long else 1

    def _delegate(self, name: str) -> QStyledItemDelegate:
        return {CHECK: self._check, STATE: self._state}.get(name, self._plain)

    def _state_width(self) -> int:
        view = self.rows.view
        editing = view is not None and view.counts.get("editing", 0) > 0
        return STATE_WIDTH + (76 if editing else 0)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Fit the columns to a new width."""
        super().resizeEvent(event)
        self.fit()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw a line below every row."""
        super().paintEvent(event)
        self.draw_lines(QPainter(self.viewport()), self.viewport().width())

    def draw_lines(self, painter: QPainter, width: int) -> None:
        """Draw a line below every row in sight."""
        painter.setPen(theme.color("line"))
        first = max(self.rowAt(0), 0)
        last = self.rowAt(self.viewport().height() - 1)
        for place in range(first, (last if last >= 0 else self.rows.rowCount() - 1) + 1):
            bottom = self.rowViewportPosition(place) + self.rowHeight(place) - 1
            painter.drawLine(0, bottom, width, bottom)

    # --- keys and mouse --------------------------------------------------------------------

    def _header_clicked(self, section: int) -> None:
        if section == 0:
            self.rows.pick_all(on=not self.rows.all_picked)
            return
        name = self.rows.sort_column(section)
        if name:
            self.sorted_by.emit(name)

    def places(self) -> list[int]:
        """Return the rows that are marked by the cursor."""
        return sorted({index.row() for index in self.selectionModel().selectedRows()})

    def go_to(self, place: int) -> None:
        """Make a row the current one and bring it into sight."""
        if 0 <= place < self.rows.rowCount():
            column = min(1, self.rows.columnCount() - 1)
            self.setCurrentIndex(self.rows.index(place, column))
            self.scrollTo(self.rows.index(place, column))

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
        /,
    ) -> None:
        """Bring a cell into sight: what stays is in sight, and covers what lies under it."""
        sideways = self.horizontalScrollBar()
        before = sideways.value()
        super().scrollTo(index, hint)
        if self.frozen.isHidden():
            return
        if index.column() < COUNT:
            sideways.setValue(before)
        else:
            covered = self.frozen.reach() - self.visualRect(index).left()
            sideways.setValue(sideways.value() - max(covered, 0))

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Do what a key asks."""
        key, here = event.key(), self.currentIndex()
        if key in ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if here.isValid():
                self.opened.emit(here.row())
        elif key == Qt.Key.Key_Space and here.isValid():
            places = self.places() or [here.row()]
            self.rows.pick(places, on=not self.rows.is_picked(here.row()))
        elif key == Qt.Key.Key_Delete:
            self.removal.emit()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.rows.pick_all(on=not self.rows.all_picked)
        elif event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self.rows.block_text(self.places()))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Choose by a click on the box; with Shift from the last one to here."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.rows.columns[index.column()] == CHECK:
            self.choose_box(event, index.row())
        else:
            super().mousePressEvent(event)

    def choose_box(self, event: QMouseEvent, place: int) -> None:
        """Choose a row whose box was clicked, or let it go."""
        on = not self.rows.is_picked(place)
        first = self._anchor if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else place
        self.rows.pick(list(range(min(first, place), max(first, place) + 1)), on=on)
        self._anchor = place
        self.go_to(place)
