"""What is told beside the figures of a paper: why warnings were passed, what was returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.store import issued, paper_marks, records
from union_desk.store.notes import FORM, check_by_id
from union_desk.store.row_sources import TableRow
from union_desk.store.sql_functions import first_day, last_day
from union_desk.store.visible import counts
from union_desk.taskpack.paper_blocks import Explained, PaperMark, Returned
from union_desk.taskpack.period import Period

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.sql import ColumnElement

    from union_desk.store.paper_tables import Counting

RETURN_NOTE = "return_note"


def explained(counting: Counting, form_id: str, record: str | None) -> Iterator[Explained]:
    """Yield the explanations of warnings of a form's rows of the paper's period, or of one row."""
    form = counting.tables.forms[form_id]
    if form.detail_of or not form.all_checks:
        return
    source = TableRow.of(counting.tables, form_id)
    note = counting.tables.form[FORM]
    period = counting.context.period
    days: list[ColumnElement[bool]] = []
    if record is not None:
        days = [note.c.record == record]
    elif period is not None:
        days = [
            first_day(source.column("period")) <= period.last_day,
            last_day(source.column("period")) >= period.first_day,
        ]
    statement: sa.Select[Any] = (
        sa.select(note.c.check, note.c.text, sa.func.count())
        .join(source.table, source.table.c.uid == note.c.record)
        .where(counts(note), source.counted(), *counting.inside(source, counting.unit), *days)
        .group_by(note.c.check, note.c.text)
        .order_by(note.c.check, note.c.text)
    )
    for name, text, count in counting.connection.execute(statement):
        check = check_by_id(form, name)
        if check is not None:
            yield Explained(form.title, name, check.message, text, count)


def returned(counting: Counting) -> Iterator[Returned]:
    """Yield the notes of returned records, by unit and day; those of the period if one is."""
    note = counting.tables.form[RETURN_NOTE]
    period = counting.context.period
    statement: sa.Select[Any] = (
        sa.select(note)
        .where(
            counts(note),
            *counting.inside(
                TableRow(counting.tables.forms[RETURN_NOTE], note, None), counting.unit
            ),
        )
        .order_by(note.c.unit, note.c.date, note.c.uid)
    )
    for row in counting.connection.execute(statement).mappings():
        form = counting.tables.forms.get(row["form"])
        if form is None:
            continue
        found = records.lookup(counting.connection, counting.tables, form.id, row["record"])
        if found is None or not _within(found.period, period):
            continue
        name = found.values.get(form.name_field) or row["record"]
        check = check_by_id(form, row["rule"] or "")
        yield Returned(
            row["uid"], found.unit, form.title, str(name),
            check.message if check else row["rule"] or "",
            row["text"], row["reviewer"], row["due_date"],
        )  # fmt: skip


def marks(counting: Counting) -> Iterator[tuple[PaperMark, str]]:
    """Yield the papers of units below that came to hand or are awaited, each with its period."""
    below = counting.units.subtree(counting.unit) - {counting.unit}
    known = {code.lower() for code in paper_marks.received(counting.connection)}
    for paper in issued.papers(counting.connection, counting.tables):
        received = paper.digest[:16].lower() in known
        if paper.unit not in below or not paper.live or not (received or paper.paper_awaited):
            continue
        report = counting.pack.reports.get(paper.report)
        if report is not None:
            form = report.record_form or next(iter(report.forms), "")
            title = report.heading or report.title
        else:
            form = paper.report.rpartition("-")[0]
            title = counting.tables.forms[form].title if form in counting.tables.forms else form
        state = "received" if received else "awaited"
        period = paper.asked or paper.period
        yield PaperMark(paper.unit, form, title, paper.serial, state), period


def _within(text: str, asked: Period | None) -> bool:
    if asked is None:
        return True
    period = Period.parse(text)
    return period.first_day <= asked.last_day and period.last_day >= asked.first_day
