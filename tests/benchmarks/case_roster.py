"""A roster of 1,000 pages, against the leanest drawing: one text object a column and page."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from pathlib import Path

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.benchmarks import rows, stores
from union_desk import resources
from union_desk.reports import printing
from union_desk.taskpack.record import Record, new_uid

TITLE = "roster PDF, 1,000 pages"
GOAL = "≤ 1.5"
COUNT = int(os.environ.get("BENCH_ROWS", "7000"))
"""Rows; the form's fields take three pages beside each other, so these are 1,000 pages."""
ROWS_A_PAGE, PAGES_BESIDE, COLUMNS = 21, 3, 8


def prepare(folder: Path) -> None:
    """Nothing is kept between runs."""


def floor(folder: Path) -> float:
    started = time.perf_counter()
    pdfmetrics.registerFont(TTFont("FS", str(resources.fonts() / "NotoSerifSC-Light-full.ttf")))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=landscape(A4), initialFontName="FS")
    page: list[tuple[str, ...]] = []
    for row in rows.members(COUNT):
        page.append(row)
        if len(page) == ROWS_A_PAGE:
            for _ in range(PAGES_BESIDE):
                _page(canvas, page)
            page = []
    canvas.save()
    return time.perf_counter() - started


def _page(canvas: Canvas, page: list[tuple[str, ...]]) -> None:
    for column in range(COLUMNS):
        text = canvas.beginText(40 + column * 95, 560)
        text.setFont("FS", 10.5, leading=24)
        for row in page:
            text.textLine(row[column])
        canvas.drawText(text)
    canvas.showPage()


class _Source:
    """What a roster asks for, straight from memory."""

    def __init__(self) -> None:
        self.pack = stores.package()
        self.level, self.unit, self.unit_name = "city", stores.CITY, "乐山市总工会"
        self.period, self.as_of, self.person, self.phone, self.demo = (
            None,
            stores.AS_OF,
            "测",
            "",
            False,
        )

    def records(
        self, form_id: str, where: object = None, *, whole: bool = False
    ) -> Iterator[Record]:
        for row in rows.members(COUNT):
            values = dict(zip(rows.HEADER, row, strict=True))
            values |= {name: int(values[name]) for name in ("migrant", "dispatched")}
            yield Record(
                form=form_id,
                uid=new_uid(),
                values=values,
                unit=stores.CITY,
                period="2012M08",
                record_state="confirmed",
                rev=1,
            )

    def count(self, form_id: str) -> int:
        return COUNT

    def progress(self, as_of: str) -> tuple[object, ...]:
        return ()

    def reported(self) -> tuple[int, int]:
        return 0, 0

    def notes(self) -> dict[str, tuple[str, str]]:
        return {}

    def explained(self, forms: object, period: object, record: object = None) -> tuple[object, ...]:
        return ()


def ours(folder: Path) -> float:
    source = _Source()
    started = time.perf_counter()
    content = printing.render(source.pack, "member-roster", source)
    assert len(content) > 100_000
    return time.perf_counter() - started
