"""The list that drops down below a line: it never takes the focus from the line.

It is a child of the window, not a window of its own, so an input method, a tablet or a remote
desktop cannot lose it, and the line keeps every key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from union_desk.desktop import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent

ROWS = 8
ROW_HEIGHT = 34
WIDEST = 520
_NOTE = Qt.ItemDataRole.UserRole
MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True, slots=True)
class Option:
    """A line of the list: its words, a quiet note at the right, and what taking it means."""

    words: str
    note: str = ""
    meaning: object = None


class _Painter(QStyledItemDelegate):
    """Draws the words left and the note right."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        /,
    ) -> None:
        super().paint(painter, option, index)
        note = str(index.data(_NOTE) or "")
        if not note:
            return
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(theme.color("primary" if chosen else "text3"))
        place = option.rect.adjusted(0, 0, -theme.px(10), 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, note)
        painter.restore()


class OptionsList(QListWidget):
    """Drops down below `line` in its window."""

    taken = Signal(object)
    """An option was clicked."""

    def __init__(self, line: QWidget) -> None:
        super().__init__(line.window())
        self._line = line
        self._options: tuple[Option, ...] = ()
        self.setProperty("role", "popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName("可选的内容")
        self.hide()
        line.destroyed.connect(self.deleteLater)

    def offer(self, options: Sequence[Option], current: int = 0, empty: str = "") -> None:
        """Show these options; without any, the words `empty`; without those, nothing."""
        self._options = tuple(options)
        self.clear()
        for option in self._options:
            item = QListWidgetItem(option.words)
            item.setData(_NOTE, option.note)
            item.setToolTip(option.words)
            self.addItem(item)
        if not self._options and empty:
            item = QListWidgetItem(empty)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(item)
        if not self.count():
            self.close_list()
            return
        self.setCurrentRow(current if self._options else -1)
        self._place()
        if self.isHidden():
            QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
            self.show()
        self.raise_()

    def current(self) -> Option | None:
        """Return the option that is marked."""
        row = self.currentRow()
        return self._options[row] if 0 <= row < len(self._options) else None

    def move_mark(self, event: QKeyEvent) -> None:
        """Move the mark by an arrow or page key, around the ends."""
        count, row = len(self._options), self.currentRow()
        if not count:
            return
        step = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -ROWS,
            Qt.Key.Key_PageDown: ROWS,
        }[Qt.Key(event.key())]
        if abs(step) == 1:
            self.setCurrentRow((row + step) % count)
        else:
            self.setCurrentRow(min(max(row + step, 0), count - 1))

    def close_list(self) -> None:
        """Go out of sight."""
        if not self.isHidden():
            QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
            self.hide()

    def _place(self) -> None:
        line = self._line
        window = line.window()
        metrics = QFontMetrics(self.font())
        widest = max(
            metrics.horizontalAdvance(f"{option.words}　{option.note}")
            for option in self._options or (Option(self.item(0).text()),)
        )
        gap = theme.px(2)
        frame = theme.px(8) + 2
        width = max(line.width(), min(widest + theme.px(48), theme.px(WIDEST)))
        height = min(self.count(), ROWS) * theme.px(ROW_HEIGHT) + frame
        corner = line.mapTo(window, QPoint(0, line.height()))
        below = window.height() - corner.y() - gap
        above = corner.y() - line.height() - gap
        if height > below and above > below:
            height = min(height, above)
            top = corner.y() - line.height() - gap - height
        else:
            height = min(height, max(below, theme.px(ROW_HEIGHT)))
            top = corner.y() + gap
        left = max(0, min(corner.x(), window.width() - width))
        self.setGeometry(left, top, min(width, window.width()), height)

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Take the option under the mouse."""
        option = self.current() if self.itemAt(event.position().toPoint()) else None
        super().mouseReleaseEvent(event)
        if option is not None:
            self.taken.emit(option)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Close on a click elsewhere, on scrolling the page, on a new size of the window."""
        kind = event.type()
        elsewhere = isinstance(watched, QWidget) and not self._belongs(watched)
        if (kind in (QEvent.Type.MouseButtonPress, QEvent.Type.Wheel) and elsewhere) or (
            kind == QEvent.Type.Resize and watched is self.parentWidget()
        ):
            self.close_list()
        return False

    def _belongs(self, widget: QWidget) -> bool:
        return widget is self or widget is self._line or self.isAncestorOf(widget)
