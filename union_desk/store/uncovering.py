"""Masked cells of a sheet that was given out: what they stand for is in the store.

A cell that shows of the record of its row exactly what is shown of it masked means no change and
is read as the value itself. Any other masked cell is refused: a mask never becomes a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.store.layout import layout, rows_by
from union_desk.store.schema import stored_fields
from union_desk.taskpack.field_types import (
    SENSITIVE,
    columns,
    format_value,
    is_masked,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from union_desk.store.layout import Row
    from union_desk.store.schema import Tables
    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.record import Value


def uncover(
    connection: Connection, tables: Tables, form: Form, cells: Mapping[str, list[Value]]
) -> None:
    """Put the store's own values into masked cells of rows whose record id the sheet has.

    :param cells: the columns of the sheet by name; changed in place.
    """
    covered = [
        (item, places)
        for item in stored_fields(form)
        if item.sensitivity >= SENSITIVE and item.id in cells
        and (places := [n for n, cell in enumerate(cells[item.id]) if is_masked(item, cell)])
    ]  # fmt: skip
    uids = cells.get("uid")
    if not covered or uids is None:
        return
    made = layout(tables, form.id)
    wanted = {str(uids[number]).strip() for _, places in covered for number in places}
    known: dict[Value, Row] = {row[0]: row for row in rows_by(connection, made, "uid", wanted)}
    for item, places in covered:
        shown = shown_by(item, made.place)
        for number in places:
            row = known.get(str(uids[number]).strip())
            value = shown(row) if row is not None else None
            if (
                value is not None
                and covered_text(item, value) == str(cells[item.id][number]).strip()
            ):
                cells[item.id][number] = plain(item, value)


def shown_by(item: Field, places: Mapping[str, int]) -> Callable[[Sequence[Value]], Value]:
    """Return what a row says in a field: of a reference its key, else as typed, else the id."""
    if item.type != "ref":
        place = places[item.id]
        return lambda row: row[place]
    link, key, label = (places[name] for name in columns(item))
    return lambda row: next(
        (row[spot] for spot in (key, label, link) if row[spot] is not None), None
    )


def covered_text(item: Field, value: Value) -> str:
    """Return what a file shows of a value: of a sensitive one its mask."""
    if value is None or item.sensitivity < SENSITIVE:
        return plain(item, value)
    return format_value(item, value, None, masked=True)
