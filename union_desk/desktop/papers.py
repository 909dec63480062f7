"""Which papers there are, their records, and a paper as PDF: work for a thread without widgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.taskpack import field_types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.jobs import Progress
    from union_desk.desktop.session import Session
    from union_desk.papers.subject import Subject
    from union_desk.store.issued import Issued
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.record import Record

MOST_RECORDS = 500
"""Records offered for a paper of one record."""
TARGETS, NOTICE = "targets", "slip"
"""The layouts of the paper that is shown first, and of notices to units below."""
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
    notice: bool = False
    """Whether it may go to one unit below as well as to all concerned."""

    @property
    def chosen_for(self) -> bool:
        """Whether what it is about is chosen below the list: a record, or the unit it goes to."""
        return self.needs_record or self.notice


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
    known = session.pack.reports.get(name)
    layout = known.layout if known is not None else ""
    return Paper(
        name, title, needs_record, form, group, targets=layout == TARGETS, notice=layout == NOTICE
    )


def kind_of(session: Session, paper: Paper) -> str:
    """Return the filing kind whose periods a paper is printed for first."""
    form = session.pack.forms.get(paper.form or "")
    return form.filing if form is not None else "month"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paper as PDF, and what must be told before it is printed."""

    pdf: bytes
    warnings: tuple[str, ...]
    about: Subject | None = None
    """What it is about; None of a blank form."""
    issued: Issued | None = None
    """The issue whose bytes these are; None: a draft."""
    older: Issued | None = None
    """The newest standing issue, of other figures."""
    word: bytes = b""
    """A letter as a Word file, too; empty for all other papers."""
    picture: bool = False
    """Whether there is an edition without names and signatures, to be shown as pictures."""
    masks: bool = False
    """Whether numbers of persons show only their ends."""
    copies: int = 1
    """How many are wanted of it."""
    others: tuple[Issued, ...] = ()
    """What else was issued about the same, the newest first, voided papers included."""


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


def subject(session: Session, paper: Paper, kind: str, record: str | None) -> Subject:
    """Return what a paper is about, for the working period of `kind`."""
    from union_desk.papers.subject import Subject

    period = session.period(kind)
    day = min(session.as_of, period.last_day)
    return Subject(paper.name, session.unit, period.id, day, record)


def render(
    session: Session, paper: Paper, kind: str, record: str | None, progress: Progress
) -> Drawn:
    """Draw a paper for the working period of `kind`: the bytes of its issue, else a draft.

    :raises ReportError: the paper cannot be drawn.
    """
    from union_desk.papers import issuing, monthly
    from union_desk.papers import subject as subjects
    from union_desk.store.transaction import now

    about, store = subject(session, paper, kind, record), session.store
    blank = paper.group == BLANKS
    with store.read() as connection:
        prepared = subjects.read(connection, store, about).paper
        same = None if blank else issuing.same(connection, store, about, prepared.digest)
        lacking = prepared.missing()
        draft = None if same else prepared.draw(made=now(), progress=progress)
        word = prepared.docx(made=now()) if prepared.word else b""
        others = () if blank else issuing.earlier(connection, store, about, same)
    told = tuple(item.sentence for item in lacking)
    if same is not None:
        pdf = issuing.reprint(store, same)
        return Drawn(
            pdf, told, about, same, word=word, picture=prepared.picture, masks=prepared.masks,
            others=others, copies=prepared.copies,
        )  # fmt: skip
    older = None if blank else monthly.standing(store, about)
    shown = None if blank else about
    return Drawn(
        draft or b"", told, shown, older=older, word=word, picture=prepared.picture,
        masks=prepared.masks and not blank, others=others, copies=prepared.copies,
    )  # fmt: skip


def public(session: Session, drawn: Drawn) -> bytes:
    """Return the edition of what is shown without names, signatures and free texts, as PDF."""
    from union_desk.papers import issuing
    from union_desk.papers import subject as subjects

    if drawn.about is None:
        raise ValueError(drawn)
    with session.store.read() as connection:
        paper = subjects.read(connection, session.store, drawn.about).paper
        return issuing.drawn(connection, paper.public(), drawn.issued)


def full(session: Session, drawn: Drawn, reason: str) -> bytes:
    """Return what is shown with all numbers in full; why is written down first."""
    from union_desk.papers import issuing
    from union_desk.papers import subject as subjects
    from union_desk.store import access

    if drawn.about is None:
        raise ValueError(drawn)
    access.printed_full(session.store, drawn.about.name, reason)
    with session.store.read() as connection:
        paper = subjects.read(connection, session.store, drawn.about).paper
        return issuing.drawn(connection, paper.full(), drawn.issued)


def addressees(session: Session) -> list[tuple[str, str]]:
    """Return to whom a notice can go: all concerned (no code), and each unit directly below."""
    from union_desk.store.paper_source import PaperSource

    with session.store.read() as connection:
        source = PaperSource(connection, session.store, period=None, as_of=session.as_of)
        below = [(code, source.name_of(code)) for code, *_ in source.tree()]
    return [("", "各有关单位（合写一份）"), *(item for item in below if item[0] != session.unit)]


def uids_of_period(session: Session, form: str | None, kind: str) -> list[str]:
    """Return the records of a form in the working period of `kind`, in the ledger's order."""
    from union_desk.store.paper_source import PaperSource

    if form is None:
        return []
    period = session.period(kind)
    with session.store.read() as connection:
        source = PaperSource(connection, session.store, period=period, as_of=period.last_day)
        return [item.uid for item in source.records(form)]


def roster_of(session: Session, form: str, uids: Sequence[str], progress: Progress) -> bytes:
    """Return the roster of records that were chosen by hand, as a draft; only confirmed ones print.

    :raises ReportError: R619, none of them is confirmed.
    """
    from union_desk.errors import ReportError
    from union_desk.reports import printing
    from union_desk.store.paper_source import PaperSource
    from union_desk.store.transaction import now

    with session.store.read() as connection:
        source = PaperSource(connection, session.store, period=None, as_of=session.as_of, only=uids)
        if not source.count(form):
            raise ReportError(
                "R619", "所选的记录都还是草稿，印出来的只能是已确认的。", "请先确认，再打印。"
            )
        prepared = printing.prepare(session.pack, f"{form}-roster", source, part=True)
        return prepared.draw(made=now(), progress=progress)
