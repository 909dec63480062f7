"""Measures of the page in points: y runs down from the top edge of the paper."""

from __future__ import annotations

from dataclasses import dataclass, field

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
MARGIN, MARGIN_LANDSCAPE = 20 * MM, 15 * MM
FOOT = 18 * MM
"""Nothing but the page's foot stands below."""
OUTER, INNER = 1.2, 0.5
BODY_SIZE = 10.5
PAD = 2.5
GREY = 0.86
SEAL = 45 * MM
"""Side of the square kept free for a seal of 42 mm."""
ROW, PEN_ROW, DOUBLE_ROW = 8.4 * MM, 8.5 * MM, 10.5 * MM
BASELINE = 0.36
"""The baseline of text in a box stands this many em below the middle."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, width, height in points."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.y + self.height

    def inside(self, other: Box, slack: float = 0.5) -> bool:
        """Return whether the box lies in `other`."""
        return (
            self.x >= other.x - slack
            and self.y >= other.y - slack
            and self.right <= other.right + slack
            and self.bottom <= other.bottom + slack
        )


@dataclass(slots=True)
class Trace:
    """What was drawn where, for the tests: text with its size, the box it had, seal places."""

    texts: list[tuple[int, str, float, Box, Box | None]] = field(default_factory=list)
    seals: list[tuple[int, Box]] = field(default_factory=list)
