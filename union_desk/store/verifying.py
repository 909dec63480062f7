"""Whether a file of a store is whole, and what it holds: asked of copies and of the store itself.

Here and in the other modules that copy, restore and salvage whole files, SQLite may be assumed.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.errors import DamageError, StoreError
from union_desk.store import audit, schema
from union_desk.store.connecting import Database

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Facts:
    """What two copies of a store must have in common."""

    application: int
    format: int
    rows: Mapping[str, int]
    """By table; the word indexes, which can be made anew, aside."""
    head: tuple[int, str]
    """Number and hash of the newest row of the change log."""


def table_names(connection: Connection) -> list[str]:
    """Return the tables that hold what people entered and what the store knows of itself."""
    found = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ).scalars()
    return sorted(name for name in found if "__" not in name)


def facts(connection: Connection) -> Facts:
    """Return what the store behind `connection` holds."""
    rows = {}
    for name in table_names(connection):
        counted = connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar()  # noqa: S608
        rows[name] = int(counted or 0)
    application, format_ = (
        int(connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0)
        for name in ("application_id", "user_version")
    )
    return Facts(application, format_, rows, audit.head(connection))


def flaws(connection: Connection, *, encrypted: bool) -> Iterator[str]:
    """Yield a sentence for each way in which the file itself is damaged."""
    if encrypted and (pages := connection.exec_driver_sql("PRAGMA cipher_integrity_check").all()):
        yield f"数据文件有 {len(pages)} 处损坏的页。"
        return
    said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    if said != ["ok"]:
        yield f"数据文件的结构有 {len(said)} 处损坏。"
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        yield "数据表之间的联系有缺失。"


@contextmanager
def opened(path: Path, key_pragma: str | None) -> Iterator[Database]:
    """Yield a file of a store, opened beside any open store."""
    database = Database(path, key_pragma)
    try:
        yield database
    finally:
        database.close()


def verify(path: Path, key_pragma: str | None) -> Facts:
    """Open a copy, look for damage, and return what it holds.

    :raises StoreError: S402 it is damaged, S403 made by a newer program; S32x.
    """
    with opened(path, key_pragma) as database, database.read() as connection:
        found = list(flaws(connection, encrypted=key_pragma is not None))
        held = facts(connection)
    if found or held.application != schema.APPLICATION_ID:
        told = "".join(found) or "它不是填报台的数据。"
        raise DamageError("S402", f"这份备份里的数据已损坏：{told}", "请换一份更早的备份。")
    if held.format > schema.FORMAT:
        raise StoreError(
            "S403", "这份备份由更新的程序制作。", "请先升级填报台程序，再恢复这份备份。"
        )
    return held
