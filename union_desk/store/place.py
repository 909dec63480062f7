"""Where a live store may lie: a fixed disk of this machine, nowhere else.

Network shares and cloud folders break locks and syncs, sticks are pulled, FAT keeps no
permissions; such places carry bundles and backups only.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from union_desk.errors import PlaceError

_COPY = "请把数据文件夹放在本机硬盘上，例如“文档”里；已有的数据，打开窗口点“复制到本机”。"
_NETWORK = (
    "nfs", "cifs", "smb", "9p", "afs", "ncpfs", "ceph", "glusterfs", "lustre", "davfs",
    "fuse.sshfs", "fuse.davfs", "fuse.rclone", "fuse.gvfsd", "fuse.s3fs", "fuse.gluster",
    "fuse.curlftpfs", "fuse.smb", "virtiofs",
)  # fmt: skip
_FAT = ("vfat", "msdos", "exfat", "fuse.exfat", "fuseblk.exfat")
_CLOUD = (
    "onedrive", "dropbox", "nutstore", "坚果云", "baidunetdisk", "baidusyncdisk", "百度网盘",
    "百度云同步盘", "wps云盘", "wpsdrive", "icloud", "google drive", "微云", "阿里云盘",
)  # fmt: skip
_WINDOWS_REMOVABLE, _WINDOWS_REMOTE = 2, 4


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of the disk under a folder."""

    path: str
    file_system: str = ""
    network: bool = False
    removable: bool = False
    read_only: bool = False


def check_place(folder: Path) -> None:
    """Refuse a folder that no live store may lie in.

    :raises PlaceError: S310 to S314.
    """
    trouble = refusal(look_at(folder))
    if trouble:
        raise trouble


def refusal(place: Place) -> PlaceError | None:
    """Return why no live store may lie at `place`, or None."""
    parts = [part.lower() for part in Path(place.path).parts]
    if (
        place.network
        or place.file_system.startswith(_NETWORK)
        or place.path.startswith(("\\\\", "//"))
    ):
        return PlaceError("S310", f"“{place.path}”在网络位置上，不能存放填报数据。", _COPY)
    if place.removable:
        return PlaceError("S311", f"“{place.path}”在 U 盘等可移动磁盘上，不能存放填报数据。", _COPY)
    if place.file_system in _FAT:
        return PlaceError("S312", f"“{place.path}”所在磁盘是 FAT 格式，不能存放填报数据。", _COPY)
    if place.read_only:
        return PlaceError("S313", f"“{place.path}”所在位置是只读的，不能存放填报数据。", _COPY)
    if any(part.startswith(_CLOUD) for part in parts):
        return PlaceError("S314", f"“{place.path}”在网盘同步文件夹里，不能存放填报数据。", _COPY)
    return None


def look_at(folder: Path) -> Place:
    """Return what the system says of the disk that holds `folder` or its nearest parent."""
    path = _existing(folder.absolute())
    if sys.platform == "win32":
        return _look_at_windows(path)
    read_only = bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    return Place(str(path), _file_system(path), removable=_removable(path), read_only=read_only)


def _existing(path: Path) -> Path:
    while not path.exists() and path != path.parent:
        path = path.parent
    return path.resolve()


def _file_system(path: Path) -> str:
    table = Path("/proc/self/mountinfo")
    return mounted_as(table.read_text("utf-8", "replace"), str(path)) if table.exists() else ""


def mounted_as(table: str, path: str) -> str:
    """Return the file system type of the mount that holds `path`, from Linux's mountinfo."""
    best, found = "", ""
    for line in table.splitlines():
        left, _, right = line.partition(" - ")
        point = left.split()[4].replace("\\040", " ") if len(left.split()) > 4 else ""
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if point and right and inside and len(point) >= len(best):
            best, found = point, right.split()[0]
    return found


def _removable(path: Path) -> bool:
    device = path.stat().st_dev
    block = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
    if not block.exists():
        return False
    disk = block.resolve()
    return any(
        mark.exists() and mark.read_text().strip() == "1"
        for mark in (disk / "removable", disk.parent / "removable")
    )


def _look_at_windows(path: Path) -> Place:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - absent elsewhere
    root = path.anchor or str(path)
    name = ctypes.create_unicode_buffer(64)
    kernel.GetVolumeInformationW(root, None, 0, None, None, None, name, 64)
    kind = kernel.GetDriveTypeW(root)
    return Place(
        str(path),
        "vfat" if name.value.upper().startswith("FAT") else name.value.lower(),
        network=kind == _WINDOWS_REMOTE,
        removable=kind == _WINDOWS_REMOVABLE,
        read_only=not os.access(path, os.W_OK),
    )
