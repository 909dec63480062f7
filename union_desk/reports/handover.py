"""交接单 and 报送记录 on paper: what was handed over, with the digests to compare it by.

Made after the files were written, of their own digests; nobody seals it. The QR code holds the
beginning of the file's digest.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk import __version__
from union_desk.reports import checkcode, fonts, grid, head
from union_desk.reports.content import Text
from union_desk.reports.furniture import Furniture
from union_desk.reports.geometry import MM, ROW
from union_desk.reports.marks import spoken
from union_desk.reports.page import Paper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.reports.geometry import Trace

_WIDTH = 170 * MM
_BOTTOM = 279 * MM
_PREFIX = "JJD"
_SMALL = 9.0
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Slip:
    """One file that was handed over; `packets` are (name, SHA-256, records)."""

    unit: str
    unit_name: str
    reader: str
    name: str
    sha256: str
    way: str
    carrier: str
    at: str
    packets: tuple[tuple[str, str, int], ...]
    verified: bool = True


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The parts of one paper, its furniture, and the line above its table."""

    parts: list[grid.Part]
    furniture: Furniture
    ends: tuple[str, str, str]


def slip(*items: Slip, trace: Trace | None = None) -> bytes:
    """Return the 交接单 of each file as one PDF; the same files give the same bytes."""
    return _draw([_sheet(item) for item in items], trace)


def _sheet(item: Slip) -> _Sheet:
    facts = (
        ("文件", item.name),
        ("校验值", in_groups(item.sha256)),
        ("收件单位", item.reader),
        ("方式", item.way),
        ("送交人", item.carrier),
        ("写出时间", f"{spoken(item.at)}　{'已写入并核对' if item.verified else '没有核对'}"),
    )
    widths = (24 * MM, _WIDTH - 24 * MM)
    rows: list[grid.Part] = [
        _row(widths, pair, (fonts.HEAD, fonts.BODY), ("center", "left")) for pair in facts
    ]
    columns = (12 * MM, 66 * MM, 74 * MM, 18 * MM)
    top = _heads(columns, ("序号", "数据包", "校验值（SHA-256）", "记录数"))
    rows += [grid.Space(ROW), top]
    for number, (name, sha256, records) in enumerate(item.packets, 1):
        cells = (str(number), name, in_groups(sha256), f"{records:,}")
        rows.append(_line(columns, cells, top))
    rows += _receipt(item)
    serial = f"{_PREFIX}-{item.name.rsplit('.', 1)[0]}"
    furniture = Furniture(
        "报送文件交接单", item.unit, item.unit_name, serial, checkcode.check_code(item.sha256),
        checkcode.payload(serial.upper(), item.sha256), made=item.at, version=__version__,
    )  # fmt: skip
    ends = (f"送交单位：{item.unit_name}", "", f"共 {len(item.packets)} 个数据包")
    return _Sheet(rows, furniture, ends)


def register(
    unit: str,
    unit_name: str,
    rows: Sequence[tuple[str, ...]],
    made: str,
    *,
    trace: Trace | None = None,
) -> bytes:
    """Return the 报送记录 as PDF: rows of (time, file, digest, reader, way, carrier, state)."""
    columns = tuple(width * MM for width in (29, 52, 20, 27, 16, 13, 13))
    titles = ("时间", "文件", "校验值前 16 位", "收件单位", "方式", "送交人", "状态")
    top = _heads(columns, titles)
    parts: list[grid.Part] = [top, *(_line(columns, row, top) for row in rows)]
    furniture = Furniture("报送记录", unit, unit_name, made=made, version=__version__)
    ends = (f"填报单位：{unit_name}", "", f"共 {len(rows)} 个文件")
    return _draw([_Sheet(parts, furniture, ends)], trace)


def in_groups(digest: str) -> str:
    """Return a digest in fours, to be read out and compared."""
    return " ".join(digest[n : n + 4] for n in range(0, len(digest), 4)).upper()


def _receipt(item: Slip) -> list[grid.Part]:
    """Return the lines for the hands of those who give and take."""
    half = _WIDTH / 2
    lines = (
        ("送交人（签字）：" + item.carrier, "接收人（签字）："),
        ("日期：　　　　年　　月　　日", "日期：　　　　年　　月　　日"),
    )
    made: list[grid.Part] = [grid.Space(ROW)]
    for pair in lines:
        cells = [grid.Cell(n * half, half, Text(words)) for n, words in enumerate(pair)]
        made.append(grid.Row.of(cells, least=1.4 * ROW, keep=True))
    return made


def _heads(widths: Sequence[float], titles: Sequence[str]) -> grid.Row:
    return _row(widths, titles, (fonts.HEAD,) * len(titles), ("center",) * len(titles), keep=True)


def _line(widths: Sequence[float], cells: Sequence[str], top: grid.Row) -> grid.Row:
    row = _row(widths, cells, (fonts.BODY,) * len(cells), ("left",) * len(cells), size=_SMALL)
    return grid.Row(row.cells, row.height, above=top)


def _row(
    widths: Sequence[float],
    texts: Sequence[str],
    faces: Sequence[str],
    aligns: Sequence[str],
    *,
    size: float = 10.5,
    keep: bool = False,
) -> grid.Row:
    cells = []
    left = 0.0
    for width, text, face, align in zip(widths, texts, faces, aligns, strict=True):
        cells.append(grid.Cell(left, width, Text(text, face, size, align, label=keep)))
        left += width
    return grid.Row.of(cells, keep=keep)


def _draw(sheets: Sequence[_Sheet], trace: Trace | None) -> bytes:
    with _one_at_a_time:
        cut = [
            grid.paginate(sheet.parts, _BOTTOM - head.SHEET_TOP, _BOTTOM - head.LATER_TOP)
            for sheet in sheets
        ]
        paper = Paper(sheets[0].furniture, sum(map(len, cut)), trace=trace)
        for sheet, pages in zip(sheets, cut, strict=True):
            paper.furniture = sheet.furniture
            left, middle, right = sheet.ends
            for number, page in enumerate(pages):
                paper.begin()
                place = head.sheet_later if number else head.sheet
                top = place(paper, left=left, middle=middle, right=right)
                grid.draw(paper, page, paper.left, top, _WIDTH)
                paper.end()
        return paper.save()
