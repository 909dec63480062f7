"""The correction report: one per unit and period, over everything corrected after sending."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from union_desk.errors import ReportError
from union_desk.reports import checkcode, grid, stamped, values
from union_desk.reports.amendments import Correcting
from union_desk.reports.content import Text
from union_desk.reports.fields import WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from union_desk.reports.amendments import Corrections
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
        papers = [
            (f"{paper.title}　{paper.serial}", paper.check_code, paper.new_serial or "—")
            for paper in self.told.papers
        ]
        records = [
            (
                f"《{item.form}》{item.record}", item.field, item.old or "空", item.new or "空",
                f"{item.reason or '—'}（{item.person}，{values.spoken_date(item.day)}）",
            )
            for item in self.told.records
        ]  # fmt: skip
        figures = [(item.serial, item.place, item.before, item.after) for item in self.told.figures]
        rows = [*_table("一、作废和更换的报表", _PAPERS, papers)]
        rows += _table("二、更正的记录", _RECORDS, records)
        return [*rows, *(_table("三、印出数的变化", _FIGURES, figures) if figures else [])]

    def draw(
        self, furniture: Furniture, *, trace: Trace | None = None, progress: Told | None = None
    ) -> bytes:
        """Return the PDF."""
        parts = self.parts()
        return stamped.draw(self.job, furniture, parts, _NOTE, trace=trace, progress=progress)


def _table(
    title: str, columns: stamped.Columns, lines: Iterable[tuple[str, ...]]
) -> list[grid.Part]:
    """Return a heading, the column heads and the numbered lines."""
    rows = []
    for number, texts in enumerate(lines, 1):
        cells = [Text(str(number), align="center"), *(Text(values.clean(text)) for text in texts)]
        rows.append(stamped.row(cells, columns))
    return [grid.band(title, WIDTH), *stamped.under(stamped.heads(columns), rows)]
