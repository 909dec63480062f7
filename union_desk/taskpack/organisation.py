"""The tree of unions as a package knows it: units, kinds of unit, and who is the directory."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A node of the organisation tree that comes with the package."""

    code: str
    name: str
    parent: str | None
    level: str
    division: str | None = None
    local: bool = False
    base: bool = True
    """One of the reporting blocks, or the root."""
    short: str = ""
    """Short name, for the rows of tables."""


@dataclass(frozen=True, slots=True)
class UnitKind:
    """A kind of unit, known by the seventh digit of its code, for what it owes."""

    id: str
    code_digit: str
    title: str
    level: str
    attribute: str | None = None
    """Attribute of the unit's category that tells this kind from another of the same digit."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Which form's confirmed rows are entries of the unit directory, and by which fields."""

    form: str
    code: str
    name: str
    parent: str
    division: str
    category: str
    opened: str
    closed: str
