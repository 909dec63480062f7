"""Chinese line breaking: no line begins with a stop or ends with an opening bracket.

reportlab's own paragraphs follow Japanese rules, swallow the wide blank (年　　月　　日) and cut
numbers. Here a number stays together with its unit, —— and …… stay whole, and stops stay with
what they close.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.reports import fonts

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_START = frozenset("，。、；：！？）》〉】〕」』”’…％%‰℃,.;:!?)]}·—～")
NO_END = frozenset("（《〈【〔「『“‘([{￥$")
UNITS = r"(?:万(?:元|人次|人|户|件|个|名|家)?|人次|元|[年月日号时个名人家件户次])"
_TOKEN = re.compile(
    rf"(?:(?<![A-Za-z0-9])[-+−])?[A-Za-z0-9]+(?:[.,:/%+\-_#]+[A-Za-z0-9]+)*(?:{UNITS})?|—{{2,}}|…{{2,}}|.",
    re.DOTALL,
)
_MARKS = (NO_START | NO_END) - {"·"}
SMALLEST = 9.0
STEP = 0.25
LEADING = 1.25
_SLACK = 0.01


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, its natural width in points and its indent."""

    text: str
    width: float
    indent: float = 0
    last: bool = False


@dataclass(frozen=True, slots=True)
class Fitted:
    """Text broken for a box: lines at a size with a leading, all in points."""

    lines: tuple[Line, ...]
    size: float
    leading: float

    @property
    def height(self) -> float:
        """Height of all lines."""
        return len(self.lines) * self.leading


def tokens(text: str) -> list[str]:
    """Return the pieces between which a line may in principle be broken."""
    return _TOKEN.findall(text)


def clusters(text: str) -> Iterator[str]:
    """Yield pieces that may not be parted: stops join what they close, brackets what follows.

    A blank belongs to what stands before it.
    """
    held = ""
    for piece in tokens(text):
        bound = piece == " " or piece[0] in NO_START or held.rstrip(" ")[-1:] in NO_END
        if held and bound:
            held += piece
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held


def lines(text: str, width: float, font: str, size: float, *, indent: float = 0) -> list[Line]:
    """Return `text` broken to `width` points; each line break in it begins a paragraph.

    :param indent: of the first line of each paragraph, in em.
    """
    found: list[Line] = []
    for paragraph in text.split("\n"):
        found += _paragraph(fonts.clean(paragraph), width, font, size, indent * size)
    return found


def _paragraph(text: str, width: float, font: str, size: float, indent: float) -> list[Line]:
    measure = fonts.stack(font).stringWidth
    pieces: list[str] = []
    room = width - indent
    found: list[Line] = []

    def close(kept: str, *, last: bool = False) -> None:
        nonlocal room
        shown = kept.rstrip(" ")
        found.append(Line(shown, measure(shown, size), 0 if found else indent, last))
        room = width

    held, used = "", 0.0
    for cluster in clusters(text):
        pieces = [cluster]
        while pieces:
            piece = pieces.pop(0)
            if used + measure(piece.rstrip(" "), size) <= room + _SLACK:
                held += piece
                used += measure(piece, size)
            elif held:
                kept, carried = _prefer_middle_dot(held)
                close(kept)
                held, used = carried, measure(carried, size)
                pieces.insert(0, piece)
            else:
                head, tail = _cut(piece, room, font, size)
                close(head)
                pieces[:0] = [tail] if tail else []
    if held or not found:
        close(held, last=True)
    elif found:
        found[-1] = Line(found[-1].text, found[-1].width, found[-1].indent, last=True)
    return found


def _prefer_middle_dot(held: str) -> tuple[str, str]:
    """Break a long name after its last ·, if it has one: 阿·… and Yi names."""
    place = held.rfind("·")
    if place < 0 or _MARKS.intersection(held) or " " in held:
        return held, ""
    return held[: place + 1], held[place + 1 :]


def _cut(piece: str, room: float, font: str, size: float) -> tuple[str, str]:
    """Cut a piece that is wider than a line, at least one character in."""
    measure = fonts.stack(font).stringWidth
    end = 1
    while end < len(piece) and measure(piece[: end + 1], size) <= room + _SLACK:
        end += 1
    for place in range(end, 0, -1):
        if place == len(piece) or (piece[place] not in NO_START and piece[place - 1] not in NO_END):
            if place > 1 or end == 1:
                return piece[:place], piece[place:]
            break
    return piece[:end], piece[end:]


def shrunk(text: str, width: float, font: str, size: float) -> float | None:
    """Return the largest size from `size` down to 9 pt at which `text` fits on one line."""
    if "\n" in text:
        return None
    natural = fonts.width(fonts.clean(text), font, 1)
    if natural * size <= width + _SLACK:
        return size
    if natural * SMALLEST > width + _SLACK:
        return None
    while natural * size > width + _SLACK:
        size -= STEP
    return max(size, SMALLEST)


def fit(text: str, width: float, font: str, size: float, *, indent: float = 0) -> Fitted:
    """Return `text` on one line, shrunk to 9 pt at least, or else wrapped at 9 pt.

    The smallest print is 9 pt: below it a photocopy cannot be read.
    """
    one = shrunk(text, width, font, size)
    if one is not None:
        shown = fonts.clean(text)
        line = Line(shown, fonts.width(shown, font, one), 0, last=True)
        return Fitted((line,), one, one * LEADING)
    smallest = min(size, SMALLEST)
    wrapped = tuple(lines(text, width, font, smallest, indent=indent))
    if len(wrapped) == 2 and not indent and width < 16 * smallest:
        wrapped = balanced(text, width, font, smallest).lines
    return Fitted(wrapped, smallest, smallest * LEADING)


def wrap(text: str, width: float, font: str, size: float, *, indent: float = 0) -> Fitted:
    """Return `text` wrapped at `size`."""
    return Fitted(tuple(lines(text, width, font, size, indent=indent)), size, size * 1.5)


def spacing(line: Line, width: float, size: float) -> float:
    """Return the character spacing that justifies `line`; 0 for the last and for short ones."""
    rest = width - line.indent - line.width
    if line.last or rest > 2.5 * size or rest <= 0 or len(line.text) < 2:
        return 0
    return rest / (len(line.text) - 1)


def balanced(text: str, width: float, font: str, size: float) -> Fitted:
    """Return `text` wrapped at `size` in lines of about equal length, as heads are set."""
    wrapped = lines(text, width, font, size)
    if len(wrapped) > 1:
        share = fonts.width(text, font, size) / len(wrapped)
        for more in (0.1, 0.5, 1):
            again = lines(text, min(share + more * size, width), font, size)
            if len(again) == len(wrapped):
                wrapped = again
                break
    if len(wrapped) == 2:
        wrapped = _before_bracket(text, width, font, size) or wrapped
    return Fitted(tuple(wrapped), size, size * LEADING)


def _before_bracket(text: str, width: float, font: str, size: float) -> list[Line] | None:
    """Return a head with its measure, 参加（人次）, on two lines parted before the bracket."""
    place = text.rfind("（")
    if place < 1 or not text.endswith("）"):
        return None
    halves = text[:place], text[place:]
    found = [Line(half, fonts.width(half, font, size), 0, last=True) for half in halves]
    return found if max(line.width for line in found) <= width + _SLACK else None
