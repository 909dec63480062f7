"""One unit of the directory."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """One unit of the directory; dates are ISO, None where nothing limits them."""

    code: str
    name: str
    parent: str | None
    level: str
    kind: str
    """Id of the package's unit kind, "" where it knows none for the code."""
    division: str | None = None
    category: str | None = None
    """Code that tells kinds of the same digit apart."""
    active_from: str | None = None
    active_to: str | None = None
    contact: str | None = None
    phone: str | None = None
    last_contact: str | None = None
    promise: str | None = None
    """The day by which it said it would file."""
    late_reason: str | None = None
    filer: str | None = None
    register_from: str | None = None
    base: bool = False
    """One of the reporting blocks of the package, or the root."""
    merged_into: str | None = None
    """Code of the unit that carries on after 合并."""
    former_parents: tuple[str, ...] = ()
    """Where it stood before it was moved, the oldest first."""
