"""报送情况: unit × form of one period, what became of each filing, and how to reach the unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.store import closing, filings, issued, nil_filings
from union_desk.store import units as directory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from union_desk.store.closing import Closing
    from union_desk.store.filings import Filing
    from union_desk.store.transaction import Store
    from union_desk.store.units import UnitEntry


@dataclass(frozen=True, slots=True)
class UnitFilings:
    """One unit's filings of a period, and the mark of its paper."""

    unit: UnitEntry
    filings: Mapping[str, Filing]
    """By form; a form that is not there is 不适用."""
    papers: int = 0
    """Issued papers of the period."""
    awaited: int = 0
    """Those whose file went first: the sealed page is still to come."""
    own: Mapping[str, Mapping[str, int]] | None = None
    """Of the store's own unit: its records by form and state."""

    def late(self, day: str) -> tuple[Filing, ...]:
        """Return what is overdue on a day."""
        return tuple(item for item in self.filings.values() if item.late(day))

    @property
    def reported(self) -> tuple[int, int]:
        """应报 and 已报; only what must be filed is counted."""
        return filings.reported(self.filings.values())


@dataclass(frozen=True, slots=True)
class Matrix:
    """All units below, the own one first, and the forms that any of them owes."""

    period: str
    forms: tuple[str, ...]
    rows: tuple[UnitFilings, ...]
    unlisted: tuple[str, ...] = ()
    """Codes that rows are about and the directory does not know."""
    closing: Closing | None = None


def read(connection: Connection, store: Store, period: str, *, as_of: str) -> Matrix:
    """Return the matrix of one period."""
    pack, tables = store.pack, store.tables
    known = directory.of_store(connection, store)
    expected = filings.expected(connection, tables, pack, known, as_of=as_of, only=(period,))
    by_unit: dict[str, dict[str, Filing]] = {}
    for item in expected:
        by_unit.setdefault(item.unit, {})[item.form] = item
    marks: dict[str, list[issued.Issued]] = {}
    for paper in issued.papers(connection, tables, period=period):
        if paper.live:
            marks.setdefault(paper.unit, []).append(paper)
    own = _own(connection, store, period)
    rows = []
    for code in sorted(by_unit, key=lambda code: (code != store.unit, code)):
        papers = marks.get(code, ())
        rows.append(
            UnitFilings(
                known.by_code[code], by_unit[code], len(papers),
                sum(paper.paper_awaited for paper in papers),
                own if code == store.unit else None,
            )
        )  # fmt: skip
    owed = {item.form for item in expected}
    forms = tuple(form.id for form in pack.top_forms if form.id in owed)
    unlisted = directory.unlisted(connection, tables, pack, known)
    shut = closing.state(connection, store, period)
    return Matrix(period, forms, tuple(rows), tuple(unlisted), shut)


def _own(connection: Connection, store: Store, period: str) -> dict[str, dict[str, int]]:
    found = nil_filings.records_in(connection, store, store.unit, (period,))
    return {form: states for (form, _), states in found.items()}
