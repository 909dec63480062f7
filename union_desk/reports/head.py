"""The head of a paper: seal place, 表号 block, title, the line of unit, period and measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.reports import fonts, marks, paragraph
from union_desk.reports.geometry import BODY_SIZE, MM, SEAL, Box

if TYPE_CHECKING:
    from union_desk.reports.page import Paper

FIRST_TOP, LATER_TOP, SHEET_TOP = 53 * MM, 31 * MM, 43 * MM
"""Where the table begins: on page one below the seal place, on the others, on a sheet."""
_SEAL_TOP, _SEAL_LEFT = 5 * MM, 8 * MM
_QR_TOP = 9 * MM
_LINE = 2.2 * MM
"""Distance of the line's baseline from the table."""
_SMALL = 9.0


def first(paper: Paper, *, stamp: str, period: str, measure: str, seal: bool = True) -> float:
    """Draw the head of page one; return where the table begins.

    The seal stands at the left and reaches into the margin, pressing only the line
    填报单位（盖章） at its lower edge.
    """
    furniture = paper.furniture
    if seal:
        paper.seal(Box(_SEAL_LEFT, _SEAL_TOP, SEAL, SEAL))
    marks.qr(paper, furniture, paper.right, _QR_TOP)
    _block(paper, paper.right - (marks.QR_SIZE + 6 * MM if furniture.payload else 0))
    clear = _SEAL_LEFT + SEAL + 2 * MM
    _title(paper, 41.5 * MM, min(paper.width - 2 * clear, paper.right - paper.left), (22, 16))
    _line(paper, FIRST_TOP - _LINE, stamp, period, measure)
    return FIRST_TOP


def later(paper: Paper, *, stamp: str, period: str, measure: str) -> float:
    """Draw the head of a page that follows; return where the table begins."""
    _title(paper, 22 * MM, paper.right - paper.left, (16, 12), "（续）")
    _line(paper, LATER_TOP - _LINE, stamp, period, measure)
    return LATER_TOP


def mark(paper: Paper, text: str) -> None:
    """Draw a mark such as 内部资料 beside the seal place."""
    if text:
        x = _SEAL_LEFT + SEAL + 3 * MM if paper.page == 1 else paper.left
        paper.text(x, 13 * MM, text, fonts.HEAD, 12)


def sheet(paper: Paper, *, left: str, middle: str, right: str) -> float:
    """Draw the head of a record sheet's first page; return where its frame begins."""
    marks.qr(paper, paper.furniture, paper.right, _QR_TOP)
    room = paper.right - paper.left - 2 * (marks.QR_SIZE + 5 * MM)
    _title(paper, 29 * MM, room, (22, 16), spread=True)
    _line(paper, SHEET_TOP - _LINE, left, middle, right)
    return SHEET_TOP


def sheet_later(paper: Paper, *, left: str, middle: str, right: str) -> float:
    """Draw the head of a record sheet's further pages."""
    _title(paper, 22 * MM, paper.right - paper.left, (16, 12), "（续）")
    _line(paper, LATER_TOP - _LINE, left, middle, right)
    return LATER_TOP


def _title(
    paper: Paper,
    baseline: float,
    room: float,
    sizes: tuple[float, float],
    after: str = "",
    *,
    spread: bool = False,
) -> None:
    """Draw the title on one line, or on two that grow or shrink together."""
    text = fonts.clean(paper.furniture.title) + after
    if spread and len(text) <= 8:
        text = " ".join(text)
    largest, smallest = sizes
    size = largest
    while size > smallest and fonts.width(text, fonts.TITLE, size) > room:
        size -= 1
    if fonts.width(text, fonts.TITLE, size) <= room:
        paper.text(paper.width / 2, baseline, text, fonts.TITLE, size, align="center")
        return
    fitted = _at_stop(text, room, smallest) or paragraph.balanced(text, room, fonts.TITLE, smallest)
    top = baseline - (len(fitted.lines) - 1) * fitted.leading
    for number, line in enumerate(fitted.lines):
        y = top + number * fitted.leading
        paper.text(paper.width / 2, y, line.text, fonts.TITLE, smallest, align="center")


def _at_stop(text: str, room: float, size: float) -> paragraph.Fitted | None:
    """Return a title on two lines parted at a stop within it, if both then fit."""
    best: tuple[float, str, str] | None = None
    for place, letter in enumerate(text[:-1], 1):
        if letter in "、，）”" and text[place] not in "、，）”":
            halves = text[:place], text[place:]
            wide = max(fonts.width(half, fonts.TITLE, size) for half in halves)
            if wide <= room and (best is None or wide < best[0]):
                best = (wide, *halves)
    if best is None:
        return None
    lines = (
        paragraph.Line(half, fonts.width(half, fonts.TITLE, size), last=True) for half in best[1:]
    )
    return paragraph.Fitted(tuple(lines), size, size * paragraph.LEADING)


def _block(paper: Paper, right: float) -> None:
    """Draw 表号, 制定机关, 依据: labels in one column, the longest line flush right."""
    furniture = paper.furniture
    pairs = [
        ("表　　号", furniture.table_code),
        ("制定机关", furniture.issuer),
        ("依　　据", furniture.basis),
    ]
    shown = [f"{label}：{text}" for label, text in pairs if text]
    wide = max((fonts.width(text, fonts.BODY, _SMALL) for text in shown), default=0)
    for number, text in enumerate(shown):
        paper.text(right - wide, 13 * MM + number * 4.6 * MM, text, size=_SMALL)


def _line(paper: Paper, baseline: float, left: str, middle: str, right: str) -> None:
    """Draw what stands on the line above the table: left, centre, right."""
    total = paper.right - paper.left
    size = BODY_SIZE
    while (
        size > _SMALL
        and sum(fonts.width(text, fonts.BODY, size) for text in (left, middle, right))
        > total - 4 * size
    ):
        size -= paragraph.STEP
    begin = paper.left + fonts.width(left, fonts.BODY, size)
    end = paper.right - fonts.width(right, fonts.BODY, size)
    half = fonts.width(middle, fonts.BODY, size) / 2
    centre = paper.width / 2
    if centre - half < begin + size or centre + half > end - size:
        centre = (begin + end) / 2
    paper.text(paper.left, baseline, left, size=size)
    paper.text(centre, baseline, middle, size=size, align="center")
    paper.text(paper.right, baseline, right, size=size, align="right")
