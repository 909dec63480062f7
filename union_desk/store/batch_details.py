"""Detail sheets beside the sheet of their parents: every detail row finds its parent's place."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.store.computed import computations
from union_desk.store.layout import Layout, Row, details_of, layout, rows_by
from union_desk.store.references import SEPARATOR, Link, find, keys_of
from union_desk.store.schema import DETAIL_HEAD
from union_desk.store.sheet_columns import missing_columns, missing_parent, read_header
from union_desk.store.sheet_reading import Sheet, read_sheet
from union_desk.taskpack.record import new_uid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.checks import Finding
    from union_desk.store.batch import Batch
    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.expression import Context
    from union_desk.taskpack.field_types import Hints
    from union_desk.taskpack.record import Table, Value


@dataclass(slots=True)
class DetailReader:
    """Puts the rows of detail sheets under the rows of a batch."""

    transaction: Transaction
    batch: Batch
    hints: Hints
    context: Context
    drafts: bool = False
    """Rows may lack what is required: they will wait as drafts."""
    about: str = ""
    """The only unit whose records may be given details; "" for any."""

    def read(self, tables: Mapping[str, Table]) -> tuple[list[Sheet], list[Finding]]:
        """Return the detail sheets, and what is wrong with their headers."""
        sheets: list[Sheet] = []
        findings: list[Finding] = []
        for form, table in tables.items():
            definition = self.transaction.tables.forms[form]
            columns, bad = read_header(definition, table)
            findings += bad
            findings += missing_parent(definition, columns)
            if not self.drafts:
                findings += missing_columns(definition, columns)
            sheet = read_sheet(
                self.transaction.connection,
                self.transaction.tables,
                table,
                columns,
                form=definition,
                hints=self.hints,
            )
            self.batch.replaced = (*self.batch.replaced, form)
            if columns.has("parent"):
                self._place(sheet)
            sheets.append(sheet)
        return sheets, findings

    def _place(self, sheet: Sheet) -> None:
        """Give every detail row of a sheet its parent, position and uid."""
        made = layout(self.transaction.tables, sheet.form.id)
        rows: dict[int, list[tuple[int, Row]]] = defaultdict(list)
        for number, place in self._parents(sheet):
            uid = sheet.values["uid"][number] if "uid" in sheet.values else None
            cells = [
                sheet.values[name][number] if name in sheet.values else None for name in made.values
            ]
            row: Row = (uid, self.batch.rows[place][0], len(rows[place]) + 1, *cells)
            rows[place].append((number, self._computed(made, row)))
        for place, found in rows.items():
            old = self.batch.old_details.get(place, {}).get(sheet.form.id, [])
            named = _named(made, [row for _, row in found], old)
            self.batch.details.setdefault(place, {})[sheet.form.id] = named
            for (number, _), row in zip(found, named, strict=True):
                self.batch.detail_numbers[str(row[0])] = (sheet, number)

    def _parents(self, sheet: Sheet) -> list[tuple[int, int]]:
        """Return number and parent's place of every detail row that has one."""
        names = _names(self.batch)
        texts = sheet.values["parent"]
        asked = {str(text) for text in texts if text is not None and str(text) not in names}
        form = self.batch.sheet.form
        links = find(self.transaction.connection, self.transaction.tables, form.id, asked)
        found = []
        for number, text in enumerate(texts):
            places = names.get(str(text), [])
            link = links.get(str(text))
            if text is None:
                message = f"没有写明属于哪一条《{form.title}》"
                sheet.add(number, "parent", "no_parent", message)
            elif len(places) > 1:
                message = f"“{text}”对应不止一条《{form.title}》，请写全"
                sheet.add(number, "parent", "parents", message)
            elif places:
                found.append((number, places[0]))
            elif isinstance(link, Link) and link.uid is not None:
                if (place := self._adopt(sheet, number, link.uid)) is not None:
                    found.append((number, place))
            else:
                sheet.add(number, "parent", "no_parent", f"找不到“{text}”这条《{form.title}》")
        return found

    def _adopt(self, sheet: Sheet, number: int, uid: str) -> int | None:
        """Add a record of the store that only a detail sheet names; return its place."""
        batch, tables = self.batch, self.transaction.tables
        for place in range(batch.sheet.count, len(batch.rows)):
            if batch.rows[place][0] == uid:
                return place
        row = next(rows_by(self.transaction.connection, batch.layout, "uid", [uid]))
        writer = row[batch.layout.place["origin"]]
        if writer != self.transaction.store.origin:
            message = f"所属记录由 {writer} 填报，本单位不能修改"
            sheet.add(number, "parent", "other_origin", message)
            return None
        if self.about and row[batch.layout.place["unit"]] != self.about:
            message = f"所属记录是别的单位的，不是 {self.about} 的，请核对"
            sheet.add(number, "parent", "other_unit", message)
            return None
        details = details_of(self.transaction.connection, tables, batch.sheet.form, [uid])
        batch.rows.append(row)
        batch.old[len(batch.rows) - 1] = row
        batch.old_details[len(batch.rows) - 1] = details.get(uid, {})
        return len(batch.rows) - 1

    def _computed(self, made: Layout, row: Row) -> Row:
        closures = computations(made.form)
        if not closures:
            return row
        values = dict(zip(made.columns, row, strict=True))
        for name, closure in closures:
            values[name] = closure(values, self.context)
        return tuple(values[name] for name in made.columns)


def _names(batch: Batch) -> dict[str, list[int]]:
    """Return the places of the sheet's rows by every text that may name them."""
    form, made = batch.sheet.form, batch.layout
    names: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(batch.rows):
        told = {str(row[0])}
        for key in keys_of(form):
            parts = [row[made.place[part]] for part in key if part in made.place]
            if len(parts) == len(key) and None not in parts:
                told.add(SEPARATOR.join(map(str, parts)))
        for text in told:
            names[text].append(place)
    return names


def _named(made: Layout, rows: Sequence[Row], old: Sequence[Row]) -> list[Row]:
    """Return `rows` with uids: given, else of the old row that says the same, else new."""
    width = len(DETAIL_HEAD)
    same: dict[tuple[Value, ...], list[Value]] = defaultdict(list)
    alike: dict[tuple[Value, ...], list[Value]] = defaultdict(list)
    for row in old:
        same[row[width:]].append(row[0])
        alike[_key(made, row)].append(row[0])
    taken = {row[0] for row in rows if row[0]}
    named: list[Row] = []
    for row in rows:
        offered = (*same.get(row[width:], ()), *alike.get(_key(made, row), ()))
        uid = row[0] or next((uid for uid in offered if uid not in taken), None) or new_uid()
        taken.add(uid)
        named.append((uid, *row[1:]))
    return named


def _key(made: Layout, row: Row) -> tuple[Value, ...]:
    """Return the first filled duplicate key of a detail row within its parent."""
    for key in made.form.duplicate_keys:
        names = [part for part in key if part != made.form.parent_field]
        parts = tuple(
            row[made.place[f"{name}__key" if f"{name}__key" in made.place else name]]
            for name in names
        )
        if None not in parts:
            return parts
    return (None,)
