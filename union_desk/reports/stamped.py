"""A boxed table of rows under the head with the seal place, notes and signatures at its end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from union_desk.reports import fonts, grid, head, signing
from union_desk.reports.content import Text
from union_desk.reports.fields import WIDTH
from union_desk.reports.geometry import FOOT, MM, ROW
from union_desk.reports.note import Note
from union_desk.reports.page import Paper

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from union_desk.reports.content import Content
    from union_desk.reports.furniture import Furniture
    from union_desk.reports.geometry import Trace
    from union_desk.reports.job import Job, Told

Columns = tuple[tuple[str, int], ...]
"""Title and width in millimetres of each column."""


def heads(columns: Columns, *, least: float = ROW) -> grid.Row:
    """Return the column heads."""
    contents = [Text(title, fonts.HEAD, align="center", label=True) for title, _ in columns]
    return row(contents, columns, least=least, keep=True)


def row(
    contents: Sequence[Content], columns: Columns, *, least: float = ROW, keep: bool = False
) -> grid.Row:
    """Return one row."""
    cells, x = [], 0.0
    for content, (_, millimetres) in zip(contents, columns, strict=True):
        cells.append(grid.Cell(x, millimetres * MM, content))
        x += millimetres * MM
    return grid.Row.of(cells, least=least, keep=keep)


def under(top: grid.Row, rows: Iterable[grid.Row]) -> list[grid.Part]:
    """Return heads and rows; the heads stand again where a page begins with one of the rows."""
    return [top, *(replace(item, above=top) for item in rows)]


def _kept(parts: Sequence[grid.Part]) -> list[grid.Part]:
    """Keep the last two rows with what follows: signatures never stand alone."""
    last = [replace(part, keep=True) if isinstance(part, grid.Row) else part for part in parts[-2:]]
    return [*parts[:-2], *last]


def draw(
    job: Job,
    furniture: Furniture,
    parts: Sequence[grid.Part],
    note: str,
    *,
    trace: Trace | None,
    progress: Told | None,
) -> bytes:
    """Return the PDF."""
    source = job.source
    block = signing.Block.of(job.block, source.level)
    items = signing.foot_items(block, source.person, source.phone)
    everything = [*_kept(parts), Note(note, WIDTH, keep=True), signing.Foot(tuple(items), WIDTH)]
    bottom = 297 * MM - FOOT
    pages = grid.paginate(everything, bottom - head.FIRST_TOP, bottom - head.LATER_TOP)
    paper = Paper(furniture, len(pages), trace=trace)
    stamp = f"{block.stamp}{source.unit_name}"
    period = job.period.title if job.period else ""
    for number, page in enumerate(pages):
        paper.begin()
        draw_head = head.later if number else head.first
        top = draw_head(paper, stamp=stamp, period=period, measure="")
        grid.draw(paper, page, paper.left, top, WIDTH)
        paper.end()
        if progress is not None:
            progress(number + 1, len(pages))
    return paper.save()
