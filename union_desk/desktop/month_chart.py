"""An indicator month by month: a column for what is reached, the target as a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from union_desk import indicators
from union_desk.desktop import theme

if TYPE_CHECKING:
    from union_desk.store.analysis import Analysis, Month

HEIGHT = 190
_MIDDLE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class MonthChart(QWidget):
    """Columns of the year so far; what a closed month kept is marked by its word below."""

    def __init__(self) -> None:
        super().__init__()
        self._found: Analysis | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_analysis(self, found: Analysis) -> None:
        """Show the months of an indicator."""
        self._found = found
        told = "，".join(
            f"{one.title} {indicators.figure(one.total)}" for one in found.months if one.total
        )
        self.setAccessibleName(f"{found.indicator.title} 逐月：{told}")
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height at the scale."""
        return QSize(theme.px(600), theme.px(HEIGHT))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Paint columns, target line, forecast."""
        if self._found is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(theme.px(8), theme.px(26), -theme.px(8), -theme.px(26))
        top = self._top()
        wide = area.width() / 12
        for number, month in enumerate(self._found.months):
            left = area.left() + wide * number
            self._column(painter, QRectF(left, area.top(), wide, area.height()), month, top)
        painter.setPen(theme.color("line"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        self._target(painter, area, top)

    def _top(self) -> float:
        found = self._found
        if found is None:
            return 1
        values = [float(one.total.value or 0) for one in found.months if one.total]
        return max([*values, float(found.now.target or 0), 1]) * 1.02

    def _column(self, painter: QPainter, place: QRectF, month: Month, top: float) -> None:
        below = QRectF(place.left(), place.bottom(), place.width(), theme.px(24))
        painter.setFont(theme.font(12))
        painter.setPen(theme.color("text2"))
        number = int(month.id[-2:])
        painter.drawText(below, _MIDDLE, f"{number} 月" + ("·存" if month.kept else ""))
        value = None if month.total is None else month.total.value
        if month.total is None or value is None:
            painter.drawText(place, _MIDDLE | Qt.AlignmentFlag.AlignBottom, indicators.NO_VALUE)
            return
        high = max(place.height() * float(value) / top, 1.0)
        width = min(place.width() * 0.6, theme.px(44))
        column = QRectF(place.center().x() - width / 2, place.bottom() - high, width, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("btn"))
        painter.drawRoundedRect(column, theme.px(3), theme.px(3))
        painter.setPen(theme.color("text"))
        above = QRectF(place.left(), column.top() - theme.px(18), place.width(), theme.px(18))
        painter.drawText(above, _MIDDLE, indicators.figure(month.total))

    def _target(self, painter: QPainter, area: QRectF, top: float) -> None:
        found = self._found
        if found is None or found.now.target is None:
            return
        y = area.bottom() - area.height() * float(found.now.target) / top
        pen = QPen(theme.color("text"), theme.px(1), Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setFont(theme.font(12))
        words = f"年度目标 {indicators.target_figure(found.now)} {found.now.measure}"
        room = QRectF(area.left() + theme.px(4), y - theme.px(20), theme.px(320), theme.px(18))
        painter.drawText(room, _LEFT, words)
