"""A record as it is about to be written: head, linked references, computed fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.checks import Finding
from union_desk.store.computed import compute
from union_desk.store.references import Ambiguous, find
from union_desk.store.written import written_cells
from union_desk.taskpack.field_types import columns as columns_of
from union_desk.taskpack.record import Detail, Record, new_uid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.definition import Field, Form, TaskPack
    from union_desk.taskpack.expression import Context
    from union_desk.taskpack.record import Value


def pack_of(packs: Sequence[TaskPack], form: str) -> TaskPack:
    """Return the newest package that has a form; of a system table: the newest of all."""
    return next((pack for pack in reversed(packs) if form in pack.forms), packs[-1])


def complete(
    transaction: Transaction, record: Record, old: Record | None, context: Context, *, period: str
) -> tuple[Record, tuple[Finding, ...]]:
    """Return the record as it is to be written, and references that fit more than one row.

    :param old: as its writer last wrote it; what an upper level has decided since stays as it was.
    """
    store = transaction.store
    form = transaction.tables.forms[record.form]
    columns = transaction.tables.value_columns[form.id]
    values = {name: record.values.get(name) for name in columns}
    if old is not None:
        values |= {name: old.values[name] for name in transaction.tables.kept.get(form.id, ())}
        kept = written_cells(transaction.connection, form.id, [old.uid])
        for field in kept.get(old.uid, ()):
            values |= {name: old.values[name] for name in columns_of(form.by_id[field])}
    findings = _link(transaction, form, values, record.uid)
    details = {}
    for name in form.details:
        rows, more = _details(transaction, name, record)
        details[name] = rows
        findings += more
    made = Record(
        form.id,
        record.uid,
        values,
        details,
        origin=store.origin,
        unit=record.unit or (old.unit if old else "") or store.unit,
        period=period,
        rev=old.rev if old else 0,
        package=pack_of(store.packs, form.id).id,
        created_by=old.created_by if old else transaction.person,
        created_at=old.created_at if old else transaction.now,
        updated_at=transaction.now,
    )
    _compute(transaction, made, values, context)
    return made, tuple(findings)


def _details(
    transaction: Transaction, form: str, record: Record
) -> tuple[tuple[Detail, ...], list[Finding]]:
    definition, rows, findings = transaction.tables.forms[form], [], []
    for place, detail in enumerate(record.details.get(form, ()), start=1):
        columns = transaction.tables.value_columns[form]
        values = {name: detail.values.get(name) for name in columns}
        findings += _link(transaction, definition, values, record.uid)
        rows.append(Detail(detail.uid or new_uid(), place, values))
    return tuple(rows), findings


def _compute(
    transaction: Transaction, record: Record, values: dict[str, Value], context: Context
) -> None:
    """Work out computed fields, of the details first: the record's may read them."""
    forms = transaction.tables.forms
    for name, rows in record.details.items():
        for detail in rows:
            if isinstance(detail.values, dict):
                detail.values.update(compute(forms[name], record.detail_row(detail), context))
    values.update(compute(forms[record.form], record.row(), context))


def _link(
    transaction: Transaction, form: Form, values: dict[str, Value], uid: str
) -> list[Finding]:
    """Link references that were typed; what fits no row, or several, stays as typed."""
    findings = []
    for item in form.fields:
        typed = values.get(f"{item.id}__key") or values.get(f"{item.id}__label")
        if item.type != "ref" or item.form is None or values.get(item.id) or not typed:
            continue
        text = str(typed)
        found = find(transaction.connection, transaction.tables, item.form, [text])[text]
        if isinstance(found, Ambiguous):
            values.update(zip(columns_of(item), (None, text, text), strict=True))
            findings.append(ambiguous(form, item, found, uid))
        else:
            cells = (found.uid, found.key, found.label)
            values.update(zip(columns_of(item), cells, strict=True))
    return findings


def ambiguous(form: Form, item: Field, found: Ambiguous, uid: str | None) -> Finding:
    """Return the finding for a reference that fits more than one row."""
    names = "、".join(found.labels[:3])
    return Finding(
        form=form.id,
        record=uid,
        row=None,
        column=None,
        field=item.id,
        code=f"{form.id}.{item.id}.ambiguous",
        level="error",
        message=f"{item.label}“{found.text}”对应不止一条记录（{names}），请写全或从列表里选",
    )
