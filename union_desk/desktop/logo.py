"""The mark of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from union_desk.desktop import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class Logo(QWidget):
    """工 on union red; red stands nowhere else for anything but an error."""

    def __init__(self, side: int = 34) -> None:
        super().__init__()
        self._side = side
        self.setFixedSize(theme.px(side), theme.px(side))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Paint the mark."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("brand"))
        radius = self.width() * 0.2
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        painter.setFont(theme.font(round(self._side * 0.55), bold=True))
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "工")
