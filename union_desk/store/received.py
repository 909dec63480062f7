"""What others have sent: how far each stream was taken in, and their packets as they came.

Table ``source`` has the highest packet of each (origin, stream) that was applied without a gap;
``received`` every packet whose signature held: applied ones are passed on, waiting ones tried
again. Their files lie sealed to the own key beside the own packets.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk import crypto, files
from union_desk.errors import StoreError
from union_desk.store import outbox, sealed_files, setting_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import IO

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store, Transaction

APPLIED, WAITING, FORKED, REPLACED = "applied", "waiting", "fork", "replaced"
"""Outcomes of table ``received``; replaced: a newer state of stream ``all`` stands for it."""
UNREAD = "B574"
"""Code of a packet that waits for its writer's key: what is noted of it, a stranger says."""


class Lost(StoreError):  # noqa: N818 - of a packet, as its outcome is told
    """The file of a packet that came is gone or damaged (S391).

    :param item: the packet.
    """

    def __init__(self, item: Arrival) -> None:
        super().__init__(
            "S391",
            f"保存的数据包 {item.name} 缺失或已损坏。",
            "请从备份的 sealed 文件夹取回，或请对方再报送一次。",
        )
        self.item = item


@dataclass(frozen=True, slots=True)
class Source:
    """How far one stream of another installation has been taken in."""

    origin: str
    stream: str
    epoch: str
    n: int
    hash: str
    retired: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """A packet of another installation as it is noted."""

    hash: str
    origin: str
    stream: str
    epoch: str
    n: int
    name: str
    signature: str
    size: int
    prev: str | None = None
    kind: str = ""
    parts: int | None = None
    replaces: tuple[str, ...] = ()
    slip: str | None = None
    package: str = ""
    """Id, version and digest of the task package, separated by blanks."""
    records: int = 0
    outcome: str = WAITING
    code: str | None = None
    reason: str | None = None
    made_at: str = ""
    made_by: str | None = None
    """Who wrote it, as its signed head says; None: not read, or noted by an older program."""
    at: str = ""


_SOURCE = "origin, stream, epoch, n, hash, retired"
_COLUMNS = tuple("bytes" if name == "size" else name for name in Arrival.__dataclass_fields__)
_ARRIVAL = ", ".join(_COLUMNS)
_REPLACES = _COLUMNS.index("replaces")
_NOTED = tuple(name for name in _COLUMNS if name != "at")
_NOTE = (
    f"INSERT INTO received ({', '.join(_NOTED)}, at, kept) "  # noqa: S608
    f"VALUES ({', '.join('?' * len(_NOTED))}, ?, 1) ON CONFLICT (hash) DO UPDATE SET "
    f"{', '.join(f'{name} = excluded.{name}' for name in (*_NOTED[1:], 'at', 'kept'))}"
)


def source(connection: Connection, store: Store, origin: str, stream: str) -> Source | None:  # noqa: ARG001
    """Return how far a stream has been taken in; None: nothing yet."""
    statement = f"SELECT {_SOURCE} FROM source WHERE origin = ? AND stream = ?"  # noqa: S608
    row = connection.exec_driver_sql(statement, (origin, stream)).first()
    return _source(row) if row else None


def sources(connection: Connection, store: Store) -> list[Source]:  # noqa: ARG001
    """Return every stream that was ever taken in."""
    statement = f"SELECT {_SOURCE} FROM source ORDER BY origin, stream"  # noqa: S608
    return [_source(row) for row in connection.exec_driver_sql(statement)]


def _source(row: Sequence[Any]) -> Source:
    return Source(row[0], row[1], row[2], row[3], row[4], tuple(json.loads(row[5])))


def advance(tx: Transaction, to: Source) -> None:
    """Note how far a stream is now."""
    tx.connection.exec_driver_sql(
        f"INSERT INTO source ({_SOURCE}, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?) "  # noqa: S608
        "ON CONFLICT (origin, stream) DO UPDATE SET epoch = excluded.epoch, n = excluded.n, "
        "hash = excluded.hash, retired = excluded.retired, updated_at = excluded.updated_at",
        (to.origin, to.stream, to.epoch, to.n, to.hash, json.dumps(to.retired), tx.now),
    )


def forked(connection: Connection, store: Store, origin: str, stream: str, epoch: str) -> bool:
    """Return whether two files stood under one number of a run: the receipt will tell."""
    table = store.tables.received
    chosen = sa.select(table.c.hash).where(
        table.c.origin == origin,
        table.c.stream == stream,
        table.c.epoch == epoch,
        table.c.outcome == FORKED,
    )
    return connection.execute(chosen.limit(1)).first() is not None


def arrival(connection: Connection, store: Store, digest: str) -> Arrival | None:  # noqa: ARG001
    """Return the packet with this hash, or None."""
    statement = f"SELECT {_ARRIVAL} FROM received WHERE hash = ?"  # noqa: S608
    row = connection.exec_driver_sql(statement, (digest,)).first()
    return _arrival(row) if row else None


def hashes_at(connection: Connection, place: tuple[str, str, str, int]) -> set[str]:
    """Return the hashes that are known under origin, stream, epoch and number.

    Forks aside, and what nobody has read yet: a stranger's packet stands in nobody's place.
    """
    statement = (
        "SELECT hash FROM received WHERE origin = ? AND stream = ? AND epoch = ? AND n = ? "
        "AND outcome <> 'fork' AND (outcome <> 'waiting' OR coalesce(code, '') <> ?)"
    )
    return {str(row[0]) for row in connection.exec_driver_sql(statement, (*place, UNREAD))}


def arrivals(
    connection: Connection,
    store: Store,  # noqa: ARG001
    *outcomes: str,
    kept: bool = True,
) -> list[Arrival]:
    """Return the packets of these outcomes (all: none named), in order of their numbers.

    :param kept: only those whose file lies here.
    """
    marks = ", ".join("?" * len(outcomes))
    statement = f"SELECT {_ARRIVAL} FROM received WHERE 1"  # noqa: S608
    statement += f" AND outcome IN ({marks})" if outcomes else ""
    statement += " AND kept = 1" if kept else ""
    rows = connection.exec_driver_sql(f"{statement} ORDER BY origin, stream, at, n", outcomes)
    return [_arrival(row) for row in rows]


def _arrival(row: Sequence[Any]) -> Arrival:
    item = Arrival(*row)
    return replace(item, replaces=tuple(json.loads(row[_REPLACES])))


def of_run(
    connection: Connection,
    store: Store,  # noqa: ARG001
    origin: str,
    stream: str,
    epoch: str,
) -> list[Arrival]:
    """Return what is known of one run of numbers, in their order.

    A packet that waited and whose file was lost is asked for again: it is as if it had not come.
    """
    statement = (
        f"SELECT {_ARRIVAL} FROM received "  # noqa: S608
        "WHERE origin = ? AND stream = ? AND epoch = ? "
        "AND (outcome <> 'waiting' OR kept = 1) ORDER BY n"
    )
    return [_arrival(row) for row in connection.exec_driver_sql(statement, (origin, stream, epoch))]


def note(tx: Transaction, item: Arrival) -> None:
    """Enter a packet whose file is kept, or what became of one that waited."""
    cells = [getattr(item, name) for name in Arrival.__dataclass_fields__ if name != "at"]
    cells[_REPLACES] = json.dumps(item.replaces)
    tx.connection.exec_driver_sql(_NOTE, (*cells, item.at or tx.now))


def waiting_bytes(connection: Connection, code: str) -> int:
    """Return how much the packets take up that wait for one thing, by its code."""
    statement = "SELECT sum(bytes) FROM received WHERE outcome = 'waiting' AND code = ?"
    return int(connection.exec_driver_sql(statement, (code,)).scalar() or 0)


def forget_waiting(tx: Transaction, digest: str) -> None:
    """Drop a waiting packet that turned out to be of no use; its file goes with the next sweep."""
    dropped = "DELETE FROM received WHERE hash = ? AND outcome = ?"
    tx.connection.exec_driver_sql(dropped, (digest, WAITING))


def lose(tx: Transaction, item: Arrival) -> None:
    """Note that the file of a waiting packet is lost: it has to come once more."""
    lost = "UPDATE received SET kept = 0, reason = ? WHERE hash = ? AND outcome = ?"
    told = Lost(item).sentence
    tx.connection.exec_driver_sql(lost, (told, item.hash, WAITING))


def replaced(tx: Transaction, origin: str, stream: str, newest: str) -> list[str]:
    """Let the newest packet of stream ``all`` stand for all before; return what may be removed."""
    table = tx.tables.received
    older = sa.and_(
        table.c.origin == origin,
        table.c.stream == stream,
        table.c.hash != newest,
        table.c.outcome == APPLIED,
    )
    gone = list(tx.connection.execute(sa.select(table.c.hash).where(older)).scalars())
    tx.connection.execute(sa.update(table).where(older).values(outcome=REPLACED, kept=0))
    return gone


def drop_epochs(tx: Transaction, origin: str, stream: str, epochs: Sequence[str]) -> list[str]:
    """Keep of the packets of retired epochs number, hash and signature only (after erasure)."""
    table = tx.tables.received
    old = sa.and_(table.c.origin == origin, table.c.stream == stream, table.c.epoch.in_(epochs))
    gone = list(tx.connection.execute(sa.select(table.c.hash).where(old)).scalars())
    tx.connection.execute(sa.update(table).where(old).values(kept=0))
    return gone


def missing(connection: Connection, store: Store, item: Source) -> list[tuple[int, int]]:
    """Return the gaps (first, last) between what was applied and what waits behind it."""
    waiting = [
        one.n
        for one in of_run(connection, store, item.origin, item.stream, item.epoch)
        if one.outcome == WAITING and one.code != UNREAD and one.n > item.n
    ]
    gaps, expected = [], item.n + 1
    for number in sorted(set(waiting)):
        if number > expected:
            gaps.append((expected, number - 1))
        expected = number + 1
    return gaps


# Kept files -------------------------------------------------------------------------------


def keep(
    tx: Transaction, file: IO[bytes], digest: str, recipient: str, together: files.Together
) -> Path | None:
    """Keep a packet as it came, sealed to the own key; return where, None if a file was there.

    What was there may be named by a row and only be out of reach for a moment: it is replaced
    whole or not at all, and stays where the transaction does not hold.

    :param together: is settled before the transaction commits.
    """
    path = outbox.kept_path(tx.store, digest)
    there = path.exists()
    if there and _whole(tx.connection, path, digest):
        return None
    write = files.write_durable if there else together.write
    short = file.seek(0, 2) <= files.CHUNK
    file.seek(0)
    if short:
        write(path, [crypto.seal(file.read(), [recipient])])
    else:
        with files.temporary(tx.store.folder / "tmp") as sealed:
            crypto.seal_file(file, sealed, [recipient])
            sealed.seek(0)
            write(path, iter(lambda: sealed.read(files.CHUNK), b""))
    return None if there else path


def _whole(connection: Connection, path: Path, digest: str) -> bool:
    """Return whether a kept file is what it should be: a run that was cut may have left a part."""
    return sealed_files.whole(path, setting_rows.read(connection, "age_secret"), digest)


def content(connection: Connection, store: Store, item: Arrival) -> bytes:
    """Return a packet as it came, compared with its hash; if need be its copy's.

    :raises Lost: S391.
    """
    secret = setting_rows.read(connection, "age_secret")
    found = sealed_files.read(store.folder, "packets", item.hash, secret)
    if found is None:
        raise Lost(item)
    return found
