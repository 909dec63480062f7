"""Sealed files that are to go: noted where their last name goes, removed once that holds.

The note lies in the store, so what a power cut or a bad disk left is removed at the next opening.
What is named again by then stays: the same content may have come with another record.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.store import sealed_files, setting_rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from union_desk.store.transaction import Store, Transaction

_SETTING = "to_discard"
"""Setting: the files to be removed, each as ``folder/hash``."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


def note(transaction: Transaction, gone: Iterable[Path]) -> None:
    """Note files of ``packets/`` and ``blobs/`` that nothing names, in the running transaction."""
    connection = transaction.connection
    before = _noted(connection)
    found = before | {f"{path.parent.name}/{path.stem}" for path in gone}
    if found != before:
        setting_rows.write(connection, _SETTING, json.dumps(sorted(found)))


def finish(store: Store) -> int:
    """Remove what was noted and is named by nothing now; return how many files.

    :raises FileError: one cannot be removed; all stay noted.
    """
    with store.read() as connection:
        if not _noted(connection):
            return 0
    with store.write() as transaction:
        noted = _noted(transaction.connection)
        kept = named(transaction.connection)
        gone = [item for item in sorted(noted) if item.rpartition("/")[2] not in kept]
        for item in gone:
            files.discard(store.folder / f"{item}.age")
        setting_rows.write(transaction.connection, _SETTING, "[]")
    return len(gone)


def named(connection: Connection) -> set[str]:
    """Return the hashes that rows name; the text of a draft may be the only one to name a file."""
    found = {digest for _, digest in sealed_files.named(connection).each()}
    for text in connection.exec_driver_sql("SELECT content FROM draft").scalars():
        found |= set(_DIGEST.findall(text))
    return found


def _noted(connection: Connection) -> set[str]:
    return set(json.loads(setting_rows.read(connection, _SETTING, "[]")))
