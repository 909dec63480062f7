"""What is filled in: a record with its detail rows, and a table as it stands in a file."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

Value = int | float | str | None
"""A stored value: money in fen, dates ISO, yes/no 1 or 0, several codes joined by ``;``."""

Row = Mapping[str, Value]
"""The values of a record or detail row with ``uid``, ``unit``, ``period`` (and ``parent``)."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One detail row; `position` counts from 1."""

    uid: str
    position: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its head, its values, and its detail rows by detail form."""

    form: str
    uid: str
    values: Mapping[str, Value]
    details: Mapping[str, tuple[Detail, ...]] = field(default_factory=lambda: MappingProxyType({}))
    origin: str = ""
    unit: str = ""
    period: str = ""
    record_state: str = "draft"
    rev: int = 0
    package: str = ""
    created_by: str = ""
    created_at: str = ""
    updated_at: str = ""
    packet: str | None = None
    deleted: int = 0

    def row(self) -> dict[str, Value]:
        """Return the record as expressions see it."""
        head = {"uid": self.uid, "unit": self.unit, "period": self.period}
        return {**self.values, **head}

    def detail_row(self, detail: Detail) -> dict[str, Value]:
        """Return one detail row as expressions see it: unit and period are the parent's."""
        return {
            **detail.values,
            "uid": detail.uid,
            "parent": self.uid,
            "position": detail.position,
            "unit": self.unit,
            "period": self.period,
        }


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet or CSV file: a header and rows of cells as they came."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Value]]


_lock = threading.Lock()
_last = 0


def new_uid() -> str:
    """Return a UUIDv7 (RFC 9562): later ones of this process sort after earlier ones."""
    return new_uids(1)[0]


def new_uids(count: int) -> list[str]:
    """Return `count` of them, in order.

    The 48-bit milliseconds are followed by a 12-bit fraction of the millisecond, which is
    counted up where the clock stands still or goes back, and within one call.
    """
    global _last  # noqa: PLW0603 - the order of all uids of the process
    nanoseconds = time.time_ns()
    ticks = (nanoseconds // 1_000_000 << 12) | (nanoseconds % 1_000_000 * 4096 // 1_000_000)
    with _lock:
        first = max(ticks, _last + 1)
        _last = first + count - 1
    drawn = secrets.token_hex(8 * count)
    return [
        _uid(tick, drawn[place : place + 16])
        for tick, place in zip(range(first, first + count), range(0, 16 * count, 16), strict=True)
    ]


def _uid(ticks: int, drawn: str) -> str:
    """Return the text of a UUIDv7 of 60 bits of time and 16 random digits, two bits unused."""
    stamp = f"{ticks:015x}"
    variant = "89ab"[int(drawn[0], 16) & 3]
    return f"{stamp[:8]}-{stamp[8:12]}-7{stamp[12:]}-{variant}{drawn[1:4]}-{drawn[4:]}"
