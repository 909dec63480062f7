"""The tables of 趋势与对照 as rows of words: on the page and as sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk import indicators
from union_desk.desktop.dashboard_words import day_words
from union_desk.desktop.progress_list import sentence
from union_desk.desktop.row_table import Column, Row
from union_desk.store.analysis import UnitFigure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.store.analysis import Analysis, Month

MONTHS = (
    Column("月份", 110), Column("数据截至", 115), Column("本月", 90, 1, right=True),
    Column("累计", 100, 1, right=True), Column("分子", 90, 1, right=True),
    Column("分母", 90, 1, right=True), Column("", 200, 1),
)  # fmt: skip
UNITS = (
    Column("位次", 60, right=True), Column("单位", 190, 2), Column("年度目标", 95, 1, right=True),
    Column("完成（分子）", 110, 1, right=True), Column("分母", 80, 1, right=True),
    Column("%", 70, right=True), Column("差额", 120, 1, right=True),
    Column("已报/应报", 95, right=True),
)  # fmt: skip
NONE = indicators.NO_VALUE
UNDIVIDED = "未分解"


def sentence_of(found: Analysis) -> str:
    """Return figure, target and gap with the day of the data and 应报/已报."""
    return (
        f"{sentence(found.now)}。数据截至 {day_words(found.now.as_of)}，"
        f"应报 {found.owed:,} 张次，已报 {found.there:,} 张次。"
    )


def forecast_words(found: Analysis) -> str:
    """Return what the year will come to and by which method; "" where nothing can be said."""
    now = found.now
    value = indicators.forecast(now, flow=found.indicator.basis == "flow")
    if value is None:
        return ""
    told = f"{indicators.amount(value, money=now.money)} {now.measure}".rstrip()
    words = f"预计全年 {told}（{indicators.FORECAST}）"
    if now.target:
        enough = "可以" if value >= now.target else "不能"
        words += f"，按这个进度{enough}完成年度目标"
    return f"{words}。"


def month_rows(found: Analysis) -> list[Row]:
    """Return the rows of the months."""
    return [Row(_month(found, month)) for month in found.months]


def _month(found: Analysis, month: Month) -> tuple[str, ...]:
    total, money = month.total, found.now.money
    told = NONE if total is None else indicators.figure(total)
    added = NONE if month.added is None else indicators.amount(month.added, money=money)
    rate = total is not None and total.denominator is not None
    sides = (NONE, NONE)
    if total is not None and rate:
        sides = (f"{total.numerator:,}", f"{total.denominator:,}")
    said = "结账时存下" if month.kept else "当月没有存下" if total is None else ""
    if month.corrected is not None:
        said = f"结账后更正为 {indicators.figure(month.corrected)}"
    return (month.title, month.as_of, added, told, *sides, said)


def places(found: Analysis) -> Mapping[str, int]:
    """Return the place of each unit: by share of the target, by value of a rate.

    Where a target is not divided yet nobody has a place: large units would lead by their size.
    """
    scores = {unit.code: indicators.score(unit.now) for unit in found.units}
    if found.now.target is None and not any(score is not None for score in scores.values()):
        scores = {unit.code: unit.now.value for unit in found.units}
    return indicators.places(scores)


def in_order(found: Analysis) -> Sequence[UnitFigure]:
    """Return the units by their places, those without one last."""
    ranked = places(found)
    last = len(found.units) + 1
    return sorted(found.units, key=lambda unit: (ranked.get(unit.code, last), unit.code))


def unit_rows(found: Analysis) -> list[Row]:
    """Return the rows of the units, ranked, and the whole at the end, worked out anew."""
    ranked = places(found)
    rows = [Row(_unit(unit, ranked.get(unit.code))) for unit in in_order(found)]
    whole = UnitFigure(found.unit, "合计（全部记录）", found.now, found.owed, found.there)
    return [*rows, Row(_unit(whole, None))] if rows else []


def _unit(unit: UnitFigure, place: int | None) -> tuple[str, ...]:
    now = unit.now
    whole = indicators.amount(now.numerator, money=now.money) if now.rate else ""
    base = f"{now.denominator:,}" if now.denominator is not None else NONE
    share = indicators.figure(now) if now.rate else NONE
    if now.done is not None:
        share = f"{now.done:.0f}%"
    target = UNDIVIDED if now.target is None else indicators.target_figure(now)
    return (
        NONE if place is None else str(place), unit.name, target,
        whole or indicators.figure(now), base, share, indicators.gap_words(now) or NONE,
        f"{unit.there}/{unit.owed}",
    )  # fmt: skip


def gathered(found: Analysis) -> str:
    """Return 原因 and 措施 of the units below, one line each."""
    lines = [
        f"{note.name}　原因：{note.reason or '没有写'}　措施：{note.measure or '没有写'}"
        for note in found.notes
        if note.unit != found.unit
    ]
    return "\n".join(lines)


def sheets(found: Analysis) -> dict[str, tuple[list[str], list[tuple[str, ...]]]]:
    """Return the tables as sheets of a workbook."""
    notes: list[tuple[str, ...]] = [(note.name, note.reason, note.measure) for note in found.notes]
    return {
        "逐月": ([one.title or "说明" for one in MONTHS], [row.cells for row in month_rows(found)]),
        "各单位": ([one.title for one in UNITS], [row.cells for row in unit_rows(found)]),
        "原因与措施": (["单位", "原因", "措施"], notes),
    }
