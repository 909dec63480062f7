"""What a letter says: its texts with the figures put in, the same for PDF and .docx."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from union_desk import indicators
from union_desk.reports import block_rows, checkcode, marks, notes, signing, values
from union_desk.reports.block_rows import Column, Filled, Line, wide
from union_desk.taskpack.paper_blocks import LIST, UNITS, Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from union_desk.indicators import Progress
    from union_desk.reports.job import Job
    from union_desk.taskpack.paper_blocks import Letter, Passage
    from union_desk.taskpack.period import Period

_LAGS = frozenset({"warn", "err"})
_NUMERALS = "一二三四五六七八九十"
_NO_DAY = "　　　　年　　月　　日"


@dataclass(frozen=True, slots=True)
class Said:
    """A paragraph: ``text``, ``first`` (一、), ``second`` (（一）), or a table."""

    kind: str
    text: str = ""
    table: Filled | None = None


@dataclass(frozen=True)
class Composed:
    """A whole letter but for its day."""

    title: tuple[str, ...]
    addressee: str
    body: tuple[Said, ...]
    attachment: str
    sender: str
    signed: tuple[str, ...]
    """Places to sign above the sender (经办人, 审核人)."""

    @property
    def cells(self) -> Iterator[str]:
        """Digest lines: every paragraph and every figure of the tables."""
        for number, line in enumerate((*self.title, self.addressee, self.attachment)):
            yield checkcode.cell(f"h{number}", "text", line)
        for number, item in enumerate(self.body):
            if item.table is not None:
                yield from item.table.cells
            else:
                yield checkcode.cell(f"p{number}", item.kind, item.text)

    @property
    def texts(self) -> Iterator[tuple[str, str, str]]:
        """What prints, for the search of missing characters."""
        for line in (*self.title, self.addressee, self.attachment):
            yield self.sender, "标题", line
        for item in self.body:
            if item.table is not None:
                yield from item.table.texts
            else:
                yield self.sender, "正文", item.text


def compose(job: Job) -> Composed:
    """Return the letter of the job's report."""
    return _Composing(job).done()


def spoken_day(made: str) -> str:
    """Return the day of a letter as it prints: 2012年8月5日."""
    if not made:
        return _NO_DAY
    return values.spoken_date(f"{marks.moment(made):%Y-%m-%d}")


class _Composing:
    """Puts the passages of one letter together."""

    def __init__(self, job: Job) -> None:
        self.job = job
        if job.body.letter is None:
            message = f"{job.name} is no letter"
            raise LookupError(message)
        self.letter: Letter = job.body.letter
        self.body: list[Said] = []
        self.headed = {"first": 0, "second": 0}
        self.places = _places(job)

    def done(self) -> Composed:
        job, level = self.job, self.job.source.level
        for passage in self.letter.passages:
            if not passage.levels or level in passage.levels:
                self._passage(passage)
        block = signing.Block.of(job.block, level)
        signed = ("经办人（签字）：", "审核人（签字）：") if block.letter == "G" else ()
        return Composed(
            title=tuple(self._filled(self.letter.title[level]).split("\n")),
            addressee=(
                job.source.name_of(job.to) if job.to else self._filled(self.letter.addressee[level])
            ),
            body=tuple(self.body),
            attachment=self._filled(self.letter.attachment.get(level, "")),
            sender=job.source.unit_name,
            signed=signed,
        )

    def _filled(self, text: str) -> str:
        for name, value in self.places.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def _passage(self, passage: Passage) -> None:
        if passage.kind == "text":
            self.body.append(Said("text", self._filled(passage.text)))
        elif passage.kind in self.headed:
            self._head(passage.kind, self._filled(passage.text))
        elif passage.kind == "block":
            self._table(block_rows.fill(self.job, self.job.body.block(passage.block)))
        elif passage.kind == "progress":
            self._progress()
        elif passage.kind == "lagging":
            self._lagging()
        elif passage.kind == "overdue":
            self._table(overdue(self.job))
        elif passage.kind == "awaited":
            self._table(awaited(self.job))
        elif passage.kind == "units":
            self._table(by_unit(self.job))
        else:
            self._table(returned(self.job))

    def _head(self, kind: str, text: str) -> None:
        self.headed[kind] += 1
        if kind == "first":
            self.headed["second"] = 0
        number = self.headed[kind]
        numeral = _NUMERALS[number - 1] if number <= len(_NUMERALS) else str(number)
        self.body.append(
            Said(kind, f"{numeral}、{text}" if kind == "first" else f"（{numeral}）{text}")
        )

    def _table(self, filled: Filled) -> None:
        self.body.append(Said("table", table=filled))

    def _progress(self) -> None:
        """Say how each work area stands: a heading and one paragraph."""
        source = self.job.source
        found = source.progress(source.as_of)
        for area in sorted(self.job.pack.areas, key=lambda area: not _numbered(area.id)):
            said = [
                sentence(item)
                for item in found
                if item.area == area.id and (item.target is not None or item.value)
            ]
            if said:
                self._head("second", f"{area.title}。")
                self.body.append(Said("text", "；".join(said) + "。"))

    def _lagging(self) -> None:
        """Say what trails, with the reasons and measures that were written down."""
        source = self.job.source
        written = source.notes()
        late = [item for item in source.progress(source.as_of) if indicators.tone(item) in _LAGS]
        if not late:
            self.body.append(Said("text", "截至目前，没有滞后于时序进度的数字目标。"))
        for item in late:
            reason, measure = written.get(item.id, ("", ""))
            text = f"{sentence(item)}。"
            text += f"原因：{_closed(reason)}" if reason else ""
            text += f"措施：{_closed(measure)}" if measure else ""
            self.body.append(Said("text", text))


def _numbered(area: str) -> bool:
    return area.isdecimal() and int(area) > 0


def _closed(text: str) -> str:
    text = values.clean(text).strip()
    return text if text.endswith(("。", "！", "？")) else f"{text.rstrip('；;，,.')}。"


def _places(job: Job) -> dict[str, str]:
    source = job.source
    due, done = source.reported()
    day = values.spoken_date(source.as_of)
    period = job.period.title if job.period is not None else f"截至{day}"
    limit = source.limit()
    return {
        "单位": source.unit_name, "上级": source.parent_name or job.pack.issuer,
        "期间": notes.span_title(job), "本期": period, "依据": job.pack.document,
        "制定机关": job.pack.issuer, "截至": day, "应报": str(due), "已报": str(done),
        "限期": values.spoken_date(limit) if limit else "　　　　年　　月　　日",
    }  # fmt: skip


def sentence(item: Progress) -> str:
    """Return an indicator in words, figures without separators: letters have none."""
    title = wide(item.title)
    if item.rate:
        return _rate_sentence(item, title)
    figure = indicators.figure(item).replace(",", "")
    text = f"{title}{figure}{item.measure}"
    if item.target is None:
        return text
    if item.done is None:
        return f"{text}，目标为{indicators.target_figure(item).replace(',', '')}{item.measure}"
    done = indicators.rounded(Decimal(str(item.done)), 1)
    pace = indicators.rounded(Decimal(str(item.pace)), 1)
    text += f"，完成年度目标的{done}%"
    if item.reached:
        return text
    return f"{text}，低于时序进度{pace - done}个百分点" if done < pace else text


def _rate_sentence(item: Progress, title: str) -> str:
    if item.value is None:
        return f"{title}没有可计算的数"
    value = indicators.figure(item).replace(",", "")
    text = f"{title}{value}%（{item.numerator:.0f}/{item.denominator or 0:.0f}）"
    if item.target is None:
        return text
    text += f"，目标{indicators.target_figure(item)}%"
    if item.reached:
        return f"{text}，已达标"
    gap = indicators.rounded(Decimal(str(item.gap or 0)), 1)
    return f"{text}，差{gap}个百分点"


def overdue(job: Job) -> Filled:
    """Return the table of what is overdue: unit, form, period, due date, days."""
    source = job.source
    columns = (
        Column("序号", align="center"), Column("单位", align="left", prose=True),
        Column("报表、台账", align="left", prose=True), Column("报告期", align="center"),
        Column("限期", align="center"), Column("逾期天数"),
    )  # fmt: skip
    lines, cells = [], []
    day = date.fromisoformat(source.as_of)
    told = [item for item in source.overdue() if job.concerns(item.unit)]
    for number, item in enumerate(told, 1):
        late = (day - date.fromisoformat(item.due_date)).days
        title = job.pack.forms[item.form].title
        lines.append(Line((
            str(number), wide(source.name_of(item.unit)), wide(title), _period(item.period).title,
            item.due_date, str(late),
        )))  # fmt: skip
        cells.append(checkcode.cell(f"{item.unit}|{item.form}", item.period, late))
    block = Block("overdue", LIST, "filing", nil="没有逾期未报的报表")
    return Filled(block, columns, tuple(lines), tuple(cells))


def by_unit(job: Job) -> Filled:
    """Return the table of how many targets each unit below has reached, and how many trail."""
    source = job.source
    columns = (
        Column("单位", align="left"), Column("有目标（项）"), Column("达标（项）"),
        Column("符合进度（项）"), Column("滞后（项）"),
    )  # fmt: skip
    lines, cells = [], []
    for code, name, found in source.progress_below(source.as_of):
        told = [item for item in found if item.target is not None and item.value is not None]
        reached = sum(item.reached for item in told)
        late = sum(indicators.tone(item) in _LAGS for item in told)
        numbers = (len(told), reached, len(told) - reached - late, late)
        lines.append((reached, -late, Line((wide(name), *map(str, numbers)))))
        cells += [
            checkcode.cell(code, column.title, number)
            for column, number in zip(columns[1:], numbers, strict=True)
        ]
    lines.sort(key=lambda line: line[:2], reverse=True)
    block = Block("units", UNITS, "indicator_note")
    return Filled(block, columns, tuple(line for *_, line in lines), tuple(cells))


def awaited(job: Job) -> Filled:
    """Return the table of papers whose file went first."""
    columns = (
        Column("序号", align="center"), Column("单位", align="left", prose=True),
        Column("报表", align="left", prose=True), Column("报表编号", align="left"),
    )  # fmt: skip
    found = [
        item for item in job.source.papers() if item.state == "awaited" and job.concerns(item.unit)
    ]
    lines = tuple(
        Line((str(number), wide(job.source.name_of(item.unit)), wide(item.title), item.serial))
        for number, item in enumerate(found, 1)
    )
    cells = tuple(checkcode.cell(item.serial, "state", item.state) for item in found)
    block = Block("awaited", LIST, "filing", nil="没有纸质待补的报表")
    return Filled(block, columns, lines, cells)


def returned(job: Job) -> Filled:
    """Return the table of what was returned: unit, record, rule, what is to be mended, by when."""
    columns = (
        Column("序号", align="center"), Column("单位", align="left", prose=True),
        Column("表、记录", align="left", prose=True), Column("规则", align="left", prose=True),
        Column("要改什么", align="left", prose=True), Column("审核人", align="center"),
        Column("限期", align="center"),
    )  # fmt: skip
    lines, cells = [], []
    told = [item for item in job.source.returned() if job.concerns(item.unit)]
    for number, item in enumerate(told, 1):
        lines.append(Line((
            str(number), wide(job.source.name_of(item.unit)), f"{item.form}：{item.record}",
            item.rule,
            values.clean(item.text), item.reviewer, item.due_date or "",
        )))  # fmt: skip
        cells.append(checkcode.cell(item.uid, "text", item.text))
        cells.append(checkcode.cell(item.uid, "due_date", item.due_date))
    block = Block("returned", LIST, "return_note", nil="本期没有退回的记录")
    return Filled(block, columns, tuple(lines), tuple(cells))


def _period(text: str) -> Period:
    from union_desk.taskpack.period import Period

    return Period.parse(text)
