"""Reading how one record stands on its sheet, where a form has a paper layout of old."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from union_desk.taskpack.paper_blocks import SheetLayout, SheetPiece, Spot
from union_desk.taskpack.problems import Trouble

if TYPE_CHECKING:
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.linking import Linker
    from union_desk.taskpack.reading import Part

COLUMNS, BESIDE_PHOTO = 12, 9
"""Columns of the grid, and what is left of them beside a photograph."""
_SPOT = re.compile(r"([a-z][a-z0-9_]*)\s+(\d{1,2})\+(\d{1,2})")
_MOST_ROWS = 20


def read_layout(part: Part | None, form: Form | None, linker: Linker) -> SheetLayout | None:
    """Return the layout of the single sheet, None where the report has none of its own."""
    if part is None:
        return None
    if form is None:
        part.add(Trouble.NOT_APPLICABLE, part.line, f"{part.title}要先写“单条表”。")
        part.asked.update(key.text for key, _ in part.node.pairs)
        return None
    pieces = []
    for inner in part.parts("版面", "版面", required=True):
        piece = _piece(inner, form, linker)
        inner.close()
        if piece is not None:
            pieces.append(piece)
    layout = SheetLayout(
        pieces=tuple(pieces),
        left=_corner(part, "左上", form),
        right=_corner(part, "右上", form),
        opinions=part.texts("意见"),
        rest=not part.flag("其余不印"),
    )
    part.close()
    return layout


def _corner(part: Part, key: str, form: Form) -> str:
    node = part.marked(key)
    if node is None:
        return ""
    if node.text not in form.by_id:
        part.add(
            Trouble.UNKNOWN_FIELD, node.line, f"{part.title}的“{key}”里没有字段“{node.text}”。"
        )
    return node.text


def _piece(part: Part, form: Form, linker: Linker) -> SheetPiece | None:
    if part.has("行"):
        return _row(part, form)
    if part.has("明细"):
        name = part.text("明细")
        detail = linker.drafts.get(name)
        if detail is None or detail.form.detail_of != form.id:
            part.add(
                Trouble.UNKNOWN_FORM, part.line, f"{part.title}的“{name}”不是 {form.id} 的明细。"
            )
            return None
        columns = part.texts("栏目")
        for column in columns:
            if column not in detail.fields:
                part.add(Trouble.UNKNOWN_FIELD, part.line, f"{name} 里没有字段“{column}”。")
        return SheetPiece(
            "detail", form=name, count=min(part.integer("行数"), _MOST_ROWS),
            columns=columns, label=part.text("栏名"),
        )  # fmt: skip
    if part.has("标题"):
        return SheetPiece("title", text=part.text("标题", required=True))
    if part.has("大写"):
        return _words(part, form)
    text = part.text("文字", required=True)
    return SheetPiece("text", text=text, signed=part.flag("签字"), label=part.text("栏名"))


def _words(part: Part, form: Form) -> SheetPiece | None:
    name = part.text("大写", required=True)
    item = form.by_id.get(name)
    if item is None or item.type != "money":
        part.add(Trouble.UNKNOWN_FIELD, part.line, f"{part.title}的“{name}”不是金额字段。")
        return None
    return SheetPiece("words", text=name)


def _row(part: Part, form: Form) -> SheetPiece:
    photo = part.flag("照片")
    spots = []
    for node in part.scalars("行", required=True):
        match = _SPOT.fullmatch(node.text.strip())
        if match is None:
            part.add(
                Trouble.WRONG_TYPE,
                node.line,
                f"{part.title}应写成“字段 标题宽+内容宽”，如 name 2+2，不是“{node.text}”。",
            )
        elif match[1] not in form.by_id:
            part.add(Trouble.UNKNOWN_FIELD, node.line, f"{part.title}里没有字段“{match[1]}”。")
        else:
            spots.append(Spot(match[1], int(match[2]), int(match[3])))
    wide = sum(spot.label + spot.value for spot in spots)
    wanted = BESIDE_PHOTO if photo else COLUMNS
    if wide != wanted:
        part.add(
            Trouble.RANGE,
            part.line,
            f"{part.title}一行共 {wide} 栏，应是 {wanted} 栏，请调整宽度。",
        )
    return SheetPiece("row", spots=tuple(spots), photo=photo)
