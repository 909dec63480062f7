"""What a damaged data folder still has that helps: keys out of a backup, the newest good backup."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.errors import DamageError, FileError, StoreError
from union_desk.store import backup_file, backups, keyring, thinning, verifying

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from union_desk.store.thinning import Kept

    Opener = Callable[[keyring.Keyring], tuple[keyring.StoreKey, str]]


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways out that a damaged folder offers."""

    backup: Kept | None
    """The newest backup that can be read."""
    salvage: bool
    """Whether there is a file that rows could be read from."""
    unreadable: int
    """Backups that cannot be read themselves."""


def ways_out(folder: Path) -> Ways:
    """Look what a folder offers, without any password; nothing is changed."""
    found = thinning.listing(folder / backups.FOLDER)
    store = folder / backup_file.STORE
    return Ways(
        found.kept[0] if found.kept else None,
        store.is_file() and store.stat().st_size > 0,
        len(found.unreadable),
    )


def keys(folder: Path, opener: Opener) -> tuple[keyring.Keyring, keyring.StoreKey]:
    """Return the keyring of `folder` and its key; where both copies are bad, a backup's.

    :raises StoreError: S301, the password opens none.
    :raises DamageError: S307, there is no other copy.
    """
    try:
        ring = keyring.look(folder)
    except DamageError:
        found = from_backup(folder, opener)
        if found is None:
            raise
        return found
    return ring, opener(ring)[0]


def from_backup(folder: Path, opener: Opener) -> tuple[keyring.Keyring, keyring.StoreKey] | None:
    """Return the keys in the newest backup whose key opens the store that lies in `folder`."""
    wrong: StoreError | None = None
    for kept in thinning.listing(folder / backups.FOLDER).kept:
        try:
            ring = _ring(folder, kept)
            key = opener(ring)[0]
        except (DamageError, FileError):
            continue
        except StoreError as error:
            wrong = error
            continue
        if _opens(folder / backup_file.STORE, key):
            return ring, key
    if wrong is not None:
        raise wrong
    return None


def _ring(folder: Path, kept: Kept) -> keyring.Keyring:
    work = files.private_folder(folder / "tmp" / f"keys-{secrets.token_hex(8)}")
    try:
        backup_file.extract(kept.path, kept.manifest, backup_file.KEYS, work / keyring.NAMES[0])
        return keyring.look(work)
    finally:
        files.discard(work)


def _opens(path: Path, key: keyring.StoreKey) -> bool:
    """Return whether a key reads the first page of a store; with no store, any key will do."""
    if not path.exists() or path.stat().st_size == 0:
        return True
    with verifying.opened(path, key.pragma) as database:
        try:
            with database.read() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
        except StoreError:
            return False
    return True
