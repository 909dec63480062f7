"""Small print below a table: notes, formulas, the day of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.reports import fonts, paragraph
from union_desk.reports.geometry import Box

if TYPE_CHECKING:
    from union_desk.reports.drawing import Surface
    from union_desk.reports.grid import Part

_SIZE = 9.0
_AIR = 3.0


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph of 9 pt."""

    text: str
    width: float
    keep: bool = False
    boxed: bool = False

    @property
    def fitted(self) -> paragraph.Fitted:
        """The broken text."""
        lines = paragraph.lines(self.text, self.width, fonts.BODY, _SIZE)
        return paragraph.Fitted(tuple(lines), _SIZE, _SIZE * 1.4)

    @property
    def height(self) -> float:
        """Height in points."""
        return self.fitted.height + 2 * _AIR if self.text else 0

    def draw(self, surface: Surface, left: float, top: float) -> None:
        """Draw the paragraph."""
        box = Box(left, top + _AIR, self.width, self.fitted.height)
        surface.lines(box, self.fitted, valign="top", pad=0)

    def split(self, room: float) -> tuple[Part, Part] | None:
        """Stay whole."""
        del room
        return None
