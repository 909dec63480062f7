"""Handing over: looked at before anything is written, written durably, read back, told honestly.

A place is a folder on a stick (always its sub-folder ``union-desk``) or any other; the way says
how the file goes on from there. Whatever fails is said in the words of the place: a stick that
was pulled out is not a file that was not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.bundle import drives, exporting
from union_desk.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from union_desk.bundle.drives import Drive
    from union_desk.bundle.exporting import Exported, Progress
    from union_desk.store.transaction import Store

STICK, MAIL, CHAT, FOLDER = "stick", "mail", "chat", "folder"
WAYS: Mapping[str, str] = {
    STICK: "U 盘", MAIL: "电子邮件", CHAT: "微信/QQ", FOLDER: "文件夹"
}  # fmt: skip
MARGIN = 1 << 20
"""Room to be left beside the file itself: names, folders, the copy under way."""
FAT_LIMIT = (4 << 30) - 1
_FAT = ("vfat", "msdos")
_PULLED = {"F104", "F106", "F109", "F111", "F112"}
"""What the system says of a disk that is gone."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to, how it goes on, and with whom."""

    way: str
    folder: Path
    """A stick: its root. Else the folder itself."""
    drive: Drive | None = None
    carrier: str | None = None

    @property
    def inside(self) -> Path:
        """The folder that the file itself lies in."""
        return self.folder / drives.FOLDER if self.way == STICK else self.folder


def hand_over(
    store: Store,
    target: Target,
    need: int,
    *,
    reader: str = exporting.PARENT,
    as_of: str,
    volume: int | None = None,
    progress: Progress | None = None,
) -> list[Exported]:
    """Write what `reader` is to have; each file counts once it was read back right.

    :param need: bytes that will be written, estimated.
    :raises FileError: F101 to F112, F134 to F139, F162, F163, F166; no remains are left.
    :raises BundleError: there is an error in what is to be sent.
    """
    check(target, need)
    try:
        if target.way == STICK:
            target.inside.mkdir(exist_ok=True)
        for rest in target.inside.glob(f"{store.unit}*.part"):  # of a write that was cut short
            files.discard(rest)
        return exporting.export(
            store, target.inside, reader=reader, as_of=as_of, way=target.way,
            carrier=target.carrier, volume=volume, progress=progress,
        )  # fmt: skip
    except FileError as error:
        raise told(error, target, need) from error
    except OSError as error:
        raise told(files.trouble(error, target.inside), target, need) from error


def check(target: Target, need: int) -> None:
    """Refuse a place before anything is written to it.

    :raises FileError: F134 too little room, F135 too large for FAT, F138 gone, F112, F137,
        F162, F163, F166.
    """
    drive = target.drive
    if drive is not None:
        if not target.folder.is_dir():
            raise _pulled(drive)
        drive = drives.look(drive.root, drive.device)
        if drive.trouble is not None:
            raise drive.trouble
    else:
        files.existing_folder(str(target.folder))
        drive = drives.look(target.folder)
        if drive.trouble is not None:
            raise FileError(
                "F137",
                f"没有在“{target.folder}”写文件的权限。",
                "请换一个文件夹，或请管理员给予权限。",
            )
    check_room(drive, need)


def check_room(drive: Drive, need: int) -> None:
    """Refuse a disk that a file of `need` bytes does not fit on.

    :raises FileError: F134 too little room, F135 too large for its format.
    """
    if drive.file_system in _FAT and need > FAT_LIMIT:
        size = files.size_words(need)
        raise FileError(
            "F135",
            f"文件约 {size}，{drive.kind} 格式的盘放不下 4 GB 以上的文件。",
            "请换一个 exFAT 或 NTFS 格式的 U 盘，或分几次报送。",
        )
    if drive.free < need + MARGIN:
        raise _too_little(drive, need)


def told(error: FileError, target: Target, need: int) -> FileError:
    """Return what went wrong in the words of the place it happened to."""
    drive = target.drive
    if drive is None:
        return error
    if error.code in _PULLED and not (drive.there and target.folder.is_dir()):
        return _pulled(drive)
    if error.code == files.FULL:
        return _too_little(drives.look(drive.root, drive.device), need)
    if error.code == "F107":
        return FileError(
            "F139", f"写到 {drive.title} 后重读，内容不一致：U 盘可能损坏。",
            "写坏的文件已删除，数据没有丢。请换一个 U 盘再报送。",
        )  # fmt: skip
    return error


def _pulled(drive: Drive) -> FileError:
    return FileError(
        "F138", f"{drive.title} 已拔出，文件没有写完。",
        "数据没有丢。请重新插好 U 盘，再写一次。",
    )  # fmt: skip


def _too_little(drive: Drive, need: int) -> FileError:
    size = files.size_words
    emptied = f"，回收站里还占着 {size(drive.in_bin)}" if drive.in_bin else ""
    first = "请清空它的回收站，或" if drive.in_bin else "请"
    return FileError(
        "F134",
        f"{drive.title} 的空间不够：需要 {size(need + MARGIN)}，剩余 {size(drive.free)}{emptied}。",
        f"{first}删除不用的文件，或换一个。",
    )
