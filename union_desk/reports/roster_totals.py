"""本页小计, 累计 and 合计 of a roster, the last in words for money."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from union_desk.reports import fonts
from union_desk.reports.content import Text
from union_desk.reports.geometry import Box
from union_desk.reports.roster_layout import NUMBER_WIDTH
from union_desk.taskpack.money import amount_in_words, grouped_money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.reports.drawing import Surface
    from union_desk.reports.roster_columns import Column
    from union_desk.reports.roster_layout import ColumnPage
    from union_desk.reports.roster_rows import Rows

PAGE, SO_FAR, ALL = "本页小计", "累　　计", "合　　计"
_KEPT = 2


@dataclass(frozen=True)
class Totals:
    """The rows of totals below the rows of a page."""

    columns: Sequence[Column]
    of: Rows

    @property
    def rows(self) -> int:
        """Rows of totals on every page."""
        return _KEPT

    @property
    def money(self) -> list[int]:
        """Places of summed money columns."""
        return [
            place
            for place, column in enumerate(self.columns)
            if column.summed and column.field is not None and column.field.type == "money"
        ]

    @property
    def closing(self) -> int:
        """Rows that the last page needs besides: （以下空白） and the amounts in words."""
        if not self.of.count:
            return 0
        return 1 + len(self.money) if self.money else 0

    @cached_property
    def _running(self) -> dict[int, list[int]]:
        return {
            place: list(accumulate(amounts, initial=0))
            for place, amounts in enumerate(self.of.amounts)
            if amounts is not None
        }

    def sums(self, after: int, first: int = 0) -> dict[int, int]:
        """Return the sum of each summed column over a range of rows."""
        return {place: sums[after] - sums[first] for place, sums in self._running.items()}

    def draw(
        self, surface: Surface, side: ColumnPage, at: Box, cut: tuple[int, int], *, last: bool
    ) -> float:
        """Draw the totals of a page from the row `at` on; return where they end."""
        first, after = cut[0], min(cut[1], self.of.count)
        sums = self.sums(after, first)
        self._line(surface, side, at, PAGE, count=after - first, sums=sums)
        at = _below(at)
        sums = self.sums(after)
        self._line(surface, side, at, ALL if last else SO_FAR, count=after, sums=sums)
        at = _below(at)
        if last and self.of.count:
            for place in (place for place in self.money if place in side.columns):
                self._words(surface, at, place, sums[place])
                at = _below(at)
        return at.y

    def _line(
        self,
        surface: Surface,
        side: ColumnPage,
        at: Box,
        title: str,
        *,
        count: int,
        sums: dict[int, int],
    ) -> None:
        """Draw title, number of rows and the sums below their columns."""
        label = max(NUMBER_WIDTH + side.widths[0] * 0.6, 70)
        Text(title, fonts.HEAD, align="center").draw(surface, Box(at.x, at.y, label, at.height))
        begin, said = at.x + label, False
        for place, left, width in zip(side.columns, side.lefts, side.widths, strict=True):
            if place not in sums:
                continue
            cell = Box(at.x + left, at.y, width, at.height)
            if cell.x > begin + 20 and not said:
                self._count(surface, Box(begin, at.y, cell.x - begin, at.height), count)
                said = True
            surface.rule(begin, at.y, begin, at.bottom)
            surface.rule(cell.x, at.y, cell.x, at.bottom)
            text = self._amount(place, sums[place])
            Text(text, fonts.HEAD, align="right").draw(surface, cell)
            begin = cell.right
        if begin < at.right - 1:
            surface.rule(begin, at.y, begin, at.bottom)
            if not said:
                self._count(surface, Box(begin, at.y, at.right - begin, at.height), count)
        surface.rule(at.x, at.bottom, at.right, at.bottom)

    def _count(self, surface: Surface, box: Box, count: int) -> None:
        surface.cell(box, f"{count} {self.of.measure}", align="center")

    def _amount(self, place: int, total: int) -> str:
        field = self.columns[place].field
        if field is not None and field.type == "money":
            return grouped_money(total)
        return f"{total:,}"

    def _words(self, surface: Surface, at: Box, place: int, total: int) -> None:
        field = self.columns[place].field
        which = field.label if field is not None and len(self.money) > 1 else "合计"
        text = f"{which}（大写）：{amount_in_words(total)}"
        surface.cell(at, text, fonts.HEAD, align="left", pad=6)
        surface.rule(at.x, at.bottom, at.right, at.bottom)


def _below(at: Box) -> Box:
    return Box(at.x, at.bottom, at.width, at.height)
