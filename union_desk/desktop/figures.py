"""What the dashboard shows, gathered from the store in a worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from union_desk.desktop import waiting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.session import Session
    from union_desk.indicators import Progress
    from union_desk.store.filings import Filing
    from union_desk.store.told import Told


@dataclass(frozen=True, slots=True)
class Deadline:
    """The next day on which own filings are due, and for which periods."""

    day: str
    periods: tuple[str, ...]
    left: int
    """Days from today; 0 is today."""
    filings: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything on the dashboard."""

    progress: tuple[Progress, ...]
    waiting: waiting.Waiting
    deadline: Deadline | None
    late_own: int
    late_below: int
    """Filings of units below that are overdue."""
    owed: int
    there: int
    """应报 and 已报 of the unit and those below it."""
    told: tuple[Told, ...] = ()
    """What offices above still ask of the own unit."""


def gather(session: Session) -> Figures:
    """Read everything the dashboard shows, in one state of the store."""
    from union_desk.store import filings, rollup, tally, told, units

    store = session.store
    with store.read() as connection:
        directory = units.of_store(connection, store)
        expected = filings.expected(
            connection, store.tables, store.pack, directory, as_of=session.as_of
        )
        progress = rollup.progress(connection, store, session.as_of)
        counted = tally.waiting(connection, store, session.today)
        asked = tuple(told.told(connection, store))
    own = [item for item in expected if item.unit == store.unit]
    late = [item for item in expected if item.late(session.today)]
    owed, there = filings.reported(expected)
    return Figures(
        progress=progress,
        waiting=waiting.Waiting(counted),
        deadline=_deadline(own, session.today),
        late_own=sum(item.unit == store.unit for item in late),
        late_below=sum(item.unit != store.unit for item in late),
        owed=owed,
        there=there,
        told=asked,
    )


def _deadline(own: Sequence[Filing], today: str) -> Deadline | None:
    from union_desk.store.filings import DONE

    ahead = [item for item in own if item.state not in DONE and item.due_date >= today]
    if not ahead:
        return None
    day = min(item.due_date for item in ahead)
    due = [item for item in ahead if item.due_date == day]
    left = (date.fromisoformat(day) - date.fromisoformat(today)).days
    return Deadline(day, tuple(sorted({item.period for item in due})), left, len(due))
