"""Bars: how far, where the year stands, where the target lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from union_desk import indicators
from union_desk.desktop import theme

if TYPE_CHECKING:
    from union_desk.indicators import Progress

FILLS = {"ok": "ok", "primary": "btn", "warn": "warnb", "err": "errb", "none": "field"}
"""Tone of an indicator -> token of its bar."""
HEIGHT = 10


def share(item: Progress) -> float:
    """Return how much of the bar is filled, 0 to 1: a rate of 100, a count of its target."""
    if item.rate:
        return min(max((item.value or 0) / 100, 0), 1)
    return min(max((item.done or 0) / 100, 0), 1)


def draw(painter: QPainter, area: QRectF, item: Progress) -> None:
    """Paint the bar of one indicator: ground, filled part, tick of the year or target flag."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = area.height() / 2
    painter.setBrush(theme.color("track"))
    painter.drawRoundedRect(area, radius, radius)
    filled = share(item)
    if filled > 0:
        painter.setBrush(theme.color(FILLS[indicators.tone(item)]))
        width = max(area.width() * filled, area.height())
        painter.drawRoundedRect(
            QRectF(area.left(), area.top(), width, area.height()), radius, radius
        )
    if item.target is None:
        return
    if item.rate:
        _flag(painter, area, min(item.target / 100, 1))
    else:
        _tick(painter, area, item.pace / 100)


def _tick(painter: QPainter, area: QRectF, where: float) -> None:
    x = area.left() + area.width() * min(where, 1)
    painter.setBrush(theme.color("text"))
    painter.drawRect(QRectF(x - 1, area.top() - theme.px(3), 2, area.height() + theme.px(6)))


def _flag(painter: QPainter, area: QRectF, where: float) -> None:
    x = area.left() + area.width() * where
    half, top = theme.px(4), area.top() - theme.px(4)
    painter.setBrush(theme.color("text"))
    painter.drawRect(QRectF(x - 0.75, top, 1.5, area.bottom() - top + theme.px(2)))
    painter.drawPolygon(
        QPolygonF([QPointF(x - half, top), QPointF(x + half, top), QPointF(x, top + half + 1)])
    )
