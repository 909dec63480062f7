"""The cover of a delivery (报送单): what its packets carry, printed and sealed before writing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from union_desk.errors import ReportError
from union_desk.reports import checkcode, fonts, grid, head, signing
from union_desk.reports.content import Content, Prose, Text
from union_desk.reports.delivery import Delivering
from union_desk.reports.fields import WIDTH
from union_desk.reports.geometry import DOUBLE_ROW, FOOT, MM, ROW
from union_desk.reports.note import Note
from union_desk.reports.page import Paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from union_desk.reports.delivery import Delivery, Portion
    from union_desk.reports.furniture import Furniture
    from union_desk.reports.geometry import Trace
    from union_desk.reports.job import Job, Told

_HEADS = ("序号", "表名", "行数", "作废", "金额合计（元）", "内容摘要")
_WIDTHS = tuple(width * MM for width in (10, 57, 16, 14, 28, 45))
_PAPER_HEADS = ("序号", "随附报表", "报表编号", "校验码")
_PAPER_WIDTHS = tuple(width * MM for width in (10, 55, 60, 45))
_NOTE = (
    "说明：1. 本单先于写入数据包印出，数据包恰好带这些行；此后又确认的行留待下次，或重新出具本单。"
    "2. 内容摘要由各行内容算出，收件单位装入时重新计算，一致才算同一份。"
    "3. 作废行只报记录号，不计入行数和内容摘要。"
)


def plan(job: Job) -> Cover:
    """Return the cover of the job's unit."""
    return Cover(job)


@dataclass(frozen=True)
class Cover:
    """Portions by unit and form, nil statements, the papers enclosed."""

    job: Job

    @cached_property
    def delivery(self) -> Delivery:
        """What the next packets will carry."""
        source = self.job.source
        if not isinstance(source, Delivering):
            raise ReportError(
                "R608", "封面要从本单位待报送的记录生成。", "请在本单位的数据里打印。"
            )
        return source.delivery()

    @property
    def cells(self) -> Iterator[str]:
        """Digest lines: counts, sums and digests, nil statements, serials."""
        for item in self.delivery.portions:
            key = f"{item.unit}:{item.form}"
            yield checkcode.cell(key, "rows", item.rows)
            yield checkcode.cell(key, "voided", item.voided)
            yield checkcode.cell(key, "digest", item.digest)
            for name, fen in item.sums:
                yield checkcode.cell(key, f"sum:{name}", fen)
        for unit, form in self.delivery.nil:
            yield checkcode.cell(f"{unit}:{form}", "nil", 1)
        for paper in self.delivery.papers:
            yield checkcode.cell(paper.serial, "paper", paper.check_code)

    @property
    def texts(self) -> Iterator[tuple[str, str, str]]:
        """Titles of forms and papers."""
        for item in self.delivery.portions:
            yield self._title(item.form), "表名", self._title(item.form)
        for paper in self.delivery.papers:
            yield paper.serial, "随附报表", paper.title

    def _title(self, form: str) -> str:
        return self.job.pack.forms[form].title

    def parts(self) -> list[grid.Part]:
        """Return the rows of the tables."""
        rows: list[grid.Part] = []
        units = list(dict.fromkeys(item.unit for item in self.delivery.portions))
        number = 0
        for unit in units:
            if len(units) > 1 or unit != self.job.source.unit:
                rows.append(grid.band(self.job.source.name_of(unit), WIDTH))
            for item in self.delivery.portions:
                if item.unit == unit:
                    number += 1
                    rows.append(self._portion(number, item))
        if not rows:
            empty = Text("本次没有要报送的记录", align="center")
            rows.append(grid.Row.of((grid.Cell(0, WIDTH, empty),)))
        return [*rows, *self._nil(), *self._papers()]

    def _portion(self, number: int, item: Portion) -> grid.Row:
        fen = sum(value for _, value in item.sums)
        contents: tuple[Content, ...] = (
            Text(str(number), align="center"),
            Text(self._title(item.form)),
            Text(f"{item.rows:,}", align="right"),
            Text(f"{item.voided:,}" if item.voided else "—", align="right"),
            Text(f"{fen / 100:,.2f}" if item.sums else "—", align="right"),
            Text(checkcode.check_code(item.digest), align="center"),
        )
        return _row(contents, _WIDTHS)

    def _nil(self) -> Iterator[grid.Part]:
        nil = self.delivery.nil
        if not nil:
            return
        units = list(dict.fromkeys(unit for unit, _ in nil))
        said = []
        for unit in units:
            titles = [f"《{self._title(form)}》" for owner, form in nil if owner == unit]
            whose = self.job.source.name_of(unit) if len(units) > 1 else ""
            said.append(f"{whose}其余{len(titles)}张表本期无发生：{'、'.join(titles)}。")
        yield grid.band("零报声明", WIDTH)
        prose = Prose.of("\n".join(said), WIDTH, least=1)
        yield grid.Row.of((grid.Cell(0, WIDTH, prose),))

    def _papers(self) -> Iterator[grid.Part]:
        if not self.delivery.papers:
            return
        yield _heads(_PAPER_HEADS, _PAPER_WIDTHS, least=ROW)
        for number, paper in enumerate(self.delivery.papers, 1):
            contents = (
                Text(str(number), align="center"),
                Text(paper.title),
                Text(paper.serial, align="center"),
                Text(paper.check_code, align="center"),
            )
            yield _row(contents, _PAPER_WIDTHS)

    def draw(
        self, furniture: Furniture, *, trace: Trace | None = None, progress: Told | None = None
    ) -> bytes:
        """Return the PDF."""
        source = self.job.source
        block = signing.Block.of(self.job.block, source.level)
        items = signing.foot_items(block, source.person, source.phone)
        parts = [*self.parts(), Note(_NOTE, WIDTH, keep=True), signing.Foot(tuple(items), WIDTH)]
        bottom = 297 * MM - FOOT
        top_row = _heads(_HEADS, _WIDTHS, least=DOUBLE_ROW)
        pages = grid.paginate(
            parts, bottom - head.FIRST_TOP, bottom - head.LATER_TOP, head=[top_row]
        )
        paper = Paper(furniture, len(pages), trace=trace)
        stamp = f"{block.stamp}{source.unit_name}"
        period = self.job.period.title if self.job.period else ""
        for number, page in enumerate(pages):
            paper.begin()
            draw_head = head.later if number else head.first
            top = draw_head(paper, stamp=stamp, period=period, measure="")
            shown = page if any(part.boxed for part in page[1:]) else page[1:]
            grid.draw(paper, shown, paper.left, top, WIDTH)
            paper.end()
            if progress is not None:
                progress(number + 1, len(pages))
        return paper.save()


def _heads(titles: Sequence[str], widths: Sequence[float], *, least: float) -> grid.Row:
    contents = tuple(Text(title, fonts.HEAD, align="center", label=True) for title in titles)
    return _row(contents, widths, least=least, keep=True)


def _row(
    contents: Sequence[Content], widths: Sequence[float], *, least: float = ROW, keep: bool = False
) -> grid.Row:
    cells, x = [], 0.0
    for content, width in zip(contents, widths, strict=True):
        cells.append(grid.Cell(x, width, content))
        x += width
    return grid.Row.of(cells, least=least, keep=keep)
