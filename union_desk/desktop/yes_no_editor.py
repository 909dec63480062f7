"""Yes or no, or not answered yet: two halves side by side, one stop of the Tab key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy

from union_desk.desktop import hiding, icons, theme
from union_desk.desktop.painted_editor import PaintedEditor
from union_desk.taskpack.field_types import HIDDEN, Unreadable

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from union_desk.desktop.editor import Reader
    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.record import Value

WORDS = {1: "是", 0: "否"}
HEIGHT = 38
WIDTH = 96


class YesNoEditor(PaintedEditor):
    """是 / 否, answered by 1 and 0, by ← and →, by Space, by a click, or by typing 是, 否."""

    def __init__(self, item: Field, reader: Reader) -> None:
        super().__init__(item, reader)
        self._answer: Value = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(item.label)

    # --- what it holds -----------------------------------------------------------------------

    def value(self) -> Value:
        """Return the answer."""
        return self._answer

    def show_value(self, value: Value, junk: Unreadable | None = None) -> None:
        """Show an answer."""
        self._answer, self._junk = value, junk
        spoken = junk.text if junk else self.reader.shown(self.item, value) or "未填"
        spoken = HIDDEN if self.hidden else spoken
        self.setToolTip(hiding.HOW if self.hidden else "")
        self.setAccessibleName(f"{self.item.label}：{spoken}")
        self.update()

    def answer(self, value: Value) -> None:
        """Take an answer as if it were clicked."""
        if self._locked:
            return
        self.show_value(value)
        self.answered()

    # --- keys, mouse, input methods ----------------------------------------------------------

    def take_text(self, text: str) -> None:
        """Answer by 是, 否 or what stands for them."""
        if not self._locked:
            self.read(text)
            self.answered()

    def take_key(self, event: QKeyEvent) -> bool:
        """Answer by arrows and Space; Delete takes the answer back."""
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.answer(1 if key == Qt.Key.Key_Left else 0)
        elif key == Qt.Key.Key_Space:
            self.answer(0 if self._answer == 1 else 1)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.answer(None)
        else:
            return False
        return True

    def inputMethodQuery(self, query: Qt.InputMethodQuery, /) -> object:
        """Tell the input method where it stands."""
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
