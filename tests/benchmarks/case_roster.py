"""A roster of 1,000 pages against the leanest drawing of the same texts on as many pages."""

from __future__ import annotations

import io
import time
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen.canvas import Canvas

from tests.reports import papers
from union_desk import resources
from union_desk.reports import printing, roster

TITLE = "roster PDF, 1,000 pages"
GOAL = "<= 1.5"
ROWS_A_PAGE, PAGES, COLUMNS = 14, 1000, 10
FORM, REPORT = "member", "R05"


def prepare(folder: Path) -> None:
    """Nothing lies on disk."""


def floor(folder: Path) -> float:
    """One font, one text object per column and page, the grid as one path; no subtotals, no codes."""
    rows = _rows()
    texts = [[str(value) for value in row.values.values() if value is not None][: COLUMNS - 1] for row in rows]
    rl_config.useA85 = 0
    start = time.perf_counter()
    pdfmetrics.registerFont(ttfonts.TTFont("lean", str(resources.fonts() / "NotoSerifSC-Light-full.ttf")))
    canvas = Canvas(io.BytesIO(), pagesize=(842, 595), pageCompression=1, initialFontName="lean")
    for page in range(PAGES):
        canvas.setFont("lean", 10.5)
        for words, x in (("花名册（续）", 380), ("填报单位（盖章）：犍为县总工会", 40), ("2012年8月", 400)):
            canvas.drawString(x, 540, words)
        part = texts[page * ROWS_A_PAGE : (page + 1) * ROWS_A_PAGE]
        numbers = [str(page * ROWS_A_PAGE + place + 1) for place in range(len(part))]
        for column in range(COLUMNS):
            shown = numbers if column == 0 else [row[column - 1] for row in part]
            text = canvas.beginText(40 + column * 76, 500)
            text.setFont("lean", 10.5, 24)
            for word in shown:
                text.textLine(word)
            canvas.drawText(text)
        path = canvas.beginPath()
        for place in range(ROWS_A_PAGE + 2):
            path.moveTo(38, 515 - 24 * place)
            path.lineTo(800, 515 - 24 * place)
        for column in range(COLUMNS + 1):
            path.moveTo(38 + column * 76, 515)
            path.lineTo(38 + column * 76, 130)
        canvas.drawPath(path)
        canvas.drawString(380, 40, f"第 {page + 1} 页　共 {PAGES} 页")
        canvas.showPage()
    canvas.save()
    return time.perf_counter() - start


def ours(folder: Path) -> float:
    """From records to the finished PDF: masks, subtotals, check code, fallback fonts."""
    source = papers.MemorySource({FORM: _rows()})
    start = time.perf_counter()
    content = printing.render(papers.pack(), REPORT, source)
    seconds = time.perf_counter() - start
    assert roster and content.startswith(b"%PDF")  # both sides have their libraries imported
    return seconds


def _rows() -> list:
    return papers.Inventor(55).records(papers.pack().forms[FORM], ROWS_A_PAGE * PAGES)
