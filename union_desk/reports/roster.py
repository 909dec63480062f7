"""Any number of rows on paper: subtotals on every page, pages cut before drawing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from union_desk.reports import (
    block_rows,
    fonts,
    grid,
    head,
    notes,
    roster_columns,
    roster_layout,
    roster_rows,
    signing,
    table,
    values,
)
from union_desk.reports.columns_of_text import TextColumn
from union_desk.reports.content import Text
from union_desk.reports.geometry import (
    A4,
    DOUBLE_ROW,
    FOOT,
    MARGIN,
    MARGIN_LANDSCAPE,
    MM,
    OUTER,
    PEN_ROW,
    ROW,
    Box,
)
from union_desk.reports.note import Note
from union_desk.reports.page import Paper
from union_desk.reports.roster_layout import NUMBER_WIDTH
from union_desk.reports.roster_totals import Totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from union_desk.reports.furniture import Furniture
    from union_desk.reports.geometry import Trace
    from union_desk.reports.job import Job, Told
    from union_desk.reports.roster_columns import Column
    from union_desk.reports.roster_layout import ColumnPage, Layout
    from union_desk.reports.roster_rows import Rows

_NIL = "本期无"
_REST_EMPTY = "（以下空白）"
_NOTE = 5.5 * MM


def plan(job: Job) -> Roster:
    """Return the roster of the job's form, its rows read."""
    return Roster(job)


@dataclass(frozen=True)
class Roster:
    """All rows of a form in columns."""

    job: Job

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """What stands side by side."""
        return roster_columns.columns(self.job)

    @cached_property
    def rows(self) -> Rows:
        """What stands below each other."""
        return roster_rows.read(self.job, self.columns)

    @cached_property
    def summary(self) -> tuple[block_rows.Filled, ...]:
        """Tables of figures that stand behind the rows."""
        return tuple(block_rows.fill(self.job, block) for block in self.job.blocks)

    @cached_property
    def said(self) -> notes.Said:
        """Why warnings of the rows were passed: on a page behind them."""
        return notes.Said.of(self.job)

    @property
    def cells(self) -> Iterable[str]:
        """Digest lines."""
        return chain(self.rows.cells, *(block.cells for block in self.summary))

    @property
    def texts(self) -> Iterator[tuple[str, str, str]]:
        """What prints, row by row."""
        key = next((place for place, column in enumerate(self.columns) if column.key), 0)
        for place, column in enumerate(self.columns):
            for number, text in enumerate(self.rows.texts[place]):
                yield self.rows.texts[key][number] or f"第 {number + 1} 行", column.title, text
        for block in self.summary:
            yield from block.texts
        yield from self.said.texts

    @cached_property
    def landscape(self) -> bool:
        """Rosters lie on their side unless a report says otherwise."""
        return self.job.report is None or self.job.report.landscape or not self.job.report.columns

    def draw(
        self, furniture: Furniture, *, trace: Trace | None = None, progress: Told | None = None
    ) -> bytes:
        """Return the PDF."""
        drawing = _Drawing(self, furniture, trace)
        return drawing.run(progress)


class _Drawing:
    """One run over the pages."""

    def __init__(self, roster: Roster, furniture: Furniture, trace: Trace | None) -> None:
        self.roster, self.rows, self.columns = roster, roster.rows, roster.columns
        job = roster.job
        self.block = signing.Block.of(job.block or "C", job.source.level)
        self.row = PEN_ROW if any(column.pen for column in self.columns) else ROW
        width, height = A4[::-1] if roster.landscape else A4
        self.left = MARGIN_LANDSCAPE if roster.landscape else MARGIN
        self.room = width - 2 * self.left
        source = job.source
        items = signing.foot_items(self.block, source.person, source.phone)
        self.foot = signing.Foot(tuple(items), self.room)
        self.totals = Totals(self.columns, self.rows)
        self.alike: dict[object, str] = {}
        self.bottom = height - FOOT - self.foot.height - _NOTE
        self.layout = self._layout()
        self.annex = self._annex(height - FOOT - self.foot.height)
        count = len(self.layout.cuts) * len(self.layout.pages) + len(self.annex)
        self.paper = Paper(furniture, count, landscape=roster.landscape, trace=trace)

    def _layout(self) -> Layout:
        texts = self.rows.texts
        natural = [roster_layout.naturals(column) for column in texts]
        wanted = [
            roster_layout.wants(column, natural[place]) for place, column in enumerate(self.columns)
        ]
        pages = roster_layout.column_pages(self.columns, wanted, self.room)
        fits = {
            (number, place): roster_layout.fit(natural[place], width, self.rows.count)
            for number, page in enumerate(pages)
            for place, width in zip(page.columns, page.widths, strict=True)
        }
        taken = roster_layout.heights(self.rows, fits) or [1]
        cuts = roster_layout.cut(
            taken, self._capacity(head.FIRST_TOP), self._capacity(head.LATER_TOP),
            self.totals.closing,
        )  # fmt: skip
        return roster_layout.Layout(pages, fits, taken, cuts)

    def _capacity(self, top: float) -> int:
        free = self.bottom - top - DOUBLE_ROW - self.totals.rows * self.row
        return int(free / self.row + 0.01)

    def run(self, progress: Told | None) -> bytes:
        for first, after in self.layout.cuts:
            for number in range(len(self.layout.pages)):
                self._page(number, first, after)
                if progress is not None:
                    progress(self.paper.page, self.paper.pages)
        for parts in self.annex:
            self._summary(parts)
        return self.paper.save()

    def _annex(self, bottom: float) -> list[list[grid.Part]]:
        """Return the pages of the tables behind the rows."""
        parts = table.tables(self.roster.summary, self.room)
        explained = self.roster.said.annex(self.room, always=True)
        if parts and explained:
            parts.append(grid.Space(3 * MM, keep=False))
        parts += explained
        room = bottom - head.LATER_TOP
        return grid.paginate(parts, room, room) if parts else []

    def _summary(self, parts: Sequence[grid.Part]) -> None:
        job, paper = self.roster.job, self.paper
        paper.begin()
        stamp = f"{self.block.stamp}{job.source.unit_name}"
        measure = notes.measure(job)
        top = head.later(paper, stamp=stamp, period=notes.span_title(job), measure=measure)
        grid.draw(paper, parts, self.left, top, self.room)
        self.foot.draw(paper, self.left, paper.bottom - self.foot.height)
        paper.end()

    def _page(self, number: int, first: int, after: int) -> None:
        paper, side = self.paper, self.layout.pages[number]
        paper.begin()
        last = after >= self.rows.count
        top = head.LATER_TOP if paper.page > 1 else head.FIRST_TOP
        key = (number, paper.page > 1)
        paper.replayed(self.alike, key, lambda: self._head(side, top))
        y = top + DOUBLE_ROW
        paper.rule(self.left, y, self.left + self.room, y)
        y = self._cells(number, side, y, first, min(after, self.rows.count))
        if last:
            y = self._closing_row(side, y)
        at = Box(self.left, y, self.room, self.row)
        y = self.totals.draw(paper, side, at, (first, after), last=last)
        paper.frame(Box(self.left, top, self.room, y - top), OUTER)
        note = Note(self._note(number, last=last), self.room)
        paper.replayed(self.alike, (note.text, y), lambda: self._below(note, y))
        paper.end()

    def _head(self, side: ColumnPage, top: float) -> None:
        job = self.roster.job
        stamp = f"{self.block.stamp}{job.source.unit_name}"
        draw = head.first if self.paper.page == 1 else head.later
        draw(self.paper, stamp=stamp, period=period_title(job), measure=self._measure())
        titles = ["序号", *(self.columns[place].title for place in side.columns)]
        lefts = (0.0, *side.lefts)
        widths = (NUMBER_WIDTH, *side.widths)
        for title, left, width in zip(titles, lefts, widths, strict=True):
            box = Box(self.left + left, top, width, DOUBLE_ROW)
            Text(title, fonts.HEAD, align="center", label=True).draw(self.paper, box)

    def _below(self, note: Note, top: float) -> None:
        note.draw(self.paper, self.left, top)
        self.foot.draw(self.paper, self.left, top + _NOTE)

    def _measure(self) -> str:
        money = any(column.field and column.field.type == "money" for column in self.columns)
        return f"计量单位：{self.rows.measure}{'、元' if money else ''}"

    def _note(self, number: int, *, last: bool) -> str:
        job = self.roster.job
        due, done = job.source.reported()
        words = f"数据截至{values.spoken_date(job.source.as_of)}，应报{due}张、已报{done}张。"
        if last and self.rows.awaited:
            words += f"其中证件号待补{self.rows.awaited}人。"
        sides = len(self.layout.pages)
        if sides > 1:
            words += f"本表横向分{sides}张，这是第{number + 1}张。"
        return words

    def _cells(self, number: int, side: ColumnPage, top: float, first: int, after: int) -> float:
        heights = self.layout.heights[first:after] if self.rows.count else []
        edges = list(accumulate((height * self.row for height in heights), initial=top))
        tops, bottoms = edges[:-1], edges[1:]
        numbers = [str(place + 1) for place in range(first, after)]
        fits = roster_layout.fit(roster_layout.naturals(numbers), NUMBER_WIDTH)
        column = TextColumn(self.paper, self.left, NUMBER_WIDTH, "center")
        column.cells(numbers, tops, bottoms, fits)
        column.close()
        for place, left, width in zip(side.columns, side.lefts, side.widths, strict=True):
            if self.columns[place].field is not None:
                align = self.columns[place].align
                column = TextColumn(self.paper, self.left + left, width, align)
                texts = self.rows.texts[place][first:after]
                column.cells(texts, tops, bottoms, self.layout.fits[number, place])
                column.close()
        for edge in bottoms:
            self.paper.rule(self.left, edge, self.left + self.room, edge)
        end = edges[-1]
        for left in side.lefts:
            self.paper.rule(self.left + left, top - DOUBLE_ROW, self.left + left, end)
        return end

    def _closing_row(self, side: ColumnPage, top: float) -> float:
        """Say 本期无 where there is no row, （以下空白） below the last row of money."""
        text = _NIL if not self.rows.count else _REST_EMPTY if self.totals.money else ""
        if not text:
            return top
        box = Box(self.left, top, self.room, self.row)
        self.paper.cell(box, text, align="center")
        self.paper.rule(self.left, box.bottom, box.right, box.bottom)
        if not self.rows.count:
            for left in side.lefts:
                x = self.left + left
                self.paper.rule(x, top - DOUBLE_ROW, x, top)
        return box.bottom


def period_title(job: Job) -> str:
    """Return the period as it stands above a table."""
    if job.body.span == "year":
        return notes.span_title(job)
    if job.period is not None and job.body.span != "day":
        return job.period.title
    return f"截至{values.spoken_date(job.source.as_of)}"
