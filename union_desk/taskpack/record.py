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
    """Return a UUIDv7 (RFC 9562): later ones of this process sort after earlier ones.

    The 48-bit milliseconds are followed by a 12-bit fraction of the millisecond, which is
    counted up where the clock stands still or goes back.
    """
    global _last  # noqa: PLW0603 - the order of all uids of the process
    nanoseconds = time.time_ns()
    ticks = (nanoseconds // 1_000_000 << 12) | (nanoseconds % 1_000_000 * 4096 // 1_000_000)
    with _lock:
        _last = ticks = max(ticks, _last + 1)
    number = (ticks >> 12) << 80 | 0x7 << 76 | (ticks & 0xFFF) << 64 | 0b10 << 62
    number |= secrets.randbits(62)
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
