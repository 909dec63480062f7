"""An issued paper that does not stand any more, printed again: its own pages over the word 作废."""

from __future__ import annotations

import io
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from union_desk.reports import fonts, marks
from union_desk.reports.drawing import Surface
from union_desk.reports.furniture import VOID_MARK

_SIZE, _GREY = 150, 0.82
"""Larger and darker than the mark of a draft: a signed copy must not be taken for this one."""


def marked(pdf: bytes) -> bytes:
    """Return an issued PDF with 作废 under all text of every page; equal bytes for equal input."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    known: dict[tuple[float, float], PageObject] = {}
    for page in writer.pages:
        size = float(page.mediabox.width), float(page.mediabox.height)
        if size not in known:
            known[size] = PdfReader(io.BytesIO(_mark(*size))).pages[0]
        page.merge_page(known[size], over=False)
        page.compress_content_streams()
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _mark(width: float, height: float) -> bytes:
    fonts.prepare()
    file = io.BytesIO()
    canvas: Any = Canvas(file, pagesize=(width, height), invariant=1, initialFontName=fonts.BODY)
    marks.watermark(Surface(canvas, width, height, None), VOID_MARK, size=_SIZE, grey=_GREY)
    canvas.showPage()
    canvas.save()
    return file.getvalue()
