"""The rows of a sheet beside the rows of the store they mean: what is new, what changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING

from union_desk import workflow
from union_desk.store.completing import pack_of
from union_desk.store.computed import computations
from union_desk.store.decisions import locked
from union_desk.store.layout import HEAD_PLACE, Layout, Row, details_of, layout
from union_desk.store.schema import stored_fields
from union_desk.store.writing import DetailRows, Write, set_head
from union_desk.store.written import put_back, written_cells
from union_desk.taskpack.field_types import Hints, Unreadable, format_value, parse
from union_desk.taskpack.field_types import columns as columns_of
from union_desk.taskpack.record import new_uids

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.store.sheet_reading import Sheet
    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.expression import Context
    from union_desk.taskpack.record import Value

_STATE = HEAD_PLACE["record_state"]


@dataclass(slots=True)
class Batch:
    """Rows by place: a sheet's rows first, then parents that only detail sheets name."""

    sheet: Sheet
    layout: Layout
    rows: list[Row]
    """As they shall be written: by their writer, decisions not laid over."""
    old: dict[int, Row]
    """As their writer last wrote them; a place that is not here is new."""
    periods: Sequence[str]
    """Of the sheet's rows: their own, or the working period."""
    details: dict[int, dict[str, list[Row]]] = field(default_factory=dict)
    """Detail rows as they shall be, of the details that the run brings."""
    old_details: dict[int, dict[str, list[Row]]] = field(default_factory=dict)
    replaced: tuple[str, ...] = ()
    """Detail forms that the run brings."""
    detail_numbers: dict[str, tuple[Sheet, int]] = field(default_factory=dict)
    """Where a detail row stands: its sheet and place there, by uid."""

    def is_new(self, place: int) -> bool:
        """Return whether a row is not in the store yet."""
        return place not in self.old

    def changed(self, place: int) -> bool:
        """Return whether the store's row must be written: content, unit, sheet's period, state."""
        old, row = self.old[place], self.rows[place]
        if old[_STATE] == "draft" or old[HEAD_PLACE["unit"]] != row[HEAD_PLACE["unit"]]:
            return True
        if (
            self.sheet.form.kind == "sheet"
            and old[HEAD_PLACE["period"]] != row[HEAD_PLACE["period"]]
        ):
            return True
        return old[len(HEAD_PLACE) :] != row[len(HEAD_PLACE) :] or self._details_changed(place)

    def _details_changed(self, place: int) -> bool:
        for form in self.replaced:
            new = self.details.get(place, {}).get(form, [])
            old = self.old_details.get(place, {}).get(form, [])
            if [row[2:] for row in new] != [row[2:] for row in old]:
                return True
        return False

    def details_after(self, place: int) -> DetailRows | None:
        """Return all detail rows as they shall be; None where the run brings none."""
        if not self.replaced:
            return None if place in self.old else {}
        kept = self.old_details.get(place, {})
        new = self.details.get(place, {})
        return {
            form: new.get(form, []) if form in self.replaced else kept.get(form, [])
            for form in self.sheet.form.details
        }

    def write(self, place: int, **head: Value) -> Write:
        """Return the write of one row, its head set."""
        row = set_head(self.layout, self.rows[place], **head) if head else self.rows[place]
        old = self.old.get(place)
        after = self.details_after(place)
        return Write(row, old, after, None if old is None else self.old_details.get(place, {}))


def gather(
    transaction: Transaction,
    sheet: Sheet,
    found: Mapping[int, Row],
    context: Context,
    *,
    units: Sequence[str],
    periods: Sequence[str],
) -> Batch:  # fmt: skip
    """Return the sheet's rows merged into the rows `found` of the store."""
    made = layout(transaction.tables, sheet.form.id)
    rows = _new_rows(transaction, sheet, made, units, periods)
    uids = [str(row[0]) for row in found.values()]
    cells = written_cells(transaction.connection, sheet.form.id, uids)
    details = details_of(transaction.connection, transaction.tables, sheet.form, uids)
    batch = Batch(sheet, made, rows, {}, periods)
    for place, shown in found.items():
        decided = cells.get(str(shown[0]), {})
        batch.old[place] = put_back(made, shown, decided)
        batch.old_details[place] = details.get(str(shown[0]), {})
    _merge(batch, found, cells)
    _compute(batch, found, context)
    return batch


def _new_rows(
    transaction: Transaction,
    sheet: Sheet,
    made: Layout,
    units: Sequence[str],
    periods: Sequence[str],
) -> list[Row]:
    """Return every row of the sheet as a new record: columns first, then rows at once."""
    count, store = sheet.count, transaction.store
    given = sheet.values.get("uid") or [None] * count
    package = pack_of(store.packs, sheet.form.id).id
    head: dict[str, Sequence[Value]] = {
        "uid": [uid or own for uid, own in zip(given, new_uids(count), strict=True)],
        "origin": [store.origin] * count,
        "unit": units,
        "period": periods,
        "record_state": ["confirmed"] * count,
        "rev": [1] * count,
        "package": [package] * count,
        "created_by": [transaction.person] * count,
        "created_at": [transaction.now] * count,
        "updated_at": [transaction.now] * count,
        "packet": [None] * count,
        "deleted": [0] * count,
    }
    for item in stored_fields(sheet.form):
        if item.default is not None and locked(item, store.level):
            _fill_default(sheet, item, Hints(pack=store.pack))
    columns = [head.get(name) or sheet.values.get(name) or [None] * count for name in made.columns]
    return list(zip(*columns, strict=True))


def _fill_default(sheet: Sheet, item: Field, hints: Hints) -> None:
    """Put the default into the empty cells of a field that is decided above."""
    default = parse(item, item.default or "", hints)
    if not isinstance(default, Unreadable):
        cells = sheet.values.get(item.id) or [None] * sheet.count
        sheet.values[item.id] = [default if cell is None else cell for cell in cells]


def _merge(
    batch: Batch, found: Mapping[int, Row], cells: Mapping[str, Mapping[str, Sequence[Value]]]
) -> None:
    """Give every row that is in the store its head, and what the sheet does not say."""
    sheet, made = batch.sheet, batch.layout
    has_unit = "unit" in sheet.values
    given = [
        item for item in stored_fields(sheet.form) if item.id in sheet.values and not item.computed
    ]
    places = [[made.place[name] for name in columns_of(item)] for item in given]
    flat = [place for group in places for place in group]
    said = itemgetter(*flat) if len(flat) > 1 else None
    for place, shown in found.items():
        old, new = batch.old[place], batch.rows[place]
        if said is not None and said(shown) == said(new):
            row = list(old)
        else:
            row = list(old)
            decided = cells.get(str(old[0]), {})
            for item, group in zip(given, places, strict=True):
                if _same(item, shown, new, group):
                    continue
                if item.id in decided:
                    message = f"“{item.label}”已由上级确定，不能改"
                    sheet.add(place, item.id, f"{item.id}.decided", message)
                    continue
                for cell in group:
                    row[cell] = new[cell]
        if has_unit:
            row[HEAD_PLACE["unit"]] = new[HEAD_PLACE["unit"]]
        if sheet.form.kind == "sheet":
            row[HEAD_PLACE["period"]] = new[HEAD_PLACE["period"]]
        batch.rows[place] = tuple(row)


def _same(item: Field, shown: Row, new: Row, group: Sequence[int]) -> bool:
    """Return whether a field says the same: a reference may be named in another way."""
    if item.type != "ref":
        return shown[group[0]] == new[group[0]]
    if new[group[0]] is not None:
        return shown[group[0]] == new[group[0]]
    return shown[group[0]] is None and shown[group[1]] == new[group[1]]


def _compute(batch: Batch, found: Mapping[int, Row], context: Context) -> None:
    """Work out computed fields; a sheet that has another figure there is told."""
    made, sheet = batch.layout, batch.sheet
    closures = computations(sheet.form)
    for number, row in enumerate(batch.rows) if closures else ():
        values = dict(zip(made.columns, row, strict=True))
        for name, closure in closures:
            typed = sheet.values[name][number] if name in sheet.values else None
            values[name] = worked_out = closure(values, context)
            shows = found[number][made.place[name]] if number in found else worked_out
            if typed is not None and typed not in (worked_out, shows):
                item = sheet.form.by_id[name]
                shown = format_value(item, worked_out, None) or "空"
                message = f"“{item.label}”由程序计算，已按 {shown} 装入"
                sheet.add(number, name, f"{name}.computed", message, level="hint")
        batch.rows[number] = tuple(values[name] for name in made.columns)


def needs_reason(batch: Batch, place: int) -> bool:
    """Return whether changing a row is a 更正: a copy of it lies outside this office."""
    return place in batch.old and batch.old[place][_STATE] in workflow.OUTSIDE
