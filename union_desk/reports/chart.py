"""The bar chart below the targets: hand-drawn, in black and grey, legible after copying."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.reports import fonts, paragraph
from union_desk.reports.geometry import BASELINE, MM, Box

if TYPE_CHECKING:
    from union_desk.reports.drawing import Surface
    from union_desk.reports.grid import Part

_SIZE = 9.0
_STEP, _BAR = 6.2 * MM, 3.6 * MM
_TITLE, _AXIS = 13 * MM, 6 * MM
_LABEL, _VALUE = 58 * MM, 16 * MM
_CAP = 105
_OPEN, _REACHED = 0.72, 0.35


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what, how far in percent, and its figure."""

    label: str
    percent: float
    figure: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars against 0 and 100 %, with a dashed line where the year stands.

    :param pace: 时序进度 in percent, `pace_figure` as it prints.
    """

    title: str
    bars: tuple[Bar, ...]
    pace: float
    pace_figure: str
    width: float
    keep: bool = True
    boxed: bool = False

    @property
    def height(self) -> float:
        """Height in points."""
        return _TITLE + len(self.bars) * _STEP + _AXIS + 2 * MM

    def draw(self, surface: Surface, left: float, top: float) -> None:
        """Draw title, bars, lines and axis."""
        begin, per_cent = left + _LABEL, (self.width - _LABEL - _VALUE) / _CAP
        middle = left + self.width / 2
        surface.text(middle, top + 6 * MM, self.title, fonts.HEAD, 10.5, align="center")
        head = top + _TITLE
        foot = head + len(self.bars) * _STEP
        place = begin + self.pace * per_cent
        words = f"时序进度{self.pace_figure}%"
        surface.text(place, head - 1.2 * MM, words, size=_SIZE, align="center")
        for number, bar in enumerate(self.bars):
            y = head + number * _STEP
            self._bar(surface, bar, (left, begin), y, per_cent)
        for percent in (0, 100):
            surface.rule(begin + percent * per_cent, head, begin + percent * per_cent, foot, 0.8)
        for percent in (0, 25, 50, 75, 100):
            x = begin + percent * per_cent
            surface.rule(x, foot, x, foot + 1 * MM, 0.5)
            surface.text(x, foot + 4.6 * MM, f"{percent}%", size=_SIZE, align="center")
        _dashed(surface, place, head, foot)

    def _bar(
        self, surface: Surface, bar: Bar, edges: tuple[float, float], y: float, per_cent: float
    ) -> None:
        left, begin = edges
        cell = Box(left, y, _LABEL - 2 * MM, _STEP)
        fitted = paragraph.fit(bar.label, cell.width - 5, fonts.BODY, _SIZE)
        if len(fitted.lines) > 1:
            shown = _shortened(bar.label, cell.width - 5)
            line = paragraph.Line(shown, fonts.width(shown, fonts.BODY, _SIZE), last=True)
            fitted = paragraph.Fitted((line,), _SIZE, _SIZE)
        surface.lines(cell, fitted, align="right")
        length = max(min(bar.percent, _CAP), 0) * per_cent
        box = Box(begin, y + (_STEP - _BAR) / 2, length, _BAR)
        if length > 0:
            surface.fill(box, _REACHED if bar.percent >= 100 else _OPEN)
            surface.frame(box, 0.4)
        baseline = y + _STEP / 2 + BASELINE * _SIZE
        surface.text(left + self.width, baseline, bar.figure, size=_SIZE, align="right")

    def split(self, room: float) -> tuple[Part, Part] | None:
        """Stay whole."""
        del room
        return None


def _shortened(label: str, room: float) -> str:
    """Cut a label that the table above gives in full."""
    while len(label) > 1 and fonts.width(f"{label}…", fonts.BODY, _SIZE) > room:
        label = label[:-1]
    return f"{label}…"


def _dashed(surface: Surface, x: float, top: float, bottom: float) -> None:
    low, high = surface.height - bottom, surface.height - top
    surface.raw(f"q 0.8 w 0 G [3 2] 0 d {x:.2f} {low:.2f} m {x:.2f} {high:.2f} l S Q")
