"""Icons: outlines from resources/icons with the colour of a token written in.

Qt draws ``currentColor`` black, so the colour goes into the text of the file. An icon looks
its colour up when it is painted and so follows a change of scheme by itself.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap

from union_desk import resources
from union_desk.desktop import theme

if TYPE_CHECKING:
    from PySide6.QtSvg import QSvgRenderer

STROKE = "1.75"
UNKNOWN = "file-text"


@lru_cache(maxsize=128)
def _svg(name: str) -> str:
    """Return the file of an icon; a package may name one that this program does not have."""
    path = resources.icons() / f"{name}.svg"
    if not path.is_file():
        path = resources.icons() / f"{UNKNOWN}.svg"
    return path.read_text("utf-8")


@lru_cache(maxsize=512)
def _renderer(name: str, paint: str) -> QSvgRenderer:
    from PySide6.QtSvg import QSvgRenderer

    text = _svg(name).replace("currentColor", paint)
    text = text.replace('stroke-width="2"', f'stroke-width="{STROKE}"')
    return QSvgRenderer(QByteArray(text.encode()))


def draw(painter: QPainter, name: str, token: str, rect: QRectF) -> None:
    """Paint an icon into `rect` in the colour of `token` (a token, or ``#RRGGBB``)."""
    paint = token if token.startswith("#") else theme.color(token).name()
    _renderer(name, paint).render(painter, rect)


def pixmap(name: str, tone: str = "text2", size: int = 18, ratio: float = 1.0) -> QPixmap:
    """Return an icon as a picture of `size` pixels at scale 1."""
    side = theme.px(size)
    made = QPixmap(round(side * ratio), round(side * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    draw(painter, name, tone, QRectF(0, 0, side, side))
    painter.end()
    return made


class _Engine(QIconEngine):
    """Paints an icon in the colours of the moment."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._name = name
        self._token = token

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._token)

    def paint(
        self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State, /
    ) -> None:
        token = "text3" if mode == QIcon.Mode.Disabled else self._token
        draw(painter, self._name, token, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, /) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return made

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float, /
    ) -> QPixmap:
        made = self.pixmap(size, mode, state)
        made.setDevicePixelRatio(scale)
        return made


def icon(name: str, tone: str = "text2") -> QIcon:
    """Return an icon that follows the scheme."""
    return QIcon(_Engine(name, tone))
