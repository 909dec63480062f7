"""Comparisons of the units below: their targets on several sheets, or what they have filed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from union_desk.reports import (
    checkcode,
    comparison,
    filing_matrix,
    grid,
    head,
    notes,
    signing,
    table,
)
from union_desk.reports.geometry import A4, FOOT, MARGIN_LANDSCAPE
from union_desk.reports.page import Paper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from union_desk.reports.block_rows import Filled
    from union_desk.reports.furniture import Furniture
    from union_desk.reports.geometry import Trace
    from union_desk.reports.job import Job, Told

FILINGS = "filings"


def plan(job: Job) -> Matrix:
    """Return the comparison of the job's report."""
    return Matrix(job)


@dataclass(frozen=True)
class Matrix:
    """Sheets of one table, each beginning on a page of its own."""

    job: Job

    @cached_property
    def sheets(self) -> tuple[Filled, ...]:
        """The tables."""
        if self.job.body.subject == FILINGS:
            return filing_matrix.sheets(self.job)
        return comparison.sheets(self.job)

    @cached_property
    def said(self) -> notes.Said:
        """What stands below the last table."""
        return notes.Said.of(self.job)

    @property
    def cells(self) -> Iterator[str]:
        """Digest lines."""
        source = self.job.source
        yield from checkcode.as_of_cells(source.as_of, *source.reported())
        for sheet in self.sheets:
            yield from sheet.cells

    @property
    def texts(self) -> Iterable[tuple[str, str, str]]:
        """What prints."""
        for sheet in self.sheets:
            yield from sheet.texts
        yield from self.said.texts

    def draw(
        self, furniture: Furniture, *, trace: Trace | None = None, progress: Told | None = None
    ) -> bytes:
        """Return the PDF."""
        job, source = self.job, self.job.source
        height, width = A4
        room = width - 2 * MARGIN_LANDSCAPE
        block = signing.Block.of(job.block, source.level)
        items = signing.foot_items(block, source.person, source.phone)
        compare = filing_matrix if job.body.subject == FILINGS else comparison
        said = "".join(
            f"{number}. {line}"
            for number, line in enumerate([*self.said.lines, *compare.legend(job)], 1)
        )
        end = self.said.below(f"说明：{said}", room, keep=not job.public)
        if not job.public:
            end.append(signing.Foot(tuple(items), room))
        pages: list[list[grid.Part]] = []
        titles: list[str] = []
        bottom = height - FOOT
        for number, sheet in enumerate(self.sheets):
            parts = sheet.parts(room)
            if number == len(self.sheets) - 1:
                parts = table.kept(parts, end)
            top = head.LATER_TOP if pages else head.FIRST_TOP
            pages += grid.paginate(parts, bottom - top, bottom - head.LATER_TOP)
            titles += [sheet.block.title] * (len(pages) - len(titles))
        if annex := self.said.annex(room):
            pages += grid.paginate(annex, bottom - head.LATER_TOP, bottom - head.LATER_TOP)
            titles += [""] * (len(pages) - len(titles))
        paper = Paper(furniture, len(pages), landscape=True, trace=trace)
        stamp = f"{block.stamp}{source.unit_name}"
        for number, page in enumerate(pages):
            paper.begin()
            draw_head = head.later if number else head.first
            top = draw_head(
                paper, stamp=stamp, period=notes.span_title(job), measure=titles[number]
            )
            grid.draw(paper, page, paper.left, top, room)
            paper.end()
            if progress is not None:
                progress(number + 1, len(pages))
        return paper.save()
