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

_MOST_BELOW, _LONGEST = 5, 800
"""More explanations than these, or letters of them, stand on a page of their own."""


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
        """Return what is to be said below the tables of a job; to everybody no free text."""
        if job.public:
            return cls(job, ())
        record = job.record.uid if job.record is not None else None
        return cls(job, tuple(job.source.explained(_forms(job), job.period, record)))

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
        return self.below(said, width)

    def below(self, said: str, width: float, *, keep: bool = True) -> list[grid.Part]:
        """Return what stands below a table: its notes, then why warnings were passed."""
        explained = self.explanations
        if self._apart:
            return [Note(f"{said}审核说明共{len(explained)}条，见附页。", width, keep=keep)]
        found: list[grid.Part] = [Note(said, width, keep=keep or bool(explained))]
        if explained:
            numbered = "\n".join(f"{number}. {text}" for number, text in enumerate(explained, 1))
            found.append(Note(f"审核说明：\n{numbered}", width, keep=keep))
        return found

    @property
    def _apart(self) -> bool:
        explained = self.explanations
        return len(explained) > _MOST_BELOW or sum(map(len, explained)) > _LONGEST

    def annex(self, width: float, *, always: bool = False) -> list[grid.Part]:
        """Return the explanations that stand on an annex page: where there are many, or always."""
        explained = self.explanations
        if not explained or not (always or self._apart):
            return []
        title = [grid.band("审核说明（附页）", width)]
        return [
            *title,
            *(Note(f"{number}. {text}", width) for number, text in enumerate(explained, 1)),
        ]


def _forms(job: Job) -> tuple[str, ...]:
    """Return the forms whose rows stand behind a paper; of indicators, those they are made of."""
    report = job.report
    if report is None or job.record is not None:
        return (job.of.id,)
    shown = [name for sheet in job.body.sheets for name in sheet.indicators]
    if report.layout == "targets":
        shown = list(job.pack.indicators)
    if not shown:
        return report.forms
    terms = [
        term
        for name in shown
        for term in (*job.pack.indicators[name].numerator, *job.pack.indicators[name].denominator)
    ]
    known = (job.pack.forms[term.form] for term in terms if term.form in job.pack.forms)
    return tuple(dict.fromkeys(form.detail_of or form.id for form in known))
