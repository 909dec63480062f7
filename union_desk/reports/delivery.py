"""What the cover of a delivery tells: rows, sums and digests per unit and form, nil statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Portion:
    """The rows of one form and unit."""

    unit: str
    form: str
    rows: int
    voided: int
    sums: tuple[tuple[str, int], ...]
    """Field id and fen of each money column that has any."""
    digest: str
    """Content digest in hex."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A paper that goes with the delivery."""

    serial: str
    title: str
    check_code: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery, before it is written."""

    portions: tuple[Portion, ...] = ()
    nil: tuple[tuple[str, str], ...] = ()
    """Unit and form of each 零报."""
    papers: tuple[Enclosed, ...] = ()


@runtime_checkable
class Delivering(Protocol):
    """A source that knows what the next delivery will carry."""

    def delivery(self) -> Delivery:
        """Return the next delivery, counted and digested."""
