"""Removable disks: which are in, what can be written to them, and letting them go.

Only looked at: nothing is mounted or formatted. USB hard disks say of themselves that they are
fixed and are not found here; another folder can always be chosen.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from union_desk.errors import FileError
from union_desk.store.place import look_at

BINS = ("$RECYCLE.BIN", "RECYCLER", ".Trashes", ".Trash")
"""Folders in the root of a disk that hold deleted files; ``.Trash-1000`` and the like, too."""
FOLDER = "union-desk"
"""Sub-folder on the disk: the root of a FAT16 disk is full at about 255 long names."""
_WAIT = 60
_MOST_IN_BIN = 20_000


@dataclass(frozen=True, slots=True)
class Drive:
    """A disk as it was found; `trouble` says why nothing can be written to it."""

    root: Path
    device: str = ""
    label: str = ""
    file_system: str = ""
    free: int = 0
    in_bin: int = 0
    """Bytes of deleted files that an emptied recycle bin would give back."""
    trouble: FileError | None = None

    @property
    def title(self) -> str:
        """What the disk is called: its name and where it is."""
        where = self.root.drive or str(self.root)
        return f"{self.label}（{where}）" if self.label and self.label != where else where

    @property
    def kind(self) -> str:
        """The file system as people know it."""
        return {"vfat": "FAT32", "msdos": "FAT", "exfat": "exFAT", "fuseblk": "NTFS"}.get(
            self.file_system, self.file_system.upper()
        )

    @property
    def there(self) -> bool:
        """Whether it is still in."""
        return os.path.ismount(self.root)

    def holds(self, path: Path) -> bool:
        """Return whether `path` lies on it."""
        return path == self.root or self.root in path.parents


def found() -> tuple[Drive, ...]:
    """Return the removable disks that are in, those that cannot be written to as well."""
    import psutil

    drives = []
    for part in psutil.disk_partitions(all=False):
        root = Path(part.mountpoint)
        try:
            removable = look_at(root).removable
        except OSError:  # gone between the list and the look, or not ready: a card reader
            continue
        if removable:
            drives.append(look(root, part.device))
    return tuple(drives)


def look(root: Path, device: str = "") -> Drive:
    """Return what is known of the disk mounted at `root`."""
    label = root.name if sys.platform != "win32" else _windows_label(root)
    try:
        place = look_at(root)
        names = [path.name for path in root.iterdir()]
        free = shutil.disk_usage(root).free
    except OSError:
        trouble = FileError(
            "F163",
            f"U 盘“{root}”读不出来。",
            "请拔出重新插好；还不行就换一个，或先在系统里修复它。",
        )
        return Drive(root, device, label, trouble=trouble)
    return Drive(
        root, device, label, place.file_system, free, _in_bin(root, names),
        _cannot_write(root, read_only=place.read_only),
    )  # fmt: skip


def _cannot_write(root: Path, *, read_only: bool) -> FileError | None:
    if read_only:
        return FileError(
            "F162",
            f"U 盘“{root}”是写保护的，只能读不能写。",
            "请拨开它的写保护开关，或换一个 U 盘。",
        )
    inside = root / FOLDER
    if not os.access(inside if inside.is_dir() else root, os.W_OK):
        return FileError(
            "F166", f"没有在 U 盘“{root}”上写文件的权限。", "请换一个 U 盘，或请管理员给予权限。"
        )
    return None


def _in_bin(root: Path, names: list[str]) -> int:
    """Return the bytes that deleted files take up, as far as they can be counted."""
    total = count = 0
    for name in names:
        if name in BINS or name.startswith(".Trash-"):
            for folder, _, files_ in os.walk(root / name):
                for file in files_:
                    count += 1
                    if count > _MOST_IN_BIN:
                        return total
                    path = Path(folder) / file
                    total += path.lstat().st_size if path.exists() else 0
    return total


def only(drives: tuple[Drive, ...]) -> Drive:
    """Return the one disk that is in.

    :raises FileError: F164 none is in, F165 several are: one must be chosen.
    """
    if not drives:
        raise FileError(
            "F164", "没有找到 U 盘。", "请插好 U 盘再试；移动硬盘请用“文件夹”选它里面的文件夹。"
        )
    if len(drives) > 1:
        listed = "、".join(drive.title for drive in drives)
        raise FileError(
            "F165", f"插着 {len(drives)} 个 U 盘：{listed}。", "请选定写到哪一个，或拔掉其余的。"
        )
    return drives[0]


def of(folder: Path, drives: tuple[Drive, ...]) -> Drive | None:
    """Return the disk that holds `folder`."""
    return next((drive for drive in drives if drive.holds(folder)), None)


def eject(drive: Drive) -> bool:
    """Let the disk go; return whether the system says that it may be pulled out."""
    if sys.platform == "win32":
        return _eject_windows(drive.root)
    tool = shutil.which("udisksctl")
    if tool is None or not drive.device:
        return False
    for act in ("unmount", "power-off"):
        done = subprocess.run(  # noqa: S603 - the system's own tool, no shell
            [tool, act, "--no-user-interaction", "-b", drive.device],
            capture_output=True, check=False, timeout=_WAIT,
        )  # fmt: skip
        if done.returncode:
            return False
    return True


def _windows_label(root: Path) -> str:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - absent elsewhere
    name = ctypes.create_unicode_buffer(64)
    kernel.GetVolumeInformationW(root.anchor, name, 64, None, None, None, None, 0)
    return name.value


def _eject_windows(root: Path) -> bool:
    """Lock, dismount and eject the volume; a file that is open on it stops the first of these."""
    import ctypes

    lock, dismount, eject_media = 0x90018, 0x90020, 0x2D4808
    read_write, share_both, open_existing = 0xC0000000, 3, 3
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - absent elsewhere
    name = f"\\\\.\\{root.drive}"
    handle = kernel.CreateFileW(name, read_write, share_both, None, open_existing, 0, None)
    if handle in (-1, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF):
        return False
    count = ctypes.c_ulong()
    try:
        return all(
            kernel.DeviceIoControl(handle, code, None, 0, None, 0, ctypes.byref(count), None)
            for code in (lock, dismount, eject_media)
        )
    finally:
        kernel.CloseHandle(handle)
