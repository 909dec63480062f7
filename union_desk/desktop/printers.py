"""Printing itself: through CUPS as vectors where `lp` is, else page by page as grey pictures."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter

from union_desk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtPdf import QPdfDocument
    from PySide6.QtPrintSupport import QPrinter

    from union_desk.desktop.jobs import Progress

DPI, SCREEN_DPI = 300, 200
ONE, LONG, SHORT = "one-sided", "two-sided-long-edge", "two-sided-short-edge"
_WAIT = 60


class PrintError(UserError):
    """A print job that was not taken."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted: which printer, how many, which pages (``2-3,5``), both sides or one."""

    printer: str
    copies: int = 1
    pages: str = ""
    duplex: bool = False


def names() -> list[str]:
    """Return the printers of this computer, the usual one first."""
    from PySide6.QtPrintSupport import QPrinterInfo

    usual = QPrinterInfo.defaultPrinterName()
    found = list(QPrinterInfo.availablePrinterNames())
    if not found and (lpstat := shutil.which("lpstat")):
        done = subprocess.run(  # noqa: S603 - the system's own list of printers
            [lpstat, "-e"], capture_output=True, text=True, check=False, timeout=_WAIT
        )
        found = done.stdout.split()
    return sorted(found, key=lambda name: name != usual)


def both_sides(printer: str) -> bool:
    """Return whether a printer says that it prints on both sides; CUPS asks the printer itself."""
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    info = QPrinterInfo.printerInfo(printer)
    if info.isNull():
        return shutil.which("lp") is not None
    return QPrinter.DuplexMode.DuplexLongSide in info.supportedDuplexModes()


def check_pages(text: str) -> str:
    """Return page ranges as CUPS takes them, empty for all.

    :raises PrintError: D730.
    """
    plain = re.sub(r"[\s　]", "", text).replace("，", ",").replace("－", "-").replace("—", "-")
    if plain and not re.fullmatch(r"[1-9]\d*(-[1-9]\d*)?(,[1-9]\d*(-[1-9]\d*)?)*", plain):
        raise PrintError(
            "D730", f"页码“{text}”看不懂。", "请写成 2-3 或 1,4-6 的样子；不写就全印。"
        )
    return plain


def wanted(pages: str, count: int) -> list[int]:
    """Return the numbers (from 0) of the pages that are asked for."""
    if not pages:
        return list(range(count))
    found: list[int] = []
    for part in pages.split(","):
        first, _, last = part.partition("-")
        found += range(int(first) - 1, min(int(last or first), count))
    return [number for number in found if 0 <= number < count]


def sides(order: Order, *, landscape: bool, mixed: bool = False) -> str:
    """Return how the sheets are turned: over the long edge, the short edge when they lie."""
    if not order.duplex or mixed:
        return ONE
    return SHORT if landscape else LONG


def lp_arguments(order: Order, files: Sequence[Path], turned: str) -> list[str]:
    """Return the arguments with which `lp` prints all files as one job."""
    words = ["lp", "-d", order.printer, "-n", str(order.copies)]
    words += ["-o", "media=A4", "-o", f"sides={turned}"]
    if order.pages:
        words += ["-P", order.pages]
    return [*words, "--", *(str(file) for file in files)]


def send(order: Order, papers: Sequence[bytes], folder: Path, progress: Progress) -> None:
    """Print papers as one job, each beginning on a new sheet.

    :param folder: for the files that `lp` reads: private, removed when it has taken them.
    :raises PrintError: D731 the print system refused it, D732 no page of the range is there.
    """
    lying = [landscape(pdf) for pdf in papers]
    turned = sides(order, landscape=lying[0], mixed=len(set(lying)) > 1)
    if shutil.which("lp") is not None:
        _by_cups(order, papers, folder, turned)
        return
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    info = QPrinterInfo.printerInfo(order.printer)
    raster(QPrinter(info, QPrinter.PrinterMode.HighResolution), order, papers, progress, turned)


def _by_cups(order: Order, papers: Sequence[bytes], folder: Path, turned: str) -> None:
    from union_desk import files

    files.private_folder(folder)
    made = [folder / f"print-{number:04}.pdf" for number in range(1, len(papers) + 1)]
    try:
        for path, content in zip(made, papers, strict=True):
            files.write_durable(path, content)
        done = subprocess.run(  # noqa: S603 - fixed program, no shell
            lp_arguments(order, made, turned),
            capture_output=True, text=True, check=False, timeout=_WAIT,
        )  # fmt: skip
    finally:
        for path in made:
            path.unlink(missing_ok=True)
    if done.returncode:
        raise PrintError(
            "D731",
            f"打印机“{order.printer}”没有接受这次打印：{done.stderr.strip() or '没有说明原因'}。",
            "请检查打印机是否开着、有没有纸，再印一次；也可以另存 PDF 拿到别处打印。",
        )


def _opened(pdf: bytes) -> tuple[QPdfDocument, QBuffer]:
    from PySide6.QtPdf import QPdfDocument

    document, buffer = QPdfDocument(), QBuffer()
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    return document, buffer


def landscape(pdf: bytes) -> bool:
    """Return whether the first page of a paper lies on its side."""
    document, _buffer = _opened(pdf)
    size = document.pagePointSize(0)
    return size.width() > size.height()


def picture(document: QPdfDocument, page: int, dpi: int) -> QImage:
    """Return a page as a grey picture on white."""
    points = document.pagePointSize(page)
    size = QSize(round(points.width() * dpi / 72), round(points.height() * dpi / 72))
    drawn = document.render(page, size)
    ground = QImage(size, QImage.Format.Format_RGB32)
    ground.fill(0xFFFFFFFF)
    painter = QPainter(ground)
    painter.drawImage(0, 0, drawn)
    painter.end()
    return ground.convertToFormat(QImage.Format.Format_Grayscale8)


def pictures(pdf: bytes, dpi: int = SCREEN_DPI) -> list[bytes]:
    """Return every page of a PDF as a PNG."""
    document, _buffer = _opened(pdf)
    made = []
    for page in range(document.pageCount()):
        target = QBuffer()
        target.open(QIODevice.OpenModeFlag.WriteOnly)
        picture(document, page, dpi).save(target, "PNG")  # type: ignore[call-overload]
        made.append(bytes(target.data().data()))
    return made


def raster(
    printer: QPrinter,
    order: Order,
    papers: Sequence[bytes],
    progress: Progress,
    turned: str = ONE,
) -> None:
    """Print papers as one job of pictures, A4, each page turned as it lies.

    :raises PrintError: D731, D732.
    """
    mode = {
        ONE: printer.DuplexMode.DuplexNone,
        LONG: printer.DuplexMode.DuplexLongSide,
        SHORT: printer.DuplexMode.DuplexShortSide,
    }[turned]
    printer.setDuplex(mode)
    printer.setCopyCount(order.copies)
    printer.setFullPage(True)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setColorMode(printer.ColorMode.GrayScale)
    both = turned != ONE and printer.duplex() == mode
    opened = [_opened(pdf) for pdf in papers]
    plan = [
        (number, page)
        for number, (document, _) in enumerate(opened)
        for page in wanted(order.pages, document.pageCount())
    ]
    if not plan:
        raise PrintError("D732", "要印的页不在这份报表里。", "请看预览下面的页数，重写页码。")
    _turn(printer, opened[plan[0][0]][0], plan[0][1])
    painter = QPainter()
    if not painter.begin(printer):
        raise _refused(order)
    try:
        _draw(
            printer,
            painter,
            [(opened[paper][0], paper, page) for paper, page in plan],
            progress,
            both=both,
        )
    except BaseException:
        printer.abort()
        painter.end()
        raise
    if not painter.end():
        raise _refused(order)
    progress(len(plan), len(plan))


def _draw(
    printer: QPrinter,
    painter: QPainter,
    plan: Sequence[tuple[QPdfDocument, int, int]],
    progress: Progress,
    *,
    both: bool,
) -> None:
    """Draw page after page; a paper begins on a new sheet."""
    drawn, before = 0, plan[0][1]
    for place, (document, paper, page) in enumerate(plan):
        progress(place, len(plan))
        if place:
            _turn(printer, document, page)
            if both and paper != before and drawn % 2:
                printer.newPage()
                drawn += 1
            printer.newPage()
        area = QRectF(printer.pageLayout().fullRectPixels(printer.resolution()))
        area.moveTo(0, 0)
        painter.drawImage(area, picture(document, page, DPI))
        drawn, before = drawn + 1, paper


def _turn(printer: QPrinter, document: QPdfDocument, page: int) -> None:
    size = document.pagePointSize(page)
    lying = size.width() > size.height()
    way = QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait
    printer.setPageOrientation(way)


def _refused(order: Order) -> PrintError:
    return PrintError(
        "D733", f"打印机“{order.printer}”打不开。", "请检查打印机，或另存 PDF 拿到别处打印。"
    )
