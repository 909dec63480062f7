"""The values behind a paper that is going to be issued: what it reads is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.papers import correcting, delivering
from union_desk.store import coverage
from union_desk.store.paper_source import PaperSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from union_desk.reports.amendments import Corrections
    from union_desk.reports.delivery import Delivery
    from union_desk.store.past import Revisions
    from union_desk.taskpack.expression import Expression
    from union_desk.taskpack.record import Record


class ReadingSource(PaperSource):
    """A source that knows which records, at which revision, were asked of it."""

    _seen: Revisions | None = None

    def records(
        self, form_id: str, where: Expression | None = None, *, whole: bool = False
    ) -> Iterator[Record]:
        """Yield the rows of a form and note each."""
        for record in super().records(form_id, where, whole=whole):
            self._note(record)
            yield record

    def record(self, uid: str) -> Record:
        """Return one record and note it."""
        found = super().record(uid)
        self._note(found)
        return found

    def _note(self, record: Record) -> None:
        if self._seen is None:
            self._seen = {}
        self._seen.setdefault(record.form, {})[record.uid] = record.rev

    def delivery(self) -> Delivery:
        """Return what waits to be sent, and note its records."""
        made, self._seen = delivering.next_delivery(self.connection, self.store, self.period)
        return made

    def corrections(self) -> Corrections:
        """Return what waits for a correction report."""
        self._seen = {}
        return correcting.corrections(self.connection, self.store)

    def covered(self) -> Revisions | None:
        """Return the records read, with the decisions laid over them; None: too many to list."""
        seen = dict(self._seen or {})
        uids = [uid for rows in seen.values() for uid in rows]
        if len(uids) > coverage.MOST:
            return None
        decided = coverage.decisions_about(self.connection, self.store, uids)
        if decided:
            seen[coverage.DECISION] = {uid: item[3] for uid, item in decided.items()}
        return seen

    def everything(self) -> Revisions | None:
        """Return all rows of the unit's tree: a table adds up what it does not show."""
        return coverage.of_unit(self.connection, self.store, self.unit, most=coverage.MOST)
