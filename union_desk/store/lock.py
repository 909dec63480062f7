"""One program at a time on one data folder: an operating-system lock on ``instance.lock``.

The lock dies with its owner, kill -9 included; what the file says is only for the sentence.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from typing import TYPE_CHECKING, Any

from union_desk import files
from union_desk.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

_NAME = "instance.lock"
_LOCKED_BYTE = 1 << 16
"""Windows locks bytes against reading, too: one far behind the text."""


class InstanceLock:
    """The lock of a data folder, held until :meth:`release` or the end of the process."""

    def __init__(self, folder: Path, since: str, person: str = "") -> None:
        """Take the lock of `folder`.

        :raises StoreError: S302, another program holds it.
        """
        path = folder / _NAME
        try:
            self._handle: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise files.trouble(error, path) from error
        if not _take(self._handle):
            holder = _read(self._handle)
            os.close(self._handle)
            self._handle = None
            raise StoreError(
                "S302",
                f"“{folder}”已由另一个填报台程序打开（{_describe(holder)}）。",
                "请先关闭那个窗口；如果刚刚关闭，请稍候再试。",
            )
        before = _read(self._handle)
        self.unclean = bool(before) and not before.get("closed", False)
        """The program that held the lock before did not end in order."""
        self._content = {"host": socket.gethostname(), "person": person, "since": since}
        self._write(closed=False)

    def _write(self, *, closed: bool) -> None:
        if self._handle is None:
            return
        text = json.dumps(self._content | {"closed": closed}, ensure_ascii=False).encode()
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        os.write(self._handle, text)

    def release(self) -> None:
        """Give the lock back, in order."""
        if self._handle is not None:
            try:
                self._write(closed=True)
            finally:
                os.close(self._handle)
                self._handle = None


def _take(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _read(handle: int) -> dict[str, Any]:
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        content = json.loads(os.read(handle, 4096) or b"{}")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _describe(holder: dict[str, Any]) -> str:
    words = [str(holder[name]) for name in ("host", "person", "since") if holder.get(name)]
    return "，".join(words) or "本机"
