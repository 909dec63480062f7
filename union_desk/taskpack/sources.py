"""The files of a task package, from a folder or a ZIP archive, under limits."""

from __future__ import annotations

import hashlib
import stat
import zipfile
import zlib
from typing import TYPE_CHECKING

from union_desk.taskpack.problems import Problems, Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HEAD_FILE = "taskpack.yaml"
MAX_FILES = 64
MAX_FILE_BYTES = 2_000_000
MAX_TOTAL_BYTES = 8_000_000
_DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError)
"""What zipfile raises over archives that are damaged, locked or of a strange method."""


def read_files(path: Path, problems: Problems) -> Mapping[str, bytes]:
    """Return the files of the package by name; what cannot be read is a problem.

    A ZIP archive may hold the files at its top or in one folder. Only files directly in the
    package are part of it: a deeper one is a problem.
    """
    if path.is_dir():
        return _folder(path, problems)
    if not path.exists():
        problems.add(Trouble.UNREADABLE, path.name, 1, "找不到这个任务包文件夹或文件，请核对路径。")
        return {}
    return _archive(path, problems)


def digest(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of the files' names and contents, line ends read as LF, hex."""
    total = hashlib.sha256()
    for name in sorted(files):
        content = files[name].replace(b"\r\n", b"\n")
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def _folder(path: Path, problems: Problems) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for item in sorted(path.iterdir()):
        if item.name.startswith("."):
            continue
        if not item.is_file():
            problems.add(
                Trouble.UNKNOWN_FILE, item.name, 1, f"任务包里不应有文件夹“{item.name}”，请移走。"
            )
            continue
        total += item.stat().st_size
        if not _fits(item.name, item.stat().st_size, total, len(files), problems):
            continue
        try:
            files[item.name] = item.read_bytes()
        except OSError as error:
            problems.add(
                Trouble.UNREADABLE, item.name, 1, f"文件读不出来（{error.strerror}），请检查权限。"
            )
    return files


def _fits(name: str, size: int, total: int, count: int, problems: Problems) -> bool:
    if size > MAX_FILE_BYTES:
        problems.add(
            Trouble.LIMIT,
            name,
            1,
            f"文件超过 {MAX_FILE_BYTES // 1_000_000} MB，任务包文件不会这么大。",
        )
    elif total > MAX_TOTAL_BYTES or count >= MAX_FILES:
        problems.add(
            Trouble.LIMIT,
            name,
            1,
            f"任务包超过 {MAX_TOTAL_BYTES // 1_000_000} MB 或 {MAX_FILES} 个文件，不予读取。",
        )
    else:
        return True
    return False


def _archive(path: Path, problems: Problems) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            top = _top_folder([entry.filename for entry in entries])
            for entry in entries:
                name = entry.filename.removeprefix(top)
                total += entry.file_size
                if not _entry_fits(entry, name, files, problems):
                    continue
                if not _fits(name, entry.file_size, total, len(files), problems):
                    continue
                files[name] = _content(archive, entry)
    except _DAMAGE as error:
        problems.add(
            Trouble.UNREADABLE,
            path.name,
            1,
            f"不是完好的任务包文件夹或 ZIP 文件（{type(error).__name__}），请重新取得这个文件。",
        )
        return {}
    return files


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise zipfile.BadZipFile
    return content


def _top_folder(names: list[str]) -> str:
    tops = {name.partition("/")[0] for name in names if "/" in name}
    if len(tops) == 1 and all("/" in name for name in names):
        return f"{tops.pop()}/"
    return ""


def _entry_fits(
    entry: zipfile.ZipInfo, name: str, files: Mapping[str, bytes], problems: Problems
) -> bool:
    mode = entry.external_attr >> 16
    if name in files:
        reason = f"压缩包里有两个“{name}”。"
    elif "/" in name or "\\" in name or name in {"", ".", ".."} or ":" in name:
        reason = f"压缩包里的“{entry.filename}”不在任务包的最上层，不予读取。"
    elif entry.flag_bits & 1:
        reason = f"“{name}”加了密码，请解密后再用。"
    elif mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        reason = f"“{name}”不是普通文件，不予读取。"
    else:
        return True
    problems.add(Trouble.LIMIT, name or entry.filename, 1, reason)
    return False
