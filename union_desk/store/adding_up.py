"""Whether figures of units right below equal the sum over the units that each of them consists of.

A figure of a unit is asked for as a whole, by the codes below it; here every single unit's share
is asked for instead, in one pass, and added up by the directory. What is counted once however
often it occurs (persons, enterprises) does not add up and is told as such.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.indicators import amount
from union_desk.store import rollup
from union_desk.store import units as directory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from union_desk.indicators import Number
    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import Indicator

    Sides = tuple[Number, Number | None]


@dataclass(frozen=True, slots=True)
class Sum:
    """One indicator: the whole, what the units right below come to, what no one of them has."""

    indicator: Indicator
    whole: Sides
    below: Mapping[str, Sides]
    """By unit right below: its figure, asked for as a whole."""
    added: Mapping[str, Sides]
    """By unit right below: the sum over its units."""
    rest: Sides
    """Rows of the own unit, and of units that stand below none of them."""
    several: bool = False
    """Offices have entered the same number: the whole counts it once."""

    @property
    def distinct(self) -> bool:
        """Whether something counts once only, so that parts need not add up to the whole."""
        return self.several or self.indicator.roll_up == "recount_distinct"

    @property
    def wrong(self) -> tuple[str, ...]:
        """Units whose figure is not the sum over their units."""
        if self.distinct:
            return ()
        return tuple(code for code, figure in self.below.items() if figure != self.added[code])

    @property
    def whole_holds(self) -> bool:
        """Whether the whole is the sum of all parts and the rest."""
        return self.distinct or self.whole == _sum([*self.below.values(), self.rest])

    @property
    def repeated(self) -> Number:
        """What several parts have and the whole counts once; 0 where nothing is told apart."""
        if not self.distinct:
            return 0
        parts = _sum([*self.below.values(), self.rest])
        more = [parts[0] - self.whole[0]]
        if parts[1] is not None and self.whole[1] is not None:
            more.append(parts[1] - self.whole[1])
        return max(more)


def check(
    connection: Connection, store: Store, as_of: str, names: Iterable[str], unit: str = ""
) -> tuple[Sum, ...]:
    """Return the sums of indicators of a unit and those right below it at `as_of`.

    Those over expected filings are left out: they are in no table.
    """
    units = directory.of_store(connection, store)
    run = rollup.Run(connection, store, units, min(as_of, store.pack.year_to))
    head = unit or store.unit
    parts = {entry.code: units.subtree(entry.code) for entry in units.children.get(head, ())}
    return tuple(
        _check(run, store.pack.indicators[name], head, parts)
        for name in names
        if all(term.form != rollup.FILING for term in store.pack.indicators[name].numerator)
    )


def _check(
    run: rollup.Run, indicator: Indicator, head: str, parts: Mapping[str, frozenset[str]]
) -> Sum:
    whole = run.one(indicator, head)
    below = {code: run.one(indicator, code) for code in parts}
    single = run.by_unit(indicator, head)
    added = {
        code: _sum(single[unit] for unit in inside if unit in single)
        for code, inside in parts.items()
    }
    covered = frozenset().union(*parts.values())
    if indicator.denominator:
        added = {code: (n, d or 0) for code, (n, d) in added.items()}
    rest = _sum(sides for unit, sides in single.items() if unit not in covered)
    if indicator.denominator:
        rest = (rest[0], rest[1] or 0)
    return Sum(
        indicator,
        (whole.numerator, whole.denominator),
        {code: (item.numerator, item.denominator) for code, item in below.items()},
        added,
        rest,
        any(
            run.left_out(term.form, head) for term in (*indicator.numerator, *indicator.denominator)
        ),
    )


def _sum(sides: Iterable[Sides]) -> Sides:
    found: dict[str, Number] = defaultdict(int)
    rate = False
    for numerator, denominator in sides:
        found["n"] += numerator
        if denominator is not None:
            rate = True
            found["d"] += denominator
    return found["n"], found["d"] if rate else None


def words(sums: Iterable[Sum], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return what the check found, in sentences for the foot of a table.

    :param names: of units, by code.
    """
    found = list(sums)
    if not found:
        return ()
    told = [
        f"“{item.indicator.title}”{names.get(code, code)}的数与所辖各单位相加不等，请核对。"
        for item in found
        for code in item.wrong
    ]
    told += [
        f"“{item.indicator.title}”的合计与各单位相加不等，请核对。"
        for item in found
        if not item.whole_holds
    ]
    if not told:
        told.append(
            "核对：各单位的数等于所辖各单位相加，合计等于各单位与本级相加；去重的项不相加。"
        )
    rest = [_figure(item, item.rest[0]) for item in found if item.rest[0] and not item.distinct]
    if rest:
        told.append(f"合计中本级和未归属单位的：{'、'.join(rest)}。")
    repeated = [_figure(item, item.repeated) for item in found if item.repeated]
    if repeated:
        told.append(f"几个单位都有、合计只计一次的：{'、'.join(repeated)}。")
    return tuple(told)


def _figure(item: Sum, number: Number) -> str:
    return f"{item.indicator.title} {amount(number, money=item.indicator.money)}"
