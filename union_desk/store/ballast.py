"""``ballast.bin``: 4 MiB that are given up on a full disk, where not even a DELETE goes through.

Random bytes: zeros would be compressed away. Made anew once 64 MiB are free again.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from union_desk import files

if TYPE_CHECKING:
    from pathlib import Path

NAME = "ballast.bin"
SIZE = 4 << 20
ENOUGH = 64 << 20


def ensure(folder: Path) -> bool:
    """Make the ballast of a data folder if it is not there and there is room; return whether it is.

    :raises FileError: the folder cannot be written.
    """
    path = folder / NAME
    try:
        if path.exists() and path.stat().st_size == SIZE:
            return True
        if shutil.disk_usage(folder).free < ENOUGH:
            return False
        path.unlink(missing_ok=True)
        files.create_private(path)
        path.write_bytes(os.urandom(SIZE))
    except OSError as error:
        raise files.trouble(error, path) from error
    return True


def drop(folder: Path) -> bool:
    """Give the ballast up; return whether there was any."""
    path = folder / NAME
    if not path.exists():
        return False
    files.remove(path)
    return True


def short(folder: Path, store: Path) -> int:
    """Return how many bytes the disk lacks for safe work: three stores and 64 MiB; 0 = enough."""
    wanted = 3 * (store.stat().st_size if store.exists() else 0) + ENOUGH
    return max(0, wanted - shutil.disk_usage(folder).free)
