"""Table ``written_value``: what writers wrote where decisions of an upper level lie over it."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from union_desk.store.layout import CHUNK, Layout, Row, layout
from union_desk.taskpack.field_types import columns as columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection

    from union_desk.store.schema import Tables
    from union_desk.taskpack.record import Value

ANY_WRITTEN = "SELECT 1 FROM written_value WHERE form = ? LIMIT 1"


def written_rows(
    connection: Connection, tables: Tables, form: str, rows: Sequence[Row]
) -> list[Row]:
    """Return `rows` as their writers wrote them, without the decisions laid over."""
    made = layout(tables, form)
    kept = written_cells(connection, form, [str(row[0]) for row in rows])
    return [put_back(made, row, kept[str(row[0])]) if str(row[0]) in kept else row for row in rows]


def written_cells(
    connection: Connection, form: str, uids: Sequence[str]
) -> dict[str, dict[str, list[Value]]]:
    """Return by record and field the cells its writer wrote where a decision lies over them."""
    found: dict[str, dict[str, list[Value]]] = defaultdict(dict)
    if not uids or connection.exec_driver_sql(ANY_WRITTEN, (form,)).first() is None:
        return found
    for start in range(0, len(uids), CHUNK):
        chunk = tuple(uids[start : start + CHUNK])
        marks = ", ".join("?" * len(chunk))
        statement = (
            "SELECT record, field, cells FROM written_value "  # noqa: S608
            f"WHERE form = ? AND record IN ({marks})"
        )
        for record, field, cells in connection.exec_driver_sql(statement, (form, *chunk)):
            found[record][field] = json.loads(cells)
    return found


def put_back(made: Layout, row: Row, cells: Mapping[str, Sequence[Value]]) -> Row:
    """Return `row` with the written cells of some fields in it."""
    changed = list(row)
    for field, values in cells.items():
        for name, value in zip(columns_of(made.form.by_id[field]), values, strict=True):
            changed[made.place[name]] = value
    return tuple(changed)
