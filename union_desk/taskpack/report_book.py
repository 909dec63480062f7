"""报送册: every form that a unit owes for a set of periods, as it is handed out and comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.taskpack.record import Table


@dataclass(frozen=True, slots=True)
class OwedForm:
    """A form that the unit fills in, for one period."""

    form: str
    period: str
    duty: str
    """``must`` or ``if_any``."""
    due_date: str


@dataclass(frozen=True, slots=True)
class EmptyBook:
    """What is handed out: for whom, for which periods, which forms."""

    unit: str
    unit_name: str
    periods: Mapping[str, str]
    """Filing kind -> id of the period."""
    forms: tuple[OwedForm, ...]
    maker: str
    """Name of the office that hands it out."""
    day: str


@dataclass(frozen=True, slots=True)
class FilledBook:
    """What comes back."""

    unit: str
    periods: Mapping[str, str]
    nothing: frozenset[str] = frozenset()
    """Forms of which the unit states 本期无发生."""
    sheets: Mapping[str, Table] = field(default_factory=dict)
    """Sheets with rows, by form; those of details too."""
