"""The one rule that voids a printed report: a covered record changes a printed cell.

Inside the saving transaction every standing paper that read a changed record is worked out with
the old and with the new revision, all else equal, and the cells are compared. Later states,
decisions from above, unprinted fields and records confirmed later never void.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk import workflow
from union_desk.errors import InputError, ReportError
from union_desk.papers import subject as subjects
from union_desk.papers.issuing import parted
from union_desk.papers.subject import Subject
from union_desk.store import issued, past, rights, slips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.store.issued import Change, Issued
    from union_desk.store.past import Changed
    from union_desk.store.transaction import Connection, Store, Transaction

_MOST_CHANGES = 200
"""Changed cells that a voided paper keeps."""


def voided_by(connection: Connection, store: Store, transaction: str) -> list[Issued]:
    """Return the papers that a transaction voided: told after an import."""
    return [
        issued.by_uid(connection, store.tables, uid)
        for uid in past.touched(connection, issued.FORM, "void", transaction)
    ]


def changed_papers(
    transaction: Transaction, changed: Sequence[Changed]
) -> list[tuple[Issued, list[Change]]]:
    """Return the standing papers of which the transaction changes printed cells, and which."""
    store, connection = transaction.store, transaction.connection
    live = issued.papers(connection, store.tables, origin=store.origin, states=workflow.LIVE_PAPERS)
    if not live:
        return []
    changed = [item for item in past.changed_by(transaction) if item.form in store.tables.forms]
    concerned = {paper.uid: covered(paper, changed) for paper in live if not _done(store, paper)}
    revisions: past.Revisions = {}
    for items in concerned.values():
        for item in items:
            revisions.setdefault(item.form, {})[item.uid] = item.rev
    if not revisions:
        return []
    asked = [paper for paper in live if concerned.get(paper.uid)]
    now = {paper.uid: _cells(connection, store, paper) for paper in asked}
    with past.put_back(connection, store, revisions) as (before, _):
        then = {paper.uid: _cells(connection, before, paper) for paper in asked}
    found = []
    for paper in asked:
        changes = differing(then[paper.uid], now[paper.uid])
        if changes:
            found.append((paper, changes))
    return found


def _done(store: Store, paper: Issued) -> bool:
    """Return whether it is a cover whose packets are written: nothing voids it any more."""
    return slips.is_cover(store, paper.report) and paper.state in workflow.SENT_PAPERS


def covered(paper: Issued, changed: Sequence[Changed]) -> list[Changed]:
    """Return those of the changed records that a paper read."""
    listed = paper.covered()
    if listed is None:
        return [item for item in changed if item.first <= paper.audit]
    return [item for item in changed if item.uid in listed.get(item.form, {})]


def _cells(connection: Connection, store: Store, paper: Issued) -> tuple[str, ...]:
    """Return the printed cells; a sheet whose record is gone has none."""
    try:
        return subjects.read(connection, store, Subject.of(paper)).cells
    except (InputError, ReportError):
        return ()


def differing(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """Return what differs between two sets of digest lines, by row and column."""
    old = {parted(line)[:2]: parted(line)[2] for line in before}
    new = {parted(line)[:2]: parted(line)[2] for line in after}
    return [
        (*place, old.get(place), new.get(place))
        for place in sorted(old.keys() | new.keys())
        if old.get(place) != new.get(place)
    ]


def void_changed(transaction: Transaction, found: Sequence[tuple[Issued, list[Change]]]) -> None:
    """Void the papers of which a transaction changes printed cells."""
    reason = _reason(transaction)
    for paper, changes in found:
        void_within(transaction, paper, reason, changes)


def void_within(
    transaction: Transaction, paper: Issued, reason: str, changes: Sequence[Change] = ()
) -> Issued:
    """Void one paper inside a transaction."""
    told = issued.packed(list(changes)[:_MOST_CHANGES]) if changes else None
    return issued.move(
        transaction, paper, "void", reason=reason, void_reason=reason[:500],
        void_by=transaction.person, void_at=transaction.now, void_from=paper.state,
        changes=told,
    )  # fmt: skip


def void(store: Store, paper: Issued, reason: str) -> Issued:
    """Void one paper by hand.

    :raises InputError: I611 no reason, I601 it does not stand, I604 another office's.
    :raises StoreError: S361.
    """
    rights.check_may(store, "issue")
    if len(reason.strip()) < 4:
        raise InputError("I611", "作废报表要写明原因。", "请用至少 4 个字写清原因。")
    with store.write() as transaction:
        return void_within(transaction, paper, reason.strip())


def _reason(transaction: Transaction) -> str:
    """Return the reason written for the change, else what kind of change it was."""
    act, reason = past.last_change(transaction)
    words = "作废了所含的记录" if act == "void" else "更正了所含的记录"
    return f"{words}：{reason}" if reason else words
