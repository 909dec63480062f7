"""What stands around a table: its period, its measure, the small print with 审核说明."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.reports import grid, values
from union_desk.reports.note import Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from union_desk.reports.job import Job
    from union_desk.taskpack.paper_blocks import Explained

_MOST_BELOW = 5
"""More explanations than these stand on a page of their own."""


def span_title(job: Job) -> str:
    """Return what the figures are of: 2012年1—8月, 2012年8月, 截至2012年8月31日."""
    day, span = job.source.as_of, job.body.span
    if span == "period" and job.period is not None:
        return job.period.title
    if span in {"", "year"} and job.pack.year_from <= day <= job.pack.year_to:
        return year_so_far(job.pack.year_from, day)
    return f"截至{values.spoken_date(day)}"


def year_so_far(first: str, day: str) -> str:
    """Return the months of the year so far: 2012年1—8月; across two years: both named."""
    (year, month), (this, now) = (map(int, text.split("-")[:2]) for text in (first, day))
    if year != this:
        return f"{year}年{month}月—{this}年{now}月"
    return f"{this}年{month}—{now}月" if now > month else f"{this}年{now}月"


def measure(job: Job) -> str:
    """Return 计量单位 for the line above the table."""
    return f"计量单位：{job.body.measure}" if job.body.measure else ""


@dataclass(frozen=True)
class Said:
    """Small print below the tables: the day of the data, notes, explanations of warnings.

    Explanations are no cells: one that is written later makes no paper void.
    """

    job: Job
    explained: tuple[Explained, ...]

    @classmethod
    def of(cls, job: Job) -> Said:
        """Return what is to be said below the tables of a job."""
        report = job.report
        forms = report.forms if report is not None else ()
        return cls(job, tuple(job.source.explained(forms, job.period)))

    @property
    def lines(self) -> list[str]:
        """The notes, each one numbered."""
        job = self.job
        due, done = job.source.reported()
        day = values.spoken_date(job.source.as_of)
        return [f"数据截至{day}，应报{due}张、已报{done}张。", *job.body.notes]

    @property
    def explanations(self) -> list[str]:
        """审核说明: one for all rows of a rule that were explained alike."""
        return [
            f"{item.title}：{item.message}。说明：{values.clean(item.text)}"
            + (f"（{item.count}条）" if item.count > 1 else "")
            for item in self.explained
        ]

    @property
    def texts(self) -> Iterator[tuple[str, str, str]]:
        """Free texts."""
        for item in self.explained:
            yield item.title, "审核说明", item.text

    def parts(self, width: float) -> list[grid.Part]:
        """Return the small print; many explanations stand on an annex page."""
        lines = self.lines
        said = "说明：" + (
            "".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
            if len(lines) > 1
            else lines[0]
        )
        explained = self.explanations
        if not explained:
            return [Note(said, width, keep=True)]
        numbered = "\n".join(f"{number}. {text}" for number, text in enumerate(explained, 1))
        if len(explained) <= _MOST_BELOW:
            return [Note(said, width, keep=True), Note(f"审核说明：\n{numbered}", width, keep=True)]
        return [Note(f"{said}审核说明共{len(explained)}条，见附页。", width, keep=True)]

    def annex(self, width: float, *, least: int = _MOST_BELOW + 1) -> list[grid.Part]:
        """Return the explanations that stand on an annex page, if there are so many."""
        explained = self.explanations
        if len(explained) < least:
            return []
        title = [grid.band("审核说明（附页）", width)]
        return [
            *title,
            *(Note(f"{number}. {text}", width) for number, text in enumerate(explained, 1)),
        ]
