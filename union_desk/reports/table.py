"""Statistical tables: the blocks of a report below each other, notes and signatures at the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from union_desk.reports import block_rows, checkcode, grid, head, notes, signing
from union_desk.reports.geometry import A4, FOOT, MARGIN, MARGIN_LANDSCAPE, MM
from union_desk.reports.page import Paper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from union_desk.reports.furniture import Furniture
    from union_desk.reports.geometry import Trace
    from union_desk.reports.job import Job, Told

_GAP = 3 * MM


def plan(job: Job) -> Table:
    """Return the table of the job's report, its figures counted."""
    return Table(job)


@dataclass(frozen=True)
class Table:
    """One or more boxed tables under one head."""

    job: Job

    @cached_property
    def filled(self) -> tuple[block_rows.Filled, ...]:
        """The blocks with their figures."""
        return tuple(block_rows.fill(self.job, block) for block in self.job.blocks)

    @cached_property
    def said(self) -> notes.Said:
        """What stands below the tables."""
        return notes.Said.of(self.job)

    @property
    def cells(self) -> Iterator[str]:
        """Digest lines."""
        source = self.job.source
        yield from checkcode.as_of_cells(source.as_of, *source.reported())
        for block in self.filled:
            yield from block.cells

    @property
    def texts(self) -> Iterable[tuple[str, str, str]]:
        """What prints."""
        for block in self.filled:
            yield from block.texts
        yield from self.said.texts

    def draw(
        self, furniture: Furniture, *, trace: Trace | None = None, progress: Told | None = None
    ) -> bytes:
        """Return the PDF."""
        job = self.job
        source = job.source
        landscape = job.report is None or job.report.landscape or job.report.layout == "sheet"
        width, height = A4[::-1] if landscape else A4
        left = MARGIN_LANDSCAPE if landscape else MARGIN
        room = width - 2 * left
        block = signing.Block.of(job.block, source.level)
        foot = signing.Foot(tuple(signing.foot_items(block, source.person, source.phone)), room)
        everywhere = block.letter in {"C", "D"}
        bottom = height - FOOT - (foot.height if everywhere else 0)
        parts = kept([*self.parts(room)], [*self.said.parts(room)])
        if not everywhere:
            parts.append(foot)
        pages = grid.paginate(parts, bottom - head.FIRST_TOP, bottom - head.LATER_TOP)
        if annex := self.said.annex(room):
            pages += grid.paginate(annex, bottom - head.LATER_TOP, bottom - head.LATER_TOP)
        paper = Paper(furniture, len(pages), landscape=landscape, trace=trace)
        stamp = f"{block.stamp}{source.unit_name}"
        for number, page in enumerate(pages):
            paper.begin()
            draw_head = head.later if number else head.first
            top = draw_head(
                paper, stamp=stamp, period=notes.span_title(job), measure=notes.measure(job)
            )
            head.mark(paper, job.body.mark)
            grid.draw(paper, page, left, top, room)
            if everywhere:
                foot.draw(paper, left, bottom)
            paper.end()
            if progress is not None:
                progress(number + 1, len(pages))
        return paper.save()

    def parts(self, room: float) -> list[grid.Part]:
        """Return all blocks as parts for a table `room` wide."""
        return tables(self.filled, room)


def kept(body: list[grid.Part], end: list[grid.Part]) -> list[grid.Part]:
    """Return body and end, the last row on one page with what follows it."""
    last = body[-1]
    if isinstance(last, grid.Row):
        body = [*body[:-1], replace(last, keep=True)]
    return [*body, *end]


def tables(filled: Iterable[block_rows.Filled], room: float) -> list[grid.Part]:
    """Return blocks below each other; each but an only untitled one has its title above it."""
    parts: list[grid.Part] = []
    for number, block in enumerate(filled):
        if number:
            parts.append(grid.Space(_GAP, keep=False))
        parts += block.parts(room, title=block.block.title)
    return parts
