"""Dated changes of units laid over the directory: 更名, 划转, 合并, 撤销, 恢复.

An entry says what a unit is; an event says what became of it and when, so that a look at an
earlier day sees the tree of that day. A row counts only where its writer's unit stood above the
unit, and for 划转 above both places: nobody moves what is another's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.store.visible import counts
from union_desk.taskpack.system_tree import EVENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from union_desk.store.schema import Tables
    from union_desk.store.unit_entry import UnitEntry

RENAMED, MOVED, MERGED, CLOSED, REOPENED = "renamed", "moved", "merged", "closed", "reopened"
TITLES = {RENAMED: "更名", MOVED: "划转", MERGED: "合并", CLOSED: "撤销", REOPENED: "恢复"}


@dataclass(frozen=True, slots=True)
class UnitEvent:
    """What became of a unit on a day."""

    uid: str
    code: str
    kind: str
    day: str
    """ISO; from this day on."""
    name: str | None = None
    parent: str | None = None
    """New parent of 划转, successor of 合并."""
    doc_no: str | None = None
    reason: str | None = None
    writer: str = ""
    """Code of the unit whose office wrote it."""
    person: str = ""


def read(connection: Connection, tables: Tables) -> tuple[UnitEvent, ...]:
    """Return all events that count, in the order of their days."""
    table = tables.form[EVENT]
    chosen: sa.Select[Any] = sa.select(
        table.c.uid, table.c.union_code, table.c.kind, table.c.date, table.c.name, table.c.parent,
        table.c.doc_no, table.c.reason, table.c.origin, table.c.created_by,
    )  # fmt: skip
    rows = connection.execute(
        chosen.where(counts(table)).order_by(table.c.date, table.c.created_at, table.c.uid)
    ).all()
    return tuple(
        UnitEvent(
            row.uid, row.union_code, row.kind, row.date, row.name, row.parent, row.doc_no,
            row.reason, row.origin[:12], row.created_by,
        )
        for row in rows
    )  # fmt: skip


def laid(
    entries: Mapping[str, UnitEntry], events: Iterable[UnitEvent], day: str | None
) -> dict[str, UnitEntry]:
    """Return the entries as the events up to `day` leave them; of None, as all events do."""
    found = dict(entries)
    for event in events:
        entry = found.get(event.code)
        if entry is None or (day is not None and event.day > day):
            continue
        if holds(found, event):
            found[event.code] = _after(entry, event)
    return found


def holds(entries: Mapping[str, UnitEntry], event: UnitEvent) -> bool:
    """Return whether the writer of an event may say it of the unit as the tree stands."""
    entry = entries[event.code]
    if event.writer not in _above(entries, entry.parent):
        return False
    if event.kind == MOVED:
        above = _above(entries, event.parent)
        return event.parent in entries and event.writer in above and event.code not in above
    if event.kind == MERGED:
        return event.parent in entries and event.code not in _above(entries, event.parent)
    return True


def _above(entries: Mapping[str, UnitEntry], code: str | None) -> list[str]:
    """Return a unit and all above it."""
    found: list[str] = []
    while code is not None and code not in found:
        found.append(code)
        entry = entries.get(code)
        code = entry.parent if entry else None
    return found


def _after(entry: UnitEntry, event: UnitEvent) -> UnitEntry:
    if event.kind == RENAMED:
        return replace(entry, name=event.name or entry.name)
    if event.kind == MOVED:
        former = (*entry.former_parents, entry.parent or "")
        return replace(entry, parent=event.parent, former_parents=former)
    if event.kind == REOPENED:
        return replace(entry, active_to=None, merged_into=None)
    into = event.parent if event.kind == MERGED else None
    return replace(entry, active_to=event.day, merged_into=into)
