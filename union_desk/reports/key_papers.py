"""R38: the 单位开通卡 and the strips of 开通码. No record, no 校验码.

A card says by which 核对码 a unit's key is known; it is sealed. Strips are cut apart and handed
over in person, each in an envelope of its own hands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.reports import fonts, marks, paragraph
from union_desk.reports.furniture import Furniture
from union_desk.reports.geometry import MM, SEAL, Box, Trace
from union_desk.reports.page import Paper

if TYPE_CHECKING:
    from collections.abc import Sequence

CARD, STRIPS = "单位开通卡", "开通码条"
_TITLE_SIZE, _CODE_SIZE, _WORD_SIZE = 22.0, 24.0, 12.0
_LEADING = 20.0
_TOP = 25 * MM
PER_PAGE = 8
_STRIP = 31.5 * MM
_DASH = 2.5 * MM


@dataclass(frozen=True, slots=True)
class CardPaper:
    """What a 单位开通卡 says."""

    unit: str
    unit_name: str
    origin: str
    digits: str
    """核对码, 4-4-4."""
    fingerprint: str
    recipient: str
    since: str
    """ISO date from which the keys are in use."""
    made: str
    """ISO, UTC."""
    parent: str = ""
    """Name and code of whom the card is for."""

    @property
    def payload(self) -> str:
        """What the QR code says: a scanner compares all of it."""
        return f"UDK1:{self.fingerprint}:{self.recipient}"


@dataclass(frozen=True, slots=True)
class StripPaper:
    """What one strip says."""

    unit_name: str
    origin: str
    parent: str
    parent_name: str
    code: str
    """Four groups of four."""
    expires: str


def render_card(card: CardPaper, trace: Trace | None = None) -> bytes:
    """Return the card as PDF, one page of A4."""
    furniture = Furniture(
        CARD, card.unit, card.unit_name, payload=card.payload, made=card.made, key_code=card.digits
    )
    paper = Paper(furniture, 1, trace=trace)
    paper.begin()
    middle, y = paper.width / 2, _TOP + _TITLE_SIZE
    paper.text(middle, y, CARD, fonts.TITLE, _TITLE_SIZE, align="center")
    marks.qr(paper, furniture, paper.right, _TOP - 10 * MM)
    y += 16 * MM
    facts = (
        ("单位", card.unit_name),
        ("单位编码", card.unit),
        ("填报端编号", card.origin),
        ("启用日期", _day(card.since)),
        *((("送交", card.parent),) if card.parent else ()),
    )
    for name, value in facts:
        paper.text(paper.left, y, f"{name}：{value}", size=_WORD_SIZE)
        y += _LEADING
    frame = Box(paper.left, y + 4 * MM, paper.right - paper.left, 26 * MM)
    paper.frame(frame)
    paper.text(middle, frame.y + 8 * MM, "核　对　码", fonts.HEAD, _WORD_SIZE, align="center")
    paper.text(
        middle, frame.y + 20 * MM, card.digits, fonts.NUMBER, _CODE_SIZE, align="center", cell=frame
    )
    y = _words(paper, frame.bottom + 10 * MM, _CARD_WORDS)
    _card_foot(paper, y + 8 * MM)
    paper.end()
    return paper.save()


_CARD_WORDS = (
    "上级收到本单位的数据包时，如果没有用开通码核对过，就按这张卡上的核对码核对：逐位输入，并确认已见公章。",
    "下级第一次装入上级的通知文件时，没有开通码的，同样按上级的这张卡核对一次。",
    (
        "扫描右上角的二维码可以完整核对。卡上没有秘密内容，"
        "但要盖章后当面交或寄送，不要用微信、QQ 传照片。"
    ),
    "换电脑、重装程序或上级协助重设口令后，要重新打印这张卡。",
)


def _words(paper: Paper, y: float, texts: Sequence[str]) -> float:
    for text in texts:
        for line in paragraph.lines(text, paper.right - paper.left, fonts.BODY, 10.5, indent=2):
            paper.text(paper.left + line.indent, y, line.text)
            y += 17
        y += 4
    return y


def _card_foot(paper: Paper, y: float) -> None:
    """Three lines for the pen at the left; at the right the place of the seal and its line."""
    for place, name in enumerate(("工会主席（签字）", "填　报　人", "日　　　　期")):
        base = y + 14 * MM + place * 13 * MM
        paper.text(paper.left, base, f"{name}：", size=_WORD_SIZE)
        begin = paper.left + 108
        paper.rule(begin, base + 2, begin + 45 * MM, base + 2)
    box = Box(paper.right - SEAL - 8 * MM, y, SEAL, SEAL)
    paper.seal(box)
    paper.text(
        box.x + box.width / 2, box.bottom + 5 * MM, "填报单位（盖章）", size=_WORD_SIZE,
        align="center",
    )  # fmt: skip


def render_strips(
    strips: Sequence[StripPaper],
    *,
    unit: str,
    unit_name: str,
    made: str,
    trace: Trace | None = None,
) -> bytes:
    """Return strips as PDF, eight to a page of A4 with lines to cut along."""
    furniture = Furniture(STRIPS, unit, unit_name, made=made)
    paper = Paper(furniture, -(-len(strips) // PER_PAGE), trace=trace)
    for start in range(0, len(strips), PER_PAGE):
        paper.begin()
        for place, strip in enumerate(strips[start : start + PER_PAGE]):
            _strip(paper, 12 * MM + place * _STRIP, strip)
        paper.end()
    return paper.save()


def _strip(paper: Paper, top: float, strip: StripPaper) -> None:
    box = Box(paper.left, top, paper.right - paper.left, _STRIP)
    if paper.page and top < 13 * MM:
        _cut(paper, top)
    _cut(paper, box.bottom)
    name = Box(box.x, top + 3 * MM, 0.62 * box.width, 8 * MM)
    paper.cell(name, strip.unit_name, fonts.HEAD, 12)
    paper.text(box.right, top + 8.5 * MM, f"编号 {strip.origin}", size=10.5, align="right")
    paper.text(box.x + 2.5, top + 20 * MM, "开通码", size=10.5)
    paper.text(box.x + 16 * MM, top + 20.5 * MM, strip.code, fonts.NUMBER, 19)
    paper.text(
        box.right, top + 20 * MM, f"有效期至 {_day(strip.expires)}", size=10.5, align="right"
    )
    words = (
        f"首次使用时输入；只能用一次，当面交，不要拍照。发放：{strip.parent_name}（{strip.parent}）"
    )
    paper.cell(Box(box.x, top + 23.5 * MM, box.width, 6 * MM), words, size=9)


def _cut(paper: Paper, y: float) -> None:
    """Draw a dashed line over the whole width of the sheet."""
    x = 6 * MM
    while x < paper.width - 6 * MM:
        paper.rule(x, y, x + _DASH, y)
        x += 2 * _DASH


def _day(iso: str) -> str:
    year, month, day = (int(part) for part in iso[:10].split("-"))
    return f"{year}年{month}月{day}日"
