"""A form for the pen: fields in the order of the screen, codes as tick boxes, sheets numbered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.reports import grid, sheet, sheet_rows, signing
from union_desk.reports.fields import Setting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from union_desk.reports.furniture import Furniture
    from union_desk.reports.geometry import Trace
    from union_desk.reports.job import Job, Told


def plan(job: Job, number: int) -> Blank:
    """Return the empty form, its sheet number at the head."""
    return Blank(job, number)


@dataclass(frozen=True)
class Blank:
    """No issue, no watermark, no 校验码: a blank says nothing yet."""

    job: Job
    number: int

    @property
    def cells(self) -> Iterable[str]:
        """Nothing is printed that could be checked."""
        return ()

    @property
    def texts(self) -> Iterable[tuple[str, str, str]]:
        """Labels only."""
        form = self.job.of
        return ((form.title, item.label, item.label) for item in form.fields)

    def draw(
        self, furniture: Furniture, *, trace: Trace | None = None, progress: Told | None = None
    ) -> bytes:
        """Return the PDF."""
        job = self.job
        setting = Setting(job.pack)
        rows, _ = sheet_rows.sections(job.of, setting, frozenset())
        parts: list[grid.Part] = [*rows]
        for name in job.of.details:
            title, top, inner = sheet_rows.detail(job.pack.forms[name], (), job.pack, pen=True)
            parts += [*title, top, *inner]
        block = signing.Block("A" if job.of.kind == "sheet" else "E")
        parts = sheet.closed(parts, sheet.closing(job, block, has_values=False))
        stamp = "填报单位：" if block.letter == "E" else block.stamp
        line = (
            f"{stamp}{'　' * 14}",
            "" if job.of.kind != "sheet" else "报告期：　　　　年第　　季度"
            if job.of.filing == "quarter"
            else "报告期：　　　　年　　月",
            f"第 {self.number} 张　任务包版本 {job.pack.version}",
        )  # fmt: skip
        return sheet.draw(parts, furniture, line, block, trace=trace, progress=progress)
