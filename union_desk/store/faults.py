"""What the database says when it cannot, as sentences: each code once, each with a next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from union_desk.errors import Cancelled, DamageError, FileError, StoreError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_TROUBLES = {
    "SQLITE_FULL": ("S320", "磁盘已满，本次修改没有保存。", "请腾出磁盘空间后再保存一次。"),
    "SQLITE_IOERR": ("S321", "读写时磁盘出错，本次修改没有保存。", "请检查磁盘后重开程序。"),
    "SQLITE_READONLY": ("S322", "数据文件是只读的，不能保存。", "请把数据文件夹复制到本机硬盘。"),
    "SQLITE_CANTOPEN": ("S323", "打不开数据文件。", "请检查数据文件夹的位置和权限。"),
    "SQLITE_BUSY": ("S324", "数据文件正被占用，本次修改没有保存。", "请稍候再试一次。"),
    "SQLITE_CORRUPT": ("S325", "数据文件已损坏。", "请不要继续填写，用最近的备份恢复。"),
    "SQLITE_NOTADB": ("S326", "数据文件已损坏或被别的文件替换。", "请用最近的备份恢复。"),
}  # fmt: skip
FULL = _TROUBLES["SQLITE_FULL"][0]
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_TROUBLES["SQLITE_LOCKED"] = _TROUBLES["SQLITE_BUSY"]
_TROUBLES["SQLITE_PERM"] = _TROUBLES["SQLITE_CANTOPEN"]
_WORDS = {
    "disk I/O error": "SQLITE_IOERR",
    "database or disk is full": "SQLITE_FULL",
    "database is locked": "SQLITE_BUSY",
    "attempt to write a readonly database": "SQLITE_READONLY",
    "unable to open database file": "SQLITE_CANTOPEN",
    "database disk image is malformed": "SQLITE_CORRUPT",
    "file is not a database": "SQLITE_NOTADB",
}
"""What the backup API says: its errors bear no name."""


def name_of(error: BaseException) -> str:
    """Return the primary error name the database gave, such as ``SQLITE_FULL``; else empty."""
    original: object = error.orig if isinstance(error, DBAPIError) else error
    name = str(getattr(original, "sqlite_errorname", "") or _WORDS.get(str(original), ""))
    return "_".join(name.split("_")[:2])


def as_store_error(error: Exception) -> StoreError | None:
    """Return the sentence for a fault of disk, file or lock; None for anything else: a bug."""
    if isinstance(error, PoolTimeout):
        return StoreError("S329", "另一项工作正在写入数据。", "请等它完成后再试。")
    cause: BaseException | None = error
    while cause is not None and name_of(cause) not in _TROUBLES:
        # A lost transaction takes its savepoints along: what is said of them hides the reason.
        cause = cause.__context__
    if cause is None:
        return None
    name = name_of(cause)
    kind = DamageError if name in _DAMAGED else StoreError
    return kind(*_TROUBLES[name])


def of_storage(error: Exception, connection: Connection) -> bool:
    """Return whether an error is of disk, file, lock or memory, or ended the transaction."""
    known = (StoreError, FileError, Cancelled, OSError, MemoryError)
    return isinstance(error, known) or as_store_error(error) is not None or lost(connection)


def lost(connection: Connection) -> bool:
    """Return whether the database has ended the transaction by itself, as after a full disk."""
    raw = connection.connection.dbapi_connection
    return not getattr(raw, "in_transaction", True)
