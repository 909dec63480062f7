"""From a figure to the rows behind it: where a click leads, and what the ledger then says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from union_desk import indicators
from union_desk.desktop.dashboard_words import day_words
from union_desk.desktop.navigation import Route

if TYPE_CHECKING:
    from union_desk.store.behind import Asked, Behind
    from union_desk.store.units import Units
    from union_desk.taskpack.definition import Indicator, TaskPack

SIDES = {"n": "分子", "d": "分母"}


def route(pack: TaskPack, asked: Asked) -> Route:
    """Return where the rows behind a figure are shown: in their ledger, or as owed filings."""
    from union_desk.desktop.ledger_view import Wanted
    from union_desk.store.behind import term_of

    form = pack.forms.get(term_of(pack.indicators[asked.indicator], asked).form)
    if form is None:
        return Route("owed", filter=asked)
    name = form.detail_of or form.id
    return Route("ledger", form=name, filter=Wanted(name, behind=asked))


def words(indicator: Indicator, found: Behind, units: Units) -> str:
    """Return which figure the rows are behind, how many they are and what they come to."""
    asked = found.asked
    side = SIDES[asked.side] if indicator.denominator else ""
    whose = units.name(asked.unit or units.own)
    figure = indicators.amount(found.figure, money=indicator.money)
    measure = indicator.measure if not indicator.denominator else ""
    told = f"计入“{indicator.title}”{side}的 {found.count:,} 条，合计 {figure} {measure}".rstrip()
    until = f"（{whose}，截至 {day_words(asked.as_of)}）" if asked.as_of else f"（{whose}）"
    return f"{told}{until}。"


def others(pack: TaskPack, asked: Asked) -> list[tuple[str, Asked]]:
    """Return title and figure of the other sides and terms of the indicator."""
    from union_desk.store.behind import sides, term_of

    indicator = pack.indicators[asked.indicator]
    found = []
    for side, place in sides(indicator):
        other = replace(asked, side=side, place=place)
        if other == asked:
            continue
        form = pack.forms.get(term_of(indicator, other).form)
        if indicator.denominator:
            title = f"看{SIDES[side]}"
        else:
            title = f"看《{form.title}》部分" if form else "看另一部分"
        found.append((title, other))
    return found
