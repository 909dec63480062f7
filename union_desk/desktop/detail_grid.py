"""A detail table on the form, edited like a sheet: the current cell is always open for typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from union_desk.desktop import editors, theme
from union_desk.desktop.choice_editor import ListLine
from union_desk.desktop.detail_model import FINDING, DetailModel
from union_desk.desktop.line_editor import LineEditor
from union_desk.desktop.page import button, column, label, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent

    from union_desk.checks import Finding
    from union_desk.desktop.editor import Reader
    from union_desk.taskpack.definition import Field, Form

    Index = QModelIndex | QPersistentModelIndex

ROW, HEADER, MOST_ROWS = 40, 40, 9
_AS_LINE = frozenset({"bool", "multi", "longtext", "attach"})
_WIDTHS = {
    "person_id": 176, "uscc": 176, "date": 126, "phone": 124, "bool": 70, "int": 80,
    "decimal": 100, "money": 110, "ref": 190, "longtext": 160, "choice": 112,
}  # fmt: skip


def width_of(item: Field) -> int:
    """Return the least width of a column at scale 1."""
    long = item.type == "text" and (item.max_length or 0) > 30
    width = 180 if long else _WIDTHS.get(item.type, 96)
    return max(width, 13 * len(item.label) + 34)


class CellDelegate(QStyledItemDelegate):
    """Opens the field's own editor in a cell and tints what is wrong."""

    def __init__(self, grid: DetailTable) -> None:
        super().__init__(grid)
        self._grid = grid

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, index: Index, /
    ) -> QWidget:
        """Return the editor of the field; several codes and yes/no are typed as words."""
        model = self._grid.details
        item = model.item(index)
        made = LineEditor if item.type in _AS_LINE else editors.EDITORS[item.type]
        editor = made(item, model.reader)
        editor.setParent(parent)
        editor.setProperty("cell", True)  # noqa: FBT003 - Qt's property
        editor.setAccessibleName(f"第 {index.row() + 1} 行 {item.label}")
        editor.advance.connect(self._grid.step)
        return editor

    def setEditorData(self, editor: QWidget, index: Index, /) -> None:
        """Show what the row holds."""
        detail = self._grid.details.row(index)
        if isinstance(editor, LineEditor) and detail is not None:
            name = editor.item.id
            if name in detail.unreadable:
                editor.restore({name: detail.unreadable[name].text})
            else:
                editor.set_cells(detail.values)
            editor.selectAll()

    def setModelData(self, editor: QWidget, _model: QAbstractItemModel, index: Index, /) -> None:
        """Take what the editor holds."""
        if isinstance(editor, LineEditor):
            self._grid.details.take(index, editor)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: Index, /
    ) -> None:
        """Fill the cell."""
        editor.setGeometry(option.rect.adjusted(1, 1, -1, -1))

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Leave Enter and Esc to the editor; Tab goes to the next cell."""
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride) and isinstance(
            event, QKeyEvent
        ):
            if event.type() == QEvent.Type.KeyPress and isinstance(watched, LineEditor):
                return self._grid.key(watched, event)
            return False
        if event.type() == QEvent.Type.FocusOut and watched is not self._grid.open_editor():
            return False
        return super().eventFilter(watched, event)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Tint a cell that is wrong."""
        level = index.data(FINDING)
        if level in ("error", "warning"):
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("errt" if level == "error" else "warnt"))
            gap = theme.px(3)
            painter.drawRoundedRect(option.rect.adjusted(gap, gap, -gap, -gap), 4, 4)
            painter.restore()
        words = str(index.data() or "")
        if words:
            place = option.rect.adjusted(theme.px(10), 0, -theme.px(8), 0)
            painter.setPen(theme.color("err" if level == "error" else "text"))
            metrics = painter.fontMetrics()
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, index.data(Qt.ItemDataRole.TextAlignmentRole), words)


class DetailTable(QTableView):
    """The cells; `left` is emitted when Tab or Enter goes beyond the first or last one."""

    left = Signal(bool)
    entered_cell = Signal(object)
    """The field of the cell that is open now."""

    def __init__(self, details: DetailModel) -> None:
        super().__init__()
        self.details = details
        self.setModel(details)
        self.setItemDelegate(CellDelegate(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setShowGrid(True)
        self.setProperty("role", "framed")
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(details.form.title)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setHighlightSections(False)
        across.setFixedHeight(theme.px(HEADER))
        across.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(theme.px(ROW))
        down.setMinimumWidth(theme.px(36))
        down.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)

    # --- moving ------------------------------------------------------------------------------

    def open_cell(self, index: Index) -> None:
        """Make a cell the current one and open it."""
        if not index.isValid():
            return
        self.setCurrentIndex(index)
        self.scrollTo(index)
        opened = self.indexWidget(index)
        if isinstance(opened, LineEditor):
            opened.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.details.flags(index) & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.entered_cell.emit(self.details.item(index))

    def enter(self, *, forward: bool) -> None:
        """Take the focus from the field before or after."""
        if forward or self.details.locked:
            self.open_cell(self.details.index(0, 0))
        else:
            last = max(len(self.details.rows) - 1, 0)
            self.open_cell(self.details.index(last, len(self.details.fields) - 1))

    def step(self, forward: bool) -> None:  # noqa: FBT001 - a slot
        """Go to the next or previous cell, past the end to the next field of the form."""
        here = self.currentIndex()
        blank_start = here.row() >= len(self.details.rows) and here.column() == 0
        editor = self.open_editor()
        if editor is not None:
            blank_start = blank_start and not editor.text().strip()
            self.commitData(editor)
            self.closeEditor(editor, QStyledItemDelegate.EndEditHint.NoHint)
        if forward and blank_start:
            self.left.emit(True)  # noqa: FBT003 - Qt's signal
            return
        place = self._next(here.row(), here.column(), 1 if forward else -1)
        if place is None:
            self.left.emit(forward)
        else:
            self.open_cell(self.details.index(*place))

    def _next(self, row_: int, column_: int, way: int) -> tuple[int, int] | None:
        width = len(self.details.fields)
        place = row_ * width + column_ + way
        while 0 <= place < self.details.rowCount() * width:
            found = divmod(place, width)
            if self.details.fields[found[1]].computed is None:
                return found
            place += way
        return None

    def open_editor(self) -> LineEditor | None:
        """Return the editor of the current cell while it is open."""
        widget = self.indexWidget(self.currentIndex())
        return widget if isinstance(widget, LineEditor) else None

    def key(self, editor: LineEditor, event: QKeyEvent) -> bool:
        """Return whether a key in an open cell belongs to the sheet."""
        key = event.key()
        if editor.composing:
            return False
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            editor.go(forward=key == Qt.Key.Key_Tab and not back)
            return True
        if event.matches(QKeySequence.StandardKey.Paste):
            return self._paste()
        ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if ctrl and key == Qt.Key.Key_Delete:
            self.remove_row()
            return True
        if not event.modifiers() and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return self._vertical(editor, 1 if key == Qt.Key.Key_Down else -1)
        return False

    def _vertical(self, editor: LineEditor, way: int) -> bool:
        """Go up or down unless the editor needs the key itself."""
        here = self.currentIndex()
        target = here.row() + way
        if isinstance(editor, ListLine) and editor.list_open:
            return False
        if not 0 <= target < self.details.rowCount():
            return True
        self.commitData(editor)
        self.closeEditor(editor, QStyledItemDelegate.EndEditHint.NoHint)
        self.open_cell(self.details.index(target, here.column()))
        return True

    def _paste(self) -> bool:
        text = QApplication.clipboard().text().rstrip("\r\n")
        if "\t" not in text and "\n" not in text:
            return False
        here = self.currentIndex()
        editor = self.open_editor()
        if editor is not None:
            self.closeEditor(editor, QStyledItemDelegate.EndEditHint.RevertModelCache)
        count = self.details.paste(here.row(), here.column(), text)
        self.open_cell(self.details.index(min(here.row() + count, self.details.rowCount() - 1), 0))
        return True

    def remove_row(self) -> None:
        """Take the current row out."""
        here = self.currentIndex()
        editor = self.open_editor()
        if editor is not None:
            self.closeEditor(editor, QStyledItemDelegate.EndEditHint.RevertModelCache)
        self.details.remove(here.row())
        last = self.details.rowCount() - 1
        self.open_cell(self.details.index(min(here.row(), last), here.column()))

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Open a cell as soon as the table has the focus."""
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.TabFocusReason:
            self.enter(forward=True)
        elif event.reason() == Qt.FocusReason.BacktabFocusReason:
            self.enter(forward=False)
        elif event.reason() == Qt.FocusReason.MouseFocusReason and self.currentIndex().isValid():
            self.open_cell(self.currentIndex())

    def mouseReleaseEvent(self, event: object, /) -> None:
        """Open the cell that was clicked."""
        super().mouseReleaseEvent(event)  # type: ignore[arg-type]
        if len(self.selectedIndexes()) <= 1 and not self.details.locked:
            self.open_cell(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Copy a block; leave the locked table by Tab and Enter."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self.details.block(self.selectedIndexes()))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        else:
            super().keyPressEvent(event)


class DetailGrid(QWidget):
    """Heading, table, totals and what is wrong."""

    typed = Signal()
    left = Signal(bool)
    entered = Signal(object)
    resized = Signal()

    def __init__(self, form: Form, reader: Reader) -> None:
        super().__init__()
        self.form = form
        self.model = DetailModel(form, reader)
        self.table = DetailTable(self.model)
        self.table.left.connect(self.left)
        self.table.entered_cell.connect(self.entered)
        self.model.typed.connect(self._typed)
        self.model.rowsInserted.connect(self.resized)
        self.model.rowsRemoved.connect(self.resized)
        outer = column(self, gap=6)
        head = row(gap=8)
        keys = "Enter 下一格，末行再按一次离开　Ctrl+V 粘贴整块　Ctrl+Delete 删除本行"
        head.addWidget(label(keys, "hint"), 1)
        self._remove = button("删除本行", role="link", icon="trash")
        self._remove.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._remove.clicked.connect(self.table.remove_row)
        head.addWidget(self._remove)
        outer.addLayout(head)
        outer.addWidget(self.table)
        foot = row(gap=8)
        self._said = label("", "error", wrap=True)
        foot.addWidget(self._said, 1)
        self._totals = label("", "note")
        foot.addWidget(self._totals)
        outer.addLayout(foot)
        self._say_totals()

    def show_rows(self, rows: list) -> None:  # type: ignore[type-arg]
        """Edit these rows in place."""
        self.model.show_rows(rows)
        self._say_totals()
        self.resized.emit()

    def set_locked(self, *, locked: bool) -> None:
        """Take no typing."""
        self.model.set_locked(locked=locked)
        self._remove.setVisible(not locked)
        self.resized.emit()

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Tint cells and say the first two sentences below."""
        self.model.show_findings(findings)
        words = [f"第 {item.row} 行：{item.message}" for item in findings[:2]]
        if len(findings) > 2:
            words.append(f"还有 {len(findings) - 2} 处")
        if self._said.text() != "\n".join(words):
            self._said.setText("\n".join(words))
            wrong = any(item.level == "error" for item in findings)
            theme.mark(self._said, role="error" if wrong else "warn")
            self.resized.emit()

    def reveal(self, uid: str | None, field: str | None) -> None:
        """Open the cell of a finding."""
        place = next((n for n, item in enumerate(self.model.rows) if item.uid == uid), 0)
        wide = next((n for n, item in enumerate(self.model.fields) if item.id == field), 0)
        self.table.open_cell(self.model.index(place, wide))

    def _typed(self) -> None:
        self._say_totals()
        self.typed.emit()

    def _say_totals(self) -> None:
        parts = [f"共 {len(self.model.rows)} 行"] if self.model.rows else ["还没有填"]
        self._totals.setText(" · ".join([*parts, *self.model.totals()]))

    def height_for(self, width: int) -> int:
        """Return the height: heading, header, rows up to nine, foot."""
        rows = min(max(self.model.rowCount(), 1), MOST_ROWS)
        self._fit_columns(width)
        height = theme.px(36 + 6 + HEADER) + rows * theme.px(ROW) + 4
        if self._needs_bar(width):
            height += theme.px(12)
        lines = max(1, len(self._said.text().splitlines()))
        return height + theme.px(6) + lines * theme.px(22)

    def _needs_bar(self, width: int) -> bool:
        widths = sum(theme.px(width_of(item)) for item in self.model.fields)
        return widths + theme.px(40) > width

    def _fit_columns(self, width: int) -> None:
        least = [theme.px(width_of(item)) for item in self.model.fields]
        spare = max(width - theme.px(42) - sum(least), 0)
        wide = [n for n, item in enumerate(self.model.fields) if item.type in {"text", "ref"}]
        for n, size in enumerate(least):
            extra = spare // len(wide) if n in wide else 0
            self.table.setColumnWidth(n, size + extra)
