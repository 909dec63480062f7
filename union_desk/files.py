"""Files that stay written: the only place that syncs, and reads back past the page cache.

Order of a durable write: ``.part``, flush, sync; replace; sync the *final* name again; sync the
folder. Without the second sync a FAT stick that is pulled soon after keeps files of zero bytes.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from union_desk.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CHUNK = 1 << 20
_WAIT = 0.2
_MANY = 8
"""Files from which on one sync of all there is costs less than one of each.

Of 1,001 packets, each synced by itself takes 4 to 14 times as long as all at once (18 to 50 s
against 4 s, ext4), under the lock of the store. The price is known: a slow stick that is being
written to meanwhile is waited for.
"""

_FULL = ("F101", "磁盘空间不足，“{name}”没有写入。", "请删除不用的文件，或换一处保存。")
FULL = _FULL[0]
_DENIED = ("F103", "没有读写“{name}”的权限，或它正被别的程序使用。", "请关闭占用它的程序后再试。")
_NAMED = ("F105", "“{name}”不能用作文件名。", "请改用较短的英文名。")
_GONE = ("F106", "读写“{name}”时设备出错或已拔出。", "请重新插好设备，或换一处再试。")
_TAKEN = ("F109", "“{path}”已被别的文件或文件夹占用。", "请换一个名称。")
_UNKNOWN = ("F111", "读写“{name}”失败：{reason}。", "请换一处再试。")
_TROUBLES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: ("F102", "“{name}”所在的位置是只读的。", "请关闭写保护，或换一处保存。"),
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.ENOENT: ("F104", "找不到“{path}”。", "请核对路径，U 盘请重新插好。"),
    errno.EINVAL: _NAMED,
    errno.ENAMETOOLONG: _NAMED,
    errno.EILSEQ: _NAMED,
    errno.EIO: _GONE,
    errno.ENODEV: _GONE,
    errno.ENXIO: _GONE,
    errno.ENOTDIR: _TAKEN,
    errno.EISDIR: _TAKEN,
    errno.EEXIST: _TAKEN,
    errno.EFBIG: ("F110", "“{name}”太大，此磁盘的格式放不下。", "请换一处保存。"),
}


def write_durable(path: Path, data: bytes | Iterable[bytes], *, mode: int = 0o600) -> str:
    """Write `path` so that it survives a power cut, compare it uncached, return its SHA-256.

    :raises FileError: F101 to F107; nothing is left behind then, an older file stays.
    """
    part = path.with_name(path.name + ".part")
    try:
        try:
            written = _write(part, data, mode)
            _replace(part, path)
            _sync(path)
            sync_folder(path.parent)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _compare(path, written)
    except OSError as error:
        raise trouble(error, path) from error
    return written


class Together:
    """Files of one step, made durable together before what names them is committed.

    Each stands under its own name at once; until `settle` a power cut may leave a part of it. So
    it must be a file that nothing names yet, and whoever finds it there later looks inside. Not
    for sticks: they need the order of :func:`write_durable`.
    """

    def __init__(self) -> None:
        self._written: dict[Path, str] = {}

    def write(self, path: Path, data: Iterable[bytes], *, mode: int = 0o600) -> None:
        """Write a file that `settle` will make durable.

        :raises FileError: F101 to F106.
        """
        try:
            self._written[path] = _write(path, data, mode, sync=False)
        except OSError as error:
            raise trouble(error, path) from error

    def settle(self) -> None:
        """Make durable what was written since, and compare it uncached.

        :raises FileError: F101 to F107.
        """
        written, self._written = self._written, {}
        path = Path()
        try:
            if len(written) >= _MANY and sys.platform == "linux":
                os.sync()
            else:
                for path in written:
                    _sync(path)
            for path in {path.parent for path in written}:
                sync_folder(path)
            for path, digest in written.items():
                _compare(path, digest)
        except OSError as error:
            raise trouble(error, path) from error


def _compare(path: Path, written: str) -> None:
    """Compare a file with what was written, read past the page cache; remove one that differs."""
    if read_back(path) != written:
        path.unlink(missing_ok=True)
        raise FileError(
            "F107", f"写入后重读“{path.name}”，内容不一致。", "磁盘可能已损坏，请换一处再试。"
        )


def _write(part: Path, data: bytes | Iterable[bytes], mode: int, *, sync: bool = True) -> str:
    digest = hashlib.sha256()
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(part, flags, mode), "wb") as file:
        for chunk in (data,) if isinstance(data, bytes) else data:
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        if sync:
            os.fsync(file.fileno())
    return digest.hexdigest()


def _replace(part: Path, path: Path) -> None:
    """Put `part` in the place of `path`; a virus scanner may hold it for a moment (Windows)."""
    for _ in range(9 if os.name == "nt" else 0):
        try:
            part.replace(path)
        except PermissionError:
            time.sleep(_WAIT)
        else:
            return
    part.replace(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make new, changed and removed names of `folder` durable; Windows does so by itself.

    :raises FileError: the disk refused.
    """
    if os.name == "nt":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise trouble(error, folder) from error


def read_back(path: Path) -> str:
    """Return the SHA-256 of what the device really holds: read past the page cache."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of a file, hex.

    :raises FileError: the file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise trouble(error, path) from error
    return digest.hexdigest()


def read_file(path: Path, *, limit: int) -> bytes:
    """Return the content of a file of at most `limit` bytes.

    :raises FileError: it cannot be read, or is longer.
    """
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise trouble(error, path) from error
    if len(content) > limit:
        raise FileError(
            "F108", f"文件“{path.name}”超过 {_size(limit)}，不能读取。", "请换用较小的文件。"
        )
    return content


def _size(limit: int) -> str:
    return f"{limit >> 20} MB" if limit >= 1 << 20 else f"{max(limit >> 10, 1)} KB"


def size_words(size: float) -> str:
    """Return a size for people: 812 B, 1.6 MB, 3.2 GB."""
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size:.0f} {unit}" if unit == "B" or size >= 100 else f"{size:.1f} {unit}"
        size /= 1024
    return ""


def private_folder(folder: Path) -> Path:
    """Make `folder` with its parents, open to its owner only, and return it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise trouble(error, folder) from error
    return folder


def is_folder(path: str) -> bool:
    """Return whether a folder that people named is there: a stick may not be."""
    return Path(path).is_dir()


def existing_folder(path: str) -> Path:
    """Return a folder that people named.

    :raises FileError: F112, it is not there.
    """
    if not is_folder(path):
        raise FileError("F112", f"文件夹“{path}”现在不在。", "U 盘请插好，或另选一处。")
    return Path(path)


def create_private(path: Path) -> None:
    """Create an empty file of mode 0600 that must not be there yet."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise trouble(error, path) from error


def remove(path: Path) -> None:
    """Remove a file if it is there, durably."""
    try:
        path.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise trouble(error, path) from error


def discard(path: Path) -> None:
    """Remove a passing file, or folder with all in it, if it is there."""
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise trouble(error, path) from error


@contextlib.contextmanager
def temporary(folder: Path) -> Iterator[IO[bytes]]:
    """Yield a file without a name inside `folder`, mode 0600, gone when closed."""
    private_folder(folder)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            yield file
    except OSError as error:
        raise trouble(error, folder) from error


def trouble(error: OSError, path: Path) -> FileError:
    """Return the sentence for what the system said about `path`."""
    code, sentence, step = _TROUBLES.get(error.errno or 0, _UNKNOWN)
    reason = error.strerror or type(error).__name__
    return FileError(code, sentence.format(name=path.name or path, path=path, reason=reason), step)
