"""The fonts of the paper: five stacks by role, each with fallbacks for rare characters.

A stack looks like one font to reportlab; inside, each character is drawn by the first of its
fonts that has it. What reportlab 5.1 does wrongly on the way is put right here: it writes five
hex digits into ToUnicode above U+FFFF (copied names come out wrong), has no fallback between
TrueType fonts, and registers two fonts of one face name as one.
"""

from __future__ import annotations

import copy
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts

from union_desk import resources
from union_desk.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from reportlab.pdfbase.pdfdoc import PDFDocument
    from reportlab.pdfbase.ttfonts import TTFont

BODY, TITLE, HEAD, KAI, NUMBER = "FS", "XBS", "HT", "KT", "ST"
_LIGHT = "NotoSerifSC-Light-full.ttf"
_FILES: Mapping[str, tuple[str, ...]] = {
    BODY: ("FandolFang-Regular.ttf", _LIGHT),
    TITLE: ("NotoSerifSC-Bold-8105.ttf", _LIGHT),
    HEAD: ("NotoSansSC-Medium-8105.ttf", _LIGHT),
    KAI: ("UnionDeskKai-8105.ttf", _LIGHT),
    NUMBER: (_LIGHT,),
}
_LIGHT_LATIN = {BODY, KAI}
"""The digits and letters of these faces are too heavy or too playful: Light draws them."""
EMPTY_SQUARE = "□"
"""Stands where no font has the character, for the pen."""
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Zero-width characters and variation selectors."""
_SHIFT = 1 << 16


def clean(text: str) -> str:
    """Return `text` as it prints: NFC, no invisible characters; control characters are blanks."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text)
    if _UNSEEN.search(text):
        text = _UNSEEN.sub("", text)
    if text.isprintable():
        return text
    return "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)


class FontStack:
    """Several TrueType fonts that reportlab takes for one.

    :param children: fonts in the order in which they are asked for a character.
    :param latin: the child that draws ASCII.
    """

    _dynamicFont = 1  # noqa: N815 - the names are reportlab's
    _multiByte = 1  # noqa: N815
    shapable = False

    def __init__(self, name: str, children: Sequence[TTFont], *, latin: int = 0) -> None:
        self.fontName = name
        self.children = tuple(children)
        self.latin = latin
        self.missing: set[str] = set()
        first = self.children[0]
        self.face = copy.copy(first.face)
        self.face.name = f"{name}-stack".encode()  # reportlab aliases fonts by face name
        self.encoding = first.encoding
        self.pdfScale = first.pdfScale
        self._widths: dict[str, float] = {}
        self._choice: dict[str, int] = {}
        self._codes: WeakKeyDictionary[PDFDocument, dict[str, tuple[str, str]]] = (
            WeakKeyDictionary()
        )

    def has(self, char: str) -> bool:
        """Return whether one of the fonts can draw `char`."""
        return any(child.face.charToGlyph.get(ord(char)) for child in self.children)

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:
        """Return the width in points (the name is reportlab's)."""
        del encoding
        widths = self._widths
        try:
            return sum([widths[char] for char in text]) * size
        except KeyError:
            for char in set(text) - widths.keys():
                child, drawn = self._pick(char)
                widths[char] = self.children[child].face.getCharWidth(ord(drawn)) / 1000
            return sum([widths[char] for char in text]) * size

    def splitString(
        self, text: str, doc: PDFDocument, encoding: str = "utf-8"
    ) -> list[tuple[int, bytes]]:
        """Return runs of (child * 65536 + subset, bytes), as a dynamic font does."""
        del encoding
        found: list[tuple[int, bytes]] = []
        for char in text:
            run, code = self._code(char, doc)
            if found and found[-1][0] == run:
                found[-1] = (run, found[-1][1] + code)
            else:
                found.append((run, code))
        return found

    def codes(self, doc: PDFDocument) -> dict[str, tuple[str, str]]:
        """Return what :meth:`runs` has found out for a document, by character."""
        known = self._codes.get(doc)
        if known is None:
            known = self._codes[doc] = {}
        return known

    def runs(
        self, text: str, doc: PDFDocument, codes: dict[str, tuple[str, str]] | None = None
    ) -> list[tuple[str, str]]:
        """Return runs of (name on the page, bytes as hex digits), each character looked up once.

        :param codes: of :meth:`codes`, for those who ask often.
        """
        if codes is None:
            codes = self.codes(doc)
        found: list[tuple[str, str]] = []
        current, digits = "", ""
        for char in text:
            pair = codes.get(char)
            if pair is None:
                run, code = self._code(char, doc)
                pair = codes[char] = self.getSubsetInternalName(run, doc), code.hex()
            if pair[0] != current:
                if digits:
                    found.append((current, digits))
                current, digits = pair
            else:
                digits += pair[1]
        if digits:
            found.append((current, digits))
        return found

    def getSubsetInternalName(self, subset: int, doc: PDFDocument) -> str:
        """Return the name under which the page knows that subset."""
        child, inner = divmod(subset, _SHIFT)
        return str(self.children[child].getSubsetInternalName(inner, doc))

    def addObjects(self, doc: PDFDocument) -> None:
        """Add nothing: the children add themselves."""

    def _code(self, char: str, doc: PDFDocument) -> tuple[int, bytes]:
        child, drawn = self._pick(char)
        ((subset, code),) = self.children[child].splitString(drawn, doc)
        return child * _SHIFT + subset, code

    def _pick(self, char: str) -> tuple[int, str]:
        """Return which child draws what for `char`."""
        code = ord(char)
        if code < 0x7F and self.latin:
            return self.latin, char
        for number, child in enumerate(self.children):
            if child.face.charToGlyph.get(code):
                return number, char
        self.missing.add(char)
        return len(self.children) - 1, EMPTY_SQUARE


_stacks: dict[str, FontStack] = {}
_faces: dict[Path, TTFont] = {}
_extra: tuple[Path, ...] = ()


def prepare(extra: tuple[Path, ...] = ()) -> None:
    """Make the stacks ready; `extra` fonts join the end of each.

    :raises ReportError: R601 for a font file that cannot be used.
    """
    global _extra  # noqa: PLW0603 - reportlab's registry is global, too
    ttfonts.makeToUnicodeCMap = to_unicode
    rl_config.useA85 = 0  # streams as bytes: a fifth smaller, and written a third faster
    if extra != _extra:
        _stacks.clear()
        _extra = extra
    stack(BODY)


def stack(name: str) -> FontStack:
    """Return the stack of a role; its fonts load at the first use."""
    found = _stacks.get(name)
    if found is None:
        found = _stacks[name] = _load(name)
    return found


def _load(name: str) -> FontStack:
    folder = resources.fonts()
    children = [_face(path) for path in (*(folder / file for file in _FILES[name]), *_extra)]
    made = FontStack(name, children, latin=1 if name in _LIGHT_LATIN else 0)
    pdfmetrics._fonts.pop(name, None)
    pdfmetrics._dynFaceNames.pop(made.face.name, None)
    pdfmetrics.registerFont(made)
    return made


def _face(path: Path) -> TTFont:
    if path not in _faces:
        try:
            _faces[path] = ttfonts.TTFont(path.stem, str(path), asciiReadable=path.name == _LIGHT)
        except (ttfonts.TTFError, OSError) as error:
            raise ReportError(
                "R601",
                f"字体文件“{path.name}”不能用于打印：{error}。",
                "请换用 TrueType（.ttf）字体文件。",
            ) from error
    return _faces[path]


def width(text: str, font: str, size: float) -> float:
    """Return the width of `text` in points."""
    return stack(font).stringWidth(text, size)


def to_unicode(fontname: str, subset: Sequence[int]) -> str:
    """Return the ToUnicode map of a subset: UTF-16, at most 100 lines a block, no empties."""
    pairs = [
        f"<{code:02X}> <{chr(char).encode('utf-16-be').hex().upper()}>"
        for code, char in enumerate(subset)
        if char and (char != 0x20 or code == 0x20)
    ]
    blocks: list[str] = []
    for start in range(0, len(pairs), 100):
        block = pairs[start : start + 100]
        blocks += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join([
        "/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap",
        f"/CIDSystemInfo << /Registry ({fontname}) /Ordering ({fontname}) /Supplement 0 >> def",
        f"/CMapName /{fontname} def", "/CMapType 2 def",
        "1 begincodespacerange", "<00> <FF>", "endcodespacerange", *blocks,
        "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end",
    ])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Missing:
    """A character that no font has: whose, in which field, which."""

    name: str
    field: str
    character: str

    @property
    def code_point(self) -> str:
        """As in U+24A74."""
        return f"U+{ord(self.character):04X}"

    @property
    def sentence(self) -> str:
        """Return what to tell before a preview."""
        place = f"{self.name}的“{self.field}”中的“{self.character}”（{self.code_point}）"
        return f"{place}没有字形，将印成空框，请手写补上。"


def missing_characters(texts: Iterable[tuple[str, str, str]]) -> tuple[Missing, ...]:
    """Return what of (name, field, text) cannot be drawn, each once, in order."""
    body = stack(BODY)
    found: dict[Missing, None] = {}
    drawable: set[str] = set()
    for name, field, text in texts:
        for char in clean(text):
            if char in drawable:
                continue
            if body.has(char):
                drawable.add(char)
            else:
                found[Missing(name, field, char)] = None
    return tuple(found)
