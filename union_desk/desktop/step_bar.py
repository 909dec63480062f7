"""Named steps in a line: done ones ticked, the present one bold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from union_desk.desktop import icons, theme

if TYPE_CHECKING:
    from collections.abc import Sequence


class StepBar(QWidget):
    """Where one is in a walk of a few steps."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self._titles = tuple(titles)
        self._step = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.go(0)

    @property
    def step(self) -> int:
        """The present step, from 0."""
        return self._step

    def go(self, step: int) -> None:
        """Show `step` as the present one."""
        self._step = step
        at = f"第 {step + 1} 步，共 {len(self._titles)} 步：{self._titles[step]}"
        self.setAccessibleName(at)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of the circles with some air."""
        return QSize(theme.px(600), theme.px(40))

    def minimumSizeHint(self) -> QSize:
        """Return the room that circles and words need."""
        metrics = QFontMetrics(theme.font(bold=True))
        words = sum(metrics.horizontalAdvance(title) for title in self._titles)
        return QSize(words + theme.px(60) * len(self._titles), theme.px(40))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Paint circles, words and the lines between."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px, middle, side = theme.px, self.height() / 2, theme.px(26)
        metrics = QFontMetrics(theme.font(bold=True))
        widths = [side + px(10) + metrics.horizontalAdvance(title) for title in self._titles]
        gap = (self.width() - sum(widths)) / max(len(widths) - 1, 1)
        x = 0.0
        for n, title in enumerate(self._titles):
            self._paint_circle(painter, QRectF(x, middle - side / 2, side, side), n)
            present = n == self._step
            painter.setFont(theme.font(bold=present))
            painter.setPen(theme.color("text" if present else "text2"))
            box = QRectF(x + side + px(10), 0, widths[n], self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, title)
            if n + 1 < len(widths):
                painter.setPen(QPen(theme.color("btn" if n < self._step else "line2"), 2))
                start = x + widths[n] + px(10)
                painter.drawLine(
                    round(start), round(middle), round(x + widths[n] + gap - px(10)), round(middle)
                )
            x += widths[n] + gap

    def _paint_circle(self, painter: QPainter, circle: QRectF, n: int) -> None:
        ahead = n > self._step
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("track" if ahead else "btn"))
        painter.drawEllipse(circle)
        if n < self._step:
            inset = circle.width() * 0.2
            icons.draw(painter, "check", "#FFFFFF", circle.adjusted(inset, inset, -inset, -inset))
            return
        painter.setFont(theme.font(bold=True))
        painter.setPen(theme.color("text2") if ahead else Qt.GlobalColor.white)
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(n + 1))
