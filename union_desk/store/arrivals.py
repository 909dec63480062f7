"""收件 as lists: every packet that came, what waits for which numbers, what was not taken in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store import intakes, quarantine, received, units
from union_desk.store.applying import Counts
from union_desk.taskpack.period import Period

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store

WAITING, QUARANTINED, FORK = "waiting", "quarantined", "fork"
MOST = 400
_WAITED = "当时在等，现在不等了：结果在同一个数据包的另一行。"


@dataclass(frozen=True, slots=True)
class Version:
    """One of two packets that stand under one number."""

    hash: str
    who: str
    """Who wrote it, as its signed head says; "" where an older program took it in."""
    when: str
    taken: bool
    """Whether it is the one that was taken in."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A packet, or a file that holds none, and what became of it."""

    at: str
    unit: str
    """Code, "" where it is not known."""
    name: str
    """Name of the unit."""
    file: str
    packet: str
    outcome: str
    reason: str
    counts: Counts = field(default_factory=Counts)
    periods: str = ""
    step: str = ""
    sha256: str = ""
    """Of a file that was not taken in: by this it is tried again."""
    missing: str = ""
    """Numbers that a waiting packet waits for: 3–5、8."""
    open: bool = False
    """Whether it still waits, or still is not taken in."""
    stranger: bool = False
    """Whether it waits because its writer's key was not looked at yet."""
    both: tuple[Version, ...] = ()
    """Of a fork: the packets that two computers wrote under this number."""

    @property
    def origin(self) -> str:
        """The computer that the packet says to be from, "" where it says none."""
        return self.packet.partition(".")[0]


def listed(connection: Connection, store: Store) -> list[Arrived]:
    """Return what came, the latest first, with what still waits as it waits now."""
    directory = units.of_store(connection, store)
    files = intakes.newest(connection, store, MOST)
    names = [str(one["packet"]) for item in files for one in item.outcomes if one["packet"]]
    periods = _periods(connection, store, names)
    both = _both(connection, store, names)
    now = {item.packet: item for item in waiting(connection, store)}
    found = []
    for item in files:
        for one in item.outcomes:
            packet, outcome = str(one["packet"]), str(one["outcome"])
            unit = str(one.get("unit") or packet[:12])
            made = Arrived(
                item.at, unit, directory.name(unit) if unit else "", item.name, packet,
                outcome, str(one["reason"]), _counts(one.get("counts")),
                periods=_titles(one.get("periods") or periods.get(packet, ())),
                both=both.get(packet, ()) if outcome == FORK else (),
            )  # fmt: skip
            found.append(_as_now(made, now.get(packet)) if outcome == WAITING else made)
    return found


def _as_now(item: Arrived, now: Arrived | None) -> Arrived:
    """Return a packet that waited with what it waits for now, or that it waits no more."""
    if now is None:
        return replace(item, reason=_WAITED)
    return replace(
        item, reason=now.reason, missing=now.missing, stranger=now.stranger, open=True,
        sha256=now.sha256,
    )  # fmt: skip


def _counts(kept: object) -> Counts:
    return Counts(**kept) if isinstance(kept, dict) else Counts()


def _titles(periods: object) -> str:
    """Return ids of periods as people say them, in their order."""
    named = periods if isinstance(periods, (list, set)) else ()
    found = sorted((Period.parse(str(name)) for name in named), key=lambda one: one.first_day)
    return "、".join(one.title for one in found)


def _both(
    connection: Connection, store: Store, packets: Sequence[str]
) -> Mapping[str, tuple[Version, ...]]:
    """Return by name the packets that stand under one number, as two computers wrote them."""
    table = store.tables.received
    found: dict[str, list[Version]] = {}
    for start in range(0, len(packets), 500):
        chosen = sa.select(
            table.c.name, table.c.hash, table.c.made_by, table.c.made_at, table.c.outcome
        ).where(table.c.name.in_(packets[start : start + 500]))
        for name, digest, who, when, outcome in connection.execute(chosen.order_by(table.c.at)):
            found.setdefault(name, []).append(
                Version(digest, who or "", when, taken=outcome != FORK)
            )
    return {name: tuple(versions) for name, versions in found.items() if len(versions) > 1}


def _periods(
    connection: Connection, store: Store, packets: Sequence[str]
) -> Mapping[str, set[str]]:
    """Return by packet the periods that its filings are for: an older program noted none."""
    table = store.tables.form["filing"]
    found: dict[str, set[str]] = {}
    for start in range(0, len(packets), 500):
        part = packets[start : start + 500]
        chosen = sa.select(table.c.packet, table.c.period).where(table.c.packet.in_(part))
        for packet, period in connection.execute(chosen.distinct()):
            found.setdefault(packet, set()).add(period)
    return found


def waiting(connection: Connection, store: Store) -> list[Arrived]:
    """Return the packets that wait, with the numbers that they wait for."""
    directory = units.of_store(connection, store)
    gaps = {
        (item.origin, item.stream): received.missing(connection, store, item)
        for item in received.sources(connection, store)
    }
    return [
        Arrived(
            item.at, item.origin[:12], directory.name(item.origin[:12]), "", item.name, WAITING,
            item.reason or "", sha256=item.hash, open=True,
            missing=numbers(gaps.get((item.origin, item.stream), [])),
            stranger=item.code == received.UNREAD,
        )
        for item in received.arrivals(connection, store, received.WAITING, kept=False)
    ]  # fmt: skip


def held(connection: Connection, store: Store) -> list[Arrived]:
    """Return what was not taken in: from whom, when, why, what to do."""
    directory = units.of_store(connection, store)
    return [
        Arrived(
            item.at, item.unit, directory.name(item.unit) if item.unit else "", item.name,
            item.entry.removesuffix(".zip"), QUARANTINED, item.reason, step=item.step,
            sha256=item.sha256, open=True,
        )
        for item in quarantine.held(connection, store)
    ]  # fmt: skip


def open_count(connection: Connection, store: Store) -> int:
    """Return how many packets wait and how many files were not taken in."""
    came, kept = store.tables.received, store.tables.quarantined
    waits = sa.select(sa.func.count()).where(came.c.outcome == WAITING)
    entries = sa.select(sa.func.count()).select_from(kept)
    return int(connection.execute(waits).scalar_one() + connection.execute(entries).scalar_one())


def numbers(gaps: Sequence[tuple[int, int]]) -> str:
    """Return gaps in words: 3–5、8."""
    return "、".join(str(low) if low == high else f"{low}–{high}" for low, high in gaps)
