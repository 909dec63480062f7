"""A block as boxed rows: heads, rows, subtotals, total; its texts and digest lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from union_desk.reports import checkcode, fonts, grid, values
from union_desk.reports.block_figures import TOTAL, TOTAL_KEY, Figures, number_text
from union_desk.reports.column_heads import Heads
from union_desk.reports.content import Text
from union_desk.reports.geometry import BODY_SIZE, MM, PAD, ROW
from union_desk.reports.list_totals import Summed, Tally, Totals
from union_desk.taskpack.paper_blocks import LIST, SUM, UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from union_desk.reports.drawing import Surface
    from union_desk.reports.job import Job
    from union_desk.taskpack.paper_blocks import Block, Listed, Shown
    from union_desk.taskpack.record import Value

NIL = "本期无"
LAG = "↓"
"""Ends the text of a cell that trails; such a cell is grey."""
_NUMBER = "序号"
_INDENT = "　"
_AIR = 2 * PAD + 1
_WIDEST = 46 * BODY_SIZE / 2
_FLOOR = BODY_SIZE + 2 * PAD
"""Room for one letter of a head."""
_PROSE, _HEAD = 8, 2.6 * BODY_SIZE
"""The narrowest column of texts in em, and of a head in points, where room is short."""
_WHOLE, _WHOLE_LIST = 18, 6
_LAST = 4
"""So many rows of a longer table at least stand on its last page."""
_DENSE = range(14, 18)
"""So many rows of units stand a little closer, so that they fit on one page."""
_DENSE_ROW = 7 * MM
_RIGHT = frozenset({"int", "decimal", "money"})
_CENTRE = frozenset({"date", "bool", "choice", "person_id", "phone", "uscc"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is set."""

    title: str
    upper: str = ""
    align: str = "right"
    prose: bool = False
    """Whether its texts may wrap; others are given the room they need."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row as text; a band has one text over the whole width."""

    texts: tuple[str, ...]
    strong: bool = False
    band: bool = False


@dataclass(frozen=True)
class Filled:
    """A block with its figures or records read."""

    block: Block
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    cells: tuple[str, ...]
    totals: Totals | None = None
    """Of a list that is added up; its last line is the total."""

    def parts(self, width: float, *, title: str = "", whole: int = _WHOLE) -> list[grid.Part]:
        """Return title, heads and rows for a table `width` wide.

        :param whole: a table of no more rows is not parted by a page end.
        """
        widths = _widths(self.columns, self.lines, width)
        columns = zip(self.columns, widths, strict=True)
        heads = Heads(tuple((item.upper, item.title, wide) for item, wide in columns))
        found: list[grid.Part] = [Caption(title, width)] if title else []
        found.append(heads)
        if not self.lines:
            cell = grid.Cell(0, width, Text(self.block.nil or NIL, align="center"))
            return [*found, grid.Row.of((cell,))]
        rows = [self._row(line, widths, width, heads) for line in self.lines]
        if self.totals is not None:
            rows = _tallied(rows, Tally(self.totals, tuple(widths)), heads)
        whole = min(whole, _WHOLE_LIST) if self.block.kind == LIST else whole
        last = max(len(rows) - _LAST, 1)
        together = range(len(rows) - 1) if len(rows) <= whole else (0, *range(last, len(rows) - 1))
        for place in together:
            rows[place] = replace(rows[place], keep=True)
        return [*found, *rows]

    def _row(self, line: Line, widths: Sequence[float], width: float, heads: Heads) -> grid.Row:
        if line.band:
            return replace(grid.band(line.texts[0], width), above=heads)
        cells = []
        x = 0.0
        font = fonts.HEAD if line.strong else fonts.BODY
        for text, column, wide in zip(line.texts, self.columns, widths, strict=True):
            align = "center" if text == TOTAL else column.align
            cells.append(grid.Cell(x, wide, Text(text, font, align=align), text.endswith(LAG)))
            x += wide
        return replace(grid.Row.of(cells, least=self.row), above=heads)

    @property
    def row(self) -> float:
        """Height of a row."""
        dense = self.block.kind == UNITS and len(self.lines) in _DENSE
        return _DENSE_ROW if dense else ROW

    @property
    def texts(self) -> Iterator[tuple[str, str, str]]:
        """What prints, for the search of missing characters."""
        for number, line in enumerate(self.lines, 1):
            whose = next((text for text in line.texts[1:2] if text), f"第 {number} 行")
            for column, text in zip(self.columns, line.texts, strict=False):
                yield whose, column.title, text


def _tallied(rows: Sequence[grid.Row], tally: Tally, heads: Heads) -> list[grid.Row]:
    """Return the rows of a list with their places in it; headings between them have none."""
    found: list[grid.Row] = []
    place = 0
    for row in rows[:-1]:
        band = len(row.cells) == 1
        found.append(row if band else replace(row, tally=tally, place=place))
        place += not band
    return [*found, replace(tally.total(), above=heads)]


@dataclass(frozen=True, slots=True)
class Caption:
    """The title of a table among others, above its frame."""

    text: str
    width: float
    height: float = ROW * 1.15
    keep: bool = True
    boxed: bool = False

    def draw(self, surface: Surface, left: float, top: float) -> None:
        """Draw the title, flush left."""
        surface.text(left, top + self.height - 6, self.text, fonts.HEAD, BODY_SIZE)

    def split(self, room: float) -> None:
        """Stay whole."""
        del room


def fill(job: Job, block: Block) -> Filled:
    """Return a block with what the source counts or lists for it."""
    if block.kind == LIST:
        return _List(job, block).filled()
    return _counted(job, block)


def _counted(job: Job, block: Block) -> Filled:
    figures = Figures(block, job.source.counts(block, job.period))
    shown = block.figures
    columns = [Column(block.label or "项目", align="left")]
    columns += [Column(wide(item.title), wide(item.upper)) for item in shown]
    lines = []
    for row in () if figures.nothing and block.nil else figures.rows:
        texts = [figures.text(row.key, item.id) for item in shown]
        strong = len(block.groups) > 1 and not row.depth
        lines.append(Line((_INDENT * row.depth + wide(row.title), *texts), strong=strong))
    if block.total and lines:
        texts = [figures.text(TOTAL_KEY, item.id) for item in shown]
        lines.append(Line((TOTAL, *texts), strong=True))
    if not block.rows and figures.nothing:
        lines = [] if block.kind not in {UNITS, SUM} else lines
    return Filled(block, tuple(columns), tuple(lines), tuple(figures.cells))


def wide(text: str) -> str:
    """Return a title with the brackets of Chinese print."""
    return text.replace("(", "（").replace(")", "）")


@dataclass(frozen=True)
class _List:
    """A list being read."""

    job: Job
    block: Block

    @cached_property
    def rows(self) -> list[Listed]:
        return list(self.job.source.listing(self.block, self.job.period))

    def filled(self) -> Filled:
        columns = [Column(_NUMBER, align="center"), *map(self._column, self.block.shown)]
        lines: list[Line] = []
        band = ""
        for number, row in enumerate(self.rows, 1):
            if row.band != band:
                band = row.band
                lines.append(Line((band,), band=True))
            lines.append(Line((str(number), *(self._text(item, row) for item in self.block.shown))))
        totals = self._totals() if self.block.total and lines else None
        if totals is not None:
            lines.append(Line((TOTAL, *totals.texts(len(columns))[1:]), strong=True))
        return Filled(self.block, tuple(columns), tuple(lines), tuple(self._cells()), totals)

    def _column(self, item: Shown) -> Column:
        if item.field is None:
            return Column(item.title, align="left" if item.shape == "text" else "right",
                          prose=item.shape == "text")  # fmt: skip
        kind = item.field.type
        right = kind in _RIGHT and item.field.measure != "年"
        align = "right" if right else "center" if kind in _CENTRE else "left"
        return Column(item.title or values.label(item.field), align=align,
                      prose=kind in {"text", "longtext", "ref", "multi", "choice"})  # fmt: skip

    def _text(self, item: Shown, row: Listed) -> str:
        if item.field is not None:
            return values.clean(values.shown(item.field, row.values, self.job.pack, masked=True))
        if item.value is None:
            return self.job.source.name_of(row.unit)
        value = row.told.get(item.id)
        if item.value.kind == "bool" and value is not None:
            return "是" if value else "否"
        if item.shape == "text" or isinstance(value, str):
            return "" if value is None else values.clean(str(value))
        return "" if value is None else number_text(value, item.shape, fen=False)

    def _summed(self, item: Shown) -> bool:
        return item.summed or (item.field is not None and values.summed(item.field))

    def _totals(self) -> Totals:
        summed = {}
        for place, item in enumerate(self.block.shown, 1):
            if self._summed(item):
                found = [self._value(item, row) for row in self.rows]
                figures = tuple(value if isinstance(value, int | float) else 0 for value in found)
                money = item.field is not None and item.field.type == "money"
                summed[place] = Summed(figures, "money" if money else item.shape, money)
        persons = any(item.field and item.field.type == "person_id" for item in self.block.shown)
        return Totals(len(self.rows), "人" if persons else "条", summed)

    def _value(self, item: Shown, row: Listed) -> Value:
        if item.field is not None:
            return values.stored(item.field, row.values)
        return row.unit if item.value is None else row.told.get(item.id)

    def _cells(self) -> Iterator[str]:
        for row in self.rows:
            for item in self.block.shown:
                value = self._value(item, row)
                if value is not None:
                    yield checkcode.cell(row.uid, item.id, value)


def _widths(columns: Sequence[Column], lines: Sequence[Line], room: float) -> list[float]:
    """Share the room: a figure is never cut while texts or heads can give way."""
    hard, least, best = [], [], []
    plain = [line for line in lines if not line.band]
    font = fonts.HEAD if any(line.strong for line in plain) else fonts.BODY
    for place, column in enumerate(columns):
        natural = {
            fonts.width(part, font, 1) for line in plain for part in line.texts[place].split("\n")
        }
        most = max(natural, default=0)
        whole = fonts.width(column.title, fonts.HEAD, BODY_SIZE)
        head = min(whole / 2 + BODY_SIZE / 2, whole) + _AIR
        wide = max(most * BODY_SIZE + _AIR, head)
        prose = min(max(_PROSE, most / 4), 2 * _PROSE)
        hard.append(max(min(most, prose if column.prose else most) * 9 + _AIR, _FLOOR))
        least.append(max(hard[-1], min(head, max(_HEAD, _measure(column.title)))))
        best.append(max(min(wide, _WIDEST + _AIR) if column.prose else wide, least[-1]))
    if sum(best) <= room:
        return _stretched(columns, best, room)
    floor = [_FLOOR] * len(columns)
    low, high = (least, best) if sum(least) < room else (hard, least)
    if sum(hard) >= room:
        low, high = floor, hard
    share = (room - sum(low)) / (sum(high) - sum(low))
    return [one + (other - one) * share for one, other in zip(low, high, strict=True)]


def _measure(title: str) -> float:
    """Return the room that the measure at the end of a head, （人次）, needs on its line."""
    place = title.rfind("（") if title.endswith("）") else -1
    short = place > 0 and len(title) - place <= 4
    return fonts.width(title[place:], fonts.HEAD, 9) + _AIR if short else 0


def _stretched(columns: Sequence[Column], best: Sequence[float], room: float) -> list[float]:
    """Give what is left over to all columns alike, a little more to texts."""
    weights = [1.6 if column.align == "left" else 1.0 for column in columns]
    weights[0] = 0.3 if columns[0].title == _NUMBER else weights[0]
    left = room - sum(best)
    return [
        width + left * weight / sum(weights) for width, weight in zip(best, weights, strict=True)
    ]
