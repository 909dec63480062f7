"""Progress against the targets: totals in, value, gap, pace and tone out.

Percentages are never averaged: a rate carries numerator and denominator as two numbers and is
divided here, last; over 0 it has no value. Rates round to 0.1, half up, only where they are
shown. Money is whole fen inside, yuan where it is shown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.taskpack.definition import Indicator, TaskPack

Number = int | float
Tone = Literal["ok", "primary", "warn", "err", "none"]

NO_VALUE = "—"
SLACK = 0.02
"""A count may trail the year by two points and still be in step."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What the store adds up for an indicator; `denominator` is None where there is none."""

    numerator: Number
    denominator: Number | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One line of an indicator that is broken down by a code list; code "" = not filled in."""

    code: str
    label: str
    numerator: Number
    denominator: Number | None
    value: Number | None


@dataclass(frozen=True, slots=True)
class Progress:
    """An indicator of one unit at one date.

    `value`, `numerator`, `target`, `gap` are in the indicator's measure (fen for money, percent
    for rates). `gap` is what is missing, 0 once the target is reached, None without a target or
    a value. `pace` is the share of the year gone at `as_of`, in percent.
    """

    id: str
    title: str
    area: str
    measure: str
    unit: str
    as_of: str
    value: Number | None
    numerator: Number
    denominator: Number | None
    target: float | None
    operator: str
    gap: float | None
    pace: float
    scale: int = 1
    money: bool = False
    by: tuple[Part, ...] = ()

    @property
    def rate(self) -> bool:
        """Whether the value is a quotient."""
        return self.denominator is not None

    @property
    def reached(self) -> bool:
        """Whether there is a target and the value meets it."""
        return self.gap == 0

    @property
    def done(self) -> float | None:
        """Share of the target reached, in percent; rates and indicators without target: None."""
        if self.rate or self.value is None or not self.target or self.operator != ">=":
            return None
        return 100 * self.value / self.target

    def to_json(self) -> dict[str, object]:
        """Return the figures as the command line prints them: money in yuan as text."""
        return {
            "id": self.id, "title": self.title, "measure": self.measure, "unit": self.unit,
            "as_of": self.as_of, "value": self._plain(self.value),
            "numerator": self._plain(self.numerator), "denominator": self.denominator,
            "target": self._plain(self.target), "gap": self._plain(self.gap), "pace": self.pace,
            "by": [
                {"code": part.code, "label": part.label, "value": self._plain(part.value),
                 "numerator": self._plain(part.numerator), "denominator": part.denominator}
                for part in self.by
            ],
        }  # fmt: skip

    def _plain(self, number: Number | None) -> Number | str | None:
        if number is None or not self.money:
            return number
        return f"{rounded(Decimal(str(number)) / 100, 2)}"


def progress(
    indicator: Indicator,
    totals: Totals,
    *,
    pack: TaskPack,
    unit: str,
    as_of: str,
    target: float | None,
    by: tuple[tuple[str, str, Totals], ...] = (),
) -> Progress:
    """Return the progress of `unit` at `as_of`.

    :param target: in the measure of the indicator (see :func:`target_for`), None where none holds.
    :param by: (code, label, totals) of each line of the break-down.
    """
    value = value_of(indicator, totals)
    operator = indicator.target.operator if indicator.target else ">="
    return Progress(
        id=indicator.id, title=indicator.title, area=indicator.area, measure=indicator.measure,
        unit=unit, as_of=as_of, value=value, numerator=totals.numerator,
        denominator=totals.denominator, target=target, operator=operator,
        gap=_gap(value, target, operator), pace=elapsed(pack, as_of), scale=indicator.scale,
        money=indicator.money,
        by=tuple(
            Part(code, label, part.numerator, part.denominator, value_of(indicator, part))
            for code, label, part in by
        ),
    )  # fmt: skip


def value_of(indicator: Indicator, totals: Totals) -> Number | None:
    """Return scale x numerator / denominator; None over 0."""
    if totals.denominator is None:
        return indicator.scale * totals.numerator
    if not totals.denominator:
        return None
    return indicator.scale * totals.numerator / totals.denominator


def target_for(indicator: Indicator, *, root: bool, share: float | None) -> float | None:
    """Return the target that holds for a unit, in the indicator's measure (fen for money).

    The package's targets belong to the root of the tree. A rate is not divided among units, so
    it holds for each; a count holds below the root only as the share the root has set.

    :param root: whether the unit is the root of the organisation tree.
    :param share: the unit's share of the year, in the measure as people write it.
    """
    if share is None:
        if indicator.target is None or not (root or indicator.denominator):
            return None
        share = indicator.target.value
    return share * 100 if indicator.money else share


def elapsed(pack: TaskPack, as_of: str) -> float:
    """Return the share of the package's year gone at the end of `as_of`, in percent."""
    first, last, day = (date.fromisoformat(text) for text in (pack.year_from, pack.year_to, as_of))
    days = (last - first).days + 1
    return 100 * min(max((day - first).days + 1, 0), days) / days


FORECAST = "按年初至数据截至日的平均进度推算"
"""The method of :func:`forecast`, in words that stand beside it."""


def forecast(item: Progress, *, flow: bool) -> Number | None:
    """Return what a count will come to at the end of the year, should it go on as so far.

    The value divided by the share of the year gone. A rate and a state of affairs do not grow by
    the day: they have no forecast.

    :param flow: the indicator adds what happened in the year.
    """
    if not flow or item.rate or item.value is None or not item.pace:
        return None
    return round(item.value * 100 / item.pace)


def places(scores: Mapping[str, float | None]) -> dict[str, int]:
    """Return the place of each that has a score, the highest first, equal ones sharing it."""
    known = {key: score for key, score in scores.items() if score is not None}
    above = Counter(known.values())
    return {
        key: 1 + sum(count for other, count in above.items() if other > score)
        for key, score in known.items()
    }


def score(item: Progress | None) -> float | None:
    """Return what units are ranked by: the value of a rate, a count's share of its target."""
    if item is None or item.value is None:
        return None
    return float(item.value) if item.rate else item.done


def tone(item: Progress) -> Tone:
    """Return the colour token of the bar: never the only signal, the words stand beside it."""
    if item.target is None or item.value is None:
        return "none"
    if item.reached:
        return "ok"
    if item.done is None:
        return "primary" if _near(item, 0.9) else "warn"
    if item.done >= item.pace - 100 * SLACK:
        return "primary"
    return "warn" if item.done >= 0.75 * item.pace else "err"


def gap_words(item: Progress) -> str:
    """Return what is missing in words: 还差 58 个, 差 3.6 个百分点, 已完成; "" without a target."""
    if item.target is None:
        return ""
    if item.gap is None:
        return NO_VALUE
    if item.reached:
        return "已达标" if item.rate else "已完成"
    above = item.operator == "<="
    if item.rate:
        points = rounded(_decimal(item.gap), 1)
        words = f" {points} 个百分点" if points else "不到 0.1 个百分点"
        return f"超出{words}" if above else f"差{words}"
    return f"{'超出' if above else '还差'} {amount(item.gap, money=item.money)} {item.measure}"


def figure(item: Progress) -> str:
    """Return the value for people: 2,310 or 86.4 or 31,500.00; — where there is none."""
    if item.value is None:
        return NO_VALUE
    if item.denominator is not None:
        exact = _decimal(item.numerator) / _decimal(item.denominator)
        return f"{rounded(exact * item.scale, 1):,}"
    return amount(item.value, money=item.money)


def target_figure(item: Progress) -> str:
    """Return the target for people; — where there is none."""
    return NO_VALUE if item.target is None else amount(item.target, money=item.money)


def rounded(number: Decimal, places: int) -> Decimal:
    """Return `number` rounded half up, away from zero on a tie."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _gap(value: Number | None, target: float | None, operator: str) -> float | None:
    if value is None or target is None:
        return None
    missing = value - target if operator == "<=" else target - value
    return max(missing, 0)


def _near(item: Progress, share: float) -> bool:
    if item.value is None or item.target is None:
        return False
    if item.operator == "<=":
        return item.value * share <= item.target
    return item.value >= share * item.target


def _decimal(number: Number) -> Decimal:
    return Decimal(str(number))


def amount(number: Number, *, money: bool) -> str:
    """Return a figure for people: money in yuan with two decimals, else as many as it has."""
    if money:
        return f"{rounded(_decimal(number) / 100, 2):,}"
    exact = _decimal(number)
    return f"{int(exact):,}" if exact == exact.to_integral_value() else f"{exact.normalize():,f}"
