"""The units right below as a map of tiles, shaded by how far they are, with the figure in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from union_desk import indicators
from union_desk.desktop import theme
from union_desk.desktop.progress_list import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.store.analysis import UnitFigure

ACROSS = 5
SHADES = {"ok": "okt", "primary": "primaryt", "warn": "warnt", "err": "errt", "none": "track"}
"""Tone of an indicator -> token of the tile; the figure stands in it in any case."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class BlockTile(QAbstractButton):
    """One unit; a click or Enter opens the rows behind its figure."""

    def __init__(self, unit: UnitFigure, name: str, place: int | None) -> None:
        super().__init__()
        self.unit, self._name = unit, name
        self.rank = "" if place is None else f"第 {place}"
        self.setText(name)
        self.setAccessibleName(f"{unit.name}，{sentence(unit.now)}，{self.rank}".rstrip("，"))
        self.setToolTip(
            f"{unit.name}\n{sentence(unit.now)}\n"
            f"应报 {unit.owed}，已报 {unit.there}\n点开看计入的记录"
        )
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return two lines of text."""
        return QSize(theme.px(150), theme.px(58))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Paint shade, name, rank, figure."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("primary" if self.hasFocus() else "line"))
        painter.setBrush(theme.color(SHADES[indicators.tone(self.unit.now)]))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, theme.px(6), theme.px(6))
        inside = box.adjusted(theme.px(10), theme.px(6), -theme.px(10), -theme.px(6))
        half = inside.height() / 2
        upper = QRectF(inside.left(), inside.top(), inside.width(), half)
        lower = upper.translated(0, half)
        painter.setPen(theme.color("text2"))
        painter.setFont(theme.font(12))
        painter.drawText(upper, _RIGHT, self.rank)
        room = upper.width() - QFontMetrics(theme.font(12)).horizontalAdvance(self.rank)
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font())
        cut = painter.fontMetrics().elidedText(
            self._name, Qt.TextElideMode.ElideRight, round(room) - theme.px(6)
        )
        painter.drawText(upper, _LEFT, cut)
        painter.setFont(theme.font(bold=True))
        painter.drawText(lower, _LEFT, figure_words(self.unit))
        if self.unit.now.done is not None:
            painter.setFont(theme.font())
            painter.drawText(lower, _RIGHT, f"{self.unit.now.done:.0f}%")


def figure_words(unit: UnitFigure) -> str:
    """Return the figure with its measure."""
    if unit.now.value is None:
        return indicators.NO_VALUE
    return f"{indicators.figure(unit.now)} {unit.now.measure}".strip()


class BlockMap(QWidget):
    """Tiles, five across, in the order of the directory."""

    chosen = Signal(str)
    """Code of the unit whose rows are wanted."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.px(8))
        self.tiles: list[BlockTile] = []

    def show_units(
        self, units: Sequence[UnitFigure], names: Mapping[str, str], places: Mapping[str, int]
    ) -> None:
        """Show these units."""
        for tile in self.tiles:
            self._grid.removeWidget(tile)
            tile.setParent(None)
            tile.deleteLater()
        self.tiles = []
        for number, unit in enumerate(units):
            tile = BlockTile(unit, names.get(unit.code, unit.name), places.get(unit.code))
            tile.clicked.connect(lambda _=False, code=unit.code: self.chosen.emit(code))
            self._grid.addWidget(tile, number // ACROSS, number % ACROSS)
            self.tiles.append(tile)
