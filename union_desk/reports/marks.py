"""The marks of a page: watermark, foot, QR code, tick boxes, the date inside the file."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import TYPE_CHECKING

from union_desk.reports import fonts
from union_desk.reports.geometry import MM, Box

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from union_desk.reports.drawing import Surface
    from union_desk.reports.furniture import Furniture

_CHINA = timezone(timedelta(hours=8))
FOOT_LINE, SMALL_LINE = 12.5 * MM, 8.5 * MM
QR_SIZE = 22 * MM
QR_QUIET = 4
_EPOCH = "2000-01-01T00:00:00Z"


def date(canvas: Canvas, made: str) -> None:
    """Put the time of the paper in place of reportlab's: 2000-01-01 for files with equal bytes."""
    when = moment(made or _EPOCH)
    canvas._doc.signature = hashlib.md5(
        made.encode(), usedforsecurity=False
    )  # begins the file's ID
    canvas._doc._timeStamp = SimpleNamespace(
        t=when.timestamp(), lt=tuple(when.timetuple()), YMDhms=tuple(when.timetuple())[:6],
        dhh=8, dmm=0, tzname="UTC+8",
    )  # fmt: skip


def moment(made: str) -> datetime:
    """Return an ISO time, UTC where it does not say, as the time of day in China."""
    when = datetime.fromisoformat(made)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(_CHINA)


def spoken(made: str) -> str:
    """Return a time as it prints: 2012-09-03 15:20."""
    return f"{moment(made):%Y-%m-%d %H:%M}"


def watermark(surface: Surface, text: str, *, size: float = 64, grey: float = 0.9) -> None:
    """Draw the grey diagonal that marks what may not be signed."""
    canvas, width, height = surface.canvas, surface.width, surface.height
    fonts.stack(fonts.HEAD)
    canvas.saveState()
    canvas.setFillGray(grey)
    canvas.setFont(fonts.HEAD, size)
    canvas.translate(width / 2, height / 2)
    canvas.rotate(45 if height > width else 32)
    canvas.drawCentredString(0, -0.36 * size, text)
    canvas.restoreState()


def foot(surface: Surface, furniture: Furniture, pages: int, left: float, right: float) -> None:
    """Draw serial, page x of y and 校验码; below them 生成时间 and 核对码."""
    line, small = surface.height - FOOT_LINE, surface.height - SMALL_LINE
    count = f"第 {surface.page} 页　共 {pages} 页"
    code = f"校验码 {furniture.check_code}" if furniture.check_code else ""
    begin = left + fonts.width(furniture.serial, fonts.BODY, 9)
    end = right - fonts.width(code, fonts.BODY, 9)
    middle = (left + right) / 2
    half = fonts.width(count, fonts.BODY, 9) / 2 + 9
    if middle - half < begin or middle + half > end:
        middle = (begin + end) / 2
    surface.text(left, line, furniture.serial, size=9)
    surface.text(middle, line, count, size=9, align="center")
    surface.text(right, line, code, size=9, align="right")
    if furniture.made:
        surface.text(left, small, f"生成时间 {spoken(furniture.made)}", size=7.5)
    if furniture.key_code:
        surface.text(right, small, f"核对码 {furniture.key_code}", size=7.5, align="right")


def qr(surface: Surface, furniture: Furniture, right: float, top: float) -> None:
    """Draw the QR code with the 校验码 beneath, its right edge at `right`."""
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    if not furniture.payload:
        return
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(furniture.payload)
    code.make()
    count = code.getModuleCount()
    step = QR_SIZE / (count + 2 * QR_QUIET)
    code_width = fonts.width(furniture.check_code, fonts.BODY, 7.5)
    right -= max(code_width - QR_SIZE, 0) / 2
    left = right - QR_SIZE
    strokes = []
    for row in range(count):
        y = surface.height - top - (row + QR_QUIET + 1) * step
        column = 0
        while column < count:
            begin = column
            while column < count and code.isDark(row, column):
                column += 1
            if column > begin:
                x = left + (begin + QR_QUIET) * step
                strokes.append(f"{x:.3f} {y:.3f} {(column - begin) * step:.3f} {step:.3f} re")
            column += 1
    surface.raw(
        f"q 1 g {left:.2f} {surface.height - top - QR_SIZE:.2f} {QR_SIZE:.2f} {QR_SIZE:.2f} re f Q"
    )
    surface.raw(f"q 0 g {' '.join(strokes)} f Q")
    surface.text(
        right - QR_SIZE / 2, top + QR_SIZE + 6, furniture.check_code, size=7.5, align="center"
    )


def tick(surface: Surface, x: float, baseline: float, size: float, *, ticked: bool) -> float:
    """Draw a tick box and return its width: no font has ☑ or ☐, so √ is printed over a square."""
    side = 0.8 * size
    low = baseline + 0.06 * size
    surface.frame(Box(x + 0.1 * size, low - side, side, side), 0.6)
    if ticked:
        surface.text(x + 0.08 * size, baseline, "√", fonts.NUMBER, size)
    return size
