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
        self.left, self.width = left, width
        self.stack = fonts.stack(fonts.BODY)
        self.document = surface.canvas._doc
        self.known = self.stack.codes(self.document)
        self.codes: list[str] = ["BT"]
        self.x = self.y = 0
        self.font, self.size = "", 0.0
        self.share = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
        self.begin = left + PAD + self.share * (width - 2 * PAD)

    def cells(
        self, texts: Sequence[str], tops: Sequence[float], bottoms: Sequence[float], fits: Fits
    ) -> None:
        """Write one text into each cell between `tops` and `bottoms`."""
        wrapped, natural, traced = fits.wrapped, fits.natural, self.surface.trace is not None
        for text, top, bottom in zip(texts, tops, bottoms, strict=True):
            if not text:
                continue
            fitted = wrapped.get(text) if wrapped else None
            if fitted is not None:
                self.broken(fitted, top, bottom)
                continue
            baseline = (top + bottom) / 2 + BASELINE * BODY_SIZE
            width = natural[text] * BODY_SIZE
            runs = fits.runs.get(text)
            if runs is None:
                runs = self.stack.runs(text, self.document, self.known)
                if fits.repeats:
                    fits.runs[text] = runs
            self.line(runs, width, BODY_SIZE, baseline)
            if traced:
                self.note(text, width, BODY_SIZE, baseline, (top, bottom))

    def broken(self, fitted: paragraph.Fitted, top: float, bottom: float) -> None:
        """Write shrunk or wrapped text into a cell."""
        leading = min(fitted.leading, (bottom - top) / len(fitted.lines))
        first = (top + bottom - leading * len(fitted.lines)) / 2
        for number, line in enumerate(fitted.lines):
            baseline = first + (number + 0.5) * leading + BASELINE * fitted.size
            runs = self.stack.runs(line.text, self.document, self.known)
            self.line(runs, line.width, fitted.size, baseline)
            if self.surface.trace is not None:
                self.note(line.text, line.width, fitted.size, baseline, (top, bottom))

    def line(
        self, runs: Sequence[tuple[str, str]], width: float, size: float, baseline: float
    ) -> None:
        """Write one line with its baseline there."""
        x = int((self.begin - self.share * width) * 100)
        y = int((self.surface.height - baseline) * 100)
        codes = self.codes
        codes.append(f"{(x - self.x) / 100:g} {(y - self.y) / 100:g} Td")
        self.x, self.y = x, y
        for name, digits in runs:
            if name != self.font or size != self.size:
                codes.append(f"{name} {size:g} Tf <{digits}> Tj")
                self.font, self.size = name, size
            else:
                codes.append(f"<{digits}> Tj")

    def note(
        self, text: str, width: float, size: float, baseline: float, edges: tuple[float, float]
    ) -> None:
        """Take down where a line stands."""
        trace = self.surface.trace
        if trace is not None:
            top, bottom = edges
            box = Box(self.x / 100, baseline - 0.86 * size, width, size)
            cell = Box(self.left, top, self.width, bottom - top)
            trace.texts.append((self.surface.page, text, size, box, cell))

    def close(self) -> None:
        """Write the text object into the page."""
        if len(self.codes) > 1:
            self.surface.raw(" ".join([*self.codes, "ET"]))
