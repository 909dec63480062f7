"""Editors that are no lines and keep a sensitive value of the record out of sight.

F4 or a click shows it, once that is written down; until then nothing about it can be changed.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from union_desk.desktop import icons, theme
from union_desk.taskpack.field_types import HIDDEN

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from union_desk.desktop.editor import Reader
    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.record import Value

HOW = "按 F4 或点一下显示，会记入操作记录"


class Hiding:
    """Beside a widget: whether its value is hidden, and the way to see it."""

    item: Field
    reader: Reader
    hidden = False

    def hide_if_sensitive(self, value: Value) -> None:
        """Hide a value of the record where its field is sensitive."""
        self.hidden = self.reader.hides(self.item, value)

    def show_in_full(self) -> None:
        """Show the value, once that is written down."""
        if self.hidden and self.reader.reveal is not None and self.reader.reveal(self.item):
            self.hidden = False
            self.revealed()

    @abstractmethod
    def revealed(self) -> None:
        """Show what was hidden."""


def paint(widget: QWidget, height: int) -> None:
    """Draw a field that hides its value: a frame, the word, an eye."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    focused = widget.hasFocus()
    painter.setPen(QPen(theme.color("primary" if focused else "field"), 2.0 if focused else 1.0))
    painter.setBrush(theme.color("input"))
    place = QRectF(1, 1, min(widget.width(), theme.px(198)) - 2, height - 2)
    painter.drawRoundedRect(place, theme.px(6), theme.px(6))
    side = theme.px(16)
    left, top = place.right() - side - theme.px(10), place.top() + (place.height() - side) / 2
    icons.draw(painter, "eye", "text2", QRectF(left, top, side, side))
    painter.setPen(theme.color("text2"))
    painter.drawText(
        place.adjusted(theme.px(12), 0, 0, 0),
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
        HIDDEN,
    )
