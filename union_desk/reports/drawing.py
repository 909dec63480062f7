"""The few strokes all papers are made of: text in boxes, rules, frames, grey.

Strokes of a page are gathered and drawn as one path per weight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.reports import fonts, paragraph
from union_desk.reports.geometry import BASELINE, BODY_SIZE, GREY, INNER, PAD, Box, Trace

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportlab.pdfgen.canvas import Canvas


class Surface:
    """A canvas with its size; `trace` takes down what is drawn where."""

    def __init__(self, canvas: Canvas, width: float, height: float, trace: Trace | None) -> None:
        self.canvas = canvas
        self.width, self.height = width, height
        self.trace = trace
        self.page = 0
        self._strokes: dict[float, list[str]] = {}

    def text(
        self,
        x: float,
        y: float,
        text: str,
        font: str = fonts.BODY,
        size: float = BODY_SIZE,
        *,
        align: str = "left",
        spacing: float = 0,
        cell: Box | None = None,
    ) -> None:
        """Draw one line with its baseline at `y`."""
        text = fonts.clean(text)
        if not text:
            return
        wide = fonts.width(text, font, size)
        if align != "left":
            x -= wide if align == "right" else wide / 2
        codes = [
            f"{name} {size:g} Tf <{digits}> Tj"
            for name, digits in fonts.stack(font).runs(text, self.canvas._doc)
        ]
        spaced = f"{spacing:.3f} Tc " if spacing else ""
        after = " 0 Tc" if spacing else ""
        self.raw(f"BT {spaced}{x:.2f} {self.height - y:.2f} Td {' '.join(codes)}{after} ET")
        if self.trace is not None:
            extent = wide + spacing * (len(text) - 1)
            box = Box(x, y - 0.86 * size, extent, size)
            self.trace.texts.append((self.page, text, size, box, cell))

    def lines(
        self,
        box: Box,
        fitted: paragraph.Fitted,
        font: str = fonts.BODY,
        *,
        align: str = "left",
        valign: str = "middle",
        pad: float = PAD,
        justify: bool = False,
    ) -> None:
        """Draw broken text into a box."""
        room = box.width - 2 * pad
        top = box.y if valign == "top" else box.y + (box.height - fitted.height) / 2
        for number, line in enumerate(fitted.lines):
            baseline = top + (number + 0.5) * fitted.leading + BASELINE * fitted.size
            if align == "right":
                x = box.right - pad - line.width
            elif align == "center":
                x = box.x + (box.width - line.width) / 2
            else:
                x = box.x + pad + line.indent
            spacing = paragraph.spacing(line, room, fitted.size) if justify else 0
            self.text(x, baseline, line.text, font, fitted.size, spacing=spacing, cell=box)

    def cell(
        self,
        box: Box,
        text: str,
        font: str = fonts.BODY,
        size: float = BODY_SIZE,
        *,
        align: str = "left",
        pad: float = PAD,
    ) -> None:
        """Draw text into a cell: on one line, shrunk to 9 pt, or else wrapped."""
        if text:
            fitted = paragraph.fit(text, box.width - 2 * pad, font, size)
            self.lines(box, fitted, font, align=align, pad=pad)

    def rule(self, x0: float, y0: float, x1: float, y1: float, weight: float = INNER) -> None:
        """Draw a straight stroke."""
        stroke = f"{x0:.2f} {self.height - y0:.2f} m {x1:.2f} {self.height - y1:.2f} l"
        self._strokes.setdefault(weight, []).append(stroke)

    def frame(self, box: Box, weight: float = INNER) -> None:
        """Draw the four sides of a box."""
        low = self.height - box.bottom
        stroke = f"{box.x:.2f} {low:.2f} {box.width:.2f} {box.height:.2f} re"
        self._strokes.setdefault(weight, []).append(stroke)

    def fill(self, box: Box, grey: float = GREY) -> None:
        """Fill a box; call it before its text."""
        self.canvas.setFillGray(grey)
        self.canvas.rect(box.x, self.height - box.bottom, box.width, box.height, stroke=0, fill=1)
        self.canvas.setFillGray(0)

    def seal(self, box: Box) -> None:
        """Keep a place for a seal: nothing is drawn, nothing else may stand there."""
        if self.trace is not None:
            self.trace.seals.append((self.page, box))

    def raw(self, code: str) -> None:
        """Add page operators that were written out elsewhere."""
        self.canvas._code.append(code)

    def replayed(self, known: dict[object, str], key: object, draw: Callable[[], object]) -> None:
        """Draw what stands alike on many pages: written out once per key, then repeated.

        Only text, no strokes. With a trace everything is drawn anew.
        """
        code = known.get(key)
        if code is None or self.trace is not None:
            start = len(self.canvas._code)
            draw()
            known[key] = " ".join(self.canvas._code[start:])
        else:
            self.raw(code)

    def flush(self) -> None:
        """Draw the strokes gathered so far."""
        for weight, strokes in sorted(self._strokes.items()):
            self.raw(f"q {weight} w 0 G 2 J {' '.join(strokes)} S Q")
        self._strokes = {}
