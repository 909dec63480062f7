"""催报 and 缺号通知 as rows of the sealed stream to one lower unit: they travel with its next file.

The seam for pages that write them: :func:`send` adds them, :func:`received` lists what has come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.errors import InputError
from union_desk.store import audit, rights, units
from union_desk.store.layout import layout
from union_desk.store.notes import new_head
from union_desk.store.visible import counts
from union_desk.store.writing import Write, write_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store

FORM = "notice"
OVERDUE, MISSING = "overdue", "missing"
"""Kinds: 催报; 缺号通知."""
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Notice:
    """What an office tells one unit below it."""

    unit: str
    kind: str
    text: str
    due_date: str | None = None
    doc_no: str | None = None
    date: str = ""
    """The day it was written; empty before."""
    origin: str = ""
    """The installation that wrote it; empty before."""


def send(store: Store, wanted: Sequence[Notice]) -> None:
    """Add notices; each goes out with the next file for its unit (:func:`exporting.export`).

    :raises StoreError: S361.
    :raises InputError: I655, a unit that is not below this one; I656, no text or too long a one.
    """
    rights.check_may(store, "review")
    with store.write() as tx:
        below = units.of_store(tx.connection, store).subtree(store.unit) - {store.unit}
        made, writes = layout(tx.tables, FORM), []
        for item in wanted:
            text = item.text.strip()
            if item.unit not in below:
                raise InputError("I655", f"“{item.unit}”不是本单位的下级。", "请核对单位编码。")
            if not 0 < len(text) <= LONGEST:
                raise InputError("I656", f"通知要写 1 到 {LONGEST} 个字。", "请改好再发。")
            row = new_head(tx, item.unit, f"{store.pack.year}Y") | {
                "kind": item.kind,
                "text": text,
                "due_date": item.due_date,
                "doc_no": item.doc_no,
                "who": tx.person,
                "date": tx.now[:10],
            }
            writes.append(Write(tuple(row.get(name) for name in made.columns)))
        write_rows(tx, FORM, writes, act="notice")
        audit.note(tx, "notice", form=FORM, new={"units": sorted({one.unit for one in wanted})})


def received(connection: Connection, store: Store) -> list[Notice]:
    """Return what offices above have told this unit, the newest first."""
    table = store.tables.form[FORM]
    chosen = sa.select(
        table.c.unit, table.c.kind, table.c.text, table.c.due_date, table.c.doc_no,
        table.c.date, table.c.origin,
    ).where(counts(table), table.c.unit == store.unit, table.c.origin != store.origin)  # fmt: skip
    rows = connection.execute(chosen.order_by(table.c.date.desc(), table.c.uid.desc()))
    return [Notice(*row) for row in rows]
