"""What is done when a store is opened and before it is closed, without anyone asking for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.errors import DamageError, FileError, StoreError
from union_desk.store import backups, ballast, counter, discarding, escrow, setting_rows
from union_desk.store.thinning import moment
from union_desk.store.transaction import now

if TYPE_CHECKING:
    from collections.abc import Callable

    from union_desk.store.transaction import Store

_CHECKED = "pages_checked"
_WEEK = timedelta(days=7)


def on_opening(store: Store) -> None:
    """Clear ``tmp/``; look whether this is an old copy."""
    if store.demo:
        return
    for path in (store.folder / "tmp").iterdir() if (store.folder / "tmp").is_dir() else ():
        if path.is_file():
            files.discard(path)
    counter.watch(store)


def check_pages(store: Store) -> None:
    """Look at every page after an unclean end or a week.

    :raises StoreError: S407, pages are damaged; nothing was changed.
    """
    if store.demo:
        return
    with store.read() as connection:
        checked = setting_rows.read(connection, _CHECKED)
        since = moment(checked or setting_rows.read(connection, "created_at"))
        late = abs(moment(now()) - since) > _WEEK
        if not late and not store.lock.unclean:
            return
        bad = len(connection.exec_driver_sql("PRAGMA cipher_integrity_check").all())
    if bad:
        raise DamageError(
            "S407",
            f"数据文件有 {bad} 处损坏的页，可能因为断电或磁盘老化。",
            "请用最近的备份恢复，或抢救还读得出的记录。",
        )
    if late:
        with store.write() as transaction:
            setting_rows.write(transaction.connection, _CHECKED, transaction.now)


def begin(store: Store) -> list[str]:
    """Start a run of the program: what killed work left, ballast, room, the parent's slot.

    :returns: sentences for the one at work.
    """
    if store.demo:
        return []
    told = []
    escrow.keep_up(store)
    try:
        for rest in files.private_folder(store.folder / "tmp").iterdir():
            if rest.is_dir():
                files.discard(rest)
        discarding.finish(store)
        ballast.ensure(store.folder)
    except FileError as error:
        told.append(error.sentence)
    if lacking := ballast.short(store.folder, store.database.path):
        told.append(f"磁盘快满了，还差 {-(-lacking // (1 << 20))} MB 才够安全，请腾出空间。")
    return told


def catch_up(store: Store) -> None:
    """Make the daily backup that the last run did not come to; a long work."""
    if store.demo:
        return
    with store.read() as connection:
        late = backups.due_at_start(connection)
    if late:
        _daily(store, None)


def due(store: Store) -> bool:
    """Return whether the daily backup is to be made before the store is closed."""
    if store.demo:
        return False
    with store.read() as connection:
        return backups.due_at_exit(connection)


def end(
    store: Store, progress: Callable[[int, int], None] | None = None
) -> StoreError | FileError | None:
    """Seal the key to a parent known by now; back up if anything changed and not done today.

    :returns: why the backup could not be made; the store itself is as it was.
    """
    try:
        escrow.keep_up(store)
        if due(store):
            _daily(store, progress)
    except (StoreError, FileError) as error:
        return error
    return None


def _daily(store: Store, progress: Callable[[int, int], None] | None) -> None:
    """Make the daily backup, and one in the second place where that is there today."""
    backups.make(store, "daily", progress=progress)
    with store.read() as connection:
        place = backups.second_place(connection)
    if place and files.is_folder(place):
        backups.make_elsewhere(store, "daily")
