"""Several lines of text: Enter is a new line here, Tab goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from union_desk.desktop import hiding, theme
from union_desk.desktop.editor import Reader, selects
from union_desk.taskpack.field_types import HIDDEN, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QMouseEvent

    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.record import Value

LEAST_LINES, MOST_LINES = 2, 8


class TextEditor(hiding.Hiding, QPlainTextEdit):
    """Grows with its text up to eight lines; Tab leaves, Enter stays."""

    edited = Signal()
    committed = Signal()
    entered = Signal()
    advance = Signal(bool)
    """Never emitted: Enter is part of the text."""

    def __init__(self, item: Field, reader: Reader) -> None:
        super().__init__()
        self.item = item
        self.reader = reader
        self.composing = False
        self._last = ""
        self._locked = False
        self.setTabChangesFocus(True)
        self.setAccessibleName(item.label)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._changed)

    def cells(self) -> Mapping[str, Value]:
        """Return the text as it is kept."""
        value = self.reader.read(self.item, self._text())
        return {self.item.id: None if isinstance(value, Unreadable) else value}

    def problem(self) -> Unreadable | None:
        """Return what cannot be kept, if anything."""
        value = self.reader.read(self.item, self._text())
        return value if isinstance(value, Unreadable) else None

    def set_cells(self, values: Mapping[str, Value]) -> None:
        """Show the text of a record."""
        self.hide_if_sensitive(values.get(self.item.id))
        self._show(str(values.get(self.item.id) or ""))

    def draft(self) -> Mapping[str, str]:
        """Return the text as typed."""
        return {self.item.id: self._text()}

    def restore(self, draft: Mapping[str, str]) -> None:
        """Show the text a draft kept."""
        self.hidden = False
        self._show(draft.get(self.item.id, ""))

    def set_locked(self, *, locked: bool) -> None:
        """Take no typing."""
        self._locked = locked
        self.setReadOnly(locked or self.hidden)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus if locked else Qt.FocusPolicy.StrongFocus)

    def note(self) -> str:
        """Return how much of the room is used."""
        count = len(self._text().strip())
        most = self.item.max_length
        return f"{count} / {most} 字" if most and count else ""

    def revealed(self) -> None:
        """Show the text."""
        self._show(self._last)

    def _text(self) -> str:
        return self._last if self.hidden else self.toPlainText()

    def _show(self, text: str) -> None:
        self._last = text
        self.setReadOnly(self._locked or self.hidden)
        self.setToolTip(hiding.HOW if self.hidden else "")
        self.setPlainText(HIDDEN if self.hidden else text)
        self.updateGeometry()

    def _changed(self) -> None:
        text = self.toPlainText()
        if self.composing or self.hidden or text == self._last:
            return
        self._last = text
        self.updateGeometry()
        self.edited.emit()

    def sizeHint(self) -> QSize:
        """Return room for the lines there are, at least two and at most eight."""
        lines = min(max(self.document().size().height(), LEAST_LINES), MOST_LINES)
        frame = theme.px(12) + 6
        return QSize(theme.px(200), round(lines * self.fontMetrics().lineSpacing()) + frame)

    def minimumSizeHint(self) -> QSize:
        """Return room for two lines."""
        height = LEAST_LINES * self.fontMetrics().lineSpacing() + theme.px(12) + 6
        return QSize(theme.px(80), height)

    # --- keys, focus, input methods ----------------------------------------------------

    def inputMethodEvent(self, event: QInputMethodEvent, /) -> None:
        """Remember whether an input method is composing."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def event(self, event: QEvent, /) -> bool:
        """Hold shortcuts back while composing; leave Ctrl+Z and Ctrl+Y to the page."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self.composing:
                event.accept()
                return True
            text = self.document()
            undo = event.matches(QKeySequence.StandardKey.Undo) and not text.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not text.isRedoAvailable()
            if undo or redo:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Leave Ctrl+Enter to the page."""
        if self.hidden and event.key() == Qt.Key.Key_F4:
            self.show_in_full()
            return
        ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if ctrl and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Show what is hidden by a click."""
        if self.hidden:
            self.show_in_full()
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Put the cursor at the end when the focus comes by keyboard."""
        super().focusInEvent(event)
        if selects(event):
            self.selectAll()
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Take the text as meant."""
        self.composing = False
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason and not self.isReadOnly():
            self.committed.emit()
