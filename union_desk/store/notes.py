"""Written explanations of warnings: rows of ``check_note`` that travel with their record.

A note holds as long as the figures it explains: it keeps a short digest of what the check reads.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from union_desk.errors import InputError
from union_desk.store.audit import canonical
from union_desk.store.layout import layout, rows_by
from union_desk.store.writing import Write, set_head, write_rows
from union_desk.taskpack.definition import HEAD
from union_desk.taskpack.record import new_uid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.definition import Check, Form
    from union_desk.taskpack.record import Value

FORM = "check_note"
CORRECTION = "correction"
"""Stands for the check in the note that gives the reason of a 更正."""
SHORTEST = 4


def figures_of(check: Check, values: Mapping[str, Value]) -> str:
    """Return the digest of what a check reads of a row: another one voids the explanation."""
    names = set(check.rule.fields)
    if check.when is not None:
        names |= set(check.when.fields)
    told = {name: values.get(name) for name in names}
    return hashlib.sha256(canonical(told).encode()).hexdigest()[:16]


def check_by_id(form: Form, check: str) -> Check | None:
    """Return the check of a form by its id, or None."""
    return next((item for item in form.all_checks if item.id == check), None)


def check_text(text: str) -> str:
    """Return an explanation written for one record, trimmed.

    :raises InputError: I440, it is too short to explain anything.
    """
    text = text.strip()
    if len(text) < SHORTEST:
        raise InputError("I440", "说明太短。", f"请用至少 {SHORTEST} 个字写清原因。")
    return text


def explain_all(
    transaction: Transaction,
    items: Sequence[tuple[Mapping[str, Value], str, str]],
    text: str,
) -> None:
    """Write one explanation for many findings.

    :param items: (head and values of the record, check id, figures) of each.
    """
    made = layout(transaction.tables, FORM)
    known = _known(transaction, {str(record["uid"]) for record, _, _ in items})
    writes = []
    for record, check, figures in items:
        values: dict[str, Value] = {
            "record": record["uid"],
            "check": check,
            "text": text,
            "author": transaction.person,
            "date": transaction.now[:10],
            "figures": figures,
        }
        old = known.get((str(record["uid"]), check))
        head = _head(transaction, record, old, made.place["rev"])
        row = tuple(head.get(name, values.get(name)) for name in made.columns)
        if old is None or set_head(made, old, updated_at=row[made.place["updated_at"]]) != row:
            writes.append(Write(row, old))
    write_rows(transaction, FORM, writes, act="explain")


def _known(
    transaction: Transaction, records: Iterable[str]
) -> dict[tuple[str, str], tuple[Value, ...]]:
    made = layout(transaction.tables, FORM)
    rows = rows_by(transaction.connection, made, "record", sorted(records))
    return {
        (str(row[made.place["record"]]), str(row[made.place["check"]])): row
        for row in rows
        if not row[made.place["deleted"]] and row[made.place["origin"]] == transaction.store.origin
    }


def _head(
    transaction: Transaction,
    record: Mapping[str, Value],
    old: tuple[Value, ...] | None,
    rev: int,
) -> dict[str, Value]:
    if old is not None:
        kept = dict(zip(HEAD, old, strict=False))
        new = {"rev": int(old[rev] or 0) + 1, "packet": None, "record_state": "confirmed"}
        return kept | new | {"updated_at": transaction.now}
    return new_head(transaction, str(record["unit"]), str(record["period"]))


def new_head(transaction: Transaction, unit: str, period: str) -> dict[str, Value]:
    """Return the head of a new confirmed row of this installation."""
    return {
        "uid": new_uid(),
        "origin": transaction.store.origin,
        "unit": unit,
        "period": period,
        "record_state": "confirmed",
        "rev": 1,
        "package": transaction.store.pack.id,
        "created_by": transaction.person,
        "created_at": transaction.now,
        "updated_at": transaction.now,
        "packet": None,
        "deleted": 0,
    }
