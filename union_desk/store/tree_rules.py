"""What the tree of units allows: whose codes an office gives, and which dated changes can be.

The window and a sheet that is put keep to the same rules, and so does what comes from below, so
that nothing is taken here which the office above would refuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.store import unit_events

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from union_desk.store.layout import Row
    from union_desk.store.unit_entry import UnitEntry
    from union_desk.store.units import Units


def in_block(units: Units, writer: str, code: str) -> bool:
    """Return whether an office may give a code: under its own six digits, or those it files for.

    The office at the root of the tree gives codes of every block.
    """
    if writer == units.root:
        return True
    below = units.subtree(writer)
    heads = {one[:6] for one in below if units.by_code[one].base} if writer in units.by_code else ()
    filed = {entry.code[:6] for entry in units.filed_by(writer)}
    return code[:6] in {writer[:6], *heads, *filed}


def misplaced(before: Units, after: Units, code: str, changed: Collection[str]) -> str:
    """Return why an office may not place a node as it did, or nothing.

    :param before: the tree without what is placed; `after`: with it.
    :param changed: codes that dated changes name, of whoever made them: no new ones.
    """
    seen, above = {code}, after.by_code[code].parent
    while above is not None and above not in seen:
        seen.add(above)
        entry = after.by_code.get(above)
        above = entry.parent if entry else None
    if above is not None:
        return f"“{after.name(code)}”（{code}）的上级又归它自己管，不能成圈"
    mine = code in after.subtree(after.own)
    fresh = code not in before.by_code and code not in changed
    if mine and fresh and not in_block(before, before.own, code):
        return f"编码 {code} 不在本单位的编码段里，请由 {code[:6]} 段的总工会新增"
    return ""


def nodes(
    columns: Sequence[str], rows: Iterable[Row], code: str, parent: str
) -> list[tuple[str, str, str | None]]:
    """Return uid, code and parent of every row of a table that makes the directory."""
    first, second = columns.index(code), columns.index(parent)
    return [
        (str(row[0]), str(row[first] or ""), None if row[second] is None else str(row[second]))
        for row in rows
    ]


def trouble(units: Units, event: unit_events.UnitEvent) -> str:
    """Return why a change of a unit cannot be, or nothing."""
    entry, title = units.by_code[event.code], unit_events.TITLES[event.kind]
    target = units.by_code.get(event.parent or "")
    ends = event.kind in (unit_events.CLOSED, unit_events.MERGED)
    below = _active(units.children.get(event.code, ())) if ends else 0
    renamed, moved = event.kind == unit_events.RENAMED, event.kind == unit_events.MOVED
    troubles = (
        (
            event.kind == unit_events.REOPENED and not entry.active_to,
            f"“{entry.name}”没有撤销，不用恢复",
        ),
        (ends and entry.active_to, f"“{entry.name}”已于 {entry.active_to} 撤销"),
        (
            entry.active_from and event.day < entry.active_from,
            f"{title}日期 {event.day} 早于成立日期 {entry.active_from}",
        ),
        (below, f"“{entry.name}”下面还有 {below} 个单位，要先划转"),
        (renamed and event.name in (None, "", entry.name), "要写与现在不同的新名称"),
        (
            moved and event.parent == entry.parent,
            f"“{entry.name}”的上级已经是“{units.name(event.parent or '')}”",
        ),
        (target and target.active_to, f"“{units.name(event.parent or '')}”已经撤销"),
        (
            not unit_events.holds(units.by_code, event),
            f"“{entry.name}”不能{title}到“{units.name(event.parent or '')}”",
        ),
    )
    return next((words for wrong, words in troubles if wrong), "")


def _active(entries: Iterable[UnitEntry]) -> int:
    return sum(entry.active_to is None for entry in entries)
