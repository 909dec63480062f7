"""Save what can still be read of a damaged store: into a new one, the original kept untouched.

Works on a copy only. The new store has the same key, every readable row, and a list of the records
that are lost; what was there goes to ``salvage/<time>/``. 报送 waits as after a restore.
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.errors import DamageError, StoreError
from union_desk.store import (
    backup_file,
    damage,
    holds,
    incoming,
    keyring,
    losses,
    opening,
    packages,
    restoring,
    schema,
    setting_rows,
    survey,
    verifying,
)
from union_desk.store.layout import CHUNK, layout
from union_desk.store.lock import InstanceLock
from union_desk.store.place import check_place
from union_desk.store.salvage_reading import DamagedFile
from union_desk.store.search_text import index_rows
from union_desk.store.transaction import now

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from union_desk.store.salvage_reading import Row
    from union_desk.taskpack.definition import TaskPack

_NEEDED = frozenset(
    {"store_id", "unit", "unit_name", "level", "parent", "origin", "packages", "age_secret",
     "age_recipient", "created_at", "demo"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What a salvage brought."""

    rows: Mapping[str, int]
    """By table."""
    lost: tuple[losses.Lost, ...]
    changed: tuple[str, ...]
    """A sentence for each record that is not as the change log says it was written last."""
    gaps: int
    """Places where rows of any table could not be read."""
    aside: str
    """Folder under the data folder with the original."""


def salvage(
    folder: Path,
    unlock: opening.Unlock | str,
    *,
    pack: TaskPack | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Salvaged:
    """Put a new store with all readable rows in the place of the damaged one of `folder`.

    :raises DamageError: S420, S421, S307: nothing can be salvaged; the original is as it was.
    :raises StoreError: S301, S302; S306 of a newer program.
    """
    folder = folder.absolute()
    check_place(folder)
    opener = restoring.by_password(unlock) if isinstance(unlock, str) else unlock
    lock = InstanceLock(folder, now())
    try:
        incoming.finish(folder)
        ring, key = damage.keys(folder, opener)
        if not (folder / backup_file.STORE).exists():
            raise DamageError("S421", "数据文件不见了，没有可以抢救的。", "请用最近的备份恢复。")
        work = files.private_folder(folder / "tmp" / f"salvage-{secrets.token_hex(8)}")
        try:
            for name in incoming.WHOLE[:2]:
                if (folder / name).exists():
                    shutil.copyfile(folder / name, work / name)
            source = DamagedFile(work / backup_file.STORE, key.pragma)
            try:
                return _rebuild(_Work(folder, source, ring, key, progress), pack)
            finally:
                source.close()
        except OSError as error:
            raise files.trouble(error, work) from error
        finally:
            files.discard(work)
    finally:
        lock.release(unseen=True)


@dataclass(frozen=True, slots=True)
class _Work:
    """A salvage under way: the folder, the copy of its damaged file, its keys."""

    folder: Path
    source: DamagedFile
    ring: keyring.Keyring
    key: keyring.StoreKey
    progress: Callable[[int, int], None] | None


def _rebuild(work: _Work, pack: TaskPack | None) -> Salvaged:
    folder, source = work.folder, work.source
    found = source.tables()
    application = source.ask("PRAGMA application_id")[0][0]
    format_ = source.ask("PRAGMA user_version")[0][0]
    _check_kind(application, format_)
    settings = _settings(work)
    tables = schema.tables(*packages.load_all(folder, settings, pack))
    place = incoming.begin(folder)
    keyring.write(place, work.ring)
    target = place / backup_file.STORE
    files.create_private(target)
    with verifying.opened(target, work.key.pragma) as database:
        with database.write(bulk=True) as connection:
            connection.exec_driver_sql(f"PRAGMA application_id={application}")
            connection.exec_driver_sql(f"PRAGMA user_version={format_}")
            gaps = _copy(connection, work, found, tables, settings)
            if not database.commit(connection):
                raise StoreError("S425", "磁盘出错，抢救没有做完。", "请检查磁盘后再试。")
        restoring.put_on_hold(database, folder, holds.SALVAGED, None)
        with database.read() as connection:
            gone = losses.find(connection, tables)
            bare = restoring.bare(database, folder, tables)
            changed = tuple(survey.digests(connection, bare, None))
            rows = verifying.facts(connection).rows
    with losses.newest_backup(folder, work.ring, work.key) as connection:
        lost = losses.named(gone, tables, connection)
    verifying.verify(target, work.key.pragma)
    return Salvaged(rows, lost, changed, gaps, restoring.settle(folder))


def _check_kind(application: object, format_: object) -> None:
    if application != schema.APPLICATION_ID:
        raise DamageError("S422", "这个数据文件不是填报台的。", "请用最近的备份恢复。")
    if not isinstance(format_, int) or format_ > schema.FORMAT:
        raise StoreError("S423", "这些数据由更新的程序建立。", "请先升级填报台程序。")


def _settings(work: _Work) -> dict[str, str]:
    """Return what the store knew of itself; what cannot be read comes from the newest backup."""
    rows: list[Row] = []
    work.source.read("setting", ("key", "value"), rows.extend)
    settings = {str(row[1]): str(row[2]) for row in rows}
    if settings.keys() >= _NEEDED:
        return settings
    with losses.newest_backup(work.folder, work.ring, work.key) as connection:
        if connection is not None:
            return setting_rows.read_all(connection) | settings
    raise DamageError(
        "S424", "单位信息所在的页已损坏，又没有备份，抢救不了。", "请把数据文件夹交给技术人员。"
    )


def _copy(
    connection: Connection,
    work: _Work,
    found: Mapping[str, list[str]],
    tables: schema.Tables,
    settings: Mapping[str, str],
) -> int:
    """Fill the new store; return how many gaps there were."""
    gaps = 0
    tables.metadata.create_all(connection)
    for number, (name, columns) in enumerate(found.items()):
        if work.progress:
            work.progress(number, len(found))
        if name in tables.metadata.tables:
            have = {column.name for column in tables.metadata.tables[name].columns}
            kept = [column for column in columns if column in have and column != "rowid"]
            gaps += len(work.source.read(name, kept, _writer(connection, name, kept)))
    # Values of log rows that are lost themselves: the log goes on with the numbers they had.
    connection.exec_driver_sql("DELETE FROM audit_value WHERE n NOT IN (SELECT n FROM audit)")
    for key, value in settings.items():
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO setting (key, value) VALUES (?, ?)", (key, value)
        )
    for statement in (*schema.search_ddl(tables), *schema.APPEND_ONLY):
        connection.exec_driver_sql(statement)
    _index(connection, tables)
    return gaps


def _writer(
    connection: Connection, table: str, columns: Sequence[str]
) -> Callable[[Sequence[Row]], None]:
    names = ", ".join(f'"{name}"' for name in ("rowid", *columns))
    marks = ", ".join("?" * (len(columns) + 1))
    statement = f'INSERT OR IGNORE INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608

    def write(rows: Sequence[Row]) -> None:
        connection.exec_driver_sql(statement, list(rows))

    return write


def _index(connection: Connection, tables: schema.Tables) -> None:
    """Make the word indexes anew."""
    for form in tables.forms.values():
        if form.kind not in ("sheet", "ledger"):
            continue
        made = layout(tables, form.id)
        names = ", ".join(f'"{name}"' for name in ("rowid", *made.columns))
        result = connection.exec_driver_sql(f'SELECT {names} FROM "{form.id}" ORDER BY rowid')  # noqa: S608
        while rows := result.fetchmany(CHUNK):
            index_rows(connection, made, [row[0] for row in rows], [tuple(row[1:]) for row in rows])
