"""Which fields of a record show: hidden ones do not print, what does not apply prints —."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from union_desk.reports.job import Job
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.record import Record


def hidden(form: Form, record: Record, job: Job) -> frozenset[str]:
    """Return the fields whose condition for showing does not hold."""
    return frozenset()


def void(form: Form, record: Record, job: Job) -> frozenset[str]:
    """Return the empty fields that need not be filled for these values."""
    return frozenset()
