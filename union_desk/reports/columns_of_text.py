"""Columns of text written straight into the page: one text object per column and page.

This is the lean way through reportlab: no call per cell, hex strings, the font named only
where it changes. A trace, if wanted, takes down the same boxes as other drawing does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.reports import fonts, paragraph
from union_desk.reports.geometry import BASELINE, BODY_SIZE, PAD, Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.reports.drawing import Surface
    from union_desk.reports.roster_layout import Fits


class TextColumn:
    """The text object of one column on one page."""

    def __init__(self, surface: Surface, left: float, width: float, align: str) -> None:
        self.surface = surface
        self.left, self.width, self.align = left, width, align
        self.stack = fonts.stack(fonts.BODY)
        self.document = surface.canvas._doc
        self.codes: list[str] = ["BT"]
        self.x = self.y = 0.0
        self.font = ""

    def cells(
        self, texts: Sequence[str], tops: Sequence[float], bottoms: Sequence[float], fits: Fits
    ) -> None:
        """Write one text into each cell between `tops` and `bottoms`."""
        wrapped, natural = fits.wrapped, fits.natural
        shift = BASELINE * BODY_SIZE
        for text, top, bottom in zip(texts, tops, bottoms, strict=True):
            if not text:
                continue
            fitted = wrapped.get(text)
            if fitted is None:
                width = natural[text] * BODY_SIZE
                self.line(text, width, BODY_SIZE, (top + bottom) / 2 + shift)
                if self.surface.trace is not None:
                    self.trace(text, width, BODY_SIZE, (top + bottom) / 2 + shift, top, bottom)
            else:
                self.broken(fitted, top, bottom)

    def broken(self, fitted: paragraph.Fitted, top: float, bottom: float) -> None:
        """Write shrunk or wrapped text into a cell."""
        leading = min(fitted.leading, (bottom - top) / len(fitted.lines))
        first = (top + bottom - leading * len(fitted.lines)) / 2
        for number, line in enumerate(fitted.lines):
            baseline = first + (number + 0.5) * leading + BASELINE * fitted.size
            self.line(line.text, line.width, fitted.size, baseline)
            if self.surface.trace is not None:
                self.trace(line.text, line.width, fitted.size, baseline, top, bottom)

    def line(self, text: str, width: float, size: float, baseline: float) -> None:
        """Write one line with its baseline there."""
        if self.align == "right":
            x = self.left + self.width - PAD - width
        elif self.align == "center":
            x = self.left + (self.width - width) / 2
        else:
            x = self.left + PAD
        y = self.surface.height - baseline
        codes = self.codes
        codes.append(f"{x - self.x:.2f} {y - self.y:.2f} Td")
        self.x, self.y = round(x, 2), round(y, 2)
        for run, digits in self.stack.runs(text, self.document):
            name = self.stack.getSubsetInternalName(run, self.document)
            font = f"{name} {size:g} Tf"
            if font != self.font:
                codes.append(font)
                self.font = font
            codes.append(f"<{digits}> Tj")

    def trace(
        self, text: str, width: float, size: float, baseline: float, top: float, bottom: float
    ) -> None:
        """Take down where a line stands."""
        trace = self.surface.trace
        if trace is not None:
            box = Box(self.x, baseline - 0.86 * size, width, size)
            cell = Box(self.left, top, self.width, bottom - top)
            trace.texts.append((self.surface.page, text, size, box, cell))

    def close(self) -> None:
        """Write the text object into the page."""
        if len(self.codes) > 1:
            self.surface.raw(" ".join([*self.codes, "ET"]))
