"""A paper worked out from the store as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.papers.about import Subject
from union_desk.papers.reading import ReadingSource
from union_desk.reports import printing
from union_desk.taskpack.period import Period

if TYPE_CHECKING:
    from union_desk.reports.printing import Prepared
    from union_desk.store.past import Revisions
    from union_desk.store.transaction import Connection, Store


__all__ = ["Read", "Subject", "read"]


@dataclass(frozen=True, slots=True)
class Read:
    """A paper worked out, and the records that it read; None: too many to list."""

    paper: Prepared
    covers: Revisions | None

    @property
    def cells(self) -> tuple[str, ...]:
        """The printed cells; the sheet of a voided record has none."""
        record = self.paper.job.record
        return () if record is not None and record.deleted else self.paper.cells

    @property
    def single(self) -> bool:
        """Whether the paper reads the records that it shows and no others."""
        return _single(self.paper)


def read(connection: Connection, store: Store, subject: Subject) -> Read:
    """Return the paper worked out from the rows that `connection` sees.

    :raises ReportError: R602 to R606.
    :raises InputError: I471, I472.
    """
    period = Period.parse(subject.period) if subject.period else None
    source = ReadingSource(connection, store, period=period, as_of=subject.as_of, unit=subject.unit)
    paper = printing.prepare(store.pack, subject.name, source, record=subject.record)
    _ = paper.cells  # every row is read now
    return Read(paper, source.covered() if _single(paper) else source.everything())


def _single(paper: Prepared) -> bool:
    if paper.layout == printing.ROSTER:
        return not paper.job.body.blocks
    return paper.layout in (printing.SHEET, printing.COVER, printing.CORRECTION)
