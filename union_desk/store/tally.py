"""How many records of each form stand in each state, and which are drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from union_desk.store.schema import Tables
    from union_desk.taskpack.definition import TaskPack


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


def drafts(connection: Connection, tables: Tables, form: str, limit: int) -> list[str]:
    """Return the uids of the newest drafts of a form."""
    table = tables.form[form]
    wanted = sa.select(table.c.uid).where(table.c.record_state == "draft", table.c.deleted == 0)
    newest = wanted.order_by(table.c.updated_at.desc()).limit(limit)
    return list(connection.execute(newest).scalars())
