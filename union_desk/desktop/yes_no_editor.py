"""Yes or no, or not answered yet: two halves side by side, one stop of the Tab key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from union_desk.desktop import hiding, icons, theme
from union_desk.desktop.line_editor import ENTER
from union_desk.taskpack.field_types import HIDDEN, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QMouseEvent, QPaintEvent

    from union_desk.desktop.editor import Reader
    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.record import Value

WORDS = {1: "是", 0: "否"}
HEIGHT = 38
WIDTH = 96


class YesNoEditor(hiding.Hiding, QWidget):
    """是 / 否, answered by 1 and 0, by ← and →, by Space, by a click, or by typing 是, 否."""

    edited = Signal()
    committed = Signal()
    entered = Signal()
    advance = Signal(bool)

    def __init__(self, item: Field, reader: Reader) -> None:
        super().__init__()
        self.item = item
        self.reader = reader
        self.composing = False
        self._answer: Value = None
        self._junk: Unreadable | None = None
        self._locked = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(item.label)

    # --- what it holds -----------------------------------------------------------------------

    def cells(self) -> Mapping[str, Value]:
        """Return the answer."""
        return {self.item.id: self._answer}

    def problem(self) -> Unreadable | None:
        """Return what was typed and is neither yes nor no."""
        return self._junk

    def set_cells(self, values: Mapping[str, Value]) -> None:
        """Show the answer of a record."""
        self.hide_if_sensitive(values.get(self.item.id))
        self._show(values.get(self.item.id))

    def draft(self) -> Mapping[str, str]:
        """Return the answer as typed."""
        text = self._junk.text if self._junk else self.reader.typed(self.item, self._answer)
        return {self.item.id: text}

    def restore(self, draft: Mapping[str, str]) -> None:
        """Show what a draft kept."""
        self.hidden = False
        self._read(draft.get(self.item.id, ""))

    def set_locked(self, *, locked: bool) -> None:
        """Take no answer."""
        self._locked = locked
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus if locked else Qt.FocusPolicy.StrongFocus)
        self.update()

    def note(self) -> str:
        """Return nothing: an answer is never read another way."""
        return ""

    def _read(self, text: str) -> None:
        value = self.reader.read(self.item, text)
        if isinstance(value, Unreadable):
            self._show(None, value)
        else:
            self._show(value)

    def _show(self, answer: Value, junk: Unreadable | None = None) -> None:
        self._answer, self._junk = answer, junk
        spoken = junk.text if junk else self.reader.shown(self.item, answer) or "未填"
        spoken = HIDDEN if self.hidden else spoken
        self.setToolTip(hiding.HOW if self.hidden else "")
        self.setAccessibleName(f"{self.item.label}：{spoken}")
        self.update()

    def revealed(self) -> None:
        """Show the answer."""
        self._show(self._answer)

    def answer(self, value: Value) -> None:
        """Take an answer as if it were clicked."""
        if self._locked:
            return
        self._show(value)
        self.edited.emit()
        self.committed.emit()

    def _take_text(self, text: str) -> None:
        if self._locked or not text.strip():
            return
        self._read(text)
        self.edited.emit()
        self.committed.emit()

    # --- keys, mouse, input methods ----------------------------------------------------------

    def event(self, event: QEvent, /) -> bool:
        """Hold shortcuts back while an input method composes."""
        if event.type() == QEvent.Type.ShortcutOverride and self.composing:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Answer, or go on with Enter."""
        key = event.key()
        if key in ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if not self.composing:
                self.advance.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        elif self.composing or event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        ):
            super().keyPressEvent(event)
        elif self.hidden:
            if key == Qt.Key.Key_F4:
                self.show_in_full()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.answer(1 if key == Qt.Key.Key_Left else 0)
        elif key == Qt.Key.Key_Space:
            self.answer(0 if self._answer == 1 else 1)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.answer(None)
        elif event.text().strip():
            self._take_text(event.text())
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent, /) -> None:
        """Take 是 or 否 from an input method."""
        self.composing = bool(event.preeditString())
        if event.commitString() and not self.hidden:
            self._take_text(event.commitString())
        event.accept()

    def inputMethodQuery(self, query: Qt.InputMethodQuery, /) -> object:
        """Tell the input method where it stands."""
        if query == Qt.InputMethodQuery.ImEnabled:
            return True
        if query == Qt.InputMethodQuery.ImCursorRectangle:
            return QRect(theme.px(12), 0, 1, self.height())
        return super().inputMethodQuery(query)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Answer by a click on a half; a click on the answer takes it back."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self.hidden:
            self.show_in_full()
            return
        for value, place in self._halves():
            if place.contains(event.position().toPoint()):
                self.answer(None if self._answer == value else value)

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

    # --- look --------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Return room for both halves."""
        return QSize(theme.px(2 * WIDTH), theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return the least room for both halves."""
        return QSize(theme.px(120), theme.px(HEIGHT))

    def _halves(self) -> tuple[tuple[int, QRect], tuple[int, QRect]]:
        width = min(theme.px(WIDTH), (self.width() - theme.px(6)) // 2)
        gap = theme.px(6)
        return (
            (1, QRect(QPoint(0, 0), QSize(width, self.height()))),
            (0, QRect(QPoint(width + gap, 0), QSize(width, self.height()))),
        )

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Draw both halves: the chosen one filled, with a tick."""
        if self.hidden:
            hiding.paint(self, self.height())
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = str(self.property("state") or "")
        for value, place in self._halves():
            chosen = self._answer == value
            self._paint_half(painter, QRectF(place), WORDS[value], state, chosen=chosen)
        if self._junk is not None:
            left = self._halves()[1][1].right() + theme.px(10)
            painter.setPen(theme.color("err"))
            place = QRect(left, 0, self.width() - left, self.height())
            words = painter.fontMetrics().elidedText(
                f"“{self._junk.text}”", Qt.TextElideMode.ElideRight, place.width()
            )
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_half(
        self, painter: QPainter, place: QRectF, words: str, state: str, *, chosen: bool
    ) -> None:
        wrong = {"error": "err", "warn": "warn"}.get(state)
        ring = self.hasFocus() and (chosen or self._answer is None)
        edge = "primary" if ring else wrong or ("primary" if chosen else "field")
        edge = "line2" if self._locked and not ring else edge
        ground = "bg" if self._locked else "primaryt" if chosen else "input"
        if wrong and not chosen:
            ground = f"{wrong}t"
        width = 2.0 if ring or (wrong and not self._locked) else 1.0
        painter.setPen(QPen(theme.color(edge), width))
        painter.setBrush(theme.color(ground))
        inset = width / 2
        radius = theme.px(6)
        painter.drawRoundedRect(place.adjusted(inset, inset, -inset, -inset), radius, radius)
        tone = "text2" if self._locked else "primary" if chosen else "text"
        painter.setPen(theme.color(tone))
        font = painter.font()
        font.setBold(chosen)
        painter.setFont(font)
        text = place
        if chosen:
            side = theme.px(16)
            width_of = painter.fontMetrics().horizontalAdvance(words) + side + theme.px(6)
            left = place.left() + (place.width() - width_of) / 2
            mark = QRectF(left, place.top() + (place.height() - side) / 2, side, side)
            icons.draw(painter, "check", tone, mark)
            text = place.adjusted(side + theme.px(6), 0, 0, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter, words)
