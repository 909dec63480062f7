"""One paper: its canvas and the furniture on every page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from reportlab.pdfgen.canvas import Canvas

from union_desk.reports import fonts, marks
from union_desk.reports.drawing import Surface
from union_desk.reports.geometry import A4, BODY_SIZE, FOOT, MARGIN, MARGIN_LANDSCAPE, Trace

if TYPE_CHECKING:
    from union_desk.reports.furniture import Furniture

_CREATOR = "工会填报台"


class Paper(Surface):
    """A PDF being drawn, page by page.

    :param furniture: title, serial, codes and marks that every page carries.
    :param pages: how many pages there will be: they are cut before the first is drawn.
    """

    def __init__(
        self,
        furniture: Furniture,
        pages: int,
        *,
        landscape: bool = False,
        trace: Trace | None = None,
    ) -> None:
        fonts.prepare(furniture.extra_fonts)
        width, height = A4[::-1] if landscape else A4
        self._file = io.BytesIO()
        canvas: Any = Canvas(
            self._file, pagesize=(width, height), invariant=1, pageCompression=1,
            lang="zh-CN", initialFontName=fonts.BODY, initialFontSize=BODY_SIZE,
        )  # fmt: skip
        super().__init__(canvas, width, height, trace)
        self.furniture = furniture
        self.pages = pages
        self.left = MARGIN_LANDSCAPE if landscape else MARGIN
        self.right = width - self.left
        self.bottom = height - FOOT
        self._describe()

    def _describe(self) -> None:
        furniture, canvas = self.furniture, self.canvas
        canvas.setTitle(f"{furniture.title} {furniture.serial}".strip())
        canvas.setAuthor(furniture.unit_name or _CREATOR)
        canvas.setSubject(furniture.table_code or furniture.title)
        canvas.setCreator(f"{_CREATOR} {furniture.version}".strip())
        canvas.setViewerPreference("DisplayDocTitle", "true")
        marks.date(canvas, furniture.made)

    def begin(self) -> None:
        """Begin the next page, its watermark lying under all text."""
        self.page += 1
        if self.furniture.watermark:
            marks.watermark(self, self.furniture.watermark)

    def end(self) -> None:
        """Close the page with its foot."""
        self.flush()
        marks.foot(self, self.furniture, self.pages, self.left, self.right)
        self.canvas.showPage()

    def save(self) -> bytes:
        """Return the PDF."""
        if self.page != self.pages:
            message = f"{self.pages} pages were announced, {self.page} drawn"
            raise AssertionError(message)
        self.canvas.save()
        return self._file.getvalue()
