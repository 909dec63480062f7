"""Answers out of a list: yes or no, one code, several codes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from union_desk.taskpack.typed_text import NotReadableError, code, compact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from union_desk.taskpack.definition import CodeItem, CodeList

_YES = frozenset(["是", "1", "√", "✓", "✔", "☑", "对", "有", "y", "yes", "t", "true"])
_NO = frozenset(["否", "0", "×", "✗", "✘", "无", "n", "no", "f", "false"])
_SEPARATORS = re.compile(r"[;、,\n|]|\s+")
_NAMED = 6


def read_bool(text: str) -> int:
    """Return 1 or 0 for 是, 否, √, ×, 1, 0 and the like."""
    typed = compact(text).casefold()
    if typed in _YES:
        return 1
    if typed in _NO:
        return 0
    raise NotReadableError("请填“是”或“否”")


def read_choice(text: str, codes: CodeList) -> str:
    """Return the code for a code, its label, both, or the unique beginning of a label."""
    found = _match(text, codes)
    if isinstance(found, str):
        return found
    raise NotReadableError(_why_not(code(text), found, codes))


def read_multi(text: str, codes: CodeList) -> str:
    """Return codes in the list's order, joined by ``;``.

    Labels may hold the separators themselves: the longest piece that names a code counts.
    """
    chosen: set[str] = set()
    for part in re.split("[;\n]", code(text)):
        if part.strip():
            chosen.update(_pieces(part.strip(), codes))
    return ";".join(item.code for item in codes.items if item.code in chosen)


def _pieces(text: str, codes: CodeList) -> Iterator[str]:
    whole = _match(text, codes)
    if isinstance(whole, str):
        yield whole
        return
    ends = [match.span() for match in _SEPARATORS.finditer(text)] + [(len(text), len(text))]
    start = 0
    while start < len(text):
        for stop, following in reversed([end for end in ends if end[0] >= start]):
            piece = text[start:stop].strip()
            found = _match(piece, codes) if piece else ""
            if isinstance(found, str):
                if found:
                    yield found
                start = following if following > start else len(text)
                break
        else:
            piece = text[start : next(end[0] for end in ends if end[0] > start)]
            raise NotReadableError(_why_not(piece, _candidates(piece, codes), codes))


def _match(text: str, codes: CodeList) -> str | Sequence[CodeItem]:
    """Return the code, or the items that the text might stand for."""
    typed = code(text)
    if typed in codes.by_code:
        return typed
    if text in codes.by_label and len(codes.by_label) == len(codes.items):
        return codes.by_label[text].code
    key = _key(typed)
    exact = [item for item in codes.items if _key(item.label) == key]
    if not exact:
        exact = [
            item
            for item in codes.items
            if key in {_key(item.code + item.label), _key(item.label + item.code)}
        ]
    if not exact and key.isdigit() and key.isascii():
        exact = [item for item in codes.items if item.code.isdigit() and int(item.code) == int(key)]
    if len(exact) == 1:
        return exact[0].code
    found = exact or _candidates(typed, codes)
    if len(found) == 1 and _is_telling(key, _key(found[0].label)):
        return found[0].code
    return found


def _candidates(text: str, codes: CodeList) -> Sequence[CodeItem]:
    key = _key(text)
    return [item for item in codes.items if key and _key(item.label).startswith(key)]


def _is_telling(key: str, label: str) -> bool:
    """Return whether an abbreviation says enough: 汉 for 汉族, but not 无 for 无党派人士."""
    return len(key) >= 2 or 2 * len(key) >= len(label)


def _key(text: str) -> str:
    return re.sub(r"[\s.·:\-—_“”\"'()（）]", "", compact(text)).casefold()


def _why_not(typed: str, found: Sequence[CodeItem], codes: CodeList) -> str:
    if len(found) > 1:
        names = "”“".join(item.label for item in found[:_NAMED])
        return f"“{typed}”可能是“{names}”，请写完整"
    names = "；".join(f"{item.code} {item.label}" for item in codes.items[:_NAMED])
    more = " 等" if len(codes.items) > _NAMED else ""
    return f"“{typed}”不在“{codes.title}”里，可选：{names}{more}"
