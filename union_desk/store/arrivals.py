"""收件 as lists: every packet that came, what waits for which numbers, what was not taken in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store import intakes, quarantine, received, units
from union_desk.store.applying import Counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store

WAITING, QUARANTINED = "waiting", "quarantined"
MOST = 400


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


def listed(connection: Connection, store: Store) -> list[Arrived]:
    """Return what came, the latest first; what waits and what was not taken in stays open."""
    directory = units.of_store(connection, store)
    found = []
    files = intakes.newest(connection, store, MOST)
    names = [str(one["packet"]) for item in files for one in item.outcomes if one["packet"]]
    periods = _periods(connection, store, names)
    for item in files:
        for one in item.outcomes:
            packet = str(one["packet"])
            unit = packet[:12]
            found.append(
                Arrived(
                    item.at, unit, directory.name(unit) if unit else "", item.name, packet,
                    str(one["outcome"]), str(one["reason"]), _counts(one.get("counts")),
                    periods=periods.get(packet, ""),
                )
            )  # fmt: skip
    return found


def _counts(kept: object) -> Counts:
    return Counts(**kept) if isinstance(kept, dict) else Counts()


def _periods(connection: Connection, store: Store, packets: Sequence[str]) -> Mapping[str, str]:
    """Return by packet the periods that its filings are for."""
    table = store.tables.form["filing"]
    found: dict[str, set[str]] = {}
    for start in range(0, len(packets), 500):
        part = packets[start : start + 500]
        chosen = sa.select(table.c.packet, table.c.period).where(table.c.packet.in_(part))
        for packet, period in connection.execute(chosen.distinct()):
            found.setdefault(packet, set()).add(period)
    return {packet: "、".join(sorted(periods)) for packet, periods in found.items()}


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


def numbers(gaps: Sequence[tuple[int, int]]) -> str:
    """Return gaps in words: 3–5、8."""
    return "、".join(str(low) if low == high else f"{low}–{high}" for low, high in gaps)
