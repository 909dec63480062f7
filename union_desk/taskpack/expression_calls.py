"""What the functions of the check language do with values that are there."""

from __future__ import annotations

from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any

from union_desk.taskpack import dates
from union_desk.taskpack import identity_numbers as numbers
from union_desk.taskpack.period import Period
from union_desk.taskpack.typed_text import fold

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_WHOLE = 2**63
"""Beyond this a whole number becomes a float, as in SQL."""
HALF = 0.5000001
"""A half, and a little: what a division left just below a half still rounds up."""


def half_up(value: float, places: int) -> float | None:
    """Round half away from zero by the four steps that the SQL reading takes as well."""
    scale = 10.0**places
    steps = abs(value) * scale + HALF
    if not steps < LARGEST_WHOLE:
        return value if isfinite(value) else None
    return (-1.0 if value < 0 else 1.0) * int(steps) / scale


def who(person_id: str | None, name: str | None, birth: str | None) -> str | None:
    """Return what a person is counted by: the ID number, else the folded name and birth date."""
    if person_id is not None:
        return person_id
    return None if name is None else f"{fold(name)}|{birth or ''}"


@lru_cache(maxsize=512)
def day_of(period: object, bound: str) -> str | None:
    """Return the first or last day of a period id, None where it is none."""
    try:
        found = Period.parse(str(period))
    except ValueError:
        return None
    return found.first_day if bound == "first" else found.last_day


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "round": half_up,
    "length": len,
    "year": lambda day: int(day[:4]),
    "days": lambda first, last: dates.ordinal(last) - dates.ordinal(first),
    "age": dates.completed_years,
    "has": lambda chosen, code: f";{code};" in f";{chosen};",
    "id_birth": lambda pid: numbers.birth_date(pid) if len(pid) == 18 else None,
    "id_gender": lambda pid: numbers.gender(pid) if len(pid) == 18 else None,
}
"""Functions that are empty where any argument is, by name."""
