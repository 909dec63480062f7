"""How far a store had got, kept outside it and in no backup: shows an old copy for what it is.

A file per store id in a machine-wide folder where that is writable, else the user's own;
``UNION_DESK_STATE`` overrides. Written between a packet's commit and its delivery.
"""

from __future__ import annotations

import json
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.errors import FileError
from union_desk.store import holds, outbox, rights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection

    from union_desk.store.transaction import Store

VARIABLE = "UNION_DESK_STATE"
_LIMIT = 1 << 20
_RESUMED = "resumed"
Runs = dict[str, dict[str, int]]
"""By stream: epoch -> number of its last packet."""


def place() -> Path:
    """Return the folder of the counters of this machine."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    if sys.platform == "win32":
        shared = Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "UnionDesk"
    else:
        shared = Path("/var/lib/union-desk")
    if os.access(shared if shared.exists() else shared.parent, os.W_OK):
        return shared
    import platformdirs

    return platformdirs.user_state_path("UnionDesk", appauthor=False)


def path(store_id: str) -> Path:
    """Return the file of a store."""
    return place() / f"{re.sub(r'[^0-9A-Za-z-]', '', store_id)}.json"


def read(store_id: str) -> Runs | None:
    """Return what is known outside the store; None: nothing, or nothing that can be read."""
    file = path(store_id)
    if not file.exists():
        return None
    try:
        body = json.loads(files.read_file(file, limit=_LIMIT))
        return {
            str(stream): {str(epoch): int(n) for epoch, n in runs.items()}
            for stream, runs in body["streams"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, FileError):
        return None


def resumed(store_id: str) -> int:
    """Return how often this machine has decided 本机继续填报 for a store, lost copies included."""
    file = path(store_id)
    if not file.exists():
        return 0
    try:
        return int(json.loads(files.read_file(file, limit=_LIMIT)).get(_RESUMED, 0))
    except (ValueError, TypeError, AttributeError, RecursionError, FileError):
        return 0


def noted_at(store_id: str) -> str:
    """Return when the counter of a store was last written, as stored times are; "": never."""
    file = path(store_id)
    if not file.exists():
        return ""
    return f"{datetime.fromtimestamp(file.stat().st_mtime, UTC):%Y-%m-%dT%H:%M:%SZ}"


def write(store: Store, *, resumed_now: bool = False) -> None:
    """Note how far the store is, with every epoch that was ever known.

    :raises FileError: the folder cannot be written.
    """
    if store.demo:
        return
    with store.read() as connection:
        known = _runs(connection)
    for stream, runs in (read(store.store_id) or {}).items():
        mine = known.setdefault(stream, {})
        for epoch, n in runs.items():
            mine[epoch] = max(n, mine.get(epoch, 0))
    body = {
        "store": store.store_id,
        "origin": store.origin,
        "streams": known,
        _RESUMED: resumed(store.store_id) + resumed_now,
    }
    files.private_folder(place())
    files.write_durable(path(store.store_id), json.dumps(body, indent=1).encode())


def _runs(connection: Connection) -> Runs:
    rows = connection.exec_driver_sql("SELECT stream, epoch, max(n) FROM packet GROUP BY 1, 2")
    found: Runs = {}
    for stream, epoch, n in rows:
        found.setdefault(stream, {})[epoch] = int(n)
    return found


def ahead(connection: Connection, store: Store, outside: Mapping[str, Mapping[str, int]]) -> bool:
    """Return whether the outside knows an epoch or a packet that the store does not."""
    inside = _runs(connection)
    for stream, runs in outside.items():
        epoch = outbox.current_epoch(connection, store, stream)
        known = set(inside.get(stream, {})) | set(epoch.replaces if epoch else ())
        if set(runs) - known - ({epoch.id} if epoch else set()):
            return True
        if epoch and runs.get(epoch.id, 0) > inside.get(stream, {}).get(epoch.id, 0):
            return True
    return False


def watch(store: Store) -> None:
    """Let 报送 wait where the store is older than this machine knows, or came from another."""
    if store.demo:
        return
    outside = read(store.store_id)
    with store.read() as connection:
        if holds.current(connection) is not None:
            return
        if outside is None:
            why = holds.MOVED if _runs(connection) else ""
        else:
            why = holds.BEHIND if ahead(connection, store, outside) else ""
    if why:
        with store.write() as transaction:
            holds.put(transaction, why)


def resume(store: Store) -> None:
    """Decide 本机继续填报, with all epochs this machine knows replaced by the fresh one."""
    rights.check_may(store, "resume")
    outside = read(store.store_id) or {}
    holds.resume(store, {stream: tuple(runs) for stream, runs in outside.items()})
    write(store, resumed_now=True)


def same_computer(store: Store) -> None:
    """Answer 是 to 同一台电脑，换了系统用户?: the counter is written anew."""
    holds.same_computer(store)
    write(store)
