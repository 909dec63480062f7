"""How a field stands on a record sheet: how wide its cell is, and what fills it.

The sheet has a grid of twelve columns; a label takes two, its value the rest of the span.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.reports import fonts, values
from union_desk.reports.content import Content, Digits, Prose, Text, Ticks
from union_desk.reports.geometry import A4, BODY_SIZE, MARGIN, ROW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.taskpack.definition import CodeItem, Field, TaskPack
    from union_desk.taskpack.record import Value

GRID = 12
WIDTH = A4[0] - 2 * MARGIN
COLUMN = WIDTH / GRID
LABEL = 2
THIRD, HALF, BROAD, WHOLE = 4, 6, 8, 12
ID_LENGTH = 18
_MOST_TICKS_PEN, _MOST_TICKS_MULTI = 12, 24
_NOT_APPLICABLE = "—"
_PEN_LINES = ((200, 3), (500, 5), (1000, 8))
"""Lines for the pen by the longest text."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How fields of a sheet are set: for whom, from which values, for the pen or printed.

    :param values: None on a blank form.
    :param masked: fields whose numbers show only their ends.
    :param void: fields that do not apply to this record; they print —.
    """

    pack: TaskPack
    values: Mapping[str, Value] | None = None
    masked: frozenset[str] = frozenset()
    void: frozenset[str] = frozenset()
    awaited: frozenset[str] = frozenset()

    @property
    def pen(self) -> bool:
        """Whether the sheet is to be filled by hand."""
        return self.values is None


def codes(item: Field, pack: TaskPack) -> tuple[CodeItem, ...]:
    """Return the codes that may be chosen."""
    if item.type == "bool":
        return ()
    known = pack.codes(item)
    if known is None:
        return ()
    return tuple(code for code in known.items if not item.choices or code.code in item.choices)


def ticks(item: Field, setting: Setting) -> Ticks | None:
    """Return the tick boxes of a field that is set with them.

    For the pen every short list has them; in print, where one word says the same, only lists
    whose boxes take no more room than the word.
    """
    boxes = _boxes(item, setting)
    if boxes is None or setting.pen or item.type != "choice":
        return boxes
    room = boxes.natural() + LABEL * COLUMN
    word = _span_of_labels(item, setting)
    return boxes if room <= max(THIRD, word if word > THIRD else 0) * COLUMN else None


def _boxes(item: Field, setting: Setting) -> Ticks | None:
    value = None if setting.values is None else setting.values.get(item.id)
    if item.type == "bool":
        return Ticks((("是", value == 1), ("否", value == 0)))
    if item.type not in {"choice", "multi"}:
        return None
    known = codes(item, setting.pack)
    most = _MOST_TICKS_PEN if item.type == "choice" else _MOST_TICKS_MULTI
    if not known or len(known) > most:
        return None
    marked = set(str(value).split(";")) if value is not None else set()
    if marked - {code.code for code in known}:
        return None  # a code that the list no longer has prints as it is
    return Ticks(tuple((code.label, code.code in marked) for code in known))


_SPANS = {
    "longtext": WHOLE, "multi": WHOLE, "ref": BROAD, "uscc": HALF, "person_id": HALF,
    "int": THIRD, "decimal": THIRD, "money": THIRD, "date": THIRD, "attach": THIRD,
    "phone": THIRD, "bool": THIRD,
}  # fmt: skip
_TEXT_SPANS = ((30, THIRD), (40, HALF), (60, BROAD))


def span(item: Field, setting: Setting) -> int:
    """Return how many of the twelve columns label and value take together, at least."""
    if item.type == "person_id" and item.id not in setting.masked:
        return BROAD
    boxes = ticks(item, setting)
    if boxes is not None:
        spans = (THIRD, HALF, BROAD)
        room = {wide: (wide - LABEL) * COLUMN for wide in spans}
        return next((wide for wide in spans if boxes.natural() <= room[wide]), WHOLE)
    if item.type == "choice":
        return _span_of_labels(item, setting)
    if item.type in _SPANS:
        return _SPANS[item.type]
    longest = item.max_length or 40
    return next((wide for length, wide in _TEXT_SPANS if longest <= length), WHOLE)


def _span_of_labels(item: Field, setting: Setting) -> int:
    longest = max((len(code.label) for code in codes(item, setting.pack)), default=10)
    return THIRD if longest <= 7 else HALF if longest <= 14 else BROAD


def label(item: Field) -> Text:
    """Return the label cell of a field."""
    return Text(values.label(item), align="center", label=True)


def content(item: Field, setting: Setting, width: float) -> Content:
    """Return what stands in the value cell, `width` points wide."""
    if item.pen or setting.values is None:
        return _for_the_pen(item, setting, width)
    if item.id in setting.awaited:
        return Text(values.AWAITED, align="center")
    if item.id in setting.void:
        return Text(_NOT_APPLICABLE, align="center")
    if item.type == "person_id" and item.id not in setting.masked:
        written = str(setting.values.get(item.id) or "")
        if not written or len(written) == ID_LENGTH:
            return Digits(written, ID_LENGTH)
    return ticks(item, setting) or _printed(item, setting, setting.values, width)


def _printed(item: Field, setting: Setting, row: Mapping[str, Value], width: float) -> Content:
    text = values.shown(item, row, setting.pack, masked=item.id in setting.masked)
    if item.type == "longtext":
        return Prose.of(text, width, least=3 if (item.max_length or 999) > 200 else 2)
    if item.type == "date" and text:
        text = values.spoken_date(text)
    text = values.clean(text)
    align = "left" if fonts.width(text, fonts.BODY, BODY_SIZE) > width * 0.9 else "center"
    return Text(text, align=align)


def _for_the_pen(item: Field, setting: Setting, width: float) -> Content:
    if item.type == "person_id":
        return Digits("", ID_LENGTH)
    boxes = None if item.pen else ticks(item, setting)
    if boxes is not None:
        return boxes
    if item.type == "longtext":
        longest = item.max_length or 2000
        return Prose((), least=next((n for limit, n in _PEN_LINES if longest <= limit), 14))
    if item.type == "date":
        return Text(
            "　　　年　　月　　日" if width > 3.4 * COLUMN else "　　年　月　日", align="right"
        )
    return Text("")


def least_height(setting: Setting) -> float:
    """Return the lowest row: a pen needs a little more than print."""
    return ROW * 1.05 if setting.pen else ROW
