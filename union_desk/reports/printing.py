"""Every paper there is, by name, and one call that prints it.

Papers are the package's reports whose layout is known here, and for every form, without any
definition: ``<form>-sheet`` (one record), ``<form>-roster`` (all rows), ``<form>-blank`` (for
the pen). Drawing libraries and fonts load at the first print, not with this module.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from union_desk import __version__
from union_desk.errors import ReportError
from union_desk.reports import checkcode
from union_desk.reports.furniture import DEMO_MARK, DRAFT_MARK, Furniture
from union_desk.reports.job import Job, Plan, Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from union_desk.reports.fonts import Missing
    from union_desk.reports.geometry import Trace
    from union_desk.reports.job import Told
    from union_desk.taskpack.definition import Report, TaskPack

__all__ = ["Issue", "Prepared", "Source", "names", "prepare", "render", "voided"]

SHEET, ROSTER, BLANK, TABLE, MATRIX = "sheet", "roster", "blank", "table", "matrix"
LETTER, SLIP = "letter", "slip"
_SUFFIXES = {SHEET: "登记表", ROSTER: "花名册", BLANK: "空白表"}
COVER, CORRECTION = "cover", "correction"
LAYOUTS = ("targets", SHEET, ROSTER, TABLE, MATRIX, LETTER, SLIP, COVER, CORRECTION)
"""Layouts of reports that are drawn; each is a module of this folder with ``plan(job)``."""
PICTURES = ("targets", MATRIX)
"""Layouts of which there is an edition without personal data."""
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Issue:
    """What makes a paper more than a draft: its number, its time (ISO, UTC), its key's 核对码."""

    number: int
    made: str
    key_code: str = ""
    place: str = ""
    """What stands for the unit in the serial, where that is not its code."""


@dataclass(frozen=True)
class Prepared:
    """A paper worked out and not yet drawn: what it will show, and what the fonts lack."""

    job: Job
    plan: Plan
    layout: str

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """The printed cells behind the 校验码, sorted."""
        return tuple(sorted(self.plan.cells))

    @property
    def digest(self) -> str:
        """Full digest in hex, the same for a draft and an issue of the same figures."""
        return checkcode.digest(self.job.identity, self.cells)

    def missing(self) -> tuple[Missing, ...]:
        """Return the characters that no font has, to be told before any preview."""
        from union_desk.reports import fonts

        with _one_at_a_time:
            return fonts.missing_characters(self.plan.texts)

    def serial(self, issue: Issue | None) -> str:
        """Return the number of the paper; that of a draft is 000."""
        place = issue.place if issue and issue.place else self.job.source.unit
        number = issue.number if issue else checkcode.DRAFT
        return checkcode.serial(self.job.name, place, self.job.period_id, number)

    def draw(
        self,
        issue: Issue | None = None,
        *,
        made: str = "",
        extra_fonts: tuple[Path, ...] = (),
        trace: Trace | None = None,
        progress: Told | None = None,
    ) -> bytes:
        """Return the PDF."""
        with _one_at_a_time:  # reportlab's fonts serve one document at a time
            furniture = _furniture(self, issue, made, blank=self.layout == BLANK)
            furniture = replace(furniture, extra_fonts=extra_fonts)
            return self.plan.draw(furniture, trace=trace, progress=progress)

    @property
    def picture(self) -> bool:
        """Whether there is an edition for everybody's eyes, to be shown as a picture."""
        return self.layout in PICTURES

    @property
    def masks(self) -> bool:
        """Whether it hides the middle of numbers of persons."""
        form = self.job.form
        kinds = {item.type for item in form.fields} if form is not None else set()
        return self.layout in (ROSTER, SHEET) and "person_id" in kinds

    def full(self) -> Prepared:
        """Return the edition with all numbers in full: same figures, same code."""
        job = replace(self.job, full=True)
        return Prepared(job, _plan(job, self.layout, 1), self.layout)

    def public(self) -> Prepared:
        """Return the edition without names, signatures and free texts: same figures, same code."""
        job = replace(self.job, public=True)
        return Prepared(job, _plan(job, self.layout, 1), self.layout)

    @property
    def word(self) -> bool:
        """Whether the paper is a letter, which there is for Word, too."""
        return self.layout == LETTER

    @property
    def about(self) -> str | None:
        """Uid of the record that prints, or code of the unit that a notice goes to."""
        return self.job.record.uid if self.job.record is not None else self.job.to or None

    @property
    def copies(self) -> int:
        """How many are wanted: what the note on a sheet says, one of all else."""
        return int(getattr(self.plan, "copies", 1))

    @property
    def says_something(self) -> bool:
        """Whether a notice has anything to tell in its lists."""
        plan: Any = self.plan
        return any(item.table.lines for item in plan.composed.body if item.table is not None)

    def docx(self, *, made: str = "") -> bytes:
        """Return a letter as a Word file: a working text without serial and codes.

        :raises ReportError: R607, the paper is no letter.
        """
        if not self.word:
            raise ReportError(
                "R607", f"“{self.job.title}”不是公文，没有 Word 文件。", "请改存为 PDF。"
            )
        plan: Any = self.plan
        with _one_at_a_time:
            content: bytes = plan.docx(_furniture(self, None, made, blank=False))
        return content


def names(pack: TaskPack, level: str) -> list[tuple[str, str, bool]]:
    """Return (name, title, whether a record must be named) of every paper.

    Every level prints every paper over its own tree; those of the level's own set come first.
    """
    reports = [report for report in pack.reports.values() if _known(report)]
    reports.sort(key=lambda report: level not in report.levels)
    found = [(report.id, report.title, _needs_record(pack, report)) for report in reports]
    for form in pack.top_forms:
        for kind, title in _SUFFIXES.items():
            needs = kind == SHEET and form.kind != "sheet"
            found.append((f"{form.id}-{kind}", f"{form.title}·{title}", needs))
    return found


def render(
    pack: TaskPack,
    name: str,
    source: Source,
    *,
    record: str | None = None,
    issue: Issue | None = None,
    made: str = "",
    sheet_number: int = 1,
    extra_fonts: tuple[Path, ...] = (),
    trace: Trace | None = None,
    warn: Callable[[Missing], None] | None = None,
    progress: Told | None = None,
) -> bytes:
    """Return the paper `name` as PDF: the same values give the same bytes.

    :param record: uid of the record of a sheet; of a notice, the unit it goes to.
    :param issue: None prints a draft: watermark, number 000.
    :param made: time a draft says it was made at (ISO, UTC); an issue has its own.
    :param warn: told of each character that no font has, before anything is drawn.
    :raises ReportError: R602 no such paper, R603 a record must be named.
    """
    paper = prepare(pack, name, source, record=record, sheet_number=sheet_number)
    if warn is not None:
        for item in paper.missing():
            warn(item)
    return paper.draw(issue, made=made, extra_fonts=extra_fonts, trace=trace, progress=progress)


def prepare(
    pack: TaskPack,
    name: str,
    source: Source,
    *,
    record: str | None = None,
    sheet_number: int = 1,
    part: bool = False,
) -> Prepared:
    """Return the paper `name` worked out: two revisions are compared by its cells.

    :param part: the source gives rows that were chosen by hand; the title says so.
    :raises ReportError: R602 no such paper, R603 a record must be named.
    """
    job, layout = _job(pack, name, source, record)
    job = replace(job, part=part)
    return Prepared(job, _plan(job, layout, sheet_number), layout)


def voided(pdf: bytes) -> bytes:
    """Return the stored PDF of a paper that was voided, marked as such on every page."""
    from union_desk.reports.voided import marked

    with _one_at_a_time:
        return marked(pdf)


def _known(report: Report) -> bool:
    return _drawn(report) or report.record_form is not None


def _drawn(report: Report) -> bool:
    """Return whether the report has a layout here and says what that layout needs."""
    if report.layout == TABLE:
        return bool(report.body.blocks)
    if report.layout in {LETTER, SLIP}:
        return report.body.letter is not None
    if report.layout == MATRIX:
        return bool(report.body.subject)
    return report.layout in LAYOUTS


def _needs_record(pack: TaskPack, report: Report) -> bool:
    if report.needs_record or not _drawn(report):
        return True
    forms = [pack.forms[form] for form in report.forms if form in pack.forms]
    return report.layout == SHEET and bool(forms) and forms[0].kind != "sheet"


def _job(pack: TaskPack, name: str, source: Source, record: str | None) -> tuple[Job, str]:
    report = pack.reports.get(name)
    if report is not None and _known(report):
        return _report_job(pack, report, source, record)
    form_id, _, kind = name.rpartition("-")
    form = pack.forms.get(form_id)
    if form is None or form.kind == "detail" or kind not in _SUFFIXES:
        raise ReportError("R602", f"没有名为“{name}”的报表。", "请在报表清单里选一个。")
    listing = kind == ROSTER
    job = Job(name, pack, source, form=form, block="C" if listing else "", listing=listing)
    return (_with_record(job, record), SHEET) if kind == SHEET else (job, kind)


def _report_job(
    pack: TaskPack, report: Report, source: Source, record: str | None
) -> tuple[Job, str]:
    single = pack.forms.get(report.record_form or "")
    job = Job(report.id, pack, source, report=report, block=report.block)
    if record is not None and single is not None:
        job = replace(job, form=single, block=report.record_block or report.block)
        return _with_record(job, record), SHEET
    job = replace(job, form=next((pack.forms[i] for i in report.forms if i in pack.forms), None))
    if report.layout == SHEET or _needs_record(pack, report):
        if _rows_of_units(job, record):
            return replace(job, block="B"), TABLE if report.body.blocks else ROSTER
        return _with_record(job, record), SHEET
    if record is not None and report.layout == SLIP:
        return _addressed(job, record), LETTER
    if record is not None:
        raise ReportError("R606", f"“{job.title}”不针对单条记录。", "请去掉 --record。")
    return job, LETTER if report.body.letter is not None else report.layout


def _addressed(job: Job, unit: str) -> Job:
    """Return the notice that goes to one unit directly below and speaks of it and its own."""
    if unit == job.source.unit or all(unit != code for code, *_ in job.source.tree()):
        raise ReportError(
            "R610",
            f"“{unit}”不是本单位的直接下级。",
            "请写下级单位的 12 位工会编码；不写就发给各有关单位。",
        )
    return replace(job, to=unit)


def _rows_of_units(job: Job, record: str | None) -> bool:
    """Return whether a sheet of each unit prints as one row above the units that file it."""
    form, source = job.form, job.source
    return (
        record is None
        and form is not None
        and form.kind == "sheet"
        and source.level not in form.writers
    )


def _with_record(job: Job, uid: str | None) -> Job:
    form = job.of
    if uid is not None:
        record = job.source.record(uid)
        if record.form != form.id:
            raise ReportError("R604", f"记录 {uid} 不是“{form.title}”的记录。", "请核对记录号。")
        return replace(job, record=record)
    if form.kind == "sheet":
        own = [row for row in job.source.records(form.id) if row.unit == job.source.unit]
        if own:
            return replace(job, record=max(own, key=lambda row: row.period))
        raise ReportError("R605", f"本期还没有已确认的“{form.title}”。", "请先填报并确认，再打印。")
    raise ReportError("R603", f"“{job.title}”要指明一条记录。", "请用 --record 写上记录号。")


def _plan(job: Job, layout: str, sheet_number: int) -> Plan:
    module: Any = import_module(f"union_desk.reports.{layout}")
    plan: Plan = module.plan(job, sheet_number) if layout == BLANK else module.plan(job)
    return plan


def _furniture(paper: Prepared, issue: Issue | None, made: str, *, blank: bool) -> Furniture:
    job = paper.job
    pack, source = job.pack, job.source
    furniture = Furniture(
        title=job.title, unit=source.unit, unit_name=source.unit_name, table_code=job.table_code,
        issuer=pack.issuer, basis=pack.document, version=__version__,
    )  # fmt: skip
    if blank:
        return furniture
    digest, serial = paper.digest, paper.serial(issue)
    return replace(
        furniture,
        serial=serial,
        check_code=checkcode.check_code(digest),
        payload=checkcode.payload(serial, digest),
        watermark=DEMO_MARK if source.demo else "" if issue else DRAFT_MARK,
        made=issue.made if issue else made,
        key_code=issue.key_code if issue else "",
    )
