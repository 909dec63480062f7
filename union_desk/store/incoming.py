"""``incoming/``: a store is built there whole and verified, then moved in by a durable list.

``incoming/READY`` names the moves. At a start: READY there = the moves are finished, however
often it is cut short; absent = what lies there was never complete and is cleared.
"""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WHOLE = ("store.db", "store.db-journal", "store.keys", "store.keys.2")
"""What is one thing: moved only together."""
_READY = "READY"
_LIMIT = 1 << 16
_PLAIN = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")


def begin(folder: Path) -> Path:
    """Return the empty folder ``incoming`` of a data folder."""
    place = folder / "incoming"
    try:
        if place.exists():
            shutil.rmtree(place)
    except OSError as error:
        raise files.trouble(error, place) from error
    return files.private_folder(place)


def commit(folder: Path, names: Sequence[str], *, aside: str = "") -> None:
    """Move the finished files `names` out of ``incoming`` into the data folder, all or none.

    :param aside: folder under the data folder that takes what lies there now of :data:`WHOLE`:
        store, journal and keys are one thing and never meet another's.
    """
    place = folder / "incoming"
    moves: dict[str, object] = {"in": list(names), "out": [], "to": aside}
    if aside:
        files.private_folder(folder / aside)
        files.sync_folder((folder / aside).parent)
        moves["out"] = [name for name in WHOLE if (folder / name).exists()]
    files.sync_folder(place)
    files.write_durable(place / _READY, json.dumps(moves).encode())
    finish(folder)


def finish(folder: Path) -> None:
    """Finish moves that were decided, or clear what was not.

    :raises StoreError: S309, the list of moves cannot be read; nothing was moved.
    :raises FileError: the disk refused; the next start goes on.
    """
    try:
        _finish(folder)
    except OSError as error:
        raise files.trouble(error, folder) from error


def _finish(folder: Path) -> None:
    place = folder / "incoming"
    ready = place / _READY
    if ready.exists():
        moved_in, moved_out, aside = _read(ready)
        for name in moved_out:
            # Once the target is there, what bears the name now is the new one.
            if not (aside_path := folder / aside / name).exists() and (folder / name).exists():
                (folder / name).replace(aside_path)
        if moved_out:
            files.sync_folder(folder / aside)
            files.sync_folder(folder)
        for name in moved_in:
            if (place / name).exists():
                (place / name).replace(folder / name)
        files.sync_folder(folder)
        files.remove(ready)
    for rest in place.iterdir() if place.exists() else ():
        shutil.rmtree(rest) if rest.is_dir() else rest.unlink()


def _read(ready: Path) -> tuple[list[str], list[str], str]:
    """Return what is to be moved in, what out, and where to; the first program wrote a list."""
    try:
        moves = json.loads(files.read_file(ready, limit=_LIMIT))
        if isinstance(moves, list):
            moves = {"in": moves, "out": [], "to": ""}
        return _checked(moves["in"], moves["out"], moves["to"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError(
            "S309",
            f"没有做完的恢复清单“{ready}”已损坏。",
            "请把整个 incoming 文件夹移到别处后再打开。",
        ) from error


def _checked(
    moved_in: list[str], moved_out: list[str], aside: str
) -> tuple[list[str], list[str], str]:
    """Refuse names that lead anywhere else."""
    parts = [*moved_in, *moved_out, *(aside.split("/") if aside else ())]
    if not all(_PLAIN.fullmatch(part) for part in parts):
        raise ValueError(_READY)
    return moved_in, moved_out, aside
