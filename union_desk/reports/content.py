"""What stands in a cell: text, tick boxes, single digits, an empty place for the pen.

Each content knows the height it needs at a width and draws itself into a box.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from union_desk.reports import fonts, marks, paragraph
from union_desk.reports.geometry import BASELINE, BODY_SIZE, PAD, Box

if TYPE_CHECKING:
    from union_desk.reports.drawing import Surface

AIR = 5
"""Free points above and below the text of a cell, together."""


class Content(Protocol):
    """A thing that can stand in a cell."""

    def height(self, width: float) -> float:
        """Return the height the cell needs at a width, its air included."""

    def draw(self, surface: Surface, box: Box) -> None:
        """Draw into the cell."""


@dataclass(frozen=True, slots=True)
class Text:
    """A short value or label: on one line, shrunk to 9 pt, or else wrapped.

    `label` wraps at full size before it shrinks, as two-line heads do.
    """

    text: str
    font: str = fonts.BODY
    size: float = BODY_SIZE
    align: str = "left"
    label: bool = False

    def fitted(self, width: float) -> paragraph.Fitted:
        """Return the text broken for a cell of `width`."""
        room = width - 2 * PAD
        if self.label and fonts.width(self.text, self.font, self.size) > room:
            wrapped = paragraph.balanced(self.text, room, self.font, self.size)
            if len(wrapped.lines) <= 2:
                return wrapped
        return paragraph.fit(self.text, room, self.font, self.size)

    def height(self, width: float) -> float:
        """Return the height the cell needs."""
        return self.fitted(width).height + AIR if self.text else 0

    def draw(self, surface: Surface, box: Box) -> None:
        """Draw into the cell."""
        if self.text:
            surface.lines(box, self.fitted(box.width), self.font, align=self.align)


@dataclass(frozen=True, slots=True)
class Prose:
    """A long text: wrapped at full size, justified, from the top; it may go on overleaf."""

    lines: tuple[paragraph.Line, ...]
    size: float = BODY_SIZE
    least: int = 2
    """Height in lines kept even when the text is shorter."""

    @classmethod
    def of(cls, text: str, width: float, *, least: int = 2, indent: int = 2) -> Prose:
        """Return `text` broken for a cell of `width`, paragraphs indented by so many characters."""
        if not text:
            return cls((), least=least)
        broken = paragraph.lines(text, width - 2 * PAD, fonts.BODY, BODY_SIZE, indent=indent)
        return cls(tuple(broken), least=least)

    @property
    def leading(self) -> float:
        """Distance of baselines."""
        return self.size * 1.5

    def height(self, width: float) -> float:
        """Return the height the cell needs."""
        del width
        return max(len(self.lines), self.least) * self.leading + 2 * AIR

    def draw(self, surface: Surface, box: Box) -> None:
        """Draw into the cell."""
        fitted = paragraph.Fitted(self.lines, self.size, self.leading)
        inner = Box(box.x, box.y + AIR, box.width, box.height - 2 * AIR)
        surface.lines(inner, fitted, valign="top", justify=True)

    def split(self, height: float) -> tuple[Prose, Prose] | None:
        """Return what fits into `height` and the rest; None if nothing worth while fits."""
        count = int((height - 2 * AIR) / self.leading)
        if count < 2 or count >= len(self.lines):
            return None
        if len(self.lines) - count < 2:
            count -= 1
        if count < 2:
            return None
        return Prose(self.lines[:count], least=1), Prose(self.lines[count:], least=1)


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure and below it, smaller, what it was made of; flush right."""

    upper: str
    lower: str
    size: float = BODY_SIZE

    def height(self, width: float) -> float:
        """Return the height the cell needs."""
        lower = paragraph.fit(self.lower, width - 2 * PAD, fonts.BODY, paragraph.SMALLEST)
        return self.size * 1.15 + lower.height + AIR

    def draw(self, surface: Surface, box: Box) -> None:
        """Draw into the cell."""
        room = box.width - 2 * PAD
        lower = paragraph.fit(self.lower, room, fonts.BODY, paragraph.SMALLEST)
        first = self.size * 1.15
        top = box.y + (box.height - first - lower.height) / 2
        upper = paragraph.fit(self.upper, room, fonts.BODY, self.size)
        surface.lines(Box(box.x, top, box.width, first), upper, align="right")
        rest = Box(box.x, top + first, box.width, lower.height)
        surface.lines(rest, lower, align="right")


@dataclass(frozen=True, slots=True)
class Ticks:
    """Choices as tick boxes, wrapped over lines."""

    items: tuple[tuple[str, bool], ...]
    size: float = BODY_SIZE
    gap: float = 1.0

    def rows(self, width: float) -> list[list[tuple[float, str, bool]]]:
        """Return the lines: each item with its left edge."""
        room = width - 2 * PAD
        found: list[list[tuple[float, str, bool]]] = [[]]
        x = 0.0
        for label, ticked in self.items:
            wide = self.size * 1.15 + fonts.width(label, fonts.BODY, self.size)
            if found[-1] and x + wide > room:
                found.append([])
                x = 0.0
            found[-1].append((x, label, ticked))
            x += wide + self.gap * self.size
        return found

    def natural(self) -> float:
        """Return the width on one line."""
        words = sum(fonts.width(label, fonts.BODY, self.size) for label, _ in self.items)
        boxes = self.size * (1.15 * len(self.items) + self.gap * (len(self.items) - 1))
        return words + boxes + 2 * PAD

    def height(self, width: float) -> float:
        """Return the height the cell needs."""
        return len(self.rows(width)) * self.size * 1.6 + AIR

    def draw(self, surface: Surface, box: Box) -> None:
        """Draw into the cell."""
        rows = self.rows(box.width)
        leading = self.size * 1.6
        top = box.y + (box.height - len(rows) * leading) / 2
        for number, row in enumerate(rows):
            baseline = top + (number + 0.5) * leading + BASELINE * self.size
            for x, label, ticked in row:
                left = box.x + PAD + x
                marks.tick(surface, left, baseline, self.size, ticked=ticked)
                surface.text(left + 1.15 * self.size, baseline, label, size=self.size, cell=box)


@dataclass(frozen=True, slots=True)
class Digits:
    """A number whose every place has a box of its own, as on printed forms."""

    text: str
    count: int

    def height(self, width: float) -> float:
        """Return the height the cell needs."""
        del width
        return 0

    def draw(self, surface: Surface, box: Box) -> None:
        """Draw into the cell."""
        step = box.width / self.count
        baseline = box.y + box.height / 2 + BASELINE * BODY_SIZE
        for place in range(self.count):
            x = box.x + place * step
            if place:
                surface.rule(x, box.y, x, box.bottom)
            cell = Box(x, box.y, step, box.height)
            surface.text(
                x + step / 2, baseline, self.text[place : place + 1], align="center", cell=cell
            )
