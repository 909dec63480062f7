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
