"""What 办理本月 shows, gathered from the store in a worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from union_desk.taskpack.period import Period, in_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.desktop.session import Session
    from union_desk.store.backups import Made
    from union_desk.store.filings import Filing
    from union_desk.store.told import Told
    from union_desk.store.transaction import Connection
    from union_desk.store.units import Units
    from union_desk.taskpack.definition import TaskPack


@dataclass(frozen=True, slots=True)
class Line:
    """A unit that one fills in for: what it owes this month, and how much has nothing yet."""

    code: str
    name: str
    owed: int
    missing: int

    @property
    def words(self) -> str:
        """The line in words."""
        left = f"还有 {self.missing} 张没有数" if self.missing else "都有数"
        return (
            f"{self.name}：应报 {self.owed} 张，{left}" if self.owed else f"{self.name}：没有要报的"
        )


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a grassroots office."""

    period: Period
    due: str
    """The day by which the month is to be filed, ISO."""
    left: int
    """Days from today until then; below 0: it has passed."""
    closed: bool
    owed: tuple[Filing, ...]
    """What the unit owes for the periods that end in this month."""
    there: Mapping[tuple[str, str], Mapping[str, int]]
    """Records by (form, period) and state."""
    pending: Mapping[str, Mapping[str, list[str]]]
    """Records that are begun and not finished, by kind and form."""
    remarks: Mapping[str, str] = field(default_factory=dict)
    """What the level above wrote, by returned record."""
    papers: int = 0
    """Papers that the month's set holds."""
    printed: int = 0
    sealed: int = 0
    later: int = 0
    """Papers whose seal comes after the file."""
    due_rows: int = 0
    """Confirmed records and other rows that have not gone out."""
    attached: int = 0
    """How many of them are no records but go along: written explanations, filings."""
    wrong: int = 0
    """Drafts with an error: the full check reads confirmed records only."""
    unreceipted: int = 0
    """Packets that no receipt names yet."""
    receiver: str = ""
    backup: Made | None = None
    second_overdue: bool = False
    told: tuple[Told, ...] = ()
    """What offices above still ask of the own unit."""
    lines: tuple[Line, ...] = ()
    """Where one fills in for several units: one line each, the own one first."""

    @property
    def missing(self) -> tuple[Filing, ...]:
        """Owed forms without a record and without a statement."""
        return tuple(
            item
            for item in self.owed
            if item.state is None and (item.form, item.period) not in self.there
        )

    @property
    def stated(self) -> tuple[Filing, ...]:
        """Forms stated to hold nothing."""
        return tuple(item for item in self.owed if item.state == "nil")

    @property
    def confirmed(self) -> int:
        """Confirmed records of the month's forms."""
        return sum(
            count
            for states in self.there.values()
            for state, count in states.items()
            if state != "draft"
        )

    @property
    def received(self) -> bool:
        """Whether the level above has received everything that is owed."""
        return bool(self.owed) and all(item.state == "received" for item in self.owed)

    @property
    def sent(self) -> bool:
        """Whether nothing of what is owed is still here."""
        return bool(self.owed) and all(
            item.state in ("sent", "nil", "received") for item in self.owed
        )


def _lines(
    connection: Connection, session: Session, known: Units, wanted: list[str], as_of: str
) -> tuple[Line, ...]:
    """Return a line for each unit that is written for; none where that is the own one alone."""
    from union_desk.store import nil_filings

    store = session.store
    units = session.fills_in_for()
    found = []
    for code, name in units.items() if len(units) > 1 else ():
        owed = nil_filings.owed(connection, store, known, wanted, as_of=as_of, unit=code)
        there = nil_filings.records_in(connection, store, code, wanted)
        missing = sum(one.state is None and (one.form, one.period) not in there for one in owed)
        found.append(Line(code, name, len(owed), missing))
    return tuple(found)


def periods_of(pack: TaskPack, month: Period) -> tuple[Period, ...]:
    """Return the periods of any kind that end in a month: what is filed with it."""
    return tuple(
        period
        for kind in ("month", "quarter", "year")
        for period in in_year(pack, kind)
        if month.holds(period.last_day)
    )


def gather(session: Session) -> Month:
    """Read the working month, in one state of the store."""
    from union_desk.papers import monthly
    from union_desk.store import backups, nil_filings, outbox, pending, periods, tally, told, units

    store, month = session.store, session.period("month")
    wanted_papers = monthly.subjects_of(store, month, session.as_of, session.about)
    standing = [monthly.standing(store, about) for about in wanted_papers]
    there_are = [paper for paper in standing if paper is not None]
    wanted = [period.id for period in periods_of(store.pack, month)]
    session.look_for_closed()
    with store.read() as connection:
        known = units.of_store(connection, store)
        # A month that has not ended yet may be looked at: what it will owe stands already.
        as_of = max(session.as_of, month.last_day)
        about = session.about
        owed = nil_filings.owed(connection, store, known, wanted, as_of=as_of, unit=about)
        there = nil_filings.records_in(connection, store, about, wanted)
        lines = _lines(connection, session, known, wanted, as_of)
        open_ = pending.uids(connection, store)
        going = outbox.due_counts(connection, store)
        waiting = tally.waiting(connection, store, session.today)
        returned = [uid for rows in open_.get("returned", {}).values() for uid in rows]
        due = min((item.due_date for item in owed), default=month.last_day)
        return Month(
            period=month,
            due=due,
            left=(date.fromisoformat(due) - date.fromisoformat(session.today)).days,
            closed=month.id in periods.closed(connection, about),
            lines=lines,
            told=tuple(told.told(connection, store)),
            owed=owed,
            there=there,
            pending=open_,
            remarks=pending.remarks(connection, store, returned),
            papers=len(wanted_papers),
            printed=sum(paper.printed_at is not None for paper in there_are),
            sealed=sum(paper.sealed_date is not None for paper in there_are),
            later=sum(bool(paper.later) and not paper.sealed_date for paper in there_are),
            due_rows=sum(going.values()),
            attached=sum(rows for name, rows in going.items() if name not in store.pack.forms),
            wrong=sum(item.errors for item in waiting.values()),
            unreceipted=len(outbox.unacknowledged(connection, store, outbox.UP)),
            receiver=known.name(store.parent) if store.parent else "",
            backup=None if store.demo else backups.last(connection),
            second_overdue=not store.demo and backups.second_place_overdue(connection),
        )
