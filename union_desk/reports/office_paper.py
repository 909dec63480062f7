"""Papers of the office itself: the recovery sheet, the list of a 离岗交接. No form, no 校验码.

A paper is a title, facts, paragraphs, lists with a heading each, and places to sign; it becomes
a PDF, or plain text for who has no printer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.reports import fonts, paragraph
from union_desk.reports.furniture import Furniture
from union_desk.reports.geometry import BODY_SIZE, Box
from union_desk.reports.marks import spoken
from union_desk.reports.page import Paper

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_TITLE_SIZE, _CODE_SIZE, _HEAD_SIZE = 20.0, 19.0, 12.0
_LEADING, _AIR = 18.0, 10.0
_TOP = 60.0
_CODE_ROOM, _SIGN_ROOM = 58.0, 34.0
_GROUP, _PER_LINE = 5, 5


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with its heading; of nothing, what to say instead."""

    heading: str
    lines: tuple[str, ...]
    none: str = "无"


@dataclass(frozen=True, slots=True)
class OfficePaper:
    """What stands on the paper, from top to bottom."""

    title: str
    unit: str
    unit_name: str
    made: str
    """ISO, UTC."""
    facts: tuple[tuple[str, str], ...] = ()
    code: str = ""
    """To be typed by people: printed large, in a frame."""
    paragraphs: tuple[str, ...] = ()
    lists: tuple[Listed, ...] = ()
    signatures: tuple[str, ...] = ()


def recovery_sheet(unit: str, unit_name: str, made: str, key_id: str, code: str) -> OfficePaper:
    """Return the sheet with the recovery code; it lies sealed in the office."""
    return OfficePaper(
        "恢复单",
        unit,
        unit_name,
        made,
        facts=(
            ("单位", f"{unit_name}（{unit}）"),
            ("制作时间", spoken(made)),
            ("钥匙编号", key_id),
        ),
        code=code,
        paragraphs=(
            "忘记口令时，在登录页点“忘记口令”，输入上面的恢复码，就能给管理员设新口令。",
            "恢复码只有数字和英文字母，没有 0、1、O、I；不分大小写，横线和空格可以不输。",
            "请装入信封，封口盖章，由单位负责人保管；不要拍照，不要与电脑或备份放在一起。",
            "重新做恢复单后，这一张就作废，请销毁。",
        ),
        signatures=("保管人", "封存日期"),
    )


def recovery_key(unit: str, unit_name: str, made: str, digits: str, secret: str) -> OfficePaper:
    """Return the paper with an upper office's recovery key; it lies in the safe."""
    groups = [secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP)]
    lines = [" ".join(groups[at : at + _PER_LINE]) for at in range(0, len(groups), _PER_LINE)]
    return OfficePaper(
        "恢复钥匙",
        unit,
        unit_name,
        made,
        facts=(
            ("单位", f"{unit_name}（{unit}）"),
            ("制作时间", spoken(made)),
            ("核对码", digits),
        ),
        paragraphs=(
            "下级单位忘记口令、请本单位协助重设口令时，要用下面的恢复钥匙；平时用不到。",
            "程序里只留公开的一半，没有留恢复钥匙本身；这张纸（或存着它的 U 盘）丢了就要重做。",
            "请装入信封，封口盖章，锁进保险柜；不要拍照，不要放在电脑里。",
            "重新做恢复钥匙后，等各下级装入新的通知文件，旧的才可以销毁。",
        ),
        lists=(Listed("恢复钥匙（输入时空格可以不输）", tuple(lines)),),
        signatures=("保管人", "封存日期"),
    )


def text(paper: OfficePaper) -> str:
    """Return the paper as lines of text."""
    lines = [paper.title, "", *(f"{name}：{value}" for name, value in paper.facts)]
    if paper.code:
        lines += ["", paper.code]
    for words in paper.paragraphs:
        lines += ["", words]
    for part in paper.lists:
        lines += ["", part.heading, *(f"  {line}" for line in part.lines or (part.none,))]
    lines += ["", *(f"{name}：____________________" for name in paper.signatures)]
    return "\n".join(lines) + "\n"


def render(paper: OfficePaper) -> bytes:
    """Return the paper as PDF, A4."""
    furniture = Furniture(paper.title, paper.unit, paper.unit_name, made=paper.made)
    pages = _Layout(Paper(furniture, 1000)).lay(paper)
    drawn = Paper(furniture, pages)
    _Layout(drawn).lay(paper)
    return drawn.save()


class _Layout:
    """Puts block under block, page after page."""

    def __init__(self, page: Paper) -> None:
        self.page = page
        self.y = 0.0
        self.width = page.right - page.left

    def lay(self, paper: OfficePaper) -> int:
        """Draw everything and return the number of pages."""
        self._begin()
        middle = self.page.width / 2
        self.page.text(middle, self.y, paper.title, fonts.TITLE, _TITLE_SIZE, align="center")
        self.y += 2 * _LEADING
        for name, value in paper.facts:
            self._words(f"{name}：{value}")
        if paper.code:
            self._block(_CODE_ROOM, lambda top: self._code(top, paper.code))
        for words in paper.paragraphs:
            self.y += _AIR / 2
            self._words(words, indent=2)
        for part in paper.lists:
            self._list(part)
        self._sign(paper.signatures)
        self.page.end()
        return self.page.page

    def _begin(self) -> None:
        self.page.begin()
        self.y = _TOP

    def _block(self, height: float, draw: Callable[[float], None]) -> None:
        if self.y + height > self.page.bottom:
            self.page.end()
            self._begin()
        draw(self.y)
        self.y += height

    def _words(self, words: str, *, indent: float = 0, font: str = fonts.BODY) -> None:
        size = _HEAD_SIZE if font == fonts.HEAD else BODY_SIZE
        for line in paragraph.lines(words, self.width, font, size, indent=indent):
            self._block(
                _LEADING,
                lambda top, line=line: self.page.text(  # type: ignore[misc]
                    self.page.left + line.indent, top + 12, line.text, font, size
                ),
            )

    def _code(self, top: float, code: str) -> None:
        box = Box(self.page.left, top + _AIR, self.width, _CODE_ROOM - 2 * _AIR)
        self.page.frame(box)
        self.page.text(
            self.page.width / 2, box.y + box.height / 2 + 0.36 * _CODE_SIZE, code,
            fonts.NUMBER, _CODE_SIZE, align="center",
        )  # fmt: skip

    def _list(self, part: Listed) -> None:
        self.y += _AIR
        self._words(part.heading, font=fonts.HEAD)
        for line in part.lines or (part.none,):
            self._words(line, indent=2)

    def _sign(self, names: Sequence[str]) -> None:
        self.y += _AIR
        for name in names:
            self._block(_SIGN_ROOM, lambda top, name=name: self._signature(top, name))  # type: ignore[misc]

    def _signature(self, top: float, name: str) -> None:
        base = top + 24
        self.page.text(self.page.left, base, f"{name}：")
        begin = self.page.left + 110
        self.page.rule(begin, base + 2, begin + 190, base + 2)
