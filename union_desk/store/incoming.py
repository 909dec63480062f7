"""``incoming/``: a store is built there whole and verified, then moved in by a durable list.

``incoming/READY`` names the moves. At a start: READY there = the moves are finished, however
often it is cut short; absent = what lies there was never complete and is cleared.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from union_desk import files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_READY = "READY"
_LIMIT = 1 << 16


def begin(folder: Path) -> Path:
    """Return the empty folder ``incoming`` of a data folder."""
    place = folder / "incoming"
    if place.exists():
        shutil.rmtree(place)
    return files.private_folder(place)


def commit(folder: Path, names: Sequence[str]) -> None:
    """Move the finished files `names` out of ``incoming`` into the data folder, all or none."""
    place = folder / "incoming"
    files.write_durable(place / _READY, json.dumps(list(names)).encode())
    finish(folder)


def finish(folder: Path) -> None:
    """Finish moves that were decided, or clear what was not."""
    place = folder / "incoming"
    ready = place / _READY
    if ready.exists():
        for name in json.loads(files.read_file(ready, limit=_LIMIT)):
            source = place / str(name)
            if source.exists():
                source.replace(folder / str(name))
        files.sync_folder(folder)
        files.remove(ready)
    for rest in place.iterdir() if place.exists() else ():
        rest.unlink()
