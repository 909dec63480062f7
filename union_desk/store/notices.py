"""催报 and 缺号通知 as rows of the sealed stream to one lower unit: they travel with its next file.

:func:`send` adds them, :func:`withdraw` takes back those that have not gone out, :func:`written`
tells which stand, :func:`received` what has come. Still asked: :mod:`union_desk.store.told`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.errors import InputError
from union_desk.store import audit, rights, units
from union_desk.store.layout import layout, rows_by
from union_desk.store.notes import new_head
from union_desk.store.visible import counts
from union_desk.store.writing import Write, move, write_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

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
    period: str = ""
    """Id of the period that is asked for; empty: the year."""
    date: str = ""
    """The day it was written; empty before."""
    origin: str = ""
    """The installation that wrote it; empty before."""
    packet: str = ""
    """Name of the packet that brought it; empty where it was written."""
    uid: str = ""
    """Its row; empty before."""

    @property
    def asks(self) -> tuple[str, str, str, str]:
        """What it asks of whom: two that ask the same would be one too many.

        A 催报 is about a period; a 缺号通知 names the numbers.
        """
        return self.unit, self.kind, self.period, "" if self.kind == OVERDUE else self.text


@dataclass(frozen=True, slots=True)
class Written:
    """A notice of this office that stands."""

    uid: str
    notice: Notice
    gone: bool
    """It stands in a packet: nothing takes it back any more."""


_COLUMNS = (
    "unit",
    "kind",
    "text",
    "due_date",
    "doc_no",
    "period",
    "date",
    "origin",
    "uid",
    "packet",
)


def send(store: Store, wanted: Sequence[Notice]) -> list[str]:
    """Add notices; each goes out with the next file for its unit (:func:`exporting.export`).

    One that asks of a unit what a standing one asks already is left out.

    :return: the uids of the new rows.
    :raises StoreError: S361.
    :raises InputError: I655, a unit that is not below this one; I656, no text or too long a one.
    """
    rights.check_may(store, "review")
    year = f"{store.pack.year}Y"
    with store.write() as tx:
        below = units.of_store(tx.connection, store).subtree(store.unit) - {store.unit}
        asked = {one.notice.asks for one in written(tx.connection, store)}
        made, writes = layout(tx.tables, FORM), []
        for item in wanted:
            found = replace(item, text=item.text.strip(), period=item.period or year)
            _check(found, below)
            if found.asks in asked:
                continue
            asked.add(found.asks)
            row = new_head(tx, found.unit, found.period) | {
                "kind": found.kind,
                "text": found.text,
                "due_date": found.due_date,
                "doc_no": found.doc_no,
                "who": tx.person,
                "date": tx.now[:10],
            }
            writes.append(Write(tuple(row.get(name) for name in made.columns)))
        write_rows(tx, FORM, writes, act="notice")
        told = sorted({str(write.row[made.place["unit"]]) for write in writes})
        audit.note(tx, "notice", form=FORM, new={"units": told})
    return [str(write.row[0]) for write in writes]


def _check(item: Notice, below: Collection[str]) -> None:
    if item.unit not in below:
        raise InputError("I655", f"“{item.unit}”不是本单位的下级。", "请核对单位编码。")
    if not 0 < len(item.text) <= LONGEST:
        raise InputError("I656", f"通知要写 1 到 {LONGEST} 个字。", "请改好再发。")


def withdraw(store: Store, uids: Sequence[str]) -> int:
    """Take back those of these notices that have not gone out yet; return how many.

    :raises StoreError: S361.
    """
    rights.check_may(store, "review")
    with store.write() as tx:
        here = {one.uid for one in written(tx.connection, store) if not one.gone}
        rows = rows_by(tx.connection, layout(tx.tables, FORM), "uid", sorted(here & set(uids)))
        back = [tuple(row) for row in rows]
        if back:
            move(tx, FORM, back, act="void", new_revision=True, deleted=1)
        table = tx.tables.addressed
        gone = sa.and_(table.c.form == FORM, table.c.uid.in_([row[0] for row in back]))
        tx.connection.execute(sa.delete(table).where(gone))
    return len(back)


def written(
    connection: Connection, store: Store, kind: str = "", period: str = ""
) -> list[Written]:
    """Return the standing notices of this office, the oldest first: of a kind, for a period."""
    table, sent = store.tables.form[FORM], store.tables.addressed
    gone = sa.exists().where(
        sent.c.form == FORM, sent.c.uid == table.c.uid, sent.c.packet.is_not(None)
    )
    wanted = [counts(table), table.c.origin == store.origin]
    wanted += [table.c.kind == kind] if kind else []
    wanted += [table.c.period == period] if period else []
    chosen = sa.select(table.c.uid, gone, *(table.c[name] for name in _COLUMNS)).where(*wanted)
    rows = connection.execute(chosen.order_by(table.c.date, table.c.uid))
    return [Written(row[0], _notice(row[2:]), bool(row[1])) for row in rows]


def received(connection: Connection, store: Store) -> list[Notice]:
    """Return what offices above have told this unit, the newest first."""
    table = store.tables.form[FORM]
    chosen = sa.select(*(table.c[name] for name in _COLUMNS)).where(
        counts(table), table.c.unit == store.unit, table.c.origin != store.origin
    )
    rows = connection.execute(chosen.order_by(table.c.date.desc(), table.c.uid.desc()))
    return [_notice(row) for row in rows]


def _notice(row: Sequence[Any]) -> Notice:
    return Notice(**dict(zip(_COLUMNS, row, strict=True)) | {"packet": row[-1] or ""})
