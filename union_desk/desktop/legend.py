"""One line that says what the marks of the bars mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from union_desk.desktop import theme

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKS = (
    ("tick", "text", "时间进度"),
    ("flag", "text", "目标线"),
    ("box", "btn", "正常"),
    ("box", "warnb", "稍慢"),
    ("box", "errb", "落后"),
    ("box", "ok", "完成"),
)


class Legend(QWidget):
    """Marks and words, painted."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("图例：" + "、".join(words for _, _, words in MARKS))
        self.setFixedHeight(theme.px(20))

    def _places(self) -> Iterator[tuple[float, str, str, str, int]]:
        metrics = theme.font(12)
        from PySide6.QtGui import QFontMetrics

        measure = QFontMetrics(metrics)
        x = 0.0
        for shape, token, words in MARKS:
            width = measure.horizontalAdvance(words)
            yield x, shape, token, words, width
            x += theme.px(16) + width + theme.px(14)

    def sizeHint(self) -> QSize:
        """Return the room of all marks."""
        *_, (x, _, _, _, width) = self._places()
        return QSize(round(x) + theme.px(16) + width, theme.px(20))

    def minimumSizeHint(self) -> QSize:
        """Return the same: nothing is cut off."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Paint the line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(12))
        middle = self.height() / 2
        for x, shape, token, words, width in self._places():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(token))
            side = theme.px(10)
            if shape == "box":
                painter.drawRoundedRect(QRectF(x, middle - side / 2, side, side), 2, 2)
            elif shape == "tick":
                painter.drawRect(QRectF(x + side / 2 - 1, middle - theme.px(6), 2, theme.px(12)))
            else:
                top = middle - side / 2
                corners = (
                    QPointF(x, top),
                    QPointF(x + side, top),
                    QPointF(x + side / 2, top + side),
                )
                painter.drawPolygon(QPolygonF(corners))
            painter.setPen(theme.color("text2"))
            box = QRectF(x + theme.px(16), 0, width + 2, self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)
