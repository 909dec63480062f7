"""What a correction report tells: papers voided after sending, records corrected, figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Voided:
    """A paper that was sent and is void: its serial and code, and the paper in its place."""

    uid: str
    title: str
    serial: str
    check_code: str
    new_serial: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """One value of one record: what it was, what it is, why, by whom, when (ISO)."""

    uid: str
    rev: int
    column: str
    form: str
    """Title."""
    record: str
    field: str
    """Label."""
    old: str
    new: str
    reason: str
    person: str
    day: str


@dataclass(frozen=True, slots=True)
class Affected:
    """A printed figure before and after."""

    serial: str
    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Corrections:
    """All that waits for one correction report."""

    papers: tuple[Voided, ...] = ()
    records: tuple[Corrected, ...] = ()
    figures: tuple[Affected, ...] = ()


@runtime_checkable
class Correcting(Protocol):
    """A source that knows what was corrected after it had been sent."""

    def corrections(self) -> Corrections:
        """Return what waits for a correction report."""
