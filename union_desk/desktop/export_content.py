"""What is due to be sent and what is held back, gathered from the store in a worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from union_desk.checks import Finding
    from union_desk.desktop.jobs import Progress
    from union_desk.desktop.session import Session


@dataclass(frozen=True, slots=True)
class FormContent:
    """One form's rows: due to be sent, and drafts that stay here."""

    form: str
    title: str
    due: int
    drafts: int
    attached: bool = False
    """What goes along with the records: written explanations, filings."""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that is due, by form, and packets made before that no receipt names yet."""

    forms: tuple[FormContent, ...]
    repeated: int
    receiver: str

    @property
    def due(self) -> int:
        """Records that will be sent."""
        return sum(item.due for item in self.forms if not item.attached)

    @property
    def attached(self) -> int:
        """Rows that go along with them."""
        return sum(item.due for item in self.forms if item.attached)

    @property
    def drafts(self) -> int:
        """Rows held back because they are drafts."""
        return sum(item.drafts for item in self.forms)


def gather(session: Session) -> Content:
    """Return what is due now."""
    from union_desk.store import outbox, tally, units

    store, pack = session.store, session.pack
    with store.read() as connection:
        due = outbox.due_counts(connection, store)
        states = tally.by_state(connection, store.tables, pack)
        repeated = len(outbox.unacknowledged(connection, store, outbox.UP))
        directory = units.of_store(connection, store)
    system = [name for name in due if name not in pack.forms]
    forms = [
        FormContent(
            form.id, form.title, due.get(form.id, 0), states.get(form.id, {}).get("draft", 0)
        )
        for form in pack.top_forms
    ]
    forms += [
        FormContent(name, store.tables.forms[name].title, due[name], 0, attached=True)
        for name in system
    ]
    shown = tuple(item for item in forms if item.due or item.drafts)
    return Content(shown, repeated, directory.name(store.parent) if store.parent else "")


def findings(session: Session, progress: Progress) -> list[Finding]:
    """Return every finding over the rows that are due, errors first."""
    from union_desk.store import checking, outbox
    from union_desk.store.context import context_at

    store, pack = session.store, session.pack
    found: list[Finding] = []
    context = context_at(store, session.as_of)
    for n, form in enumerate(pack.top_forms):
        progress(n, len(pack.top_forms))
        with store.read() as connection:
            uids = outbox.due_uids(connection, store, form.id)
            if uids:
                found += checking.check_rows(connection, store.tables, pack, form.id, uids, context)
    return sorted(found, key=lambda item: item.level != "error")
