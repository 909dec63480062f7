"""A form's sections as rows of the twelve-column grid, its details as inner tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from union_desk.reports import fields, fonts, grid, values
from union_desk.reports.content import Text
from union_desk.reports.fields import COLUMN, GRID, LABEL, WIDTH, Setting
from union_desk.reports.geometry import BODY_SIZE, MM, ROW

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from union_desk.taskpack.definition import Field, Form, TaskPack
    from union_desk.taskpack.record import Detail

NUMBER = 10 * MM
EMPTY_ROWS = 6
"""Rows of a detail table on a blank form."""


def sections(
    form: Form, setting: Setting, hidden: frozenset[str]
) -> tuple[list[grid.Row], list[Field]]:
    """Return the rows of all sections, and the fields that stand in them."""
    rows: list[grid.Row] = []
    printed: list[Field] = []
    listed = form.sections or ()
    for section in listed:
        shown = [form.by_id[name] for name in section.fields if name not in hidden]
        if not shown:
            continue
        printed += shown
        if len(listed) > 1:
            rows.append(grid.band(section.title, WIDTH))
        rows += lines(shown, setting)
    if not listed:
        printed = [item for item in form.fields if item.id not in hidden]
        rows = lines(printed, setting)
    return rows, printed


def lines(shown: Sequence[Field], setting: Setting) -> list[grid.Row]:
    """Pack fields in reading order into rows of twelve columns; the last value takes the rest."""
    rows = []
    waiting: list[tuple[Field, int]] = []
    used = 0
    for item in shown:
        wide = fields.span(item, setting)
        if waiting and used + wide > GRID:
            rows.append(_row(waiting, setting))
            waiting, used = [], 0
        waiting.append((item, wide))
        used += wide
    if waiting:
        rows.append(_row(waiting, setting))
    return rows


def _row(items: Sequence[tuple[Field, int]], setting: Setting) -> grid.Row:
    rest = GRID - sum(wide for _, wide in items)
    cells = []
    x = 0.0
    for number, (item, span) in enumerate(items):
        share = rest // (len(items) - number)
        rest -= share
        label = LABEL * COLUMN
        value = (span + share - LABEL) * COLUMN
        cells.append(grid.Cell(x, label, fields.label(item)))
        cells.append(grid.Cell(x + label, value, fields.content(item, setting, value)))
        x += label + value
    return grid.Row.of(cells, least=fields.least_height(setting))


def detail(
    form: Form,
    rows: Iterable[Detail],
    pack: TaskPack,
    *,
    pen: bool,
    width: float = WIDTH,
    shown: Sequence[Field] | None = None,
) -> tuple[list[grid.Row], grid.Row, list[grid.Row]]:
    """Return heading, column head and rows of a detail table."""
    shown = detail_fields(form) if shown is None else shown
    wide = _widths(shown, pack, width)
    title = [grid.band(form.title, width)]
    head = _table_row(["序号", *(values.label(item) for item in shown)], wide, head=True)
    found = []
    for number, row in enumerate(rows, 1):
        texts = [str(number), *(_detail_text(item, row, pack) for item in shown)]
        found.append(_table_row(texts, wide, aligns=["center", *map(_align, shown)]))
    if pen:
        found = [_table_row([""] * len(wide), wide, least=ROW * 1.05) for _ in range(EMPTY_ROWS)]
    elif not found:
        cell = grid.Cell(0, width, Text("无", align="center"))
        found = [grid.Row.of((cell,))]
    return title, head, [replace(row, above=head) for row in found]


def detail_fields(form: Form) -> list[Field]:
    """Return the fields that a detail table shows: not the link to its parent, no files."""
    return [item for item in form.fields if item.id != form.parent_field and item.type != "attach"]


def _detail_text(item: Field, row: Detail, pack: TaskPack) -> str:
    return values.clean(values.shown(item, row.values, pack, masked=item.type == "person_id"))


def _align(item: Field) -> str:
    if item.type in {"int", "decimal", "money"}:
        return "right"
    centred = {"choice", "bool", "date", "person_id", "phone", "uscc"}
    return "center" if item.type in centred else "left"


def _table_row(
    texts: Sequence[str],
    wide: Sequence[float],
    *,
    head: bool = False,
    aligns: Sequence[str] = (),
    least: float = ROW,
) -> grid.Row:
    cells = []
    x = 0.0
    for number, (text, width) in enumerate(zip(texts, wide, strict=True)):
        align = "center" if head else aligns[number] if aligns else "left"
        content = Text(text, fonts.BODY, align=align, label=head)
        cells.append(grid.Cell(x, width, content))
        x += width
    return grid.Row.of(cells, least=least, keep=head)


_EM = {
    "date": 6, "bool": 3, "person_id": 9.9, "phone": 7, "uscc": 10.5, "money": 7, "int": 4,
    "decimal": 5,
}  # fmt: skip
_SOFTEST = 4


def _widths(shown: Sequence[Field], pack: TaskPack, width: float) -> list[float]:
    """Give dates and numbers what they need and share the rest among the texts."""
    hard: dict[int, float] = {}
    soft: dict[int, float] = {}
    for number, item in enumerate(shown):
        if item.type in _EM:
            hard[number] = max(_EM[item.type], _label_em(item))
        elif item.type in {"choice", "multi"}:
            labels = [len(code.label) for code in fields.codes(item, pack)]
            hard[number] = max(min(max(labels, default=4), 5) + 0.6, _label_em(item))
        else:
            soft[number] = min(max((item.max_length or 30) * 0.4, 6), 16)
    room = (width - NUMBER) / BODY_SIZE
    fixed = min(sum(hard.values()), room - _SOFTEST * len(soft)) if hard else 0
    squeeze = fixed / sum(hard.values()) if hard else 1
    if not soft:
        squeeze = room / sum(hard.values())
    share = (room - fixed) / sum(soft.values()) if soft else 0
    wants = [
        hard[number] * squeeze if number in hard else soft[number] * share
        for number in range(len(shown))
    ]
    return [NUMBER, *(want * BODY_SIZE for want in wants)]


def _label_em(item: Field) -> float:
    return min(len(values.label(item)) / 2 + 0.6, 5)
