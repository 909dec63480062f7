"""Which records a salvage could not bring back, by the names they had in the newest backup."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.errors import FileError, StoreError
from union_desk.store import backup_file, backups, thinning, verifying
from union_desk.store.schema import value_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from union_desk.store.keyring import Keyring, StoreKey
    from union_desk.store.schema import Tables
    from union_desk.taskpack.definition import Form


@dataclass(frozen=True, slots=True)
class Lost:
    """A record that the change log knows and no readable page holds."""

    form: str
    title: str
    uid: str
    label: str
    """What it is called in the newest backup; its id where that does not have it."""


def find(connection: Connection, tables: Tables) -> tuple[Lost, ...]:
    """Return the records of the change log that are not in their table."""
    found = []
    for form in tables.forms.values():
        if form.kind == "detail":
            continue
        rows = connection.exec_driver_sql(
            f'SELECT a.uid, max(a.n) FROM audit a LEFT JOIN "{form.id}" f ON f.uid = a.uid '  # noqa: S608
            "WHERE a.form = ? AND a.digest IS NOT NULL AND f.uid IS NULL GROUP BY a.uid ORDER BY 2",
            (form.id,),
        ).all()
        found += [Lost(form.id, form.title, str(uid), str(uid)) for uid, _ in rows]
    return tuple(found)


def named(lost: Sequence[Lost], tables: Tables, backup: Connection | None) -> tuple[Lost, ...]:
    """Return the same with the names that a backup has for them."""
    if backup is None:
        return tuple(lost)
    return tuple(
        replace(item, label=_label(backup, tables.forms[item.form], item.uid)) for item in lost
    )


def _label(connection: Connection, form: Form, uid: str) -> str:
    """Return the name and the natural keys of a record, the former first."""
    keys = [form.name_field, *(part for key in form.natural_keys for part in key)]
    there = set(value_columns(form))
    columns = [name for name in dict.fromkeys(keys) if name in there]
    if not columns or form.id not in verifying.table_names(connection):
        return uid
    listed = ", ".join(f'"{name}"' for name in columns)
    row = connection.exec_driver_sql(
        f'SELECT {listed} FROM "{form.id}" WHERE uid = ?',  # noqa: S608
        (uid,),
    ).first()
    told = [str(value) for value in row or () if value is not None]
    return "，".join(told) or uid


@contextmanager
def newest_backup(folder: Path, ring: Keyring, key: StoreKey) -> Iterator[Connection | None]:
    """Yield the store in the newest own backup of this key that opens; None without one."""
    copy = files.private_folder(folder / "tmp") / f"newest-{secrets.token_hex(8)}.db"
    try:
        if _extracted(folder, ring, key, copy):
            with verifying.opened(copy, key.pragma) as database, database.read() as connection:
                yield connection
        else:
            yield None
    finally:
        for path in (copy, copy.with_name(copy.name + "-journal")):
            files.discard(path)


def _extracted(folder: Path, ring: Keyring, key: StoreKey, copy: Path) -> bool:
    for kept in thinning.listing(folder / backups.FOLDER).kept:
        if kept.manifest.key_id != ring.key_id:
            continue
        files.discard(copy)
        try:
            backup_file.extract(kept.path, kept.manifest, backup_file.STORE, copy)
            verifying.verify(copy, key.pragma)
        except (StoreError, FileError):
            continue
        return True
    return False
