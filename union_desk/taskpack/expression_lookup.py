"""What an expression is evaluated in: dates, period, parameters, and where other rows are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from union_desk.taskpack.expression_tree import Aggregate
    from union_desk.taskpack.period import Period
    from union_desk.taskpack.record import Row, Value

_NO_VALUES: Mapping[str, Value] = MappingProxyType({})
_NO_UNITS: Mapping[str, Mapping[str, Value]] = MappingProxyType({})


class Lookup(Protocol):
    """Where the rows of other records are found."""

    def reference(self, form: str, uid: str) -> Row | None:
        """Return the row of a record, None where it is not on this machine."""

    def children(self, form: str, parent_form: str, parent_uid: str) -> Sequence[Row]:
        """Return the rows of `form` whose reference points to a row of `parent_form`."""

    def aggregate(self, node: Aggregate, outer: Row, context: Context) -> Value:
        """Return what an aggregate over another form yields for the outer row (exists: 1, 0)."""


class _Nowhere:
    """A lookup that knows no other row."""

    def reference(self, form: str, uid: str) -> Row | None:  # noqa: ARG002
        return None

    def children(self, form: str, parent_form: str, parent_uid: str) -> Sequence[Row]:  # noqa: ARG002
        return ()

    def aggregate(self, node: Aggregate, outer: Row, context: Context) -> Value:  # noqa: ARG002
        return None


NOWHERE: Lookup = _Nowhere()
"""Used where no other rows are at hand: every aggregate is unknown."""


@dataclass(frozen=True, slots=True)
class Context:
    """The run: what a row itself does not say.

    `period` is the run's working period (a sheet has its own); `params` are in the unit that
    expressions read (yuan, ISO dates); `units` are columns of the unit directory by unit code.
    """

    as_of: str
    today: str
    period: Period | None = None
    year: int = 0
    year_from: str = ""
    year_to: str = ""
    level: str = "city"
    params: Mapping[str, Value] = field(default_factory=lambda: _NO_VALUES)
    lookup: Lookup = NOWHERE
    units: Mapping[str, Mapping[str, Value]] = field(default_factory=lambda: _NO_UNITS)
    this: Row | None = None
    """Inside a quoted condition: the outer row."""

    def inside(self, outer: Row) -> Context:
        """Return the context of a condition about another form's rows, seen from `outer`."""
        return replace(self, this=outer)


def total(column: str, rows: Iterable[Row], *, money: bool) -> Value:
    """Return the sum of a column, blanks left out, money in yuan."""
    amount = sum(v for row in rows if isinstance(v := row.get(column), int | float))
    return amount / 100.0 if money else amount


def names(column: str, rows: Iterable[Row]) -> Value:
    """Return the texts of a column in the order of record ids; None where there is none."""
    ordered = sorted(rows, key=lambda row: str(row["uid"]))
    return "、".join(str(row[column]) for row in ordered if row.get(column)) or None
