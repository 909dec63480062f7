"""The functions of the check language over columns: same answer as over one row's values.

What a function means is said in :mod:`union_desk.taskpack.expression_tree`. Dates are ISO text, so
their parts are cut out; nothing here differs between databases but what :mod:`.dialect` spells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.store.dialect import contains, days_between, folded, truncated
from union_desk.taskpack.expression_calls import HALF

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.sql import ColumnElement

    Column = ColumnElement[Any]

SEPARATOR = "|"
_ID_LENGTH = 18
_LARGEST_WHOLE = 2.0**63
_DAYS = "312831303130313130313031"
"""Days of the twelve months, two digits each, of a year that is no leap year."""


def whole(text: Column) -> Column:
    """Return a text of digits as a number."""
    return sa.cast(text, sa.Integer)


def exact(number: Column) -> Column:
    """Return a number as one with a fractional part: dividing it loses nothing."""
    return sa.cast(number, sa.Double)


def yuan(fen: Column) -> Column:
    """Return an amount of fen in yuan."""
    return exact(fen) / sa.literal(100.0, sa.Double)


def year(day: Column) -> Column:
    """Return the year of a date."""
    return whole(sa.func.substr(day, 1, 4))


def age(birth: Column, on: Column) -> Column:
    """Return the completed years from one date to another."""
    early = sa.func.substr(on, 6, 5) < sa.func.substr(birth, 6, 5)
    return year(on) - year(birth) - sa.case((early, 1), else_=0)


def id_birth(number: Column) -> Column:
    """Return the birth date in an ID number of 18 characters."""
    cut = sa.func.substr
    day = cut(number, 7, 4) + "-" + cut(number, 11, 2) + "-" + cut(number, 13, 2)
    return sa.case((sa.func.length(number) == _ID_LENGTH, day))


def id_gender(number: Column) -> Column:
    """Return ``'1'`` for an odd sequence digit, ``'2'`` for an even one."""
    odd = whole(sa.func.substr(number, 17, 1)) % 2 == 1
    return sa.case((sa.func.length(number) == _ID_LENGTH, sa.case((odd, "1"), else_="2")))


def who(number: Column, name: Column, birth: Column) -> Column:
    """Return the ID number; where empty, the folded name and the birth date."""
    return sa.func.coalesce(number, folded(name) + SEPARATOR + sa.func.coalesce(birth, ""))


def rounded(number: Column, places: int) -> Column:
    """Return a number rounded half away from zero to `places`, by the closure's own steps."""
    scale = 10.0**places
    steps = sa.func.abs(exact(number)) * scale + HALF
    sign = sa.case((number < 0, -1.0), else_=1.0)
    return sa.case((steps < _LARGEST_WHOLE, sign * truncated(steps) / scale), else_=exact(number))


def has(codes: Column, code: str) -> Column:
    """Return whether a code is among several joined by ``;``."""
    return contains(sa.literal(";") + codes + sa.literal(";"), sa.literal(f";{code};"))


def first_day(period: Column) -> Column:
    """Return the first day of a period id such as ``2012M08``, ``2012Q3``, ``2012Y``."""
    kind, number = _period_parts(period)
    month = sa.case((kind == "M", number), (kind == "Q", number * 3 - 2), else_=1)
    return sa.func.substr(period, 1, 4) + "-" + _two_digits(month) + "-01"


def last_day(period: Column) -> Column:
    """Return the last day of a period id."""
    kind, number = _period_parts(period)
    month = sa.case((kind == "M", number), (kind == "Q", number * 3), else_=12)
    century = sa.func.substr(period, 1, 4)
    leap = sa.and_(
        month == 2,
        whole(century) % 4 == 0,
        sa.or_(whole(century) % 100 != 0, whole(century) % 400 == 0),
    )
    days = sa.case((leap, "29"), else_=sa.func.substr(_DAYS, month * 2 - 1, 2))
    return century + "-" + _two_digits(month) + "-" + days


def _period_parts(period: Column) -> tuple[Column, Column]:
    return sa.func.substr(period, 5, 1), whole(sa.func.nullif(sa.func.substr(period, 6), ""))


def _two_digits(number: Column) -> Column:
    return sa.func.substr("010203040506070809101112", number * 2 - 1, 2)


CALLS: Mapping[str, Callable[..., Column]] = {
    "nz": lambda number: sa.func.coalesce(number, 0),
    "abs": sa.func.abs,
    "length": sa.func.length,
    "year": year,
    "days": days_between,
    "age": age,
    "id_birth": id_birth,
    "id_gender": id_gender,
    "who": who,
}
"""Functions whose arguments are values; ``empty filled round has`` look at their arguments."""
