"""Sizes and free space in words."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def free_words(folder: Path) -> str:
    """Return the free space of the disk of `folder` in words."""
    return f"剩余 {size_words(shutil.disk_usage(nearest(folder)).free)}"


def size_words(size: float) -> str:
    """Return a size for people: 812 B, 1.6 MB, 3.2 GB."""
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size:.0f} {unit}" if unit == "B" or size >= 100 else f"{size:.1f} {unit}"
        size /= 1024
    return ""


def nearest(folder: Path) -> Path:
    """Return `folder`, or its nearest parent that exists."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def sticks() -> list[Path]:
    """Return where removable disks are mounted and can be written to."""
    import psutil

    from union_desk.store.place import look_at

    found = []
    for part in psutil.disk_partitions(all=False):
        place = Path(part.mountpoint)
        if place.is_dir() and look_at(place).removable and os.access(place, os.W_OK):
            found.append(place)
    return found


def stick_of(folder: Path | None) -> Path | None:
    """Return the removable disk that holds `folder`, or None."""
    if folder is None:
        return None
    return next((s for s in sticks() if s == folder or s in folder.parents), None)
