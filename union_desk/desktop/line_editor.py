"""One line of text: the editor of texts, numbers, money, codes and telephone numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from union_desk.desktop import icons, theme
from union_desk.desktop.editor import Reader, selects
from union_desk.taskpack.field_types import SENSITIVE, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QMouseEvent, QPaintEvent

    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.record import Value

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
NUMBERS = frozenset({"int", "decimal", "money"})
_PLAIN = ".,-，－ "
_ALWAYS = frozenset({"person_id", "phone"})
"""Types of sensitive fields that are masked as soon as nobody types, new ones too."""
_EYE = "eye"


class LineEditor(QLineEdit):
    """A line that is read when the focus leaves; no validator, no length limit."""

    edited = Signal()
    committed = Signal()
    entered = Signal()
    advance = Signal(bool)

    button_icon = ""
    """Icon at the right end that opens something; painted, reached by F4 as well."""

    def __init__(self, item: Field, reader: Reader) -> None:
        super().__init__()
        self.item = item
        self.reader = reader
        self.composing = False
        self._typed = ""
        """The text as typed, also while the line shows it another way."""
        self._read: tuple[str, Value | Unreadable] = ("", None)
        self._note = ""
        self._measure = ""
        self.hidden = False
        """It shows a masked value of the record, not to be seen in full unless asked for."""
        self._seen = False
        """It was asked for: in full until another record comes."""
        self.setAccessibleName(item.label)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textEdited.connect(self._edited)
        if item.type in NUMBERS:
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.set_measure(item.measure)

    # --- what it holds -----------------------------------------------------------------

    def value(self) -> Value | Unreadable:
        """Return what the line reads as."""
        if self._read[0] != self._typed:
            self._read = (self._typed, self.reader.read(self.item, self._typed))
        return self._read[1]

    def cells(self) -> Mapping[str, Value]:
        """Return the value of the field's column."""
        value = self.value()
        return {self.item.id: None if isinstance(value, Unreadable) else value}

    def problem(self) -> Unreadable | None:
        """Return what cannot be read, if anything."""
        value = self.value()
        return value if isinstance(value, Unreadable) else None

    def set_cells(self, values: Mapping[str, Value]) -> None:
        """Show the value of a record."""
        value = values.get(self.item.id)
        self._seen = False
        self._hide(hidden=self.reader.hides(self.item, value))
        self._put(self.reader.typed(self.item, value), value)

    def draft(self) -> Mapping[str, str]:
        """Return the text as typed."""
        return {self.item.id: self._typed}

    def restore(self, draft: Mapping[str, str]) -> None:
        """Show the text a draft kept."""
        text = draft.get(self.item.id, "")
        self._hide(hidden=False)
        self._put(text, self.reader.read(self.item, text))

    def set_locked(self, *, locked: bool) -> None:
        """Take no typing."""
        self.setReadOnly(locked)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus if locked else Qt.FocusPolicy.StrongFocus)
        self.update()

    def note(self) -> str:
        """Return how the text was read, where a person could not know."""
        return self._note

    def reading(self) -> str:
        """Return what to say about the text as it is read now."""
        value = self.value()
        if value is None or isinstance(value, Unreadable) or self.item.type not in NUMBERS:
            return ""
        spoken = any(not (sign.isdigit() or sign in _PLAIN) for sign in self._typed.strip())
        told = f"读作 {self.reader.shown(self.item, value)} {self.item.measure}"
        return told.rstrip() if spoken else ""

    def set_measure(self, words: str) -> None:
        """Paint a measure behind the text."""
        self._measure = words
        width = self.fontMetrics().horizontalAdvance(words) + theme.px(6) if words else 0
        if self.button_icon:
            width += theme.px(22)
        self.setTextMargins(0, 0, width, 0)

    def _put(self, typed: str, value: Value | Unreadable) -> None:
        self._read = (typed, value)
        self._typed = typed
        open_ = self.hasFocus() and not self.hidden
        self.setText(typed if open_ else self._dressed(typed, value))
        self.setCursorPosition(0)

    def _hide(self, *, hidden: bool) -> None:
        if hidden != self.hidden:
            self.hidden = hidden
            self.button_icon = _EYE if hidden else type(self).button_icon
            self.setToolTip("按 F4 或点右边的图标显示，会记入操作记录" if hidden else "")
            self.set_measure(self._measure)
            self.update()

    def show_in_full(self) -> None:
        """Show the masked value, once that is written down."""
        if self.hidden and self.reader.reveal is not None and self.reader.reveal(self.item):
            self._seen = True
            self._hide(hidden=False)
            self.setText(self._typed)

    def _begin_anew(self) -> None:
        """Typing over a masked value replaces all of it."""
        if self.hidden and not self.isReadOnly():
            self._hide(hidden=False)
            self.clear()

    def _dressed(self, typed: str, value: Value | Unreadable) -> str:
        """Return the text for the time when nobody types."""
        if value is None or isinstance(value, Unreadable):
            return typed
        private = self.item.sensitivity >= SENSITIVE and self.item.type in _ALWAYS
        masked = self.hidden or (private and not self._seen)
        return self.reader.shown(self.item, value, masked=masked)

    def _edited(self) -> None:
        self._typed = self.text()
        self._note = ""
        self.edited.emit()

    def commit(self) -> None:
        """Take what stands there as meant."""
        if not self.isReadOnly():
            self._note = self.reading()
            self.committed.emit()

    def _dress(self) -> None:
        value = self.value()
        if not isinstance(value, Unreadable):
            self._typed = self.reader.typed(self.item, value)
            self._read = (self._typed, value)
        shown = self._dressed(self._typed, value)
        if shown != self.text():
            self.setText(shown)
        self.setCursorPosition(0)

    # --- keys, focus, input methods ----------------------------------------------------

    def inputMethodEvent(self, event: QInputMethodEvent, /) -> None:
        """Remember whether an input method is composing."""
        self.composing = bool(event.preeditString())
        if event.preeditString() or event.commitString():
            self._begin_anew()
        super().inputMethodEvent(event)

    def event(self, event: QEvent, /) -> bool:
        """Hold shortcuts back while composing; leave Ctrl+Z and Ctrl+Y to the page."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self.composing:
                event.accept()
                return True
            undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            if undo or redo:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter goes on, Shift+Enter back; neither while an input method is composing."""
        if event.key() in ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if not self.composing:
                self.go(forward=not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            return
        if self.hidden:
            if event.key() == Qt.Key.Key_F4:
                self.show_in_full()
                return
            if _changes(event):
                self._begin_anew()
        super().keyPressEvent(event)

    def go(self, *, forward: bool) -> None:
        """Ask the page to move on."""
        self.advance.emit(forward)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Show the text as it is typed."""
        if self.text() != self._typed and not self.hidden:
            self.setText(self._typed)
        super().focusInEvent(event)
        if selects(event):
            self.selectAll()
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Read the text and show it in its usual form."""
        self.composing = False
        if event.reason() != Qt.FocusReason.PopupFocusReason and not self.hidden:
            self.commit()
            self._dress()
        super().focusOutEvent(event)

    # --- what is painted beside the text ---------------------------------------------------

    def button_rect(self) -> QRect:
        """Return where the icon at the right end lies; empty without one."""
        if not self.button_icon:
            return QRect()
        width = theme.px(30)
        return QRect(self.width() - width, 0, width, self.height())

    def open_list(self) -> None:
        """Open what the icon stands for."""

    def hits_button(self, position: QPoint) -> bool:
        """Return whether a click lies on the icon."""
        usable = self.hidden or not self.isReadOnly()
        return usable and self.button_rect().contains(position)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Open the list by a click on its icon."""
        if self.hits_button(event.position().toPoint()):
            if self.hidden:
                self.show_in_full()
            else:
                self.open_list()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """Show the hand above the icon."""
        above = self.hits_button(event.position().toPoint())
        self.setCursor(Qt.CursorShape.PointingHandCursor if above else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(event)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Add the measure and the icon."""
        super().paintEvent(event)
        if not self._measure and not self.button_icon:
            return
        painter = QPainter(self)
        right = self.width() - theme.px(11)
        if self.button_icon and (self.hidden or not self.isReadOnly()):
            side = theme.px(16)
            place = QRect(right - side + 2, (self.height() - side) // 2, side, side)
            icons.draw(painter, self.button_icon, "text2", place.toRectF())
            right -= theme.px(22)
        if self._measure:
            painter.setPen(theme.color("text3"))
            painter.drawText(
                QRect(0, 0, right, self.height()),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                self._measure,
            )


def _changes(event: QKeyEvent) -> bool:
    """Return whether a key changes the text of a line."""
    if event.matches(QKeySequence.StandardKey.Paste) or event.matches(QKeySequence.StandardKey.Cut):
        return True
    if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
        return True
    held = event.modifiers() & ~(
        Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
    )
    return bool(event.text()) and event.text().isprintable() and not held
