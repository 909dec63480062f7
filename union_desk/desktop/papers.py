"""Which papers there are, their records, and a paper as PDF: work for a thread without widgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.taskpack import field_types

if TYPE_CHECKING:
    from union_desk.desktop.jobs import Progress
    from union_desk.desktop.session import Session
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.record import Record

MOST_RECORDS = 500
"""Records offered for a paper of one record."""
TARGETS = "targets"
"""The layout of the paper that is shown first."""
SUMMARIES, ROSTERS, SHEETS, BLANKS = "汇总表和报表", "台账名册", "单条登记表", "空白表"


@dataclass(frozen=True, slots=True)
class Paper:
    """One thing to print."""

    name: str
    title: str
    needs_record: bool
    form: str | None
    group: str
    targets: bool = False
    """Whether it shows the progress against the targets."""


def listed(session: Session) -> tuple[Paper, ...]:
    """Return the papers of this level, grouped."""
    from union_desk.reports import printing

    order = (SUMMARIES, ROSTERS, SHEETS, BLANKS)
    found = [_paper(session, *entry) for entry in printing.names(session.pack, session.level)]
    return tuple(sorted(found, key=lambda paper: order.index(paper.group)))


def _paper(session: Session, name: str, title: str, needs_record: bool) -> Paper:  # noqa: FBT001
    forms = session.pack.forms
    base, _, part = name.rpartition("-")
    form = base if base in forms else None
    if form is None:
        report = session.pack.reports.get(name)
        first = report.forms[0] if report and report.forms else None
        form = (report.record_form if report else None) or first
        group = SHEETS if needs_record else SUMMARIES
    else:
        group = {"roster": ROSTERS, "blank": BLANKS}.get(part, SHEETS)
    return Paper(
        name, title, needs_record, form, group,
        targets=name in session.pack.reports and session.pack.reports[name].layout == TARGETS,
    )  # fmt: skip


def kind_of(session: Session, paper: Paper) -> str:
    """Return the filing kind whose periods a paper is printed for first."""
    form = session.pack.forms.get(paper.form or "")
    return form.filing if form is not None else "month"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paper as PDF, and what must be told before it is printed."""

    pdf: bytes
    warnings: tuple[str, ...]


def records(session: Session, form: str | None) -> list[tuple[str, str]]:
    """Return uid and name of the newest records that a paper of one record can show."""
    from union_desk.store.paper_source import PaperSource

    if form is None:
        return []
    definition = session.pack.forms[form]
    with session.store.read() as connection:
        source = PaperSource(connection, session.store, period=None, as_of=session.pack.year_to)
        found = [(item.uid, _name(definition, item)) for item in source.records(form)]
    return found[: -MOST_RECORDS - 1 : -1]


def _name(form: Form, record: Record) -> str:
    """Return what names a record in a list: its name field, else its first filled cell."""
    fields = [form.by_id[form.name_field]] if form.name_field else []
    for item in (*fields, *form.fields):
        value = record.values.get(f"{item.id}__label" if item.type == "ref" else item.id)
        if value is not None:
            return field_types.format_value(item, value, None, masked=True)
    return record.uid


def render(
    session: Session, paper: Paper, kind: str, record: str | None, progress: Progress
) -> Drawn:
    """Draw a paper for the working period of `kind`.

    :raises ReportError: the paper cannot be drawn.
    """
    from union_desk.reports import printing
    from union_desk.store.paper_source import PaperSource
    from union_desk.store.transaction import now

    pack, period = session.pack, session.period(kind)
    day = min(session.as_of, period.last_day)
    with session.store.read() as connection:
        source = PaperSource(connection, session.store, period=period, as_of=day)
        pdf = printing.render(
            pack, paper.name, source, record=record, made=now(), progress=progress
        )
        lacking = printing.missing(pack, paper.name, source, record=record)
    return Drawn(pdf, tuple(item.sentence for item in lacking))
