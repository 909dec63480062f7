"""The correction report: one per unit and period, over everything corrected after sending."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from union_desk.errors import ReportError
from union_desk.reports import checkcode, fonts, grid, head, signing, values
from union_desk.reports.content import Content, Text
from union_desk.reports.corrections import Correcting
from union_desk.reports.fields import WIDTH
from union_desk.reports.geometry import FOOT, MM, ROW
from union_desk.reports.note import Note
from union_desk.reports.page import Paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from union_desk.reports.corrections import Corrections
    from union_desk.reports.furniture import Furniture
    from union_desk.reports.geometry import Trace
    from union_desk.reports.job import Job, Told

_PAPERS = (("序号", 10), ("报表和原编号", 62), ("原校验码", 45), ("新编号", 53))
_RECORDS = (
    ("序号", 10), ("表和记录", 40), ("项目", 26), ("原值", 28), ("更正值", 28),
    ("原因、更正人、日期", 38),
)  # fmt: skip
_FIGURES = (("序号", 10), ("报表编号", 49), ("印在哪里", 53), ("更正前", 29), ("更正后", 29))
_NOTE = (
    "说明：1. 下列报表报送以后，所含记录有更正或作废，印出的数有变动，原报表作废。"
    "2. 没有变动印出数的更正，只随数据报送，不在本单。3. 请收回原纸质件，换用新编号的报表。"
)


def plan(job: Job) -> Correction:
    """Return the correction report of the job's unit."""
    return Correction(job)


@dataclass(frozen=True)
class Correction:
    """Papers voided, records corrected, printed figures before and after."""

    job: Job

    @cached_property
    def told(self) -> Corrections:
        """What was corrected.

        :raises ReportError: R608 the source knows none, R609 nothing is to be corrected.
        """
        source = self.job.source
        found = source.corrections() if isinstance(source, Correcting) else None
        if found is None or not found.papers:
            raise ReportError(
                "R609", "没有要更正的报表。", "报送以后改动了印出的数，才要出具更正报告。"
            )
        return found

    @property
    def cells(self) -> Iterator[str]:
        """Digest lines."""
        for paper in self.told.papers:
            yield checkcode.cell(paper.serial, "old", paper.check_code)
            yield checkcode.cell(paper.serial, "new", paper.new_serial)
        for item in self.told.records:
            yield checkcode.cell(item.uid, f"{item.column}:{item.rev}", f"{item.old} > {item.new}")
            yield checkcode.cell(item.uid, f"reason:{item.rev}", item.reason)
        for number, figure in enumerate(self.told.figures):
            words = f"{figure.place} {figure.before} > {figure.after}"
            yield checkcode.cell(figure.serial, f"figure:{number}", words)

    @property
    def texts(self) -> Iterator[tuple[str, str, str]]:
        """The free texts."""
        for item in self.told.records:
            for text in (item.record, item.old, item.new, item.reason):
                yield item.record, item.field, text

    def parts(self) -> list[grid.Part]:
        """Return the rows of the three tables."""
        rows: list[grid.Part] = [grid.band("一、作废和更换的报表", WIDTH), _heads(_PAPERS)]
        for n, paper in enumerate(self.told.papers, 1):
            new = paper.new_serial or "—"
            whole = f"{paper.title}　{paper.serial}"
            rows.append(_row((str(n), whole, paper.check_code, new), _PAPERS))
        rows += [grid.band("二、更正的记录", WIDTH), _heads(_RECORDS)]
        for n, item in enumerate(self.told.records, 1):
            whose = f"《{item.form}》{item.record}"
            day = values.spoken_date(item.day)
            why = f"{item.reason or '—'}（{item.person}，{day}）"
            old, new = item.old or "空", item.new or "空"
            rows.append(_row((str(n), whose, item.field, old, new, why), _RECORDS))
        if self.told.figures:
            rows += [grid.band("三、印出数的变化", WIDTH), _heads(_FIGURES)]
        for n, figure in enumerate(self.told.figures, 1):
            texts = (str(n), figure.serial, figure.place, figure.before, figure.after)
            rows.append(_row(texts, _FIGURES))
        return rows

    def draw(
        self, furniture: Furniture, *, trace: Trace | None = None, progress: Told | None = None
    ) -> bytes:
        """Return the PDF."""
        source = self.job.source
        block = signing.Block.of(self.job.block, source.level)
        items = signing.foot_items(block, source.person, source.phone)
        parts = [*self.parts(), Note(_NOTE, WIDTH, keep=True), signing.Foot(tuple(items), WIDTH)]
        bottom = 297 * MM - FOOT
        pages = grid.paginate(parts, bottom - head.FIRST_TOP, bottom - head.LATER_TOP)
        paper = Paper(furniture, len(pages), trace=trace)
        stamp = f"{block.stamp}{source.unit_name}"
        period = self.job.period.title if self.job.period else ""
        for number, page in enumerate(pages):
            paper.begin()
            draw_head = head.later if number else head.first
            top = draw_head(paper, stamp=stamp, period=period, measure="")
            grid.draw(paper, page, paper.left, top, WIDTH)
            paper.end()
            if progress is not None:
                progress(number + 1, len(pages))
        return paper.save()


def _heads(columns: Sequence[tuple[str, int]]) -> grid.Row:
    contents = [Text(title, fonts.HEAD, align="center", label=True) for title, _ in columns]
    return _cells(contents, columns, keep=True)


def _row(texts: Sequence[str], columns: Sequence[tuple[str, int]]) -> grid.Row:
    contents = [
        Text(values.clean(text), align="left" if number else "center")
        for number, text in enumerate(texts)
    ]
    return _cells(contents, columns)


def _cells(
    contents: Sequence[Content], columns: Sequence[tuple[str, int]], *, keep: bool = False
) -> grid.Row:
    cells, x = [], 0.0
    for content, (_, millimetres) in zip(contents, columns, strict=True):
        cells.append(grid.Cell(x, millimetres * MM, content))
        x += millimetres * MM
    return grid.Row.of(cells, least=ROW, keep=keep)
