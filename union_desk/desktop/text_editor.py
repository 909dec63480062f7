"""Several lines of text: Enter is a new line here, Tab goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from union_desk.desktop import theme
from union_desk.desktop.editor import Reader, selects
from union_desk.taskpack.field_types import Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QFocusEvent, QInputMethodEvent

    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.record import Value

LEAST_LINES, MOST_LINES = 2, 8


class TextEditor(QPlainTextEdit):
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
        self.setTabChangesFocus(True)
        self.setAccessibleName(item.label)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._changed)

    def cells(self) -> Mapping[str, Value]:
        """Return the text as it is kept."""
        value = self.reader.read(self.item, self.toPlainText())
        return {self.item.id: None if isinstance(value, Unreadable) else value}

    def problem(self) -> Unreadable | None:
        """Return what cannot be kept, if anything."""
        value = self.reader.read(self.item, self.toPlainText())
        return value if isinstance(value, Unreadable) else None

    def set_cells(self, values: Mapping[str, Value]) -> None:
        """Show the text of a record."""
        self._show(str(values.get(self.item.id) or ""))

    def draft(self) -> Mapping[str, str]:
        """Return the text as typed."""
        return {self.item.id: self.toPlainText()}

    def restore(self, draft: Mapping[str, str]) -> None:
        """Show the text a draft kept."""
        self._show(draft.get(self.item.id, ""))

    def set_locked(self, *, locked: bool) -> None:
        """Take no typing."""
        self.setReadOnly(locked)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus if locked else Qt.FocusPolicy.StrongFocus)

    def note(self) -> str:
        """Return how much of the room is used."""
        count = len(self.toPlainText().strip())
        most = self.item.max_length
        return f"{count} / {most} 字" if most and count else ""

    def _show(self, text: str) -> None:
        self._last = text
        self.setPlainText(text)
        self.updateGeometry()

    def _changed(self) -> None:
        text = self.toPlainText()
        if self.composing or text == self._last:
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
        ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if ctrl and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)

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
