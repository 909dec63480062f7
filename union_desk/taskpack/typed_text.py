"""Text as people type it: what is refused, what is folded, and how an unreadable one is kept."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from union_desk.taskpack.definition import TaskPack

LARGEST = 2**53 - 1
"""The largest whole number kept: what JSON, spreadsheets and floating point hold exactly."""

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters except tab and line ends
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction marks that make text read otherwise
    "\ud800-\udfff\ufffe\uffff\ufdd0-\ufdef]"  # half characters and code points that are none
)
INVISIBLE = "\u200b\u2060\ufeff\u00ad"
"""Characters that take no room and mean nothing: dropped wherever they stand."""
_SIMPLE = re.compile("[0-9A-Za-z\u4e00-\u9fff]+")
"""Most of what offices write: already in every normal form, nothing to fold or trim."""
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Text that a field cannot hold: the text as typed, and what to type instead."""

    text: str
    message: str


@dataclass(frozen=True, slots=True)
class Hints:
    """What helps reading: the year of ``8月27日``, the day of ``=``, the code lists."""

    year: int | None = None
    today: str = ""
    pack: TaskPack | None = None


class NotReadableError(ValueError):
    """Raised by the readers of single types with the sentence for the person who typed."""


def is_simple(text: str) -> bool:
    """Return whether text is letters, digits and common characters alone, at least one of them."""
    return _SIMPLE.fullmatch(text) is not None


def refuse_hidden(text: str) -> None:
    """Raise NotReadableError where text holds characters nobody can see."""
    if found := _FORBIDDEN.search(text):
        raise NotReadableError(f"第 {found.start() + 1} 个字是看不见的控制字符，请删掉后重新输入")


def prose(text: str) -> str:
    """Return trimmed text in composed form (NFC), single line ends, no invisible marks."""
    if _SIMPLE.fullmatch(text):
        return text
    text = unicodedata.normalize("NFC", re.sub("\r\n|[\r\u2028\u2029]", "\n", text))
    return _INVISIBLE.sub("", text).strip()


def line(text: str) -> str:
    """Return `prose` on one line: tabs and line ends become one blank."""
    if _SIMPLE.fullmatch(text):
        return text
    return re.sub(r"[ ]*[\t\n]+[ ]*", " ", prose(text))


def code(text: str) -> str:
    """Return text in half-width form (NFKC) without invisible marks, trimmed."""
    if _SIMPLE.fullmatch(text):
        return text
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()


def compact(text: str) -> str:
    """Return `code` without any blank."""
    if _SIMPLE.fullmatch(text):
        return text
    return _BLANKS.sub("", code(text))


_WIDE = {chr(point): chr(point - 0xFEE0) for point in range(0xFF01, 0xFF5F)}
_DOTS = ".\uff0e\u2022\u2027\u2219\u22c5\u30fb\uff65\u0387\u16eb\u2024"
FOLDS: tuple[tuple[str, str], ...] = (
    *((wide, narrow) for wide, narrow in _WIDE.items() if wide not in _DOTS),
    *((blank, "") for blank in " \t\n\r\u00a0\u2002\u2003\u2009\u3000\u200b\ufeff"),
    *((dot, "\u00b7") for dot in _DOTS),
)
"""How names and distinct texts are compared: width folded, blanks dropped, one kind of ·.

A fixed list of replacements of single characters, so that the database can do the same.
"""

_FOLD_TABLE = str.maketrans(dict(FOLDS))


def fold(text: str) -> str:
    """Return text as it is compared in ``who()``, distinct counts, search and duplicates."""
    return text.translate(_FOLD_TABLE)
