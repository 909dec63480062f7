"""What a paper is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from union_desk.store.issued import Issued


@dataclass(frozen=True, slots=True)
class Subject:
    """A paper by name, the unit it speaks for, its period, the day of its data, its record.

    A notice has in place of a record the unit it goes to, or none: to all concerned.
    """

    name: str
    unit: str
    period: str | None
    as_of: str
    record: str | None = None

    @classmethod
    def of(cls, paper: Issued) -> Subject:
        """Return what an issued paper was about."""
        return cls(paper.report, paper.unit, paper.asked, paper.as_of, paper.record)
