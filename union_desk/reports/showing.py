"""Which fields of a record show: hidden ones do not print, what does not apply prints —."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.reports import values
from union_desk.taskpack.expression import Context

if TYPE_CHECKING:
    from union_desk.reports.job import Job
    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.record import Record


def hidden(form: Form, record: Record, job: Job) -> frozenset[str]:
    """Return the empty fields whose condition for showing does not hold."""
    row, context = record.row(), _context(job)
    return frozenset(
        item.id
        for item in form.fields
        if item.visible_when is not None
        and values.stored(item, record.values) is None
        and item.visible_when.run(row, context) in (False, 0)
    )


def void(form: Form, record: Record, job: Job) -> frozenset[str]:
    """Return the empty fields that are asked for in another case only.

    What is decided above and not yet decided stays blank, and so does what may be left open.
    """
    row, context = record.row(), _context(job)

    def elsewhere(item: Field) -> bool:
        if item.required_when is None or item.decided_by is not None:
            return False
        asked = item.required_when.run(row, context)
        return asked is not None and not asked

    return frozenset(
        item.id
        for item in form.fields
        if values.stored(item, record.values) is None and elsewhere(item)
    )


def _context(job: Job) -> Context:
    pack, source = job.pack, job.source
    return Context(
        as_of=source.as_of, today=source.as_of, period=source.period, year=pack.year,
        year_from=pack.year_from, year_to=pack.year_to, level=source.level,
    )  # fmt: skip
