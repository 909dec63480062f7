"""Where the cells of a roster stand: column pages, widths, row heights, page cuts.

The height of a row is fixed, so pages are cut before drawing. What does not fit a cell shrinks
to 9 pt, then wraps, two lines to a row height; a row that needs more counts as two or more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from union_desk.reports import fonts, paragraph
from union_desk.reports.geometry import BODY_SIZE, MM, PAD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.reports.roster_columns import Column
    from union_desk.reports.roster_rows import Rows

NUMBER_WIDTH = 12 * MM
_WIDEST, _WIDEST_PROSE = 50 * MM, 110 * MM
_MOST_LINES = 20
"""A text is given the width to need no more lines than these."""
_SMALLEST = paragraph.SMALLEST


Wanted = tuple[float, float, float]
"""Widths of a column: the least, the best, and that at which nothing wraps."""


@dataclass(slots=True)
class Fits:
    """How the texts of one column stand in its cells.

    `natural` holds each distinct text's width in em; `wrapped` what does not fit at full size.
    """

    natural: dict[str, float]
    wrapped: dict[str, paragraph.Fitted]
    repeats: bool = False
    """Whether texts come again so often that their codes are worth keeping."""
    runs: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ColumnPage:
    """The columns that stand side by side on one page, with left edges and widths."""

    columns: tuple[int, ...]
    lefts: tuple[float, ...]
    widths: tuple[float, ...]


@dataclass(slots=True)
class Layout:
    """The whole division of a roster."""

    pages: list[ColumnPage]
    fits: dict[tuple[int, int], Fits]
    """By column page and column."""
    heights: list[int]
    """Row heights that each row takes."""
    cuts: list[tuple[int, int]]
    """First row and first row after, of each page of rows."""


def naturals(texts: Sequence[str]) -> dict[str, float]:
    """Return the width in em of each distinct text."""
    measure = fonts.stack(fonts.BODY).stringWidth
    return {text: measure(text, 1) for text in set(texts)}


def wants(column: Column, natural: dict[str, float]) -> Wanted:
    """Return the least and the best width of a column, and where nothing wraps, in points."""
    air = 2 * PAD + 0.5
    if column.field is None:
        return column.pen, column.pen, column.pen
    head = max(fonts.width(column.title, fonts.HEAD, BODY_SIZE) / 2 + BODY_SIZE / 2, 21) + air
    sizes = sorted(natural.values())
    most = sizes[-1] if sizes else 0
    usual = sizes[min(int(len(sizes) * 0.98), len(sizes) - 1)] if sizes else 0
    kind = column.field.type
    if kind in {"text", "ref", "longtext", "multi", "choice"}:
        widest = _WIDEST_PROSE if kind == "longtext" else _WIDEST
        least = max(min(usual, 12) * _SMALLEST / 2, most * _SMALLEST / _MOST_LINES * 1.15, 36)
        best = min(usual * BODY_SIZE, max(widest, usual * BODY_SIZE / 4))
        best = max(best, least)
        whole = max(min(most * BODY_SIZE, _WIDEST_PROSE), best)
        return max(least + air, head), max(best + air, head), max(whole + air, head)
    best = max(most * BODY_SIZE + air, head)
    return max(most * _SMALLEST + air, head), best, best


def column_pages(
    columns: Sequence[Column], wanted: Sequence[Wanted], room: float
) -> list[ColumnPage]:
    """Return columns divided into pages; 序号 and the name stand on each."""
    everything = list(range(len(columns)))
    if sum(wanted[place][0] for place in everything) + NUMBER_WIDTH <= room:
        return [_spread(everything, wanted, room)]
    keys = [place for place in everything if columns[place].key]
    rest = [place for place in everything if not columns[place].key]
    free = room - NUMBER_WIDTH - sum(wanted[place][1] for place in keys)
    comfort = [min((wanted[place][0] + wanted[place][1]) / 2, free) for place in rest]
    fewest = len(_fill(comfort, free))
    limit = sum(comfort) / fewest
    while len(_fill(comfort, limit)) > fewest and limit < free:
        limit += free / 50  # pages about equally full
    groups = _fill(comfort, min(limit, free))
    return [_spread(sorted([*keys, *(rest[i] for i in group)]), wanted, room) for group in groups]


def _fill(widths: Sequence[float], limit: float) -> list[list[int]]:
    groups: list[list[int]] = [[]]
    used = 0.0
    for number, width in enumerate(widths):
        if groups[-1] and used + width > limit + 0.01:
            groups.append([])
            used = 0.0
        groups[-1].append(number)
        used += width
    return groups


def _spread(places: Sequence[int], wanted: Sequence[Wanted], room: float) -> ColumnPage:
    free = room - NUMBER_WIDTH
    least = [wanted[place][0] for place in places]
    best = [wanted[place][1] for place in places]
    if sum(best) <= free:
        widths = _widened(best, [wanted[place][2] for place in places], free)
    else:
        share = max(free - sum(least), 0) / max(sum(best) - sum(least), 0.01)
        widths = [low + (high - low) * share for low, high in zip(least, best, strict=True)]
        widths = [width * free / sum(widths) for width in widths]
    lefts = []
    x = NUMBER_WIDTH
    for width in widths:
        lefts.append(x)
        x += width
    return ColumnPage(tuple(places), tuple(lefts), tuple(widths))


def _widened(best: Sequence[float], whole: Sequence[float], free: float) -> list[float]:
    """Share what is left: first to columns whose texts would wrap, then to all alike."""
    lacking = sum(whole) - sum(best)
    share = min((free - sum(best)) / lacking, 1) if lacking > 0 else 0
    widths = [low + (high - low) * share for low, high in zip(best, whole, strict=True)]
    return [width * free / sum(widths) for width in widths]


def fit(natural: dict[str, float], width: float, count: int = 0) -> Fits:
    """Return how the texts of `count` rows stand in cells of `width`."""
    room = width - 2 * PAD + 0.01
    wrapped = {
        text: paragraph.fit(text, width - 2 * PAD, fonts.BODY, BODY_SIZE)
        for text, em in natural.items()
        if em * BODY_SIZE > room
    }
    return Fits(natural, wrapped, repeats=4 * len(natural) < count)


def heights(rows: Rows, fits: dict[tuple[int, int], Fits]) -> list[int]:
    """Return how many row heights each row takes."""
    found = [1] * rows.count
    for (_, column), how in fits.items():
        tall = {
            text: (len(fitted.lines) + 1) // 2
            for text, fitted in how.wrapped.items()
            if len(fitted.lines) > 2
        }
        if tall:
            for number, text in enumerate(rows.texts[column]):
                if text in tall and tall[text] > found[number]:
                    found[number] = tall[text]
    return found


def cut(taken: Sequence[int], first: int, later: int, closing: int) -> list[tuple[int, int]]:
    """Return the rows of each page.

    :param first: row heights on page one; `later`: on the others.
    :param closing: row heights that the last page needs for totals; rows are carried over so
        that they never stand alone.
    """
    found: list[tuple[int, int]] = []
    start, used, room = 0, 0, first
    for number, height in enumerate(taken):
        if used and used + height > room:
            found.append((start, number))
            start, used, room = number, 0, later
        used += height
    end = len(taken)
    if used + closing <= room or end - start <= 1:
        return [*found, (start, end)]
    carried = end - 1
    if end - start > 3 and taken[end - 1] + taken[end - 2] + closing <= later:
        carried -= 1  # two rows look less lost than one
    return [*found, (start, carried), (carried, end)]
