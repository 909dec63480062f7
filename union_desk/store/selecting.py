"""The confirmed rows of a form for which a condition holds, as files show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store.layout import layout, rows_by
from union_desk.store.reading import Reading, bound
from union_desk.store.row_sources import TableRow
from union_desk.store.schema import stored_fields
from union_desk.store.uncovering import covered_text, shown_by
from union_desk.taskpack import field_types
from union_desk.taskpack.field_types import columns as columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.expression import Context, Expression
    from union_desk.taskpack.record import Value


def sheets(
    connection: Connection,
    store: Store,
    form: Form,
    where: Expression | None,
    context: Context,
    *,
    details: bool,
    masked: bool,
) -> dict[str, tuple[tuple[str, ...], list[list[str]]]]:
    """Return by form id the header and rows of a form, with `details` of its detail tables, too.

    Head columns come first, then the fields in their order. Every cell is text that ``put`` reads
    back; rows stand in the order in which they came in.

    :param masked: of sensitive values only the mask, which ``put`` knows for no change.
    """
    rows = _cells(connection, store, form, where, context, masked=masked)
    found = {form.id: (_columns(store, form), rows)}
    parents = {row[0] for row in rows}
    for name in form.details if details else ():
        detail = store.tables.forms[name]
        inner = _cells(connection, store, detail, None, context, masked=masked)
        found[name] = (_columns(store, detail), [row for row in inner if row[1] in parents])
    return found


def names(connection: Connection, store: Store, form: Form, uids: Sequence[str]) -> dict[str, str]:
    """Return what people call these rows of a form, by record id."""
    made = layout(store.tables, form.id)
    item = form.by_id.get(form.name_field)
    if item is None:
        return {}
    place = made.place[columns_of(item)[-1]]
    return {
        str(row[0]): field_types.plain(item, row[place])
        for row in rows_by(connection, made, "uid", uids)
    }


def _columns(store: Store, form: Form) -> tuple[str, ...]:
    return (*layout(store.tables, form.id).head, *(item.id for item in stored_fields(form)))


def _cells(
    connection: Connection, store: Store, form: Form, where: Expression | None, context: Context,
    *, masked: bool,
) -> list[list[str]]:  # fmt: skip
    made = layout(store.tables, form.id)
    source = TableRow.of(store.tables, form.id)
    chosen = sa.select(*(source.table.c[name] for name in made.columns))
    chosen = chosen.select_from(source.joined).where(source.counted())
    if where is not None:
        chosen = chosen.where(Reading(store.tables, source).condition(where.tree))
    writers = [_plain_head(made.place[name]) for name in made.head]
    writers += [_writer(item, made.place, masked=masked) for item in stored_fields(form)]
    result = connection.execute(chosen.order_by(source.table.c.rowid), bound(context))
    return [[write(row) for write in writers] for row in result]


def _plain_head(place: int) -> Callable[[Sequence[Value]], str]:
    def write(row: Sequence[Value]) -> str:
        return "" if row[place] is None else str(row[place])

    return write


def _writer(
    item: Field, places: Mapping[str, int], *, masked: bool
) -> Callable[[Sequence[Value]], str]:
    """Return a writer of one field; a reference stands as key, else as typed, else as record id."""
    shown = shown_by(item, places)
    if masked and item.sensitivity >= field_types.SENSITIVE:
        return lambda row: covered_text(item, shown(row))
    return lambda row: field_types.plain(item, shown(row))
