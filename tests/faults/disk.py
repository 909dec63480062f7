"""Disks to be cut, filled and pulled: images on loop devices, and memory of a given size."""

import contextlib
import fcntl
import os
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.faults.trial import NotTested, need

_SHUTDOWN = 0x8004587D
_NO_LOG_FLUSH = struct.pack("I", 2)
SIZES = {"ext4": "96M", "xfs": "320M"}


def _run(*command: object) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NotTested(f"{command[0]}: {done.stderr.strip()[:200]}")
    return done.stdout.strip()


class Disk:
    """A file system of its own that can lose its power."""

    def __init__(self, folder: Path, kind: str) -> None:
        need("mount", "losetup", "truncate", f"mkfs.{kind}")
        if os.geteuid() != 0:
            raise NotTested("mounting needs root")
        self.root, self.image, self.kind = folder / f"mnt-{kind}", folder / f"{kind}.img", kind
        self.root.mkdir()
        _run("truncate", "-s", SIZES[kind], self.image)
        _run(f"mkfs.{kind}", "-q", self.image)
        self.loop = _run("losetup", "-f", "--show", self.image)
        self.mount()

    def mount(self) -> None:
        _run("mount", self.loop, self.root)

    def cut(self) -> None:
        """Let everything that was not synced be gone, from now on and for ever."""
        handle = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, _SHUTDOWN, _NO_LOG_FLUSH)
        except OSError as error:
            raise NotTested(f"{self.kind} cannot be cut here: {error}") from error
        finally:
            os.close(handle)

    def remount(self) -> None:
        self.unmount()
        self.mount()

    def unmount(self) -> None:
        for _ in range(200):
            if (
                subprocess.run(["umount", self.root], capture_output=True, check=False).returncode
                == 0
            ):
                return
            time.sleep(0.02)
        raise RuntimeError(f"{self.root} stays busy")

    def close(self) -> None:
        self.unmount()
        _run("losetup", "-d", self.loop)
        self.image.unlink()
        self.root.rmdir()


@contextlib.contextmanager
def disk(folder: Path, kind: str) -> Iterator[Disk]:
    made = Disk(folder, kind)
    try:
        yield made
    finally:
        made.close()


@contextlib.contextmanager
def memory(folder: Path, size: int) -> Iterator[Path]:
    """A disk in memory of so many bytes."""
    need("mount")
    folder.mkdir(exist_ok=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder)
    try:
        yield folder
    finally:
        _run("umount", folder)
