"""A counted block as text: quotients, differences and ranks worked out last, cells formatted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from union_desk.indicators import NO_VALUE, rounded
from union_desk.reports import checkcode
from union_desk.taskpack.money import grouped_money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from union_desk.taskpack.paper_blocks import Block, Counts, Figure, Number, RowKey

TOTAL = "合　　计"
TOTAL_KEY = "total"
_FEN_IN_WAN = 1_000_000


@dataclass(frozen=True)
class Figures:
    """The cells of a counted block; row key ``total`` is the sum over all rows."""

    block: Block
    counts: Counts

    @cached_property
    def columns(self) -> dict[str, Figure]:
        """Columns by id."""
        return {item.id: item for item in self.block.figures}

    @property
    def nothing(self) -> bool:
        """Whether nothing was counted at all."""
        return not any(self.counts.totals.values())

    def value(self, key: str, column: str) -> Number | None:
        """Return what stands in a cell: a number, percent, a rank; None where there is none."""
        figure = self.columns[column]
        if figure.share:
            above, below = (self.value(key, name) for name in figure.share)
            return 100 * above / below if above is not None and below else None
        if figure.less:
            one, other = (self.value(key, name) for name in figure.less)
            return None if one is None or other is None else one - other
        if figure.ranks:
            return self._rank(key, figure.ranks)
        if key == TOTAL_KEY:
            return self.counts.totals.get(column, 0)
        return self.counts.values.get(column, {}).get(key, 0)

    def _rank(self, key: str, column: str) -> int | None:
        if key == TOTAL_KEY:
            return None
        mine = self.value(key, column)
        others = [self.value(row.key, column) for row in self.counts.rows]
        if mine is None:
            return None
        return 1 + sum(other is not None and other > mine for other in others)

    @property
    def rows(self) -> tuple[RowKey, ...]:
        """The rows, by rank where a column ranks them."""
        ranked = next((item.ranks for item in self.block.figures if item.ranks), None)
        if ranked is None:
            return self.counts.rows
        return tuple(sorted(self.counts.rows, key=lambda row: -(self.value(row.key, ranked) or 0)))

    def text(self, key: str, column: str) -> str:
        """Return a cell as it prints."""
        figure = self.columns[column]
        if figure.share and key and figure.shape == "percent":
            above, below = (self.value(key, name) for name in figure.share)
            if not below or above is None:
                return NO_VALUE
            return f"{rounded(100 * Decimal(str(above)) / Decimal(str(below)), 1):,}"
        return number_text(self.value(key, column), figure.shape, fen=figure.fen)

    @property
    def cells(self) -> Iterator[str]:
        """Digest lines: one per printed number that was counted."""
        keys = [row.key for row in self.counts.rows]
        for key in [*keys, TOTAL_KEY] if self.block.total else keys:
            for figure in self.block.figures:
                if figure.counted:
                    value = self.value(key, figure.id)
                    yield checkcode.cell(f"{self.block.id}|{key}", figure.id, value)


def number_text(value: Number | None, shape: str, *, fen: bool) -> str:
    """Return a number as it prints: 1,200 or 31,500.00 or 3.15 (万元); — for none."""
    if value is None:
        return NO_VALUE
    exact = Decimal(str(value))
    if shape in {"money", "wan"}:
        amount = exact if fen else exact * 100
        if shape == "wan":
            return f"{rounded(amount / _FEN_IN_WAN, 2):,}"
        return grouped_money(int(rounded(amount, 0)))
    if shape == "percent":
        return f"{rounded(exact, 1):,}"
    if exact == exact.to_integral_value():
        return f"{int(exact):,}"
    return f"{rounded(exact, 2).normalize():,f}"
