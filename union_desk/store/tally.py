"""How many records of each form there are, and how many of them wait to be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk import checks
from union_desk.store import drafts
from union_desk.store.context import context_at
from union_desk.store.layout import layout, records_of, rows_by
from union_desk.store.lookup import StoreLookup

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from union_desk.store.schema import Tables
    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import TaskPack

MOST_DRAFTS = 200
"""Drafts of a form that are looked into."""


@dataclass(frozen=True, slots=True)
class FormCount:
    """Numbers of one form, voided records left out."""

    total: int = 0
    drafts: int = 0
    errors: int = 0
    """Drafts with an error; what is merely not filled in yet is none."""
    returned: int = 0


def waiting(connection: Connection, store: Store, day: str) -> dict[str, FormCount]:
    """Return the numbers by form id, of forms with any record; checks run as of `day`."""
    found = {}
    for form, states in by_state(connection, store.tables, store.pack).items():
        found[form] = FormCount(
            total=sum(states.values()),
            drafts=states.get("draft", 0),
            errors=len(wrong_drafts(connection, store, form, day)) if states.get("draft") else 0,
            returned=states.get("returned", 0),
        )
    return found


def by_state(connection: Connection, tables: Tables, pack: TaskPack) -> dict[str, dict[str, int]]:
    """Return the number of records by form id and state, voided ones left out."""
    selects = [
        sa.select(
            sa.literal(form.id).label("form"),
            tables.form[form.id].c.record_state,
            sa.func.count().label("n"),
        )
        .where(tables.form[form.id].c.deleted == 0)
        .group_by(tables.form[form.id].c.record_state)
        for form in pack.top_forms
    ]
    found: dict[str, dict[str, int]] = {}
    for form, state, n in connection.execute(sa.union_all(*selects)):
        found.setdefault(form, {})[state] = n
    return found


def newest_drafts(connection: Connection, tables: Tables, form: str, limit: int) -> list[str]:
    """Return the uids of the newest drafts of a form."""
    table = tables.form[form]
    wanted = sa.select(table.c.uid).where(table.c.record_state == "draft", table.c.deleted == 0)
    newest = wanted.order_by(table.c.updated_at.desc(), table.c.uid.desc()).limit(limit)
    return list(connection.execute(newest).scalars())


def wrong_drafts(
    connection: Connection, store: Store, form: str, day: str, limit: int = MOST_DRAFTS
) -> tuple[str, ...]:
    """Return the newest drafts with an error; what is merely not filled in yet is none.

    They are checked one by one: in SQL only rows that count are.
    """
    uids = newest_drafts(connection, store.tables, form, limit)
    context = context_at(
        store, day, lookup=StoreLookup(connection, store.tables), connection=connection
    )
    kinds = checks.LIVE_KINDS - {"required"}
    rows = list(rows_by(connection, layout(store.tables, form), "uid", uids))
    wrong = {
        record.uid
        for record in records_of(connection, store.tables, form, rows)
        for item in checks.check_record(store.pack, record, context, kinds=kinds)
        if item.level == "error"
    }
    return tuple(uid for uid in uids if uid in wrong or _unread(connection, uid))


def _unread(connection: Connection, uid: str) -> bool:
    """Return whether text of a draft is kept that cannot be read."""
    typed = drafts.load_draft(connection, uid)
    return typed is not None and any(typed.fields.values())
