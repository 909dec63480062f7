"""Several codes of a list: every code a chip, chosen ones filled; one stop of the Tab key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen
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

HEIGHT, GAP, PADDING, TICK = 32, 8, 14, 14


class ChipsEditor(hiding.Hiding, QWidget):
    """Arrows move a mark, Space or a click chooses, digits choose by place, Delete empties."""

    edited = Signal()
    committed = Signal()
    entered = Signal()
    advance = Signal(bool)

    def __init__(self, item: Field, reader: Reader) -> None:
        super().__init__()
        self.item = item
        self.reader = reader
        self.composing = False
        self._codes = reader.codes(item)
        self._chosen: frozenset[str] = frozenset()
        self._junk: Unreadable | None = None
        self._mark = 0
        self._locked = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._name()

    # --- what it holds -----------------------------------------------------------------------

    def cells(self) -> Mapping[str, Value]:
        """Return the chosen codes in the order of the list."""
        chosen = [code.code for code in self._codes if code.code in self._chosen]
        return {self.item.id: ";".join(chosen) or None}

    def problem(self) -> Unreadable | None:
        """Return what was typed and is no code of the list."""
        return self._junk

    def set_cells(self, values: Mapping[str, Value]) -> None:
        """Show the codes of a record."""
        self.hide_if_sensitive(values.get(self.item.id))
        self._show(values.get(self.item.id))

    def draft(self) -> Mapping[str, str]:
        """Return the labels of the chosen codes."""
        text = self._junk.text if self._junk else self.reader.typed(self.item, self._value())
        return {self.item.id: text}

    def restore(self, draft: Mapping[str, str]) -> None:
        """Show what a draft kept."""
        self.hidden = False
        value = self.reader.read(self.item, draft.get(self.item.id, ""))
        if isinstance(value, Unreadable):
            self._show(None, value)
        else:
            self._show(value)

    def set_locked(self, *, locked: bool) -> None:
        """Take no choice."""
        self._locked = locked
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus if locked else Qt.FocusPolicy.StrongFocus)
        self.update()

    def note(self) -> str:
        """Return nothing: a choice is never read another way."""
        return ""

    def _value(self) -> Value:
        return self.cells()[self.item.id]

    def _show(self, value: Value, junk: Unreadable | None = None) -> None:
        self._chosen = frozenset(str(value).split(";")) if value is not None else frozenset()
        self._junk = junk
        self._name()
        self.updateGeometry()
        self.update()

    def _name(self) -> None:
        labels = [code.label for code in self._codes if code.code in self._chosen]
        spoken = HIDDEN if self.hidden else "、".join(labels) or "未填"
        self.setAccessibleName(f"{self.item.label}：{spoken}")
        self.setToolTip(hiding.HOW if self.hidden else "")

    def revealed(self) -> None:
        """Show the codes."""
        self._show(self._value())

    def toggle(self, place: int) -> None:
        """Choose a code, or take it back."""
        if self._locked or not 0 <= place < len(self._codes):
            return
        self._mark = place
        chosen = set(self._chosen) ^ {self._codes[place].code}
        self._show(";".join(chosen) or None)
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
        """Move the mark, choose, go on."""
        key = event.key()
        if key in ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if not self.composing:
                self.advance.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        elif self.composing or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif self.hidden:
            if key == Qt.Key.Key_F4:
                self.show_in_full()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Down):
            back = key in (Qt.Key.Key_Left, Qt.Key.Key_Up)
            self._mark = (self._mark + (-1 if back else 1)) % max(len(self._codes), 1)
            self.update()
        elif key == Qt.Key.Key_Space:
            self.toggle(self._mark)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._show(None)
            self.edited.emit()
            self.committed.emit()
        elif event.text().strip():
            self._take_text(event.text().strip())
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent, /) -> None:
        """Take the label of a code from an input method."""
        self.composing = bool(event.preeditString())
        if event.commitString().strip() and not self.hidden:
            self._take_text(event.commitString().strip())
        event.accept()

    def inputMethodQuery(self, query: Qt.InputMethodQuery, /) -> object:
        """Tell the input method where it stands."""
        if query == Qt.InputMethodQuery.ImEnabled:
            return True
        return super().inputMethodQuery(query)

    def _take_text(self, text: str) -> None:
        """Choose the code that is typed: its code, or a label that begins so."""
        exact = [n for n, code in enumerate(self._codes) if text in (code.code, code.label)]
        likely = [n for n, code in enumerate(self._codes) if code.label.startswith(text)]
        places = exact or likely
        if len(places) == 1:
            self.toggle(places[0])
        elif places:
            self._mark = next((n for n in places if n > self._mark), places[0])
            self.update()
        elif not self._locked:
            self._show(self._value(), Unreadable(text, f"没有“{text}”这一项，请从各项中选"))
            self.edited.emit()

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Choose by a click."""
        if self.hidden:
            self.show_in_full()
            return
        for n, place in enumerate(self._places(self.width())):
            if place.contains(event.position().toPoint()):
                self.toggle(n)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Show the mark."""
        super().focusInEvent(event)
        self.update()
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Take the choice as meant."""
        self.composing = False
        super().focusOutEvent(event)
        self.update()
        if not self._locked:
            self.committed.emit()

    # --- look --------------------------------------------------------------------------------

    def _places(self, width: int) -> list[QRect]:
        bold = QFontMetrics(theme.font(bold=True))
        left = top = 0
        places = []
        for code in self._codes:
            wide = bold.horizontalAdvance(code.label) + theme.px(2 * PADDING + TICK + 4)
            if left and left + wide > width:
                left, top = 0, top + theme.px(HEIGHT + GAP)
            places.append(QRect(QPoint(left, top), QSize(wide, theme.px(HEIGHT))))
            left += wide + theme.px(GAP)
        return places

    def hasHeightForWidth(self) -> bool:
        """Chips flow into as many rows as they need."""
        return True

    def heightForWidth(self, width: int, /) -> int:
        """Return the height of all rows."""
        places = self._places(width)
        return places[-1].bottom() + 1 if places else theme.px(HEIGHT)

    def sizeHint(self) -> QSize:
        """Return the room the chips take in a row of usual width."""
        width = max(self.width(), theme.px(240))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the room of the widest chip."""
        widest = max((place.width() for place in self._places(1)), default=theme.px(80))
        return QSize(widest, theme.px(HEIGHT))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Draw the chips."""
        if self.hidden:
            hiding.paint(self, theme.px(HEIGHT))
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wrong = {"error": "err", "warn": "warn"}.get(str(self.property("state") or ""))
        for n, (code, place) in enumerate(
            zip(self._codes, self._places(self.width()), strict=True)
        ):
            chosen = code.code in self._chosen
            marked = self.hasFocus() and n == self._mark
            edge = "primary" if chosen or marked else wrong or "field"
            width = 2.0 if marked else 1.0
            painter.setPen(QPen(theme.color("line2" if self._locked else edge), width))
            painter.setBrush(theme.color("primaryt" if chosen else "input"))
            inset = width / 2
            box = QRectF(place).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
            self._paint_words(painter, QRectF(place), code.label, chosen=chosen)

    def _paint_words(self, painter: QPainter, place: QRectF, words: str, *, chosen: bool) -> None:
        tone = "text2" if self._locked else "primary" if chosen else "text"
        side = theme.px(TICK)
        if chosen:
            left = place.left() + theme.px(PADDING - 2)
            mark = QRectF(left, place.top() + (place.height() - side) / 2, side, side)
            icons.draw(painter, "check", tone, mark)
            place = place.adjusted(side, 0, 0, 0)
        painter.setFont(theme.font(bold=chosen))
        painter.setPen(theme.color(tone))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
