"""Units beside each other: of every target what was to be done, what is, how far, which place.

Percentages are never averaged: the last column counts the targets reached.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from union_desk import indicators
from union_desk.reports import checkcode
from union_desk.reports.block_rows import Column, Filled, Line, wide
from union_desk.taskpack.paper_blocks import UNITS, Block

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.indicators import Progress
    from union_desk.reports.job import Job
    from union_desk.taskpack.definition import Indicator

_LAGS = frozenset({"warn", "err"})
_UNDIVIDED = "未分解"
_NONE = indicators.NO_VALUE
_TOTAL = "合　　计"
Figures = dict[str, "Progress"]


def sheets(job: Job) -> tuple[Filled, ...]:
    """Return one table for each sheet of the report."""
    source = job.source
    below = [
        (code, name, {item.id: item for item in found})
        for code, name, found in source.progress_below(source.as_of)
    ]
    whole = {item.id: item for item in source.progress(source.as_of)}
    found = []
    listed = job.body.sheets
    everything = [name for sheet in listed for name in sheet.indicators]
    for number, sheet in enumerate(listed):
        last = number == len(listed) - 1
        shown = [job.pack.indicators[name] for name in sheet.indicators]
        columns = [Column("单位", align="left")]
        for item in shown:
            columns += _heads(item)
        if last:
            columns.append(Column(f"{len(everything)}项中达标", align="center"))
        places = {
            item.id: indicators.places(
                {code: indicators.score(figures.get(item.id)) for code, _, figures in below}
            )
            for item in shown
        }
        lines = []
        for code, name, figures in below:
            texts = [wide(name)]
            for item in shown:
                texts += _texts(figures.get(item.id), places[item.id].get(code))
            if last:
                reached = sum(figures[one].reached for one in everything if one in figures)
                texts.append(str(reached))
            lines.append(Line(tuple(texts)))
        texts = [_TOTAL]
        for item in shown:
            texts += _texts(whole.get(item.id), None)
        if last:
            texts.append(str(sum(whole[one].reached for one in everything if one in whole)))
        lines.append(Line(tuple(texts), strong=True))
        block = Block(f"s{number + 1}", UNITS, "", sheet.title)
        rows: list[tuple[str, Mapping[str, Progress]]] = [
            *((code, figures) for code, _, figures in below), ("total", whole),
        ]  # fmt: skip
        found.append(Filled(block, tuple(columns), tuple(lines), tuple(_cells(shown, rows))))
    return tuple(found)


def legend(job: Job) -> list[str]:
    """Return what the marks mean."""
    names = [name for sheet in job.body.sheets for name in sheet.indicators]
    return [
        "数目按累计完成÷年度目标排位次，比率按现值排位次，相同的并列；合计不排位次，完成率不求平均。",
        "灰底“↓”为滞后：数目低于时序进度2个百分点以上，比率不到目标的九成；“↑”为已达到年度目标。",
        f"目标没有分到单位的印“{_UNDIVIDED}”，不排位次。",
        *job.source.sums_said(names),
    ]


def _heads(item: Indicator) -> list[Column]:
    target = item.target
    if not item.denominator:
        upper = f"{item.title}（{item.measure}）"
        return [Column(title, upper) for title in ("目标", "完成", "%", "位次")]
    goal = f"，目标{target.value:g}%" if target is not None else ""
    upper = f"{item.title}（%{goal}）"
    return [Column(title, upper) for title in ("分子", "分母", "%", "位次")]


def _texts(item: Progress | None, place: int | None) -> list[str]:
    if item is None:
        return [_NONE] * 4
    rank = _NONE if place is None else str(place)
    mark = "↑" if item.reached else "↓" if indicators.tone(item) in _LAGS else ""
    if item.rate:
        value = indicators.figure(item)
        return [
            f"{item.numerator:,.0f}", f"{item.denominator or 0:,.0f}",
            value + mark if item.value is not None else value, rank,
        ]  # fmt: skip
    if item.target is None:
        return [_UNDIVIDED, indicators.figure(item), _NONE, _NONE]
    done = item.done
    share = _NONE if done is None else f"{indicators.rounded(Decimal(str(done)), 1):,}{mark}"
    return [indicators.target_figure(item), indicators.figure(item), share, rank]


def _cells(
    shown: Sequence[Indicator], rows: Sequence[tuple[str, Mapping[str, Progress]]]
) -> list[str]:
    found = []
    for code, figures in rows:
        for item in shown:
            now = figures.get(item.id)
            if now is not None:
                row = f"{code}|{item.id}"
                found.append(checkcode.cell(row, "target", now.target))
                found.append(checkcode.cell(row, "numerator", now.numerator))
                found.append(checkcode.cell(row, "denominator", now.denominator))
    return found
