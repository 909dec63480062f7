"""What is due to be sent and what is held back, gathered from the store in a worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from union_desk.checks import Finding
    from union_desk.desktop.jobs import Progress
    from union_desk.desktop.session import Session
    from union_desk.store.deliveries import Papers


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
    size: int = 0
    """Bytes that will be written, about."""
    files: int = 0
    """Attachments that go along."""
    refusal: str = ""
    """Why nothing can be written for this reader yet."""
    lines: tuple[tuple[str, str, str], ...] = ()
    """What goes down: for whom, what, how many units."""
    papers: Papers | None = None
    """What stands on paper of it."""

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


def gather(session: Session, *, down: bool = False) -> Content:
    """Return what is due now for the parent, or for the units below."""
    return _downward(session) if down else _upward(session)


def _upward(session: Session) -> Content:
    from union_desk.errors import BundleError
    from union_desk.store import deliveries, outbox, peers, tally, units

    store, pack = session.store, session.pack
    refusal = ""
    with store.read() as connection:
        due = outbox.due_counts(connection, store)
        states = tally.by_state(connection, store.tables, pack)
        repeated = len(outbox.unacknowledged(connection, store, outbox.UP))
        about = deliveries.estimate(connection, store)
        papers = deliveries.papers(connection, store)
        directory = units.of_store(connection, store)
        if store.parent and not store.demo:
            try:
                peers.up_recipients(connection, store)
            except BundleError as error:
                refusal = f"{error.sentence}{error.step}"
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
    receiver = directory.name(store.parent) if store.parent else ""
    return Content(shown, repeated, receiver, about.size, about.attachments, refusal, papers=papers)


def _downward(session: Session) -> Content:
    from union_desk.store import addressing, deliveries, peers, streams, units

    store = session.store
    with store.read() as connection:
        directory = units.of_store(connection, store)
        children = [entry.code for entry in directory.children.get(store.unit, ())]
        known = {peer.unit for peer in peers.trusted(connection, store)}
        waiting = [streams.unit_of(name) for name in addressing.to_be_told(connection, store)]
        size = deliveries.broadcast_size(connection, store)
    strangers = [code for code in children if code not in known]
    named = "、".join(directory.name(code) for code in waiting[:3])
    lines = [("给全部下级", "任务包、目标、单位名册和回执，没有个人信息", f"{len(children)} 家")]
    if waiting:
        more = "等" if len(waiting) > 3 else ""
        words = f"退回意见、批复和通知：{named}{more}"
        lines.append(("单独给某个单位", words, f"{len(waiting)} 家"))
    if strangers:
        words = "还没有开通，只能装入给全部下级的文件"
        lines.append(("还没有开通的单位", words, f"{len(strangers)} 家"))
    refusal = "" if children else f"{store.unit_name}没有下级单位，不用下发。"
    return Content((), 0, "各下级单位", size, 0, refusal, tuple(lines))


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
