"""What waits to be done, per form: drafts, drafts with errors, returned records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from union_desk.desktop.navigation import Route

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from union_desk.desktop.session import Session
    from union_desk.taskpack.definition import TaskPack

COUNTED = "条待更正（有错误或被退回）"
MOST_DRAFTS = 200
"""Drafts of a form that are looked into."""


@dataclass(frozen=True, slots=True)
class FormCount:
    """Numbers of one form."""

    total: int = 0
    drafts: int = 0
    errors: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Numbers by form id."""

    forms: Mapping[str, FormCount] = field(default_factory=dict)

    def of(self, form: str) -> FormCount:
        """Return the numbers of a form."""
        return self.forms.get(form, FormCount())

    @property
    def drafts(self) -> int:
        """Drafts of all forms."""
        return sum(item.drafts for item in self.forms.values())

    @property
    def errors(self) -> int:
        """Drafts with an error."""
        return sum(item.errors for item in self.forms.values())

    @property
    def returned(self) -> int:
        """Returned records."""
        return sum(item.returned for item in self.forms.values())

    def by_area(self, pack: TaskPack) -> dict[str, int]:
        """Return per work area what is to be corrected."""
        found: dict[str, int] = {}
        for form, item in self.forms.items():
            area = pack.forms[form].area
            found[area] = found.get(area, 0) + item.errors + item.returned
        return found

    def most(self, what: str) -> Route:
        """Return where most of `what` (drafts, errors, returned) lie."""
        form = max(self.forms, key=lambda name: getattr(self.forms[name], what))
        return Route("ledger", form=form, text=what)


def count(session: Session) -> Waiting:
    """Count over the session's store."""
    with session.store.read() as connection:
        return read(connection, session)


def read(connection: Connection, session: Session) -> Waiting:
    """Count within an open reading."""
    from union_desk.store import tally

    store = session.store
    found = {}
    for form, states in tally.by_state(connection, store.tables, store.pack).items():
        found[form] = FormCount(
            total=sum(states.values()),
            drafts=states.get("draft", 0),
            errors=_wrong_drafts(connection, session, form) if states.get("draft") else 0,
            returned=states.get("returned", 0),
        )
    return Waiting(found)


def _wrong_drafts(connection: Connection, session: Session, form: str) -> int:
    """Return how many drafts hold an error; what is merely not filled in yet is none."""
    from union_desk import checks
    from union_desk.store import checking, drafts, tally
    from union_desk.store.context import context_at

    store = session.store
    uids = tally.drafts(connection, store.tables, form, MOST_DRAFTS)
    context = context_at(store, session.today, connection=connection)
    kinds = checks.LIVE_KINDS - {"required"}
    found = checking.check_rows(
        connection, store.tables, store.pack, form, uids, context, kinds=kinds
    )
    wrong = {item.record for item in found if item.level == "error"}
    unread = {
        uid
        for uid in uids
        if (typed := drafts.load_draft(connection, uid)) is not None and any(typed.fields.values())
    }
    return len((wrong | unread) & set(uids))
