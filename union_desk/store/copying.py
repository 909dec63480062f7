"""复制到本机: a store that lies where none may live, copied whole to a disk of this machine.

The copy is built beside its place, every file durable and compared, and gets its name last. The
original is not touched. At its first opening 报送 asks whether this is the same computer.
"""

from __future__ import annotations

import os
import secrets
import shutil
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.errors import StoreError
from union_desk.store import opening
from union_desk.store.lock import InstanceLock
from union_desk.store.place import check_place
from union_desk.store.sealed_files import chunks
from union_desk.store.transaction import now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_LEFT = ("instance.lock", "tmp")
"""What belongs to the place and not to the data."""


def copy_here(
    folder: Path, target: Path, progress: Callable[[int, int], None] | None = None
) -> int:
    """Copy the data folder `folder` to `target`, verified; return how many files it has.

    :raises StoreError: S303 no store there, S336 something lies at the target, S337 a file reads
        differently the second time, S302 it is open elsewhere, S310 to S314 the target will not
        do; nothing is left at the target then.
    :raises FileError: a file cannot be read or written.
    """
    folder, target = folder.absolute(), target.absolute()
    if not opening.exists(folder):
        raise StoreError("S303", f"“{folder}”里没有填报数据。", "请选择正确的文件夹。")
    if target.exists() and any(target.iterdir()):
        raise StoreError("S336", f"“{target}”里已有文件，不能复制到这里。", "请换一个空文件夹。")
    check_place(target)
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    lock = _lock(folder)
    try:
        files.private_folder(part)
        count = _copy(folder, part, progress)
        if target.exists():
            target.rmdir()
        part.rename(target)
        files.sync_folder(target.parent)
    except OSError as error:
        raise files.trouble(error, target) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if lock is not None:
            lock.release(unseen=True)
    return count


def _lock(folder: Path) -> InstanceLock | None:
    """Take the lock, so that nobody writes meanwhile; where nothing can be written nobody does."""
    if not os.access(folder, os.W_OK):
        return None
    return InstanceLock(folder, now())


def _copy(folder: Path, part: Path, progress: Callable[[int, int], None] | None) -> int:
    found = list(_files(folder))
    for done, path in enumerate(found, 1):
        copy = part / path.relative_to(folder)
        files.private_folder(copy.parent)
        if files.write_durable(copy, chunks(path)) != files.read_back(path):
            raise StoreError(
                "S337", f"“{path}”两次读出的内容不一样，没有复制。", "请检查这个磁盘后再试。"
            )
        if progress:
            progress(done, len(found))
    return len(found)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        own = path.relative_to(folder).parts[0] in _LEFT
        if path.is_file() and not path.is_symlink() and not own:
            yield path
