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
_MOST_TICKS, _MOST_TICKS_PEN = 4, 12
_NOT_APPLICABLE = "—"


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
    """Return the tick boxes of a field that has few enough choices for them."""
    value = None if setting.values is None else setting.values.get(item.id)
    if item.type == "bool":
        chosen = {None: "", 1: "是", 0: "否"}.get(value if isinstance(value, int) else None, "")
        return Ticks((("是", chosen == "是"), ("否", chosen == "否")))
    if item.type not in {"choice", "multi"}:
        return None
    known = codes(item, setting.pack)
    most = _MOST_TICKS_PEN if setting.pen else _MOST_TICKS
    if not known or (item.type == "choice" and len(known) > most) or len(known) > 24:
        return None
    marked = set(str(value).split(";")) if value is not None else set()
    if marked - {code.code for code in known}:
        return None  # a code that the list no longer has prints as it is
    return Ticks(tuple((code.label, code.code in marked) for code in known))


def span(item: Field, setting: Setting) -> int:
    """Return how many of the twelve columns label and value take together, at least."""
    if item.type == "longtext":
        return WHOLE
    if item.type == "person_id" and item.id not in setting.masked:
        return BROAD
    boxes = ticks(item, setting)
    if boxes is not None:
        for wide in (THIRD, HALF, BROAD):
            if boxes.natural() <= (wide - LABEL) * COLUMN:
                return wide
        return WHOLE
    if item.type in {"int", "decimal", "money", "date", "attach"}:
        return THIRD
    if item.type in {"phone", "uscc", "person_id"}:
        return HALF
    if item.type in {"choice", "multi"}:
        return _span_of_labels(item, setting)
    if item.type == "ref":
        return BROAD
    longest = item.max_length or 40
    return HALF if longest <= 30 else WHOLE if longest > 60 else BROAD


def _span_of_labels(item: Field, setting: Setting) -> int:
    longest = max((len(code.label) for code in codes(item, setting.pack)), default=10)
    if item.type == "multi":
        return WHOLE
    return THIRD if longest <= 7 else HALF if longest <= 14 else BROAD


def label(item: Field) -> Text:
    """Return the label cell of a field."""
    return Text(values.label(item), align="center", label=True)


def content(item: Field, setting: Setting, width: float) -> Content:
    """Return what stands in the value cell, `width` points wide."""
    if item.type == "person_id" and item.id not in setting.masked and not setting.void & {item.id}:
        written = "" if setting.values is None else str(setting.values.get(item.id) or "")
        if setting.pen or len(written) == ID_LENGTH:
            return Digits(written, ID_LENGTH)
    if item.id in setting.void:
        return Text(_NOT_APPLICABLE, align="center")
    if item.id in setting.awaited:
        return Text(values.AWAITED, align="center")
    boxes = ticks(item, setting)
    if boxes is not None:
        return boxes
    if setting.values is None:
        return _for_the_pen(item, width)
    text = values.shown(item, setting.values, setting.pack, masked=item.id in setting.masked)
    if item.type == "longtext":
        return Prose.of(text, width, least=3 if (item.max_length or 999) > 200 else 2)
    if item.type == "date" and text:
        text = values.spoken_date(text)
    text = values.clean(text)
    align = "left" if fonts.width(text, fonts.BODY, BODY_SIZE) > width * 0.9 else "center"
    return Text(text, align=align)


def _for_the_pen(item: Field, width: float) -> Content:
    if item.type == "longtext":
        lines = 3 if (item.max_length or 999) <= 200 else 6
        return Prose((), least=lines)
    if item.type == "date":
        return Text("　　　年　　月　　日" if width > 3.4 * COLUMN else "　　年　月　日", align="right")
    return Text("")


def least_height(setting: Setting) -> float:
    """Return the lowest row: a pen needs a little more than print."""
    return ROW * 1.05 if setting.pen else ROW
