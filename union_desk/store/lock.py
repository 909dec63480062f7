"""One program at a time on one data folder: an operating-system lock on ``instance.lock``.

The lock dies with its owner, kill -9 included; what the file says is only for the sentence.
"""

from __future__ import annotations

import json
import math
import os
import socket
import sys
from typing import TYPE_CHECKING, Any

from union_desk import files
from union_desk.errors import FileError, StoreError

if TYPE_CHECKING:
    from pathlib import Path

_NAME = "instance.lock"
_KEPT = ("failed", "failed_at")
"""What the file keeps from one program to the next: wrong passwords, time of the last."""
FREE_TRIES = 5
"""Wrong passwords before the next one has to wait: 2, 4, 8 … seconds."""
LONGEST_WAIT = 300
_LOCKED_BYTE = 1 << 16
"""Windows locks bytes against reading, too: one far behind the text."""


class InstanceLock:
    """The lock of a data folder, held until :meth:`release` or the end of the process."""

    def __init__(self, folder: Path, since: str, person: str = "") -> None:
        """Take the lock of `folder`.

        :raises StoreError: S302, another program holds it.
        """
        self._path = folder / _NAME
        try:
            self._handle: int | None = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise files.trouble(error, self._path) from error
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
        self._content: dict[str, Any] = {"host": socket.gethostname(), "person": person}
        self._content["since"] = since
        self._content |= {name: before[name] for name in _KEPT if name in before}
        try:
            self._write(closed=False)
        except FileError:
            os.close(self._handle)
            raise

    def name(self, person: str) -> None:
        """Say who works here, to whoever comes second."""
        self._content["person"] = person
        self._write(closed=False)

    def wait(self, now: float) -> int:
        """Return how many seconds the next password has to wait, after too many wrong ones.

        :param now: seconds since 1970; a clock that was set back begins the wait anew.
        """
        failed, last = self._failures()
        if failed < FREE_TRIES:
            return 0
        delay: int = min(2 ** min(failed - FREE_TRIES + 1, 30), LONGEST_WAIT)
        if last > now:
            self._content["failed_at"] = last = now
            self._write(closed=False)
        return max(0, math.ceil(last + delay - now))

    def note_failure(self, now: float) -> None:
        """Count a wrong password."""
        failed, _ = self._failures()
        self._content |= {"failed": failed + 1, "failed_at": now}
        self._write(closed=False)

    def forget_failures(self) -> int:
        """Begin to count anew after a right password; return how many were wrong before it."""
        failed, _ = self._failures()
        if failed:
            for name in _KEPT:
                self._content.pop(name, None)
            self._write(closed=False)
        return failed

    def _failures(self) -> tuple[int, float]:
        failed, last = (self._content.get(name, 0) for name in _KEPT)
        if not isinstance(failed, int) or not isinstance(last, int | float):
            return FREE_TRIES, math.inf
        return failed, float(last)

    def _write(self, *, closed: bool) -> None:
        if self._handle is None:
            return
        text = json.dumps(self._content | {"closed": closed}, ensure_ascii=False).encode()
        try:
            os.ftruncate(self._handle, 0)
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, text)
        except OSError as error:
            raise files.trouble(error, self._path) from error

    def release(self, *, unseen: bool = False) -> None:
        """Give the lock back, in order.

        :param unseen: the store was not opened: an unclean end before still is to be looked at.
        """
        if self._handle is not None:
            try:
                self._write(closed=not (unseen and self.unclean))
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
