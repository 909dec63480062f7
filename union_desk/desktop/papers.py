"""Which papers there are, their records, and a paper as PDF: work for a thread without widgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from union_desk.desktop.session import Session

SUMMARIES, ROSTERS, SHEETS, BLANKS = "汇总表和报表", "台账名册", "单条登记表", "空白表"


@dataclass(frozen=True, slots=True)
class Paper:
    """One thing to print."""

    name: str
    title: str
    needs_record: bool
    form: str | None
    group: str


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
        form = report.forms[0] if report and report.forms else None
        group = SHEETS if needs_record else SUMMARIES
    else:
        group = {"roster": ROSTERS, "blank": BLANKS}.get(part, SHEETS)
    return Paper(name, title, needs_record, form, group)
