"""The report on the targets: every indicator by work area, against the year and its pace."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from union_desk import indicators
from union_desk.reports import chart, checkcode, fonts, grid, head, notes, signing, values
from union_desk.reports.content import Content, Pair, Prose, Text
from union_desk.reports.fields import WIDTH
from union_desk.reports.geometry import DOUBLE_ROW, FOOT, MM, ROW
from union_desk.reports.page import Paper
from union_desk.taskpack.period import containing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from union_desk.indicators import Progress
    from union_desk.reports.furniture import Furniture
    from union_desk.reports.geometry import Trace
    from union_desk.reports.job import Job, Told
    from union_desk.taskpack.definition import WorkArea
    from union_desk.taskpack.period import Period

_HEADS = ("序号", "指标名称", "单位", "年度目标", "本期", "累计", "完成%", "时序\n进度%", "差额")
_WIDTHS = tuple(width * MM for width in (10, 44, 12, 19, 17, 23, 15, 12, 18))
_NUMERALS = "一二三四五六七八九十"
_MOST_BARS_BELOW = 14
_LAGS = frozenset({"warn", "err"})
_NONE = indicators.NO_VALUE


def plan(job: Job) -> Targets:
    """Return the targets report of the job's unit."""
    return Targets(job)


@dataclass(frozen=True)
class Line:
    """One indicator: as it stands, and what the period added (None: does not apply)."""

    now: Progress
    added: Progress | None

    @property
    def lags(self) -> bool:
        """Whether it trails the year."""
        return indicators.tone(self.now) in _LAGS


@dataclass(frozen=True)
class Targets:
    """Indicators by area, a chart of the counts, notes, signatures."""

    job: Job

    @cached_property
    def period(self) -> Period:
        """The period of the paper; without one the month of the data."""
        source = self.job.source
        return source.period or containing("month", source.as_of)

    @cached_property
    def lines(self) -> dict[str, list[Line]]:
        """Indicators by area id, in the order of the package."""
        source, pack = self.job.source, self.job.pack
        day_before = date.fromisoformat(self.period.first_day) - timedelta(days=1)
        before = {}
        if day_before.isoformat() >= pack.year_from:
            before = {item.id: item for item in source.progress(day_before.isoformat())}
        found: dict[str, list[Line]] = {}
        for now in source.progress(source.as_of):
            flows = pack.indicators[now.id].basis == "flow" and not now.rate
            line = Line(now, _added(now, before.get(now.id)) if flows else None)
            found.setdefault(now.area, []).append(line)
        return found

    @cached_property
    def said(self) -> notes.Said:
        """Why warnings of the rows behind the figures were passed."""
        return notes.Said.of(self.job)

    @property
    def areas(self) -> list[WorkArea]:
        """Areas that have indicators, those that the package does not number last."""
        found = [area for area in self.job.pack.areas if area.id in self.lines]
        return sorted(found, key=lambda area: not _numeral(area))

    @property
    def cells(self) -> Iterator[str]:
        """Digest lines: what each figure was worked out from."""
        source = self.job.source
        yield from checkcode.as_of_cells(source.as_of, *source.reported())
        for area in self.areas:
            for line in self.lines[area.id]:
                now = line.now
                yield checkcode.cell(now.id, "target", now.target)
                yield checkcode.cell(now.id, "numerator", now.numerator)
                yield checkcode.cell(now.id, "denominator", now.denominator)
                if line.added is not None:
                    yield checkcode.cell(now.id, "period", line.added.value)
                for column, text in zip(("reason", "measure"), self._note(line), strict=True):
                    if text:
                        yield checkcode.cell(now.id, column, text)

    @property
    def texts(self) -> Iterator[tuple[str, str, str]]:
        """Titles and the free texts."""
        for lines in self.lines.values():
            for line in lines:
                yield line.now.title, "指标名称", line.now.title
                for label, text in zip(("原因", "措施"), self._note(line), strict=True):
                    yield line.now.title, label, text
        yield from self.said.texts

    def _note(self, line: Line) -> tuple[str, str]:
        return self.job.source.notes().get(line.now.id, ("", "")) if line.lags else ("", "")

    def rows(self) -> list[grid.Part]:
        """Return the rows of the table."""
        rows: list[grid.Part] = []
        number = 0
        for area in self.areas:
            rows.append(grid.band(_numeral(area) + area.title, WIDTH))
            for line in self.lines[area.id]:
                number += 1
                reason, measure = self._note(line)
                said = "\n".join(
                    f"{label}：{values.clean(text)}"
                    for label, text in (("原因", reason), ("措施", measure))
                    if text and not self.job.public
                )
                rows.append(_row(number, line, keep=bool(said)))
                if said:
                    note = Prose.of(said, WIDTH - _WIDTHS[0], least=1, indent=0)
                    rows.append(grid.Row.of((
                        grid.Cell(0, _WIDTHS[0], Text("")),
                        grid.Cell(_WIDTHS[0], WIDTH - _WIDTHS[0], note),
                    )))  # fmt: skip
        if not rows:
            rows.append(grid.Row.of((grid.Cell(0, WIDTH, Text("本期无", align="center")),)))
        return rows

    def chart(self) -> chart.Chart | None:
        """Return the bars of the counts that have a target."""
        everything = [line.now for area in self.areas for line in self.lines[area.id]]
        bars = [
            chart.Bar(item.title, item.done, _one_place(item.done))
            for item in everything
            if item.done is not None
        ]
        if not bars:
            return None
        pace = everything[0].pace
        title = (
            "附图　各项指标累计完成率（%）"
            if len(bars) > _MOST_BARS_BELOW
            else "各项指标累计完成率（%）"
        )
        return chart.Chart(title, tuple(bars), pace, _one_place(pace), WIDTH)

    def notes(self) -> str:
        """Return the small print: day of the data, filings, formulas."""
        source, pack = self.job.source, self.job.pack
        due, done = source.reported()
        begin = values.spoken_date(pack.year_from)
        return (
            f"说明：1. 数据截至{values.spoken_date(source.as_of)}，应报{due}张、已报{done}张。"
            f"2. 累计自{begin}起；完成%＝累计÷年度目标×100；"
            "时序进度＝全年已过天数÷全年天数×100，算到数据截至日。"
            "3. 单位为“%”的指标，累计栏下行为分子/分母，差额为百分点，不算完成%。"
            "4. 灰底“↓”为滞后：数目低于时序进度2个百分点以上，比率不到目标的九成。"
        )

    def draw(
        self, furniture: Furniture, *, trace: Trace | None = None, progress: Told | None = None
    ) -> bytes:
        """Return the PDF."""
        source = self.job.source
        block = signing.Block.of(self.job.block, source.level)
        items = signing.foot_items(block, source.person, source.phone)
        parts: list[grid.Part] = self.rows()
        bars = self.chart()
        if bars is not None:
            parts.append(bars)
        parts += self.said.below(self.notes(), WIDTH, keep=not self.job.public)
        if not self.job.public:
            parts.append(signing.Foot(tuple(items), WIDTH))
        bottom = 297 * MM - FOOT
        top_row = _head_row()
        pages = grid.paginate(
            parts, bottom - head.FIRST_TOP, bottom - head.LATER_TOP, head=[top_row]
        )
        if annex := self.said.annex(WIDTH):
            pages += grid.paginate(annex, bottom - head.LATER_TOP, bottom - head.LATER_TOP)
        paper = Paper(furniture, len(pages), trace=trace)
        stamp = f"{block.stamp}{source.unit_name}"
        for number, page in enumerate(pages):
            paper.begin()
            draw_head = head.later if number else head.first
            top = draw_head(paper, stamp=stamp, period=self.period.title, measure="")
            rows = page[0] is not top_row or any(part.boxed for part in page[1:])
            shown = page if rows else page[1:]
            grid.draw(paper, shown, paper.left, top, WIDTH)
            paper.end()
            if progress is not None:
                progress(number + 1, len(pages))
        return paper.save()


def _added(now: Progress, before: Progress | None) -> Progress:
    """Return what the period added to a count: the year so far less the year before it."""
    if before is None or now.value is None or before.value is None:
        return now
    return replace(
        now, value=now.value - before.value, numerator=now.numerator - before.numerator, by=()
    )


def _numeral(area: WorkArea) -> str:
    """Return the number of an area as the notice writes it: （一）; "" for 0 and for words."""
    number = int(area.id) if area.id.isdecimal() else 0
    return f"（{_NUMERALS[number - 1]}）" if 0 < number <= len(_NUMERALS) else ""


def _head_row() -> grid.Row:
    cells = []
    x = 0.0
    for title, width in zip(_HEADS, _WIDTHS, strict=True):
        cells.append(grid.Cell(x, width, Text(title, fonts.HEAD, align="center", label=True)))
        x += width
    return grid.Row.of(cells, least=DOUBLE_ROW, keep=True)


def _row(number: int, line: Line, *, keep: bool) -> grid.Row:
    now = line.now
    mark = " ↓" if line.lags else ""
    counted = now.done is not None
    figure: Content
    if now.rate:
        fraction = f"{_whole(now.numerator)}/{_whole(now.denominator or 0)}"
        figure = Pair(indicators.figure(now) + mark, fraction)
    else:
        figure = Text(indicators.figure(now), align="right")
    contents: list[tuple[Content, bool]] = [
        (Text(str(number), align="center"), False),
        (Text(now.title), False),
        (Text(now.measure, align="center"), False),
        (Text(indicators.target_figure(now), align="right"), False),
        (Text(indicators.figure(line.added) if line.added else _NONE, align="right"), False),
        (figure, now.rate and line.lags),
        (
            Text(_one_place(now.done) + mark if counted else _NONE, align="right"),
            counted and line.lags,
        ),
        (Text(_one_place(now.pace) if counted else _NONE, align="right"), False),
        (Text(_gap(now), align="right"), False),
    ]
    cells = []
    x = 0.0
    for (content, grey), width in zip(contents, _WIDTHS, strict=True):
        cells.append(grid.Cell(x, width, content, grey))
        x += width
    return grid.Row.of(cells, least=ROW, keep=keep)


def _gap(item: Progress) -> str:
    """Return what is missing: a number, points for a rate; nothing missing says so."""
    if item.target is None or item.gap is None:
        return _NONE
    if item.reached:
        return "达标" if item.rate else "完成"
    if item.rate:
        return f"{_one_place(item.gap)}点"
    return indicators.figure(replace(item, value=item.gap, denominator=None))


def _one_place(number: float | None) -> str:
    if number is None:
        return _NONE
    return f"{indicators.rounded(Decimal(str(number)), 1):,}"


def _whole(number: float) -> str:
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,}"
