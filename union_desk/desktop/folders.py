"""Sizes and free space in words."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from union_desk.files import size_words

if TYPE_CHECKING:
    from pathlib import Path


def free_words(folder: Path) -> str:
    """Return the free space of the disk of `folder` in words."""
    return f"剩余 {size_words(shutil.disk_usage(nearest(folder)).free)}"


def nearest(folder: Path) -> Path:
    """Return `folder`, or its nearest parent that exists."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def sticks() -> list[Path]:
    """Return where removable disks are mounted and can be written to."""
    from union_desk.bundle import drives

    return [drive.root for drive in drives.found() if drive.trouble is None]


def stick_of(folder: Path | None) -> Path | None:
    """Return the removable disk that holds `folder`, or None."""
    if folder is None:
        return None
    return next((s for s in sticks() if s == folder or s in folder.parents), None)
