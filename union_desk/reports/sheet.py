"""A record on its sheet: any form, boxed, laid out from the sections of its definition."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from union_desk.reports import (
    checkcode,
    fields,
    grid,
    head,
    notes,
    sheet_layout,
    sheet_rows,
    showing,
    signing,
    values,
)
from union_desk.reports.content import Prose, Text
from union_desk.reports.fields import WIDTH, Setting
from union_desk.reports.geometry import MM
from union_desk.reports.note import Note
from union_desk.reports.page import Paper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from union_desk.reports.furniture import Furniture
    from union_desk.reports.geometry import Trace
    from union_desk.reports.job import Job, Told
    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.record import Record

_BOTTOM = 279 * MM


def plan(job: Job) -> Sheet:
    """Return the sheet of the job's record, worked out."""
    return Sheet(job)


@dataclass(frozen=True)
class Sheet:
    """One record, its details, its opinion boxes or signatures."""

    job: Job

    @property
    def record(self) -> Record:
        """The record that prints."""
        if self.job.record is None:
            message = "a sheet without a record"
            raise LookupError(message)
        return self.job.record

    @cached_property
    def block(self) -> signing.Block:
        """The signature block: opinions for a person's or a unit's matter, A for a report."""
        job = self.job
        default = "AB" if job.of.kind == "sheet" else "E"
        name = job.block or default
        if name == "E":
            return signing.Block("E")
        return signing.Block.of(name, "grassroots")  # the unit the record is about fills in

    @property
    def copies(self) -> int:
        """How many the note below asks for: one for each that signs, two at least."""
        return _copies(self.job, self.block)

    @cached_property
    def said(self) -> notes.Said:
        """Why warnings of the record were passed."""
        return notes.Said.of(self.job)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Fields that do not show for these values."""
        return showing.hidden(self.job.of, self.record, self.job)

    @cached_property
    def setting(self) -> Setting:
        """How the fields are set."""
        form, record = self.job.of, self.record
        return Setting(
            self.job.pack,
            record.values,
            masked=frozenset() if self.job.full else masked(form, self.block),
            void=showing.void(form, record, self.job),
            awaited=frozenset(
                item.id for item in form.fields if values.awaited(form, item, record.values)
            ),
        )

    @cached_property
    def body(self) -> sheet_layout.Laid:
        """What stands in the frame: the report's own layout, or the form's sections."""
        form, layout = self.job.of, self.job.body.sheet
        if layout is None:
            rows, printed = sheet_rows.sections(form, self.setting, self.hidden)
            return sheet_layout.Laid([*rows], printed, ())
        known = {name: self.record.details.get(name, ()) for name in form.details}
        return sheet_layout.lay(form, layout, self.setting, self.hidden, known)

    @property
    def details(self) -> Iterator[tuple[Form, list[Field]]]:
        """Detail forms with the fields they show."""
        layout = self.job.body.sheet
        pieces = layout.pieces if layout is not None else ()
        for name in self.job.of.details:
            form = self.job.pack.forms[name]
            piece = next((one for one in pieces if one.form == name), None)
            yield (
                form,
                (
                    sheet_layout.detail_fields(form, piece)
                    if piece
                    else sheet_rows.detail_fields(form)
                ),
            )

    @property
    def cells(self) -> Iterator[str]:
        """Digest lines of all that prints."""
        printed = [item for item in self.body.fields if not item.pen]
        yield from values.cells(self.job.of, self.record, tuple(printed))
        for form, shown in self.details:
            for row in self.record.details.get(form.id, ()):
                for item in shown:
                    value = values.stored(item, row.values)
                    if value is not None:
                        yield checkcode.cell(row.uid, item.id, value)

    @property
    def texts(self) -> Iterator[tuple[str, str, str]]:
        """What prints, for the search of missing characters."""
        form, pack = self.job.of, self.job.pack
        name = str(self.record.values.get(form.name_field) or form.title)
        for item in self.body.fields:
            yield name, item.label, values.shown(item, self.record.values, pack, masked=False)
        for inner, shown in self.details:
            for row in self.record.details.get(inner.id, ()):
                whose = str(row.values.get(inner.name_field) or inner.title)
                for item in shown:
                    yield whose, item.label, values.shown(item, row.values, pack, masked=False)
        yield from self.said.texts

    def draw(
        self, furniture: Furniture, *, trace: Trace | None = None, progress: Told | None = None
    ) -> bytes:
        """Return the PDF."""
        parts: list[grid.Part] = [*self.body.parts]
        for form, _ in self.details:
            if form.id in self.body.details:
                continue
            title, top, rows = sheet_rows.detail(
                form, self.record.details.get(form.id, ()), self.job.pack, pen=False
            )
            parts += [*title, top, *rows]
        parts = closed(parts, closing(self.job, self.block, has_values=True, said=self.said))
        stamp = "填报单位：" if self.block.letter in {"E", "G"} else self.block.stamp
        unit = f"{stamp}{self.job.source.name_of(self.record.unit or self.job.source.unit)}"
        line = self.corners(unit) or (unit, period_text(self.job, self.record), "")
        return draw(parts, furniture, line, self.block, trace=trace, progress=progress)

    def corners(self, unit: str) -> tuple[str, str, str] | None:
        """Return the line above the frame where the layout sets fields at its ends."""
        layout = self.job.body.sheet
        if layout is None or not (layout.left or layout.right):
            return None
        left, right = (self._corner(name) for name in (layout.left, layout.right))
        return (left or unit, unit if left else "", right)

    def _corner(self, name: str) -> str:
        if not name:
            return ""
        item = self.job.of.by_id[name]
        text = values.shown(item, self.record.values, self.job.pack, masked=True)
        if item.type == "date" and text:
            text = values.spoken_date(text)
        return f"{item.label}：{text}"


def masked(form: Form, block: signing.Block) -> frozenset[str]:
    """Return the ID fields that show only their ends.

    The number stands in full only on a sheet that the person concerned signs.
    """
    numbers = [item for item in form.fields if item.type == "person_id"]
    return frozenset(item.id for item in numbers if item.masked or not block.person)


def period_text(job: Job, record: Record | None) -> str:
    """Return what stands in the middle above the frame."""
    if job.of.kind == "sheet" and record is not None and record.period:
        from union_desk.taskpack.period import Period

        return Period.parse(record.period).title
    return ""


def closing(
    job: Job, block: signing.Block, *, has_values: bool, said: notes.Said | None = None
) -> list[grid.Part]:
    """Return what stands below the fields: consent, opinions, signatures, notes, 审核说明."""
    parts: list[grid.Part] = []
    source = job.source
    person, phone = (source.person, source.phone) if has_values else ("", "")
    if block.letter == "E":
        if block.person:
            parts.append(_consent())
        titles = signing.opinion_titles(job, block)
        parts.append(signing.Opinions(titles, WIDTH))
        items = [f"填报人：{person}", "审核人（签字）：", f"填表日期：{signing.DATE}"]
        parts.append(signing.Foot(tuple(items), WIDTH, keep=True))
    elif block.letter == "G":
        items = signing.foot_items(block, person, phone)[:-1]
        parts.append(signing.SealFoot(tuple(items), WIDTH))
    else:
        items = signing.foot_items(block, person, phone)
        parts.append(signing.Foot(tuple(items), WIDTH, keep=True))
    if said is None:
        return [*parts, Note(_notes(job, block), WIDTH)]
    return [*parts, *said.below(_notes(job, block), WIDTH, keep=False), *said.annex(WIDTH)]


def closed(parts: list[grid.Part], end: list[grid.Part]) -> list[grid.Part]:
    """Return body and end: opinions and signatures never stand alone on a page."""
    last = parts[-1]
    if isinstance(last, grid.Row) and not isinstance(end[0], grid.Row):
        return [*parts[:-1], replace(last, keep=True), *end]
    return [*parts, *end]


def _consent() -> grid.Row:
    label = 2 * fields.COLUMN
    width = WIDTH - label
    sign = f"{'　' * 12}本人（签字）：{'　' * 8}{signing.DATE[3:]}"
    cells = (
        grid.Cell(0, label, Text("本人声明", align="center")),
        grid.Cell(label, width, Prose.of(f"{signing.STATEMENT}\n\n{sign}", width)),
    )
    return grid.Row.of(cells, keep=True)


def _copies(job: Job, block: signing.Block) -> int:
    opinions = len(signing.opinion_titles(job, block)) if block.letter == "E" else 0
    return 3 if opinions > 2 else 2


def _notes(job: Job, block: signing.Block) -> str:
    three = _copies(job, block) > 2
    said = "一式三份，填报单位和各级工会" if three else "一式两份，填报单位和上级工会"
    personal = any(item.sensitivity for item in job.of.fields)
    care = "本表含个人信息，须妥善保管。" if personal else ""
    return f"注：本表{said}各存一份。“□”项在所选项内打“√”。{care}"


def draw(
    parts: list[grid.Part],
    furniture: Furniture,
    line: tuple[str, str, str],
    block: signing.Block,
    *,
    trace: Trace | None = None,
    progress: Told | None = None,
) -> bytes:
    """Return the PDF of a sheet's parts."""
    stamped = block.letter in {"A", "B"}
    top = head.FIRST_TOP if stamped else head.SHEET_TOP
    pages = grid.paginate(parts, _BOTTOM - top, _BOTTOM - head.LATER_TOP)
    paper = Paper(furniture, len(pages), trace=trace)
    left, middle, right = line
    for number, page in enumerate(pages):
        paper.begin()
        if number:
            y = head.sheet_later(paper, left=left, middle=middle, right=right)
        elif stamped:
            y = head.first(paper, stamp=left, period=middle, measure=right)
        else:
            y = head.sheet(paper, left=left, middle=middle, right=right)
        grid.draw(paper, page, paper.left, y, WIDTH)
        paper.end()
        if progress is not None:
            progress(number + 1, len(pages))
    return paper.save()
