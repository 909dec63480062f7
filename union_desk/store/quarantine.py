"""What was not taken in: the files as they came, still sealed, with the reason; nothing is applied.

``quarantine/<sha256>`` holds each file once. Nothing goes by itself; at 2 GiB no more is kept, and
that is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import sqlalchemy as sa

from union_desk import files
from union_desk.store import audit

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from union_desk.errors import BundleError
    from union_desk.store.received import Arrival
    from union_desk.store.transaction import Store, Transaction

FOLDER = "quarantine"
MOST = 2 * 2**30
"""Bytes of all kept files together."""
FULL = "存放未装入文件的地方已满，这个文件没有留存，请另行保管。"


@dataclass(frozen=True, slots=True)
class Held:
    """A file, or a packet in it, that was not taken in."""

    sha256: str
    entry: str
    """Name of the packet in the file; empty: the file itself."""
    name: str
    size: int
    origin: str | None
    stream: str | None
    epoch: str | None
    n: int | None
    hash: str | None
    code: str
    reason: str
    step: str
    at: str
    person: str

    @property
    def unit(self) -> str:
        """Code of the unit it says to be from, "" where it could not be read."""
        return (self.origin or "")[:12]


def path(store: Store, sha256: str) -> Path:
    """Return where a file lies."""
    return store.folder / FOLDER / sha256


def keep(store: Store, file: IO[bytes], sha256: str, size: int) -> bool:
    """Keep a file as it came, once; return False where there is no room for it any more."""
    place = path(store, sha256)
    if place.exists():
        return True
    folder = files.private_folder(store.folder / FOLDER)
    if sum(item.stat().st_size for item in folder.iterdir()) + size > MOST:
        return False
    file.seek(0)
    files.write_durable(place, iter(lambda: file.read(files.CHUNK), b""))
    return True


def note(
    tx: Transaction,
    sha256: str,
    name: str,
    size: int,
    error: BundleError,
    *,
    arrival: Arrival | None = None,
    entry: str = "",
) -> None:
    """Enter why a file, or a packet in it, was not taken in.

    :param arrival: what is known of the packet; its head is told only if its signature held.
    """
    table = tx.tables.quarantined
    same = sa.and_(table.c.sha256 == sha256, table.c.entry == entry)
    tx.connection.execute(sa.delete(table).where(same))
    known = arrival is not None
    tx.connection.execute(
        sa.insert(table).values(
            sha256=sha256,
            entry=entry,
            name=name,
            bytes=size,
            origin=arrival.origin if arrival else None,
            stream=arrival.stream if arrival else None,
            epoch=arrival.epoch if arrival and arrival.made_at else None,
            n=arrival.n if arrival and arrival.made_at else None,
            hash=arrival.hash if arrival else None,
            code=error.code,
            reason=error.sentence,
            step=error.step,
            at=tx.now,
            person=tx.person,
        )
    )
    told = {"file": sha256, "packet": arrival.name if known and arrival else "", "code": error.code}
    audit.note(tx, "quarantine", new=dict(told))


def held(connection: Connection, store: Store) -> list[Held]:
    """Return everything that was not taken in, the newest first."""
    table = store.tables.quarantined
    chosen = sa.select(table).order_by(table.c.at.desc(), table.c.sha256, table.c.entry)
    return [
        Held(**{("size" if key == "bytes" else key): value for key, value in row.items()})
        for row in connection.execute(chosen).mappings()
    ]


def unusable(connection: Connection, store: Store, origin: str, stream: str) -> dict[int, str]:
    """Return the packets of a stream that are held as unusable: number and code."""
    table = store.tables.quarantined
    chosen = sa.select(table.c.n, table.c.code).where(
        table.c.origin == origin, table.c.stream == stream, table.c.n.is_not(None)
    )
    return {int(row[0]): str(row[1]) for row in connection.execute(chosen.order_by(table.c.n))}


def clear(tx: Transaction, *, sha256: str = "", digest: str = "") -> None:
    """Take a file, or a packet that came all the same, off the list."""
    which = "sha256" if sha256 else "hash"
    removed = f"DELETE FROM quarantined WHERE {which} = ?"  # noqa: S608
    tx.connection.exec_driver_sql(removed, (sha256 or digest,))


def sweep(store: Store) -> None:
    """Remove the files that are on the list no more."""
    with store.read() as connection:
        named = {item.sha256 for item in held(connection, store)}
    folder = store.folder / FOLDER
    for place in list(folder.iterdir()) if folder.is_dir() else ():
        if place.name not in named:
            files.discard(place)


def discard(store: Store, sha256: str) -> None:
    """Remove a file that a person has decided about."""
    with store.write() as tx:
        clear(tx, sha256=sha256)
        audit.note(tx, "quarantine_discard", new={"file": sha256})
    sweep(store)
