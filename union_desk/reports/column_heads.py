"""The heads of a table's columns, on two levels where neighbours share one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from union_desk.reports import fonts
from union_desk.reports.content import Text
from union_desk.reports.geometry import DOUBLE_ROW, ROW, Box

if TYPE_CHECKING:
    from union_desk.reports.drawing import Surface
    from union_desk.reports.grid import Part


@dataclass(frozen=True, slots=True)
class Heads:
    """One head per column: what stands above its group, its own title, its width."""

    columns: tuple[tuple[str, str, float], ...]
    keep: bool = True
    boxed: bool = True

    @property
    def levels(self) -> tuple[float, float]:
        """Heights of the upper and the lower level; without groups the upper one is 0."""
        texts = [_head(title).height(width) for _, title, width in self.columns]
        if not any(upper for upper, _, _ in self.columns):
            return 0, max(DOUBLE_ROW, *texts)
        below = [text for text, (upper, *_) in zip(texts, self.columns, strict=True) if upper]
        above = max(ROW, *(_head(upper).height(width) for upper, _, width in self._groups))
        alone = [text for text, (upper, *_) in zip(texts, self.columns, strict=True) if not upper]
        return above, max(ROW, *below, *(text - above for text in alone))

    @property
    def _groups(self) -> list[tuple[str, float, float]]:
        """(upper head, left edge, width) of each group."""
        found = []
        x = 0.0
        for upper, members in groupby(self.columns, key=lambda column: column[0]):
            wide = sum(width for _, _, width in members)
            if upper:
                found.append((upper, x, wide))
            x += wide
        return found

    @property
    def height(self) -> float:
        """Height in points."""
        return sum(self.levels)

    def draw(self, surface: Surface, left: float, top: float) -> None:
        """Draw the heads and the rules between them."""
        above, below = self.levels
        bottom = top + above + below
        for upper, x, wide in self._groups:
            box = Box(left + x, top, wide, above)
            _head(upper).draw(surface, box)
            surface.rule(box.x, box.bottom, box.right, box.bottom)
        x, previous = left, None
        for upper, title, width in self.columns:
            start = top + above if upper else top
            if x > left:
                inside = upper and upper == previous
                surface.rule(x, start if inside else top, x, bottom)
            _head(title).draw(surface, Box(x, start, width, bottom - start))
            x, previous = x + width, upper
        surface.rule(left, bottom, x, bottom)

    def split(self, room: float) -> tuple[Part, Part] | None:
        """Stay whole."""
        del room
        return None


def _head(text: str) -> Text:
    return Text(text, fonts.HEAD, align="center", label=True)
