"""Rows of a sheet that cannot be confirmed yet, kept as drafts: nothing typed is lost.

A new record becomes a row in state draft, what does not parse stays in table ``draft``. Of a
once-confirmed record the whole edit goes there (修改中), its row stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.store.audit import newest_digest
from union_desk.store.drafts import Draft, DraftDetail, save_draft
from union_desk.store.layout import HEAD_PLACE
from union_desk.store.schema import stored_fields
from union_desk.store.writing import write_rows
from union_desk.taskpack.field_types import columns as columns_of
from union_desk.taskpack.field_types import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.store.batch import Batch
    from union_desk.store.layout import Row
    from union_desk.store.sheet_reading import Sheet
    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.record import Value

_STATE, _REV = HEAD_PLACE["record_state"], HEAD_PLACE["rev"]


def save_drafts(
    transaction: Transaction, batch: Batch, sheets: Sequence[Sheet], places: Sequence[int]
) -> None:
    """Keep the rows at `places` as drafts."""
    form = batch.sheet.form
    unread = {id(sheet): sheet.unreadable for sheet in sheets}
    fresh = [
        place for place in places if place not in batch.old or batch.old[place][_STATE] == "draft"
    ]
    head: dict[str, Value] = {
        "record_state": "draft",
        "rev": 0,
        "packet": None,
        "updated_at": transaction.now,
    }
    writes = [batch.write(place, **head) for place in fresh]
    write_rows(transaction, form.id, writes, act="draft")
    for place in places:
        texts = batch.sheet.unreadable.get(place, {})
        if place in fresh:
            details = _unread_details(batch, place, unread)
            if texts or details:
                draft = Draft(str(batch.rows[place][0]), form.id, texts, details, open=False)
                save_draft(transaction, draft)
        else:
            save_draft(transaction, _edit(transaction, batch, place, texts))


def _unread_details(
    batch: Batch, place: int, unread: dict[int, dict[int, dict[str, str]]]
) -> dict[str, list[DraftDetail]]:
    """Return what did not parse in the detail rows of a record."""
    found: dict[str, list[DraftDetail]] = {}
    for form, rows in batch.details.get(place, {}).items():
        for row in rows:
            sheet, number = batch.detail_numbers[str(row[0])]
            texts = unread[id(sheet)].get(number)
            if texts:
                found.setdefault(form, []).append(DraftDetail(str(row[0]), texts))
    return found


def _edit(transaction: Transaction, batch: Batch, place: int, texts: dict[str, str]) -> Draft:
    """Return the edit of a once-confirmed record: every field that would change, as text."""
    old, new, form = batch.old[place], batch.rows[place], batch.sheet.form
    fields = {
        item.id: _text(batch, item, new)
        for item in stored_fields(form)
        if any(
            old[batch.layout.place[name]] != new[batch.layout.place[name]]
            for name in columns_of(item)
        )
    }
    uid = str(old[0])
    return Draft(
        uid,
        form.id,
        fields | texts,
        _edited_details(transaction, batch, place),
        base_rev=int(old[_REV] or 0),
        base_digest=newest_digest(transaction.connection, uid),
        open=False,
    )


def _text(batch: Batch, item: Field, row: Row) -> str:
    place = batch.layout.place
    if item.type == "ref":
        return str(row[place[f"{item.id}__key"]] or "")
    return plain(item, row[place[item.id]])


def _edited_details(
    transaction: Transaction, batch: Batch, place: int
) -> dict[str, list[DraftDetail]]:
    found: dict[str, list[DraftDetail]] = {}
    for name in batch.replaced:
        form: Form = transaction.tables.forms[name]
        for row in batch.details.get(place, {}).get(name, []):
            sheet, number = batch.detail_numbers[str(row[0])]
            columns = dict(zip(transaction.tables.value_columns[name], row[3:], strict=True))
            fields = {
                item.id: str(columns[f"{item.id}__key"] or "")
                if item.type == "ref"
                else plain(item, columns[item.id])
                for item in stored_fields(form)
            }
            texts = fields | sheet.unreadable.get(number, {})
            found.setdefault(name, []).append(DraftDetail(str(row[0]), texts))
    return found
