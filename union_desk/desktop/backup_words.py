"""Backups in words: when, why, how much, where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from union_desk.files import size_words

if TYPE_CHECKING:
    from union_desk.store.backups import Made
    from union_desk.store.restoring import Newer
    from union_desk.store.thinning import Kept


OVERDUE = "已有 14 天没有在第二处留备份"


def local(stored: str) -> str:
    """Return a stored time as the clock on the wall shows it."""
    from union_desk.store.thinning import moment

    return f"{moment(stored).astimezone():%Y-%m-%d %H:%M}"


def when_and_where(made: Made) -> str:
    """Return when and where the last verified backup was made."""
    return f"{local(made.at)}，在 {Path(made.file).parent}"


def kept_line(kept: Kept) -> str:
    """Return a backup as one line of the list."""
    from union_desk.store.backups import REASONS

    manifest = kept.manifest
    why = REASONS.get(manifest.why, manifest.why)
    rows = f"{records(kept):,} 条记录"
    return f"{local(manifest.made_at)}　{why}　{manifest.person}　{rows}　{size_words(kept.size)}"


def records(kept: Kept) -> int:
    """Return how many records a backup holds: its own bookkeeping aside."""
    from union_desk.store.schema import tables

    own = set(tables().metadata.tables)
    return sum(count for name, count in kept.manifest.rows.items() if name not in own)


def made_words(made: Made | None) -> str:
    """Return time and place of a backup."""
    from pathlib import Path

    return f"{local(made.at)}，{Path(made.file).parent}" if made else "还没有"


def newer_words(newer: Newer) -> str:
    """Return what a restore would take back."""
    if not newer.changes:
        return "这份备份以后没有新的修改。"
    return (
        f"这份备份以后的修改会退回：{newer.records} 条记录、{newer.changes} 处"
        f"（最后一处 {local(newer.last_at)}）。"
    )
