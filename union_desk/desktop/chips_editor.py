"""Several codes of a list: every code a chip, chosen ones filled; one stop of the Tab key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy

from union_desk.desktop import hiding, icons, theme
from union_desk.desktop.painted_editor import PaintedEditor
from union_desk.taskpack.field_types import HIDDEN, Unreadable

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from union_desk.desktop.editor import Reader
    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.record import Value

HEIGHT, GAP, PADDING, TICK = 32, 8, 14, 14
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Down)


class ChipsEditor(PaintedEditor):
    """Arrows move a mark, Space or a click chooses, digits choose by place, Delete empties."""

    def __init__(self, item: Field, reader: Reader) -> None:
        super().__init__(item, reader)
        self._codes = reader.codes(item)
        self._chosen: frozenset[str] = frozenset()
        self._mark = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._name()

    # --- what it holds -----------------------------------------------------------------------

    def value(self) -> Value:
        """Return the chosen codes in the order of the list."""
        chosen = [code.code for code in self._codes if code.code in self._chosen]
        return ";".join(chosen) or None

    def show_value(self, value: Value, junk: Unreadable | None = None) -> None:
        """Show the codes of a value."""
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

    def toggle(self, place: int) -> None:
        """Choose a code, or take it back."""
        if self._locked or not 0 <= place < len(self._codes):
            return
        self._mark = place
        chosen = set(self._chosen) ^ {self._codes[place].code}
        self.show_value(";".join(chosen) or None)
        self.answered()

    # --- keys and mouse ----------------------------------------------------------------------

    def take_key(self, event: QKeyEvent) -> bool:
        """Move the mark, choose, empty."""
        key = event.key()
        if key in _ARROWS:
            back = key in (Qt.Key.Key_Left, Qt.Key.Key_Up)
            self._mark = (self._mark + (-1 if back else 1)) % max(len(self._codes), 1)
            self.update()
        elif key == Qt.Key.Key_Space:
            self.toggle(self._mark)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            if not self._locked:
                self.show_value(None)
                self.answered()
        else:
            return False
        return True

    def take_text(self, text: str) -> None:
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
            self.show_value(self.value(), Unreadable(text, f"没有“{text}”这一项，请从各项中选"))
            self.edited.emit()

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Choose by a click."""
        if self.hidden:
            self.show_in_full()
            return
        for n, place in enumerate(self._places(self.width())):
            if place.contains(event.position().toPoint()):
                self.toggle(n)

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
