"""本月全套: the papers an office signs for a period, in the order in which they are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.papers import correcting, issuing
from union_desk.papers.subject import Subject
from union_desk.reports import printing
from union_desk.store import issued
from union_desk.store.paper_source import PaperSource
from union_desk.taskpack.period import Period, containing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from union_desk.store.issued import Issued
    from union_desk.store.transaction import Connection, Store
    from union_desk.taskpack.definition import Report

ALWAYS = ("targets", "matrix", "letter")
"""Layouts of reports that say something in every period."""
BY_ROWS = (printing.SHEET, printing.ROSTER, "table")
"""Layouts of reports that print where the period has rows for them; else 零报 says so."""
LAST = "cover"
"""The cover speaks of the others: it is issued last."""


def subjects_of(store: Store, period: Period, as_of: str, unit: str = "") -> list[Subject]:
    """Return what the office prints for a month: its level's reports that have something to say.

    Reports of a quarter or year belong to its last month.

    :param unit: another unit that this office files for: its own papers, no cover.
    """
    whose = unit or store.unit
    pack = store.pack
    known = {name for name, _, needs in printing.names(pack, store.level) if not needs}
    wanted = [
        report
        for report in pack.reports.values()
        if store.level in report.levels and report.id in known
    ]
    found = []
    with store.read() as connection:
        for report in wanted:
            asked = _period(store, report, period)
            if asked is None:
                continue
            day = min(as_of, asked.last_day)
            source = PaperSource(connection, store, period=asked, as_of=day, unit=whose)
            if report.layout in ALWAYS or (report.layout in BY_ROWS and _rows(source, report)):
                found.append(Subject(report.id, whose, asked.id, source.as_of))
        if whose != store.unit:
            return found
        found += _corrected(connection, store, found, period, as_of)
    return [*found, *covers_of(store, period, as_of)]


def covers_of(store: Store, period: Period, as_of: str) -> list[Subject]:
    """Return the cover of what the office sends up; none where it has no parent."""
    pack = store.pack
    known = {name for name, _, needs in printing.names(pack, store.level) if not needs}
    return [
        Subject(report.id, store.unit, period.id, min(as_of, period.last_day))
        for report in pack.reports.values()
        if store.parent
        and report.layout == LAST
        and store.level in report.levels
        and report.id in known
    ]


def _corrected(
    connection: Connection, store: Store, found: Sequence[Subject], period: Period, as_of: str
) -> list[Subject]:
    """Return new papers in place of those voided after sending, and the report that tells of it."""
    waiting = correcting.pending(connection, store)
    if not waiting:
        return []
    known = {(about.name, about.period, about.record) for about in found}
    again = [
        Subject.of(paper)
        for paper in waiting
        if (paper.report, paper.asked, paper.record) not in known
        and correcting.in_place_of(connection, store, paper) is None
    ]
    day = min(as_of, period.last_day)
    return [
        *dict.fromkeys(again),
        *(
            Subject(report.id, store.unit, period.id, day)
            for report in store.pack.reports.values()
            if report.layout == correcting.LAYOUT
        ),
    ]


def _period(store: Store, report: Report, period: Period) -> Period | None:
    """Return the period a report is for; None where it is not due with this month."""
    form = next((store.pack.forms[i] for i in report.forms if i in store.pack.forms), None)
    if form is None or report.layout in ALWAYS:
        return period
    asked = containing(form.filing, period.last_day)
    return asked if asked.last_day == period.last_day else None


def _rows(source: PaperSource, report: Report) -> bool:
    return any(source.count(form.id) for form in source.pack.top_forms if form.id in report.forms)


def issue_set(
    store: Store,
    subjects: Sequence[Subject],
    progress: Callable[[int, int], None] | None = None,
) -> list[Issued]:
    """Issue the papers, or take those whose figures were issued already; return all of them.

    :raises UserError: the first refusal; what was issued before it stays.
    """
    made = []
    for number, about in enumerate(subjects):
        if progress is not None:
            progress(number, len(subjects))
        with store.read() as connection:
            same = issuing.same_figures(connection, store, about)
        made.append(same or issuing.issue(store, about))
    if progress is not None:
        progress(len(subjects), len(subjects))
    return made


def standing(store: Store, about: Subject) -> Issued | None:
    """Return the newest standing paper about this, whatever its figures."""
    with store.read() as connection:
        found = [
            paper
            for paper in issued.papers(
                connection, store.tables, unit=about.unit, report=about.name, origin=store.origin
            )
            if paper.live and (paper.asked, paper.record) == (about.period, about.record)
        ]
    return found[-1] if found else None
