"""Key change: the store under a fresh key, when someone has gone or a backup was lost.

Never in place: a copy under the new key is built in ``incoming/``, opened and compared, and moved
in together with new ``store.keys``; the store before goes to ``salvage/`` under its old key. Only
who does it keeps a password: the others' cannot be wrapped anew without being typed, and the
recovery sheet is void. The key sealed to the parent is sealed again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.errors import FileError, StoreError
from union_desk.store import (
    audit,
    backup_file,
    backups,
    incoming,
    keyring,
    opening,
    people,
    restoring,
    rights,
    setting_rows,
    verifying,
)
from union_desk.store.lock import InstanceLock
from union_desk.store.place import check_place
from union_desk.store.transaction import Transaction, now

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from union_desk import crypto
    from union_desk.store.keyring import Keyring, StoreKey
    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import TaskPack


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What a key change did."""

    key_id: str
    aside: str
    """Folder under the data folder that holds the store under its old key."""
    without: tuple[str, ...]
    """Names of the people who need a new password from an administrator now."""
    backup: backups.Made | StoreError | FileError
    """The first backup under the new key, or why it could not be made: the change stands."""


def change_key(
    folder: Path,
    password: str,
    login: str | None = None,
    *,
    pack: TaskPack | None = None,
    cost: crypto.Cost | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Rekeyed:
    """Put the store of `folder`, which is closed, under a fresh key: all of it or nothing.

    :param password: of an administrator; it opens the store before and after.
    :raises StoreError: S301, S302, S361, S362 sample data, S404 to S408, S417; nothing was changed.
    """
    folder = folder.absolute()
    check_place(folder)
    if opening.is_demo(folder):
        raise StoreError("S362", "示例数据没有口令。", "请先建立本单位的正式数据。")
    lock = InstanceLock(folder, now())
    step = progress or (lambda _done, _total: None)
    try:
        store = opening.open_locked(folder, lock, lambda ring: ring.open(password, login), pack)
        try:
            rights.check_may(store, "keys")
            backups.before(store, "key")
            step(1, 3)
            key, ring, without = _build(store, password, cost)
            step(2, 3)
        finally:
            store.database.close()
        aside = restoring.settle(folder)
        made = _back_up(folder, lock, (key, store.person_id), pack)
    finally:
        lock.release(unseen=True)
    return Rekeyed(ring.key_id, aside, without, made)


def _build(
    store: Store, password: str, cost: crypto.Cost | None
) -> tuple[StoreKey, Keyring, tuple[str, ...]]:
    """Build store and keys in ``incoming``; return the new key, its keyring, who is left out."""
    place = incoming.begin(store.folder)
    target = place / backup_file.STORE
    old, (fresh, key) = keyring.look(store.folder), keyring.new_keyring()
    files.create_private(target)
    with store.database.write() as connection:
        store.database.copy_to(target, key.pragma)
        expected = verifying.facts(connection)
        everyone = people.everyone(connection)
    backups.compare(target, key.pragma, expected)
    own = next(item for item in everyone if item.id == store.person_id)
    ring = replace(fresh, store_id=old.store_id).add(key, own.id, password, cost, own.login)
    for slot in old.of_kind("parent"):
        ring = ring.add_parent(key, slot["recipient"], slot["unit"])
    without = tuple(item.name for item in everyone if item.id != own.id)
    _note(store, target, key, old.key_id, ring.key_id)
    verifying.verify(target, key.pragma)
    keyring.write(place, ring, lambda written: written.open(password, own.login))
    return key, ring, without


def _note(store: Store, target: Path, key: StoreKey, old: str, new: str) -> None:
    """Write the row of the change log into the copy: it is true only where that is the store."""
    with verifying.opened(target, key.pragma) as database, database.write() as connection:
        there = restoring.bare(database, store.folder, store.tables)
        transaction = Transaction(connection, there, store.person)
        setting_rows.write(connection, "recovery_kept", "")
        audit.note(transaction, "key_change", new={"old": old, "new": new})
        if not database.commit(connection):
            raise StoreError("S417", "磁盘出错，没有换钥匙。", "请检查磁盘后再试一次。")


def _back_up(
    folder: Path, lock: InstanceLock, opened: tuple[StoreKey, str], pack: TaskPack | None
) -> backups.Made | StoreError | FileError:
    """Make the first backup under the new key: those before open by their old password only."""
    try:
        store = opening.open_locked(folder, lock, lambda _ring: opened, pack)
        try:
            return backups.make(store, "key")
        finally:
            store.database.close()
    except (StoreError, FileError) as error:
        return error
