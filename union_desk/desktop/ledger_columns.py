"""Which fields a ledger shows, in which order, how wide: derived from the form's definition."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtGui import QFontMetrics

from union_desk.desktop import theme
from union_desk.desktop.line_editor import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.taskpack.definition import Field, Form

MOST = 7
_PRIVATE = 2
_WIDTHS = {
    "date": 108, "person_id": 172, "uscc": 176, "phone": 118, "bool": 76, "int": 86,
    "decimal": 96, "money": 108, "choice": 116, "multi": 150, "ref": 190,
}  # fmt: skip
_NAME_WIDTH, _TEXT_WIDTH, _CODE_WIDTH, _SHORT_WIDTH = 220, 150, 136, 96
_SHORT_NAME, _KEY_WIDTH = 110, 196
_SHORT = 20
PERSON = 30
"""Names up to this length are persons'; longer ones want more room."""
_UNSUMMED = frozenset({"年", "岁", "%", "‰"})
"""Measures whose sum says nothing."""
_ROOM = {"date": 2, "number": 2, "choice": 2, "ref": 1, "text": 1, "bool": 1}
"""How many fields of a kind a ledger shows, the more telling kinds first."""
_UNSHOWN = frozenset({"longtext", "attach"})


def shown_fields(form: Form) -> tuple[Field, ...]:
    """Return the fields worth a column, the most telling first: the row's name before all."""
    name = form.by_id.get(form.name_field)
    keys = {part for key in (*form.natural_keys[:1], *form.duplicate_keys[:1]) for part in key}
    candidates = [item for item in form.fields if item is not name and _fits(item)]
    candidates.sort(key=lambda item: (item.id not in keys, not item.required))
    seen: Counter[str] = Counter()
    order = list(_ROOM)
    ranked = []
    for item in candidates:
        kind = _kind(item)
        if seen[kind] < _ROOM[kind]:
            ranked.append((item.id not in keys, seen[kind], order.index(kind), item))
            seen[kind] += 1
    ranked.sort(key=lambda entry: entry[:3])
    return (*((name,) if name else ()), *(entry[3] for entry in ranked))[:MOST]


def _fits(item: Field) -> bool:
    if item.type in _UNSHOWN or item.decided_by is not None:
        return False
    return item.sensitivity < _PRIVATE or item.type == "person_id"


def _kind(item: Field) -> str:
    if item.type in NUMBERS:
        return "number"
    if item.type in {"choice", "date", "ref", "bool"}:
        return item.type
    return "text"


def summed_fields(form: Form, shown: Sequence[Field]) -> tuple[Field, ...]:
    """Return the fields whose totals are worth a place in the footer, the shown ones first."""
    numbers = [
        item
        for item in form.fields
        if item.type in NUMBERS and item.measure not in _UNSUMMED
        if "/" not in item.measure
    ]
    return tuple(sorted(numbers, key=lambda item: item not in shown))


def fitting(fields: Sequence[Field], form: Form, room: int) -> tuple[Field, ...]:
    """Return the fields that fit into `room` pixels, name first, the others as in the form."""
    kept: list[Field] = []
    for item in fields:
        width = width_of(item, form)
        if not kept or width <= room:
            kept.append(item)
            room -= width
    places = {item.id: place for place, item in enumerate(form.fields)}
    return tuple(sorted(kept, key=lambda item: (item.id != form.name_field, places[item.id])))


def width_of(item: Field, form: Form) -> int:
    """Return the least width of a column in pixels: its content's usual width, its label whole."""
    usual = _WIDTHS.get(item.type, _TEXT_WIDTH)
    if item.id == form.name_field:
        usual = _SHORT_NAME if 0 < (item.max_length or 0) <= PERSON else _NAME_WIDTH
    elif item.type == "text":
        usual = _KEY_WIDTH if any(item.id in key for key in form.natural_keys) else usual
        usual = _CODE_WIDTH if item.pattern or item.check_digit else usual
        usual = _SHORT_WIDTH if 0 < (item.max_length or 0) <= _SHORT else usual
    label = QFontMetrics(theme.font(13, bold=True)).horizontalAdvance(item.label)
    return max(theme.px(usual), min(label, theme.px(150)) + theme.px(38))
