"""A record on the paper layout of old that a report of the package lays down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from union_desk.reports import fonts, grid, sheet_rows, signing, values
from union_desk.reports.content import Prose, Text
from union_desk.reports.fields import COLUMN, WIDTH, Setting, content, label
from union_desk.reports.geometry import BASELINE, BODY_SIZE, MM, ROW, Box
from union_desk.taskpack.money import amount_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from union_desk.reports.drawing import Surface
    from union_desk.reports.grid import Part
    from union_desk.taskpack.definition import Field, Form, TaskPack
    from union_desk.taskpack.paper_blocks import SheetLayout, SheetPiece
    from union_desk.taskpack.record import Detail

_PHOTO_WIDTH, _PHOTO_HEIGHT = 3 * COLUMN, 54 * MM
"""Room for a photograph of 35 × 49 mm (2寸)."""
_SIDE = 9 * MM
_PHOTO = ("贴照片处", "（2寸）")


@dataclass(frozen=True)
class Laid:
    """The parts of a sheet, and which fields and details stand in them."""

    parts: list[Part]
    fields: list[Field]
    details: tuple[str, ...]


def lay(
    form: Form, layout: SheetLayout, setting: Setting, hidden: frozenset[str],
    details: Mapping[str, Sequence[Detail]],
) -> Laid:  # fmt: skip
    """Return the pieces of the layout; fields it does not name follow in their order."""
    setting = replace(setting, void=setting.void | hidden)
    parts: list[Part] = []
    placed: list[Field] = []
    tables: list[str] = []
    beside: list[grid.Row] = []
    for piece in layout.pieces:
        if beside and not piece.photo:
            parts.append(Beside.of(beside))
            beside = []
        if piece.kind == "row":
            row = _row(form, piece, setting)
            placed += [form.by_id[spot.field] for spot in piece.spots]
            if piece.photo:
                beside.append(row)
            else:
                parts.append(row)
        elif piece.kind == "detail":
            tables.append(piece.form)
            parts.append(_detail(setting.pack, piece, details.get(piece.form, ())))
        else:
            parts.append(_said(form, piece, setting))
    if beside:
        parts.append(Beside.of(beside))
    placed += [form.by_id[name] for name in (layout.left, layout.right) if name]
    rest = _rest(form, placed, setting, hidden) if layout.rest else []
    return Laid([*parts, *sheet_rows.lines(rest, setting)], [*placed, *rest], tuple(tables))


def _rest(
    form: Form, placed: Sequence[Field], setting: Setting, hidden: frozenset[str]
) -> list[Field]:
    known = {item.id for item in placed}
    return [
        item
        for item in form.fields
        if item.id not in known
        and item.id not in hidden
        and item.type != "attach"
        and (setting.values is None or item.pen or values.stored(item, setting.values) is not None)
    ]


def _row(form: Form, piece: SheetPiece, setting: Setting) -> grid.Row:
    cells = []
    x = 0.0
    for spot in piece.spots:
        item = form.by_id[spot.field]
        name, value = spot.label * COLUMN, spot.value * COLUMN
        cells.append(grid.Cell(x, name, label(item)))
        cells.append(grid.Cell(x + name, value, content(item, setting, value)))
        x += name + value
    return grid.Row.of(cells)


def _said(form: Form, piece: SheetPiece, setting: Setting) -> grid.Row:
    """Return a heading, an amount in words, or a text that is signed."""
    if piece.kind == "title":
        return grid.band(piece.text, WIDTH)
    wide = 2 * COLUMN
    if piece.kind == "words":
        item = form.by_id[piece.text]
        amount = None if setting.values is None else setting.values.get(item.id)
        words = amount_in_words(amount) if isinstance(amount, int) else ""
        name = Text(f"{item.label}（大写）", align="center", label=True)
        return grid.Row.of((grid.Cell(0, wide, name), grid.Cell(wide, WIDTH - wide, Text(words))))
    sign = f"\n{'　' * 12}本人（签字）：{'　' * 8}{signing.DATE[3:]}" if piece.signed else ""
    room = WIDTH - wide
    cells = (
        grid.Cell(0, wide, Text(piece.label, align="center", label=True)),
        grid.Cell(wide, room, Prose.of(f"{piece.text}\n{sign}" if sign else piece.text, room)),
    )
    return grid.Row.of(cells)


def _detail(pack: TaskPack, piece: SheetPiece, rows: Iterable[Detail]) -> Side:
    form = pack.forms[piece.form]
    known = list(rows)
    _, top, found = sheet_rows.detail(
        form, known, pack, pen=False, width=WIDTH - _SIDE, shown=detail_fields(form, piece)
    )
    if not known:
        found = []
    empty = [_empty(top) for _ in range(max(piece.count - len(found), 0))]
    return Side(piece.label or form.title, (top, *found, *empty))


def detail_fields(form: Form, piece: SheetPiece) -> list[Field]:
    """Return the fields of a detail table that a piece shows."""
    if piece.columns:
        return [form.by_id[name] for name in piece.columns]
    return sheet_rows.detail_fields(form)


def _empty(top: grid.Row) -> grid.Row:
    return grid.Row.of([replace(cell, content=Text("")) for cell in top.cells])


@dataclass(frozen=True, slots=True)
class Side:
    """Rows with one upright title at their left; the first row is their head."""

    title: str
    rows: tuple[grid.Row, ...]
    keep: bool = False
    boxed: bool = True

    @property
    def height(self) -> float:
        """Height in points."""
        return sum(row.height for row in self.rows)

    def draw(self, surface: Surface, left: float, top: float) -> None:
        """Draw the title and the rows."""
        letters = [letter for letter in self.title if letter.strip()]
        step = min(BODY_SIZE * 1.3, (self.height - 4) / max(len(letters), 1))
        size = min(BODY_SIZE, max(step / 1.1, 9))
        step = max(step, size)
        most = max(int((self.height - 4) / step), 1)
        columns = [letters[start : start + most] for start in range(0, len(letters), most)]
        box = Box(left, top, _SIDE, self.height)
        for number, column in enumerate(columns):
            x = box.x + _SIDE * (number + 1) / (len(columns) + 1)
            y = box.y + (box.height - len(column) * step) / 2
            for place, letter in enumerate(column):
                baseline = y + (place + 0.5) * step + BASELINE * size
                surface.text(x, baseline, letter, fonts.BODY, size, align="center", cell=box)
        surface.rule(box.right, top, box.right, box.bottom)
        y = top
        for row in self.rows:
            row.draw(surface, box.right, y)
            y += row.height
        surface.rule(left, y, left + WIDTH, y)

    def split(self, room: float) -> tuple[Part, Part] | None:
        """Part between rows; the head stands on both pages."""
        used, count = 0.0, 0
        for row in self.rows:
            if used + row.height > room:
                break
            used += row.height
            count += 1
        if count < 2 or count >= len(self.rows):
            return None
        return (
            replace(self, rows=self.rows[:count], keep=False),
            replace(self, rows=(self.rows[0], *self.rows[count:])),
        )


@dataclass(frozen=True, slots=True)
class Beside:
    """Rows at the left of the place for a photograph."""

    rows: tuple[grid.Row, ...]
    keep: bool = True
    boxed: bool = True

    @classmethod
    def of(cls, rows: Sequence[grid.Row]) -> Beside:
        """Return the rows, high enough together for the photograph."""
        least = max(_PHOTO_HEIGHT / len(rows), ROW)
        return cls(tuple(replace(row, height=max(row.height, least)) for row in rows))

    @property
    def height(self) -> float:
        """Height in points."""
        return sum(row.height for row in self.rows)

    def draw(self, surface: Surface, left: float, top: float) -> None:
        """Draw the rows and the empty place."""
        y = top
        for row in self.rows:
            row.draw(surface, left, y)
            y += row.height
        box = Box(left + WIDTH - _PHOTO_WIDTH, top, _PHOTO_WIDTH, self.height)
        surface.rule(box.x, top, box.x, box.bottom)
        surface.rule(box.x, box.bottom, box.right, box.bottom)
        middle = box.x + box.width / 2
        for number, text in enumerate(_PHOTO):
            baseline = top + box.height / 2 + number * BODY_SIZE * 1.4
            surface.text(middle, baseline, text, align="center", cell=box)

    def split(self, room: float) -> tuple[Part, Part] | None:
        """Stay whole."""
        del room
        return None
