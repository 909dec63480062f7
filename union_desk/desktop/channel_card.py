"""A card to choose by: picture, title, a few words; the chosen one is ticked and framed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from union_desk.desktop import icons, theme

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QEnterEvent, QPaintEvent

_PAD, _ICON = 16, 22
_TOP = 44
"""Height of the picture with its margin."""


class ChannelCard(QAbstractButton):
    """One of several cards of which one is chosen."""

    def __init__(self, title: str, icon: str, words: str) -> None:
        super().__init__()
        self._icon = icon
        self._words = words
        self._hovered = False
        self.setText(title)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.say(words)

    def say(self, words: str) -> None:
        """Show other words."""
        self._words = words
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(words)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Say that the words wrap."""
        return True

    def heightForWidth(self, width: int, /) -> int:
        """Return the height that picture, title and words need."""
        px = theme.px
        room = QRect(0, 0, max(width - 2 * px(_PAD), 40), 1000)
        metrics = QFontMetrics(theme.font(13))
        words = metrics.boundingRect(room, self._flags(), self._words).height()
        title = QFontMetrics(theme.font(bold=True)).height()
        return px(_TOP) + title + px(5) + words + px(_PAD)

    def sizeHint(self) -> QSize:
        """Return a size that the row of cards stretches."""
        return QSize(theme.px(230), self.heightForWidth(theme.px(230)))

    def minimumSizeHint(self) -> QSize:
        """Return the least width the words are readable at, and the height of a line of them."""
        line = QFontMetrics(theme.font(13)).height()
        title = QFontMetrics(theme.font(bold=True)).height()
        return QSize(theme.px(150), theme.px(_TOP + 5 + _PAD) + title + line)

    @staticmethod
    def _flags() -> int:
        return int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft)

    def enterEvent(self, event: QEnterEvent, /) -> None:
        """Show that it can be chosen."""
        self._hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent, /) -> None:
        """Take that back."""
        self._hovered = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Paint the card."""
        px, chosen = theme.px, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = "primary" if chosen or self.hasFocus() else "field" if self._hovered else "line2"
        weight = 2 if chosen or self.hasFocus() else 1
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(theme.color(line), weight))
        painter.setBrush(theme.color("primaryt" if chosen else "surface"))
        painter.drawRoundedRect(box, px(8), px(8))
        if self.hasFocus() and chosen:
            painter.setPen(QPen(theme.color("primary"), 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(box.adjusted(4, 4, -4, -4), px(6), px(6))
        left, side = px(_PAD), px(_ICON)
        tone = "primary" if chosen else "text2"
        icons.draw(painter, self._icon, tone, QRectF(left, px(14), side, side))
        if chosen:
            small = px(18)
            spot = QRectF(self.width() - left - small, px(14), small, small)
            icons.draw(painter, "circle-check-filled", "primary", spot)
        self._paint_words(painter, left)

    def _paint_words(self, painter: QPainter, left: int) -> None:
        px = theme.px
        wide = self.width() - 2 * left
        font = theme.font(bold=True)
        height = QFontMetrics(font).height()
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        painter.drawText(QRect(left, px(_TOP), wide, height), 0, self.text())
        painter.setFont(theme.font(13))
        painter.setPen(theme.color("text2"))
        room = QRect(left, px(_TOP) + height + px(5), wide, self.height())
        painter.drawText(room, self._flags(), self._words)
