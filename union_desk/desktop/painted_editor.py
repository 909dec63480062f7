"""What editors share that draw their answers instead of holding a line of text.

One stop of the Tab key; answers by keys, by the mouse, or typed by an input method.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QWidget

from union_desk.desktop import hiding
from union_desk.desktop.line_editor import ENTER
from union_desk.taskpack.field_types import Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent

    from union_desk.desktop.editor import Reader
    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.record import Value


class PaintedEditor(hiding.Hiding, QWidget):
    """Keeps a value, or what was typed and is none; Enter goes on, F4 shows what is hidden."""

    edited = Signal()
    committed = Signal()
    entered = Signal()
    advance = Signal(bool)

    def __init__(self, item: Field, reader: Reader) -> None:
        super().__init__()
        self.item = item
        self.reader = reader
        self.composing = False
        self._junk: Unreadable | None = None
        self._locked = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    # --- what it holds -----------------------------------------------------------------------

    @abstractmethod
    def value(self) -> Value:
        """Return the answer."""

    @abstractmethod
    def show_value(self, value: Value, junk: Unreadable | None = None) -> None:
        """Show an answer, or none and what was typed in its place."""

    @abstractmethod
    def take_text(self, text: str) -> None:
        """Answer by what is typed."""

    @abstractmethod
    def take_key(self, event: QKeyEvent) -> bool:
        """Answer by a key; return whether it meant something here."""

    def cells(self) -> Mapping[str, Value]:
        """Return the answer by column."""
        return {self.item.id: self.value()}

    def problem(self) -> Unreadable | None:
        """Return what was typed and is no answer."""
        return self._junk

    def set_cells(self, values: Mapping[str, Value]) -> None:
        """Show the answer of a record."""
        self.hide_if_sensitive(values.get(self.item.id))
        self.show_value(values.get(self.item.id))

    def draft(self) -> Mapping[str, str]:
        """Return the answer as typed."""
        text = self._junk.text if self._junk else self.reader.typed(self.item, self.value())
        return {self.item.id: text}

    def restore(self, draft: Mapping[str, str]) -> None:
        """Show what a draft kept."""
        self.hidden = False
        self.read(draft.get(self.item.id, ""))

    def read(self, text: str) -> None:
        """Show what a text says."""
        value = self.reader.read(self.item, text)
        if isinstance(value, Unreadable):
            self.show_value(None, value)
        else:
            self.show_value(value)

    def set_locked(self, *, locked: bool) -> None:
        """Take no answer."""
        self._locked = locked
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus if locked else Qt.FocusPolicy.StrongFocus)
        self.update()

    def note(self) -> str:
        """Return nothing: an answer is never read another way."""
        return ""

    def revealed(self) -> None:
        """Show the answer."""
        self.show_value(self.value())

    def answered(self) -> None:
        """Tell that a person has answered, and means it."""
        self.edited.emit()
        self.committed.emit()

    # --- keys, focus, input methods ----------------------------------------------------------

    def event(self, event: QEvent, /) -> bool:
        """Hold shortcuts back while an input method composes."""
        if event.type() == QEvent.Type.ShortcutOverride and self.composing:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Answer, or go on with Enter."""
        key, held = event.key(), event.modifiers()
        if key in ENTER and not held & Qt.KeyboardModifier.ControlModifier:
            if not self.composing:
                self.advance.emit(not held & Qt.KeyboardModifier.ShiftModifier)
        elif self.composing or held & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        ):
            super().keyPressEvent(event)
        elif self.hidden:
            if key == Qt.Key.Key_F4:
                self.show_in_full()
        elif self.take_key(event):
            return
        elif event.text().strip():
            self.take_text(event.text().strip())
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent, /) -> None:
        """Take an answer from an input method."""
        self.composing = bool(event.preeditString())
        if event.commitString().strip() and not self.hidden:
            self.take_text(event.commitString().strip())
        event.accept()

    def inputMethodQuery(self, query: Qt.InputMethodQuery, /) -> object:
        """Tell the input method that it may write here."""
        if query == Qt.InputMethodQuery.ImEnabled:
            return True
        return super().inputMethodQuery(query)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Take the answer as meant."""
        self.composing = False
        super().focusOutEvent(event)
        self.update()
        if not self._locked:
            self.committed.emit()
