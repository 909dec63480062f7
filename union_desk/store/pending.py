"""What is begun and not finished: drafts, edits under way, returned records, and loose ends.

Loose ends never block anyone (待关联, 证件号待补); they stay on the list until resolved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store.layout import CHUNK
from union_desk.store.visible import counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection
    from sqlalchemy.sql import ColumnElement

    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import Form

KINDS = ("returned", "draft", "editing", "unlinked", "unnumbered")
"""The most urgent first."""


def uids(connection: Connection, store: Store) -> dict[str, dict[str, list[str]]]:
    """Return own records by kind and form, the latest change first; kinds without any left out."""
    found: dict[str, dict[str, list[str]]] = {}
    for kind in KINDS:
        by_form = {
            form.id: rows
            for form in store.pack.top_forms
            if (rows := _rows(connection, store, form, kind))
        }
        if by_form:
            found[kind] = by_form
    return found


def _rows(connection: Connection, store: Store, form: Form, kind: str) -> list[str]:
    table = store.tables.form[form.id]
    conditions = list(_conditions(store, form, table, kind))
    if not conditions:
        return []
    chosen = (
        sa.select(table.c.uid)
        .where(table.c.origin == store.origin, sa.or_(*conditions))
        .order_by(table.c.updated_at.desc(), table.c.uid)
    )
    return list(connection.execute(chosen).scalars())


def _conditions(
    store: Store, form: Form, table: sa.Table, kind: str
) -> Iterator[ColumnElement[bool]]:
    standing = table.c.deleted == 0
    if kind in ("draft", "returned"):
        yield sa.and_(standing, table.c.record_state == kind)
    elif kind == "editing":
        edits = sa.select(store.tables.draft.c.uid)
        yield sa.and_(counts(table), table.c.uid.in_(edits))
    elif kind == "unlinked":
        for item in form.fields:
            if item.type == "ref":
                label = table.c[f"{item.id}__label"]
                yield sa.and_(counts(table), table.c[item.id].is_(None), label.is_not(None))
    else:
        for number, reason in _reasons(form):
            yield sa.and_(counts(table), table.c[number].is_(None), table.c[reason].is_not(None))


def _reasons(form: Form) -> Iterator[tuple[str, str]]:
    """Yield each number of a person with the choice that gives the reason for its absence."""
    numbers = {item.id for item in form.fields if item.type == "person_id"}
    for item in form.fields:
        if item.type == "choice" and item.visible_when is not None:
            reads = set(item.visible_when.fields)
            if len(reads) == 1 and reads <= numbers:
                yield reads.pop(), item.id


def remarks(connection: Connection, store: Store, returned: list[str]) -> dict[str, str]:
    """Return the newest remark of the level above by record, of returned ones."""
    table = store.tables.form["return_note"]
    found: dict[str, str] = {}
    for start in range(0, len(returned), CHUNK):
        some = table.c.record.in_(returned[start : start + CHUNK])
        chosen = (
            sa.select(table.c.record, table.c.text)
            .where(table.c.deleted == 0, some)
            .order_by(table.c.updated_at)
        )
        found.update((row.record, row.text) for row in connection.execute(chosen))
    return found
