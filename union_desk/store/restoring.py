"""Restore: check, show, back up the present, build in ``incoming/``, decide, move.

The present store goes with its journal and keys to ``salvage/<time>/``, never away. After it 报送
is on hold until a person decides; ``restore`` itself is not the decision.
"""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.errors import DamageError, StoreError
from union_desk.store import (
    audit,
    backup_file,
    backups,
    holds,
    incoming,
    keyring,
    opening,
    rights,
    schema,
    sealed_files,
    setting_rows,
    verifying,
)
from union_desk.store.lock import InstanceLock
from union_desk.store.place import check_place
from union_desk.store.transaction import Store, Transaction, now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from union_desk.store.connecting import Database
    from union_desk.taskpack.definition import TaskPack


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    manifest: backup_file.Manifest
    aside: str
    """Folder under the data folder that holds what lay there before; empty: nothing did."""
    present: backups.Made | None
    """The backup of what was there before; None where there was nothing that could be opened."""
    missing: tuple[str, ...]
    """Hashes of packets and attachments that no place had."""


@dataclass(frozen=True, slots=True)
class Newer:
    """What a restore would take back: the work after a backup."""

    records: int
    changes: int
    last_at: str


def newer(store: Store, manifest: backup_file.Manifest) -> Newer:
    """Return what was done since a backup, in the open store of the same unit."""
    with store.read() as connection:
        row = connection.exec_driver_sql(
            "SELECT count(DISTINCT uid), count(*), max(at) FROM audit "
            "WHERE n > ? AND act NOT IN ('backup', 'login')",
            (manifest.audit[0],),
        ).one()
    return Newer(int(row[0]), int(row[1]), str(row[2] or ""))


def check(path: Path, password: str, folder: Path) -> backup_file.Manifest:
    """Open a backup with `password`, compare all it holds with what it says; change nothing.

    :param folder: the data folder: its ``tmp/`` takes the copy, its keys may open it, too.
    :raises StoreError: S400 to S403, S411 to S413, S301.
    """
    with _extracted(path, folder, by_password(password)) as copy:
        return copy.manifest


def restore(
    folder: Path,
    path: Path,
    unlock: opening.Unlock | str,
    *,
    places: Sequence[Path] = (),
    pack: TaskPack | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Restored:
    """Put the backup `path` in the place of the store of `folder`, which is closed.

    :param unlock: password, or what opens a keyring otherwise; of the present store or of the
        backup, where they differ.
    :param places: more folders to look for sealed files in.
    :raises StoreError: S40x, S41x, S301, S302; the store is as it was.
    """
    folder = folder.absolute()
    check_place(folder)
    files.private_folder(folder)
    if opening.is_demo(folder):
        raise StoreError("S412", "示例数据不能恢复备份。", "请先建立或选择正式的数据文件夹。")
    opener = by_password(unlock) if isinstance(unlock, str) else unlock
    steps = _Steps(progress)
    lock = InstanceLock(folder, now())
    try:
        incoming.finish(folder)
        with _extracted(path, folder, opener) as copy:
            steps.step()
            present = _back_up_present(folder, lock, opener, pack)
            steps.step()
            made = _build(folder, path, copy, places, present)
            steps.step()
    finally:
        lock.release(unseen=True)
    return made


class _Steps:
    """Tells how far a restore is; after the decision nothing can be cancelled any more."""

    def __init__(self, progress: Callable[[int, int], None] | None) -> None:
        self._progress, self._done = progress, 0

    def step(self) -> None:
        self._done += 1
        if self._progress and self._done < 3:
            self._progress(self._done, 3)


def by_password(password: str) -> opening.Unlock:
    """Return what opens a keyring with a password, whoever it belongs to."""
    return lambda ring: ring.open(password)


@dataclass(frozen=True, slots=True)
class _Copy:
    """A backup's store in ``tmp/``, opened and found whole."""

    manifest: backup_file.Manifest
    store: Path
    ring: keyring.Keyring
    """The keyring that goes with it from now on: the live one where it has the same key."""
    key: keyring.StoreKey


@contextlib.contextmanager
def _extracted(path: Path, folder: Path, opener: opening.Unlock) -> Iterator[_Copy]:
    """Yield the verified content of a backup, gone when the block is left."""
    manifest = backup_file.read(path)
    _check_owner(folder, manifest)
    work = files.private_folder(folder / "tmp" / f"restore-{secrets.token_hex(8)}")
    try:
        for name in (backup_file.STORE, backup_file.KEYS):
            backup_file.extract(path, manifest, name, work / name)
        ring, key = _open_ring(folder, work, manifest, opener)
        held = verifying.verify(work / backup_file.STORE, key.pragma)
        if (held.head, dict(held.rows)) != (manifest.audit, dict(manifest.rows)):
            raise DamageError(
                "S413", f"备份“{path.name}”里的记录与它的清单不符。", "请换一份备份。"
            )
        yield _Copy(manifest, work / backup_file.STORE, ring, key)
    finally:
        files.discard(work)


def _check_owner(folder: Path, manifest: backup_file.Manifest) -> None:
    """Refuse a backup of another store: two units must not meet in one folder."""
    try:
        present = keyring.look(folder)
    except StoreError:
        return
    if present.store_id != manifest.store_id:
        raise StoreError(
            "S411",
            f"这是“{manifest.unit_name}”（{manifest.unit}）另一份数据的备份，不能覆盖这里的数据。",
            "请核对备份文件，或用 --data 指到一个空文件夹再恢复。",
        )


def _open_ring(
    folder: Path,
    work: Path,
    manifest: backup_file.Manifest,
    opener: opening.Unlock,
) -> tuple[keyring.Keyring, keyring.StoreKey]:
    """Return keyring and key: a live slot of the same key id opens the backup, else its own."""
    own = keyring.look(work)
    with contextlib.suppress(StoreError):
        live = keyring.look(folder)
        if live.key_id == manifest.key_id:
            return live, opener(live)[0]
    return own, opener(own)[0]


def _back_up_present(
    folder: Path,
    lock: InstanceLock,
    opener: opening.Unlock,
    pack: TaskPack | None,
) -> backups.Made | None:
    """Back the present store up where it opens; one that does not is only moved aside."""
    if not opening.exists(folder):
        return None
    try:
        store = opening.open_locked(folder, lock, opener, pack)
    except StoreError:
        return None
    try:
        rights.check_may(store, "restore")
        return backups.make(store, "restore")
    except DamageError:
        return None
    finally:
        store.database.close()


def _build(
    folder: Path, path: Path, copy: _Copy, places: Sequence[Path], present: backups.Made | None
) -> Restored:
    """Build the new store in ``incoming``, look for its files, then move."""
    place = incoming.begin(folder)
    target = place / backup_file.STORE
    files.write_durable(target, sealed_files.chunks(copy.store))
    keyring.write(place, copy.ring)
    with verifying.opened(target, copy.key.pragma) as database:
        secret = put_on_hold(database, folder, holds.RESTORED, copy.manifest)
    verifying.verify(target, copy.key.pragma)
    missing = _bring_files(folder, path, copy.manifest, secret, places)
    return Restored(copy.manifest, settle(folder), present, tuple(missing))


def settle(folder: Path) -> str:
    """Decide: what stands in ``incoming`` becomes the store; return where the old one went."""
    there = any((folder / name).exists() for name in incoming.WHOLE)
    aside = f"salvage/{datetime.now().astimezone():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    for name in opening.FOLDERS:
        files.private_folder(folder / name)
    incoming.commit(folder, (backup_file.STORE, *keyring.NAMES), aside=aside if there else "")
    return aside if there else ""


def put_on_hold(
    database: Database, folder: Path, why: str, manifest: backup_file.Manifest | None
) -> str:
    """Write hold and audit row into a store that is not in its place yet; return its age secret."""
    with database.write() as connection:
        transaction = Transaction(
            connection, bare(database, folder, schema.tables()), _person(connection)
        )
        told: dict[str, object] = {}
        if manifest is not None:
            told = {"made_at": manifest.made_at, "why": manifest.why, "audit": manifest.audit[0]}
        audit.note(transaction, "restore" if manifest else "salvage", new=told)
        holds.put(transaction, why, manifest.made_at if manifest else "")
        secret = setting_rows.read(connection, "age_secret")
        if not database.commit(connection):
            raise StoreError("S414", "磁盘出错，没有恢复。", "请检查磁盘后再试。")
    return secret


def _person(connection: object) -> str:
    row = connection.exec_driver_sql("SELECT person FROM audit ORDER BY n DESC LIMIT 1").first()  # type: ignore[attr-defined]
    return str(row[0]) if row else ""


def bare(database: Database, folder: Path, tables: schema.Tables) -> Store:
    """Return a store that is not in its place yet: for those who ask only for its tables."""
    return Store(
        folder=folder, database=database, lock=None, packs=(), tables=tables,  # type: ignore[arg-type]
        store_id="", unit="", unit_name="", level="", parent=None, origin="", person="", demo=False,
    )  # fmt: skip


def _bring_files(
    folder: Path,
    path: Path,
    manifest: backup_file.Manifest,
    secret: str,
    places: Sequence[Path],
) -> list[str]:
    """Put back the packets and attachments that are missing; return what no place had."""
    for name in backup_file.sealed_inside(manifest):
        target = folder / name
        if not target.exists():
            files.private_folder(target.parent)
            passing = folder / "tmp" / target.name
            backup_file.extract(path, manifest, name, passing)
            files.write_durable(target, sealed_files.chunks(passing))
            files.discard(passing)
    looked = (
        path.parent / sealed_files.COPIES,
        folder / backups.FOLDER / sealed_files.COPIES,
        *places,
        *(place / sealed_files.COPIES for place in places),
    )
    _, missing = sealed_files.bring_back(folder, manifest.named, secret, looked)
    return missing


def drill(store: Store, password: str, path: Path | None = None) -> backup_file.Manifest:
    """恢复演练: open the newest backup with a typed password, compare counts and files, delete.

    :raises StoreError: S415 no backup yet, S416 sealed files of it are missing or damaged; S40x.
    """
    kept = backups.kept(store).kept
    if path is None and not kept:
        raise StoreError("S415", "还没有备份，不能演练。", "请先点“立即备份”。")
    path = path or kept[0].path
    with _extracted(path, store.folder, by_password(password)) as copy:
        with (
            verifying.opened(copy.store, copy.key.pragma) as database,
            database.read() as connection,
        ):
            secret = setting_rows.read(connection, "age_secret")
        bad = backup_file.lacking(path, copy.manifest, secret)
    if bad:
        raise StoreError(
            "S416",
            f"备份“{path.name}”要用的 {len(bad)} 个附件或数据包文件缺失或已损坏。",
            "请立即再做一次备份，它会补齐这些文件。",
        )
    with store.write() as transaction:
        audit.note(transaction, "drill", new={"file": path.name})
    return copy.manifest
