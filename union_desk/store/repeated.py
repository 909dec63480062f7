"""Rows that repeat a duplicate key of an earlier row of the same unit, or of the same parent.

Names compare folded (width, blanks, the variants of ·). A key with an empty part is not compared.
Of rows that share a key the first stands, each later one is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.checks import Finding
from union_desk.store.dialect import folded
from union_desk.store.row_sources import TableRow

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.sql import ColumnElement

    from union_desk.store.schema import Tables
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.record import Record, Value

_FOLDED = ("text", "longtext")


def later_rows(tables: Tables, form: Form, key: tuple[str, ...]) -> sa.Select[Any]:
    """Return the rows of a whole table that repeat a key: uid, record, position, name, first.

    Only row numbers are sorted into groups; what is told of the few that repeat is joined after.
    """
    source = TableRow.of(tables, form.id)
    parts = [_compared(form, source, part) for part in _parts(form, key)]
    within = source.table.c.parent if form.detail_of else source.column("unit")
    order = source.table.c.position if form.detail_of else source.table.c.uid
    window: dict[str, Any] = {"partition_by": [within, *parts], "order_by": order}
    numbered = (
        sa.select(
            source.table.c.rowid,
            sa.func.first_value(source.table.c.rowid).over(**window).label("twin"),
        )
        .select_from(source.joined)
        .where(source.counted(), *(part.is_not(None) for part in parts))
        .subquery()
    )
    mine, other = TableRow.of(tables, form.id), TableRow.of(tables, form.id)
    joined = numbered.join(mine.table, mine.table.c.rowid == numbered.c.rowid)
    joined = joined.join(other.table, other.table.c.rowid == numbered.c.twin)
    return (
        sa.select(*_told(form, mine), *_twin(form, other))
        .select_from(joined)
        .where(numbered.c.twin != numbered.c.rowid)
        .order_by(mine.table.c.rowid)
    )


def later_of(
    tables: Tables, form: Form, key: tuple[str, ...], chosen: ColumnElement[str]
) -> sa.Select[Any]:
    """Return the same for a few records, found by the index over the key.

    An earlier name matches as it is typed here or folded; two that fold alike in different ways
    come up when the whole table is checked.

    :param chosen: JSON array of the records' uids.
    """
    from union_desk.store.dialect import listed

    mine, other = TableRow.of(tables, form.id), TableRow.of(tables, form.id)
    same: list[ColumnElement[bool]] = []
    for part in _parts(form, key):
        one, two = _stored(form, mine, part), _stored(form, other, part)
        same.append(two.in_([one, folded(one)]) if _is_folded(form, part) else two == one)
    if form.detail_of:
        same += [
            other.table.c.parent == mine.table.c.parent,
            other.table.c.position < mine.table.c.position,
        ]
    else:
        same += [_unit_of(form, key, other) == mine.column("unit")]
        same += [other.table.c.uid < mine.table.c.uid]
    record = mine.table.c.parent if form.detail_of else mine.table.c.uid
    return (
        sa.select(
            *_told(form, mine), *(sa.func.min(twin).label(twin.name) for twin in _twin(form, other))
        )
        .select_from(mine.joined.join(other.joined, sa.and_(*same)))
        .where(mine.counted(), other.counted(), listed(record, chosen))
        .group_by(mine.table.c.rowid)
        .order_by(mine.table.c.rowid)
    )


def finding(form: Form, key: tuple[str, ...], row: sa.Row[Any]) -> Finding:
    """Return the warning for a row of one of the statements above."""
    parts = [part for part in _parts(form, key) if part in form.by_id]
    names = "、".join(form.by_id[part].label for part in parts) or "填报单位、报告期"
    if form.detail_of:
        twin = f"与本表第 {row.first} 行"
    elif parts and row.name is not None and form.name_field not in parts:
        twin = f"与“{row.name}”的记录"
    else:
        twin = "与另一条记录"
    return Finding(
        form=form.id,
        record=row.uid,
        row=row.position,
        column=None,
        field=parts[0] if parts else None,
        code=code(form),
        level="warning",
        message=f"“{names}”{twin}重复，请核对",
    )


def twin(
    connection: Connection, tables: Tables, form: Form, record: Record
) -> tuple[str, str] | None:
    """Return the uid of another record of the unit with the same key, and the key in words.

    Drafts are looked at as well; a key with an empty part is not compared.
    """
    for key in form.duplicate_keys:
        source, parts = TableRow.of(tables, form.id), _parts(form, key)
        wanted = {part: _value(form, record, part) for part in parts}
        if not parts or None in wanted.values():
            continue
        same = [source.table.c.deleted == 0, source.table.c.uid != record.uid]
        same.append(_unit_of(form, key, source) == record.unit)
        for part, value in wanted.items():
            stored = _stored(form, source, part)
            text = sa.literal(value)
            one = stored.in_([value, folded(text)]) if _is_folded(form, part) else stored == value
            same.append(one)
        uid = connection.execute(sa.select(source.table.c.uid).where(*same).limit(1)).scalar()
        if uid is not None:
            labels = [form.by_id[part].label for part in parts if part in form.by_id]
            return str(uid), "、".join(f"“{label}”" for label in labels)
    return None


def _value(form: Form, record: Record, part: str) -> Value:
    """Return what a record holds in a part of a key, as it is stored and compared."""
    if part == "period":
        return record.period
    item = form.by_id.get(part)
    value = record.values.get(part)
    if value is None and item is not None and item.type == "ref":
        return record.values.get(f"{part}__key")
    return value


def code(form: Form) -> str:
    """Return the code of the finding that a row repeats another."""
    return f"{form.id}.duplicate"


def _parts(form: Form, key: tuple[str, ...]) -> list[str]:
    """Return the parts that tell rows apart within their unit or parent."""
    given = (form.parent_field, "unit", "period") if form.detail_of else ("unit",)
    return [part for part in key if part not in given]


def _unit_of(form: Form, key: tuple[str, ...], source: TableRow) -> ColumnElement[Any]:
    """Return the unit; where the key tells more, so that no index over units is taken for it."""
    unit = source.column("unit")
    return sa.func.coalesce(unit, "") if any(part in form.by_id for part in key) else unit


def _told(form: Form, source: TableRow) -> list[ColumnElement[Any]]:
    detail = form.detail_of is not None
    return [
        source.table.c.rowid,
        source.table.c.uid,
        (source.table.c.parent if detail else source.table.c.uid).label("record"),
        (source.table.c.position if detail else sa.null()).label("position"),
    ]


def _twin(form: Form, source: TableRow) -> list[sa.Label[Any]]:
    place = source.table.c.position if form.detail_of else source.table.c.uid
    return [place.label("first"), _name(form, source).label("name")]


def _name(form: Form, source: TableRow) -> ColumnElement[Any]:
    item = form.by_id.get(form.name_field)
    if item is None:
        return source.table.c.uid
    return source.column(f"{item.id}__label" if item.type == "ref" else item.id)


def _stored(form: Form, source: TableRow, part: str) -> ColumnElement[Any]:
    item = form.by_id.get(part)
    if item is not None and item.type == "ref":
        return sa.func.coalesce(source.column(part), source.column(f"{part}__key"))
    return source.column(part)


def _is_folded(form: Form, part: str) -> bool:
    item = form.by_id.get(part)
    return item is not None and item.type in _FOLDED


def _compared(form: Form, source: TableRow, part: str) -> ColumnElement[Any]:
    stored = _stored(form, source, part)
    return folded(stored) if _is_folded(form, part) else stored
