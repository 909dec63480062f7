"""The cover of a delivery (报送单): what its packets carry, printed and sealed before writing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from union_desk.errors import ReportError
from union_desk.reports import checkcode, grid, stamped
from union_desk.reports.content import Content, Prose, Text
from union_desk.reports.delivery import Delivering
from union_desk.reports.fields import WIDTH
from union_desk.reports.geometry import DOUBLE_ROW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from union_desk.reports.delivery import Delivery, Portion
    from union_desk.reports.furniture import Furniture
    from union_desk.reports.geometry import Trace
    from union_desk.reports.job import Job, Told

_FORMS = (
    ("序号", 10), ("表名", 57), ("行数", 16), ("作废", 14), ("金额合计（元）", 28),
    ("内容摘要", 45),
)  # fmt: skip
_PAPERS = (("序号", 10), ("随附报表", 55), ("报表编号", 60), ("校验码", 45))
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
        rows: list[grid.Row] = []
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
        top = stamped.heads(_FORMS, least=DOUBLE_ROW)
        return [*stamped.under(top, rows), *self._nil(), *self._papers()]

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
        return stamped.row(contents, _FORMS)

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

    def _papers(self) -> list[grid.Part]:
        papers = self.delivery.papers
        rows = [
            stamped.row((
                Text(str(number), align="center"),
                Text(paper.title),
                Text(paper.serial, align="center"),
                Text(paper.check_code, align="center"),
            ), _PAPERS)
            for number, paper in enumerate(papers, 1)
        ]  # fmt: skip
        return stamped.under(stamped.heads(_PAPERS), rows) if rows else []

    def draw(
        self, furniture: Furniture, *, trace: Trace | None = None, progress: Told | None = None
    ) -> bytes:
        """Return the PDF."""
        parts = self.parts()
        return stamped.draw(self.job, furniture, parts, _NOTE, trace=trace, progress=progress)
