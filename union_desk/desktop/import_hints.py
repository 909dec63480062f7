"""What a preview can tell by itself: values that follow from other cells, figures far off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.desktop import prior_view
from union_desk.taskpack.field_types import Unreadable, parse_cell, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.import_sheet import ImportSheet
    from union_desk.desktop.session import Session
    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.expression import Context
    from union_desk.taskpack.field_types import Hints
    from union_desk.taskpack.record import Value

_YUAN = 100
"""Fen of a yuan: money is kept in fen and typed in yuan."""


def sources(sheet: ImportSheet, item: Field) -> list[Field]:
    """Return the fields of the row that a field follows from, if the sheet has them all."""
    if item.prefill is None or not item.prefill.fields or item.computed is not None:
        return []
    if any(name not in sheet.mapping for name in item.prefill.fields):
        return []
    return [sheet.form.by_id[name] for name in sorted(item.prefill.fields)]


def derive(sheet: ImportSheet, hints: Hints, context: Context) -> None:
    """Work out the fields without a column that follow from others: sex, birth date from the ID."""
    sheet.derived = {
        item.id: _column(sheet, item, read, hints, context)
        for item in sheet.form.fields
        if item.id not in sheet.mapping and item.id not in sheet.fills
        if (read := sources(sheet, item))
    }


def _column(
    sheet: ImportSheet, item: Field, read: Sequence[Field], hints: Hints, context: Context
) -> list[Value]:
    from union_desk.store.computed import stored
    from union_desk.taskpack.expression import evaluate

    if item.prefill is None:
        return []
    known: dict[tuple[Value, ...], Value] = {}
    found: list[Value] = []
    for row in sheet.rows:
        cells = tuple(row[sheet.place(one.id) or 0] for one in read)
        if cells not in known:
            values = {
                one.id: parse_cell(one, cell, hints) for one, cell in zip(read, cells, strict=True)
            }
            readable = {
                name: None if isinstance(value, Unreadable) else value
                for name, value in values.items()
            }
            empty = dict.fromkeys(sheet.form.by_id)
            value = stored(item.type, evaluate(item.prefill, empty | readable, context))
            known[cells] = plain(item, value) or None
        found.append(known[cells])
    return found


def questions(session: Session, sheet: ImportSheet) -> tuple[str, ...]:
    """Return questions about columns that are a thousandfold off last year's figures."""
    from union_desk.store import prior_figures

    form, year = sheet.form, session.pack.year
    with session.store.read() as connection:
        then = prior_figures.means(connection, session.store.tables, form, session.unit, year)
    said = []
    for item in prior_view.numbers(form):
        now, before = sheet.mean(item.id), then.get(item.id)
        if now is None or before is None:
            continue
        way = prior_figures.off(now * (_YUAN if item.type == "money" else 1), before)
        if way:
            said.append(prior_view.sentence(item, "上年平均数", way))
    return tuple(said)
