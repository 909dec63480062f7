"""Which row of the store a row of a sheet means: by uid, else by the first filled duplicate key.

Looked for among rows of the same unit and this origin. Two hits, or a hit in a row that another
installation wrote, is a finding; never the row number.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from union_desk.store.layout import Layout, Row, layout, rows_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from union_desk.store.schema import Tables
    from union_desk.store.sheet_reading import Sheet
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.record import Value

Key = tuple[int, tuple["Value", ...]]
"""Number of the duplicate key, and its parts."""


def match_rows(
    connection: Connection,
    tables: Tables,
    sheet: Sheet,
    origin: str,
    units: Sequence[str],
    *,
    about: str = "",
) -> dict[int, Row]:
    """Return the store's row for every row of the sheet that means one, by place.

    :param units: the unit of every row; findings go to the sheet.
    :param about: the only unit whose records a uid may name; "" for any.
    """
    found, settled = _by_uid(connection, tables, sheet, origin, about)
    if _is_empty(connection, sheet.form.id):
        return found
    keys = {place: key for place, key in _keys(sheet, units) if place not in settled}
    hits = _hits(connection, tables, sheet.form, keys)
    chosen: dict[Value, int] = {row[0]: place for place, row in found.items()}
    made = layout(tables, sheet.form.id)
    for place, key in keys.items():
        rows = [row for row in hits.get(key, ()) if row[made.place["unit"]] == units[place]]
        own = [row for row in rows if row[made.place["origin"]] == origin]
        if len(own) > 1:
            message = f"对应已有的 {len(own)} 条记录，请加上“记录号”一列说明是哪一条"
            sheet.add(place, None, "two_hits", message)
        elif rows and not own:
            writer = rows[0][made.place["origin"]]
            sheet.add(place, None, "other_origin", f"这条记录已由 {writer} 填报，本单位不能修改")
        elif own and own[0][0] in chosen:
            twin = sheet.numbers[chosen[own[0][0]]]
            sheet.add(place, None, "same_row", f"与第 {twin} 行是同一条记录，请删去一行")
        elif own:
            found[place] = own[0]
            chosen[own[0][0]] = place
    return found


def _is_empty(connection: Connection, form: str) -> bool:
    statement = f'SELECT 1 FROM "{form}" LIMIT 1'  # noqa: S608
    return connection.exec_driver_sql(statement).first() is None


def _by_uid(
    connection: Connection, tables: Tables, sheet: Sheet, origin: str, about: str
) -> tuple[dict[int, Row], set[int]]:
    """Return rows by place, and the places whose uid settles it, known, new or bad.

    A bad uid is told and taken out of the sheet: the row is checked as a new one.
    """
    uids = sheet.values.get("uid")
    if not uids:
        return {}, set()
    made = layout(tables, sheet.form.id)
    known = {row[0]: row for row in rows_by(connection, made, "uid", {uid for uid in uids if uid})}
    found: dict[int, Row] = {}
    settled: set[int] = set()
    first: dict[Value, int] = {}
    for place, uid in enumerate(uids):
        if not uid:
            continue
        settled.add(place)
        row, twin = known.get(uid), first.setdefault(uid, place)
        trouble = _uid_trouble(made, str(uid), row, origin, about)
        if twin != place:
            trouble = ("same_row", f"记录号与第 {sheet.numbers[twin]} 行相同，请删去一行")
        if trouble:
            sheet.add(place, "uid", *trouble)
            uids[place] = None
        elif row is not None:
            found[place] = row
    return found, settled


def _uid_trouble(
    made: Layout, uid: str, row: Row | None, origin: str, about: str
) -> tuple[str, str] | None:
    """Return code and sentence of what speaks against a uid, or None."""
    if row is None:
        told = f"“{uid[:40]}”不是记录号，请清空这一格或删去这一列"
        return None if _is_uid(uid) else ("bad_uid", told)
    writer = row[made.place["origin"]]
    if writer != origin:
        return ("other_origin", f"这条记录由 {writer} 填报，本单位不能修改")
    if about and row[made.place["unit"]] != about:
        return ("other_unit", f"这个记录号是别的单位的记录，不是 {about} 的，请清空这一格")
    return ("voided", "这条记录已作废或删除，请先恢复") if row[made.place["deleted"]] else None


def _is_uid(text: str) -> bool:
    parts = text.split("-")
    lengths = [len(part) for part in parts]
    return lengths == [8, 4, 4, 4, 12] and all(
        letter in "0123456789abcdef" for part in parts for letter in part
    )


def _keys(sheet: Sheet, units: Sequence[str]) -> Iterator[tuple[int, Key]]:
    """Yield the first duplicate key of every row whose parts are all filled."""
    columns = [[_identity(sheet, part, units) for part in key] for key in sheet.form.duplicate_keys]
    for place in range(sheet.count):
        for number, parts in enumerate(columns):
            key = tuple(part[place] if part else None for part in parts)
            if None not in key:
                yield place, (number, key)
                break


def _identity(sheet: Sheet, part: str, units: Sequence[str]) -> Sequence[Value]:
    """Return the column by which a part of a key is compared: a reference by uid, else as typed."""
    if part == "unit":
        return units
    item = sheet.form.by_id.get(part)
    if item is not None and item.type == "ref" and part in sheet.values:
        return [
            uid if uid is not None else key
            for uid, key in zip(sheet.values[part], sheet.values[f"{part}__key"], strict=True)
        ]
    return sheet.values.get(part, ())


def _hits(
    connection: Connection, tables: Tables, form: Form, keys: dict[int, Key]
) -> dict[Key, list[Row]]:
    """Return the rows of the store by key, those alone that some row of the sheet asks for."""
    wanted: dict[int, set[tuple[Value, ...]]] = defaultdict(set)
    for number, parts in keys.values():
        wanted[number].add(parts)
    made = layout(tables, form.id)
    found: dict[Key, list[Row]] = defaultdict(list)
    for number, asked in wanted.items():
        key = form.duplicate_keys[number]
        leading = next((part for part in key if part not in ("unit", "period")), key[0])
        reference = leading in form.by_id and form.by_id[leading].type == "ref"
        values = {parts[key.index(leading)] for parts in asked}
        rows: dict[Value, Row] = {}
        for column in (leading, f"{leading}__key") if reference else (leading,):
            rows |= {row[0]: row for row in rows_by(connection, made, column, values)}
        for row in rows.values():
            parts = tuple(_cell(form, made.place, row, part) for part in key)
            if parts in asked and not row[made.place["deleted"]]:
                found[number, parts].append(row)
    return found


def _cell(form: Form, place: Mapping[str, int], row: Row, part: str) -> Value:
    item = form.by_id.get(part)
    if item is not None and item.type == "ref":
        uid = row[place[part]]
        return uid if uid is not None else row[place[f"{part}__key"]]
    return row[place[part]]
