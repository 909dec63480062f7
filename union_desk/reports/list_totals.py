"""小计, 累计 and 合计 of a list that goes on over several pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from union_desk.reports import fonts, grid
from union_desk.reports.block_figures import number_text
from union_desk.reports.content import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.taskpack.paper_blocks import Number

PAGE, SO_FAR, ALL = "本页小计", "累　　计", "合　　计"


@dataclass(frozen=True)
class Summed:
    """A column that is added up: its figures row by row, and how a sum is written."""

    figures: tuple[Number, ...]
    shape: str
    fen: bool

    @cached_property
    def _running(self) -> list[Number]:
        return list(accumulate(self.figures, initial=0))

    def text(self, first: int, after: int) -> str:
        """Return the sum over a range of rows."""
        return number_text(self._running[after] - self._running[first], self.shape, fen=self.fen)


@dataclass(frozen=True, slots=True)
class Totals:
    """What a list comes to: its rows, counted in `measure`, and its sums by column."""

    count: int
    measure: str
    summed: Mapping[int, Summed]

    def texts(self, columns: int) -> tuple[str, ...]:
        """Return the sums of all rows, column by column."""
        return tuple(
            self.summed[place].text(0, self.count) if place in self.summed else ""
            for place in range(columns)
        )


@dataclass(frozen=True)
class Tally:
    """The rows of sums of a list as it is set."""

    totals: Totals
    widths: tuple[float, ...]

    @property
    def count(self) -> int:
        """Rows of the list."""
        return self.totals.count

    @cached_property
    def height(self) -> float:
        """Room that 本页小计 and 累计 take at most: that of 合计, whose sums are longest, twice."""
        return 2 * self._row(ALL, 0, self.count).height

    def subtotal(self, first: int, after: int) -> grid.Row:
        """Return 本页小计 over the rows of a page."""
        return replace(self._row(PAGE, first, after), keep=True)

    def so_far(self, after: int) -> grid.Row:
        """Return 累计 over all rows up to the end of a page."""
        return self._row(SO_FAR, 0, after)

    def total(self) -> grid.Row:
        """Return 合计."""
        return replace(self._row(ALL, 0, self.count), tally=self, place=self.count)

    def _row(self, title: str, first: int, after: int) -> grid.Row:
        """Return the title with the number of rows up to the first sum, then the sums."""
        begin = min(self.totals.summed, default=len(self.widths))
        said = f"{title}　{after - first} {self.totals.measure}"
        cells = [grid.Cell(0, sum(self.widths[:begin]), Text(said, fonts.HEAD, align="center"))]
        x = cells[0].width
        for place in range(begin, len(self.widths)):
            summed = self.totals.summed.get(place)
            text = summed.text(first, after) if summed is not None else ""
            cells.append(grid.Cell(x, self.widths[place], Text(text, fonts.HEAD, align="right")))
            x += self.widths[place]
        return grid.Row.of(cells)
