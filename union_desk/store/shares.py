"""目标分解: the year's targets of an office, split over the units right below it.

A share is a row of table ``target_share``; the newest of indicator, unit and year holds. The
package's targets belong to the root of the tree; what an office below has to reach is the share
that the office above gave it. Rates are not split: they hold for each unit as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.errors import InputError
from union_desk.store import intake, records, rollup, years
from union_desk.store import units as directory
from union_desk.store.visible import counts
from union_desk.taskpack.record import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import Indicator

FORM = "target_share"
Shares = Mapping[str, float]
"""Share by unit, in the indicator's measure (yuan for money)."""


@dataclass(frozen=True, slots=True)
class Split:
    """One target and how it is divided, in the indicator's measure (yuan for money)."""

    indicator: Indicator
    total: float | None
    """What the office has to reach; None: nobody has said."""
    given: Shares
    documents: Mapping[str, str]
    """文号 by unit, of the shares that name one."""

    @property
    def divided(self) -> float:
        """What is given to units already."""
        return float(sum(map(exact, self.given.values())))

    @property
    def rest(self) -> float | None:
        """What is not divided yet; below zero: more was given than is to be reached."""
        return None if self.total is None else float(exact(self.total) - exact(self.divided))


@dataclass(frozen=True, slots=True)
class Base:
    """Figures by which a target can be split: 职工数, 企业数, what was done so far."""

    title: str
    weights: Mapping[str, float]


def exact(number: float) -> Decimal:
    """Return a figure as people write it."""
    return Decimal(str(number))


def receivers(connection: Connection, store: Store) -> tuple[directory.UnitEntry, ...]:
    """Return the units right below the office that are at work, in order of their codes."""
    units = directory.of_store(connection, store)
    first, last = store.pack.year_from, store.pack.year_to
    return tuple(
        entry
        for entry in units.children.get(store.unit, ())
        if (entry.active_from or first) <= last and (entry.active_to or last) >= first
    )


def splits(connection: Connection, store: Store) -> tuple[Split, ...]:
    """Return the targets of this office that can be divided, in the package's order."""
    table = store.tables.form[FORM]
    statement: sa.Select[Any] = (
        sa.select(table.c.indicator, table.c.unit, table.c.value, table.c.doc_no)
        .where(counts(table), table.c.year == store.pack.year)
        .order_by(table.c.updated_at, table.c.uid)
    )
    held: dict[str, dict[str, float]] = {}
    papers: dict[str, dict[str, str]] = {}
    for indicator, unit, value, document in connection.execute(statement):
        held.setdefault(indicator, {})[unit] = value
        papers.setdefault(indicator, {})[unit] = document or ""
    below = {entry.code for entry in receivers(connection, store)}
    root = directory.of_store(connection, store).root == store.unit
    found = []
    for item in store.pack.indicators.values():
        shares = held.get(item.id, {})
        total = shares.get(store.unit)
        if total is None and root and item.target is not None:
            total = item.target.value
        if item.denominator or (total is None and (item.target is None or root)):
            continue
        given = {unit: value for unit, value in shares.items() if unit in below}
        found.append(Split(item, total, given, papers.get(item.id, {})))
    return tuple(found)


def bases(connection: Connection, store: Store, as_of: str, split: Split) -> tuple[Base, ...]:
    """Return what `split` can be divided by: figures of the units as they stand at `as_of`.

    A unit that came later has no figures of that day: it counts nothing.
    """
    then = directory.of_store(connection, store, as_of).by_code
    codes = [entry.code for entry in receivers(connection, store) if entry.code in then]
    figures = rollup.progress_of_units(connection, store, as_of, codes)
    named = [item for item in store.pack.indicators.values() if item.base]
    weights: dict[str, dict[str, float]] = {"已完成数": {}}
    weights.update((item.base, {}) for item in named)
    for code, found in figures.items():
        by_id = {item.id: item for item in found}
        weights["已完成数"][code] = float(by_id[split.indicator.id].value or 0)
        for item in named:
            weights[item.base][code] = float(by_id[item.id].denominator or 0)
    older = years.before(store)
    if older is not None and split.indicator.id in older.indicators:
        there = directory.of_store(connection, store, older.year_to).by_code
        last = rollup.progress_of_one(
            connection, years.view(store, older.id), older.year_to, split.indicator.id,
            [code for code in codes if code in there],
        )  # fmt: skip
        weights["上年完成数"] = {code: float(item.value or 0) for code, item in last.items()}
    return tuple(Base(title, found) for title, found in weights.items() if any(found.values()))


def divided(split: Split, units: Sequence[str], weights: Mapping[str, float] | None) -> Shares:
    """Return the total divided over `units`, to the last one: evenly, or by weights.

    Whole numbers stay whole, money is cut at the fen; what rounding leaves goes to the units
    that lost most by it, in their order.

    :raises InputError: I441, nothing to divide, or nothing to divide by.
    """
    shares = {unit: exact((weights or {}).get(unit, 0.0 if weights else 1.0)) for unit in units}
    whole = sum(shares.values())
    if split.total is None or not whole:
        raise InputError(
            "I441",
            f"“{split.indicator.title}”现在不能这样分解。",
            "请先定下本级的目标数；按基数分解时，至少要有一个单位的基数大于 0。",
        )
    step = Decimal("0.01") if split.indicator.money else _step(split.total)
    total = exact(split.total)
    ideal = {unit: total * share / whole for unit, share in shares.items()}
    floor = {unit: value.quantize(step, ROUND_FLOOR) for unit, value in ideal.items()}
    left = int((total - sum(floor.values())) / step)
    losers = sorted(units, key=lambda unit: floor[unit] - ideal[unit])
    for unit in losers[:left]:
        floor[unit] += step
    return {unit: float(value) for unit, value in floor.items()}


def _step(total: float) -> Decimal:
    """Return the smallest part of a figure that is written like `total`."""
    exponent = exact(total).normalize().as_tuple().exponent
    return Decimal(1).scaleb(min(int(exponent), 0))


def save(
    store: Store, indicator: str, values: Mapping[str, float | None], document: str, reason: str
) -> int:
    """Write shares of the year, void those set to None, and return how many changed.

    :param document: 文号 of the paper that sets them; may be empty.
    :param reason: why, where a share is changed that was sent out already.
    :raises InputError: I442, the shares were refused, with what the checks say.
    """
    header = ["indicator", "unit", "year", "value", "doc_no"]
    year = store.pack.year
    rows = [
        [indicator, unit, year, format(exact(value), "f"), document or None]
        for unit, value in values.items()
        if value is not None
    ]
    gone = _held(store, indicator, [unit for unit, value in values.items() if value is None])
    changed = 0
    if rows:
        result = intake.put(store, FORM, Table(FORM, header, rows), {}, reason=reason or None)
        if result.refused:
            told = "；".join(item.message for item in result.findings if item.level == "error")
            raise InputError("I442", f"分解数没有保存：{told}。", "请改正后再保存。")
        changed = result.added + result.updated
    if gone:
        with store.write() as transaction:
            for uid in gone:
                records.void(transaction, FORM, uid, reason or "取消分解")
    return changed + len(gone)


def _held(store: Store, indicator: str, units: Sequence[str]) -> list[str]:
    """Return the ids of this office's shares of the year that count."""
    if not units:
        return []
    table = store.tables.form[FORM]
    statement = sa.select(table.c.uid).where(
        counts(table),
        table.c.origin == store.origin,
        table.c.indicator == indicator,
        table.c.year == store.pack.year,
        table.c.unit.in_(units),
    )
    with store.read() as connection:
        return list(connection.execute(statement).scalars())
