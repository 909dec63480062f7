"""Taking back a whole paste, bulk edit or import in one act, until a touched row was sent.

New records are voided, new drafts go to the recycle list, changed records get their old content
back as a new revision. Nothing is ever rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.errors import InputError
from union_desk.store import decisions, drafts, rights
from union_desk.store.context import context_at
from union_desk.store.layout import HEAD_PLACE, details_of, layout, rows_by
from union_desk.store.writing import DetailRows, Write, move, set_head, write_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.store.batch import Batch
    from union_desk.store.layout import Row
    from union_desk.store.transaction import Transaction

_STATE, _REV = HEAD_PLACE["record_state"], HEAD_PLACE["rev"]
_PACKET, _DELETED = HEAD_PLACE["packet"], HEAD_PLACE["deleted"]


@dataclass(frozen=True, slots=True)
class Undo:
    """What a run did, and how the rows it changed were before."""

    form: str
    added: tuple[str, ...]
    drafts: tuple[str, ...]
    """New records that landed as drafts."""
    edits: tuple[str, ...]
    """Once-confirmed records whose edit was laid into table ``draft``."""
    before: tuple[tuple[Row, DetailRows], ...]
    """Rows that were changed, as they stood."""

    @property
    def count(self) -> int:
        """How many records it takes back."""
        return len(self.added) + len(self.drafts) + len(self.edits) + len(self.before)


def of_batch(batch: Batch, entered: Sequence[int], apart: Sequence[int]) -> Undo:
    """Return what takes a run of a sheet back."""
    fresh = [place for place in apart if place not in batch.old]
    drafted = [
        place for place in apart
        if place in batch.old and batch.old[place][_STATE] == "draft"
    ]  # fmt: skip
    edited = [place for place in apart if place in batch.old and place not in set(drafted)]
    changed = [place for place in entered if place in batch.old]
    return Undo(
        batch.sheet.form.id,
        tuple(str(batch.rows[place][0]) for place in entered if place not in batch.old),
        tuple(str(batch.rows[place][0]) for place in fresh),
        tuple(str(batch.old[place][0]) for place in edited),
        tuple(
            (batch.old[place], batch.old_details.get(place, {}))
            for place in (*changed, *drafted)
        ),
    )  # fmt: skip


def undo(transaction: Transaction, done: Undo) -> None:
    """Take a run back, all of it or nothing.

    :raises InputError: I439, a row was sent or changed again since.
    :raises StoreError: S361.
    """
    rights.check_may(transaction.store, "enter")
    made = layout(transaction.tables, done.form)
    now = _rows(transaction, done.form, [*done.added, *done.drafts])
    then = {str(row[0]): (row, details) for row, details in done.before}
    changed = _rows(transaction, done.form, list(then))
    for row in (*now.values(), *changed.values()):
        if row[_PACKET] is not None:
            raise InputError("I439", "其中有记录已经报送，不能撤销。", "请逐条做更正或作废。")
    live = [row for row in now.values() if not row[_DELETED]]
    fresh = [row for row in live if row[_STATE] == "draft"]
    confirmed = [row for row in live if row[_STATE] != "draft"]
    if fresh:
        move(transaction, done.form, fresh, act="delete", deleted=1)
    if confirmed:
        move(
            transaction, done.form, confirmed, act="void", reason="撤销",
            new_revision=True, deleted=1, packet=None, record_state="confirmed",
        )  # fmt: skip
    details = details_of(transaction.connection, transaction.tables, made.form, list(changed))
    writes = []
    for uid, row in changed.items():
        old, old_details = then[uid]
        state = old[_STATE] if old[_STATE] == "draft" else "confirmed"
        rev = 0 if state == "draft" else int(row[_REV] or 0) + 1
        back = set_head(
            made, old, rev=rev, updated_at=transaction.now, packet=None, record_state=state
        )
        writes.append(Write(back, row, _all(old_details), details.get(uid, {})))
    write_rows(transaction, done.form, writes, act="undo")
    if writes:
        run = context_at(transaction.store, transaction.now[:10], connection=transaction.connection)
        decisions.settle(transaction, done.form, [write.row for write in writes], run)
    for uid in (*done.drafts, *done.edits):
        drafts.discard(transaction, uid)


def _all(details: DetailRows) -> Mapping[str, Sequence[Row]]:
    return {form: list(rows) for form, rows in details.items()}


def _rows(transaction: Transaction, form: str, uids: Sequence[str]) -> dict[str, Row]:
    made = layout(transaction.tables, form)
    return {str(row[0]): tuple(row) for row in rows_by(transaction.connection, made, "uid", uids)}
