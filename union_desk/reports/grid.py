"""Boxed rows: cells side by side, rows below each other, cut into pages before drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from union_desk.reports import fonts
from union_desk.reports.content import Content, Prose, Text
from union_desk.reports.geometry import BODY_SIZE, GREY, OUTER, ROW, Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.reports.drawing import Surface


_LAST = 4
"""So many rows at least go overleaf where a table has to be parted before its signatures."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A content from `x` on, `width` wide, both in points from the table's left edge."""

    x: float
    width: float
    content: Content
    grey: bool = False


class Part(Protocol):
    """A piece of a paper that stands below others."""

    @property
    def height(self) -> float:
        """Height in points."""

    @property
    def boxed(self) -> bool:
        """Whether it belongs inside the table's frame."""

    @property
    def keep(self) -> bool:
        """Whether it must stay on one page with the next part."""

    def draw(self, surface: Surface, left: float, top: float) -> None:
        """Draw with the left upper corner there."""

    def split(self, room: float) -> tuple[Part, Part] | None:
        """Return what fits into `room` and the rest, or None: it stays whole."""


class Tally(Protocol):
    """Sums of a list whose rows say that they belong to it."""

    @property
    def count(self) -> int:
        """Rows of the list; the row of its total has this place."""

    @property
    def height(self) -> float:
        """Room for the sums at a page end within the list."""

    def subtotal(self, first: int, after: int) -> Row:
        """Return the sum over the rows of a page."""

    def so_far(self, after: int) -> Row:
        """Return the sum over all rows up to there."""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side, all as high as the row."""

    cells: tuple[Cell, ...]
    height: float = ROW
    keep: bool = False
    boxed: bool = True
    above: Part | None = None
    """The column heads that stand above the row where it begins a page."""
    tally: Tally | None = None
    place: int = 0
    """Which row of the list of its tally it is, counted from 0."""

    @classmethod
    def of(cls, cells: Sequence[Cell], *, least: float = ROW, keep: bool = False) -> Row:
        """Return a row as high as its highest cell, `least` at least."""
        needed = max((cell.content.height(cell.width) for cell in cells), default=0)
        return cls(tuple(cells), max(least, needed), keep)

    def draw(self, surface: Surface, left: float, top: float) -> None:
        """Draw cells and their grid."""
        bottom = top + self.height
        for number, cell in enumerate(self.cells):
            box = Box(left + cell.x, top, cell.width, self.height)
            if cell.grey:
                surface.fill(box, GREY)
            if number:
                surface.rule(box.x, top, box.x, bottom)
            cell.content.draw(surface, box)
        last = self.cells[-1]
        first = self.cells[0]
        surface.rule(left + first.x, bottom, left + last.x + last.width, bottom)

    def split(self, room: float) -> tuple[Part, Part] | None:
        """Part the row if one of its cells is prose; labels stand on both pages."""
        head: list[Cell] = []
        tail: list[Cell] = []
        parted = False
        for cell in self.cells:
            halves = cell.content.split(room) if isinstance(cell.content, Prose) else None
            parted = parted or halves is not None
            head.append(replace(cell, content=halves[0]) if halves else cell)
            tail.append(replace(cell, content=halves[1]) if halves else cell)
        if not parted:
            return None
        return Row.of(head), replace(Row.of(tail), keep=self.keep)


@dataclass(frozen=True, slots=True)
class Space:
    """An empty strip outside the frame."""

    height: float
    keep: bool = True
    boxed: bool = False

    def draw(self, surface: Surface, left: float, top: float) -> None:
        """Draw nothing."""

    def split(self, room: float) -> tuple[Part, Part] | None:
        """Stay whole."""
        del room
        return None


def band(title: str, width: float, *, height: float = ROW * 0.9, align: str = "left") -> Row:
    """Return a heading over the whole width, kept with what follows."""
    text = Text(title, fonts.HEAD, BODY_SIZE, align)
    return Row.of((Cell(0, width, text),), least=height, keep=True)


def paginate(
    parts: Sequence[Part], first: float, later: float, *, head: Sequence[Part] = ()
) -> list[list[Part]]:
    """Return the parts of each page.

    :param first: height free on page one; `later`: on the others.
    :param head: parts repeated on top of every page.
    """
    taken = sum(part.height for part in head)
    pages: list[list[Part]] = [[]]
    room, fresh = first - taken, True
    queue = list(parts)
    while queue:
        group = _together(queue)
        sums = _sums(group, pages[-1])
        height = sum(part.height for part in group) + sums
        if height <= room + 0.01:
            pages[-1] += group
            room -= height - sums
            fresh = False
            del queue[: len(group)]
            continue
        halves = _parted(group, room - _sums(group, pages[-1], parted=True), fresh=fresh)
        if halves is not None:
            del queue[: len(group)]
            pages[-1] += halves[0]
            queue[:0] = halves[1]
        elif fresh:
            pages[-1] += group  # higher than a page and not to be parted
            del queue[: len(group)]
        if queue:
            lead = _lead(queue[0])
            pages.append(lead)
            room, fresh = later - taken - sum(part.height for part in lead), True
    return [[*head, *_tallied(page)] for page in pages]


def _sums(group: Sequence[Part], page: Sequence[Part], *, parted: bool = False) -> float:
    """Return the room for sums that must stay free below a group, or its part, put on a page."""
    rows = [part for part in group if isinstance(part, Row) and part.tally is not None]
    if not rows or rows[-1].tally is None:
        return 0
    tally, last = rows[-1].tally, rows[-1].place
    if last < tally.count or parted:
        return tally.height
    begun = [part for part in (*page, *rows) if isinstance(part, Row) and part.tally is tally]
    return tally.height / 2 if begun[0].place else 0


def _tallied(page: Sequence[Part]) -> list[Part]:
    """Return a page with the sums of the lists that began before it or go on overleaf."""
    found: list[Part] = []
    first: dict[int, int] = {}
    for number, part in enumerate(page):
        tally = part.tally if isinstance(part, Row) else None
        if not isinstance(part, Row) or tally is None:
            found.append(part)
            continue
        begin = first.setdefault(id(tally), part.place)
        if part.place == tally.count:
            found += [tally.subtotal(begin, part.place)] if begin else []
            found.append(part)
            continue
        found.append(part)
        rest = page[number + 1 :]
        if not any(isinstance(other, Row) and other.tally is tally for other in rest):
            found += [tally.subtotal(begin, part.place + 1), tally.so_far(part.place + 1)]
    return found


def _lead(part: Part) -> list[Part]:
    above = part.above if isinstance(part, Row) else None
    return [above] if above is not None else []


def _together(queue: Sequence[Part]) -> list[Part]:
    group = []
    for part in queue:
        group.append(part)
        if not part.keep:
            break
    return group


def _parted(group: list[Part], room: float, *, fresh: bool) -> tuple[list[Part], list[Part]] | None:
    """Part a group at its first part that can be parted, or between parts on an empty page."""
    used = 0.0
    for number, part in enumerate(group):
        halves = part.split(room - used) if used + part.height > room else None
        if halves is not None:
            return [*group[:number], halves[0]], [halves[1], *group[number + 1 :]]
        if used + part.height > room:
            cut = number
            while cut > _LAST and sum(part.boxed for part in group[cut:]) < _LAST:
                cut -= 1  # signatures never stand alone, nor with one or two lost rows
            while cut > 1 and not any(part.boxed for part in group[cut:]):
                cut -= 1
            return (group[:cut], group[cut:]) if fresh and cut else None
        used += part.height
    return None


def draw(surface: Surface, parts: Sequence[Part], left: float, top: float, width: float) -> float:
    """Draw the parts of a page, the boxed ones in one heavy frame; return where they end."""
    y = top
    begin: float | None = None
    for part in parts:
        if part.boxed and begin is None:
            begin = y
        if not part.boxed and begin is not None:
            surface.frame(Box(left, begin, width, y - begin), OUTER)
            begin = None
        part.draw(surface, left, y)
        y += part.height
    if begin is not None:
        surface.frame(Box(left, begin, width, y - begin), OUTER)
    return y
