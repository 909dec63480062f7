"""Task packages out of broadcasts from above: a packet to all brings the package it is written in.

Only of packets whose writer and signature have held: they wait for nothing but their package.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.bundle import packet_reading, packet_tables, waiting
from union_desk.errors import PackageError, StoreError
from union_desk.store import received, streams, upgrading

if TYPE_CHECKING:
    from union_desk.bundle.packet_reading import Packet
    from union_desk.store.transaction import Store

TABLE = "package"


def install(store: Store) -> int:
    """Take in the packages that waiting broadcasts bring; return how many.

    One that cannot be used leaves its packet waiting; a packet whose file is lost comes again.

    :raises StoreError: the store cannot be written.
    """
    with store.read() as connection:
        waits = received.arrivals(connection, store, received.WAITING)
    count = 0
    for item in waits:
        if item.code != waiting.PACKAGE or item.stream != streams.ALL:
            continue
        try:
            with store.read() as connection:
                content = received.content(connection, store, item)
        except received.Lost:
            with store.write() as tx:
                received.lose(tx, item)
            continue
        with packet_reading.opened(BytesIO(content)) as packet:
            digest = _archive(packet, store)
            if digest is not None:
                count += _install(store, packet, digest)
    return count


def _archive(packet: Packet, store: Store) -> str | None:
    """Return the hash of the archive of the package that a packet is written in."""
    if TABLE not in packet.tables:
        return None
    header = packet_tables.layout(store.pack, TABLE).header
    for row in packet.rows(TABLE, store.pack):
        said = dict(zip(header, row, strict=True))
        names = (said["task_package"], said["version"], said["digest"])
        if names == packet.head.package and said["file"] in packet.blobs:
            return str(said["file"])
    return None


def _install(store: Store, packet: Packet, digest: str) -> bool:
    passing = files.private_folder(store.folder / "tmp") / f"{digest}.zip"
    try:
        files.write_durable(passing, packet.blob(digest))
        upgrading.take(store, passing, packet.head.package[2])
    except PackageError:
        return False
    except StoreError as error:
        if error.code not in _OURS_STANDS:
            raise
        return False
    finally:
        files.discard(passing)
    return True


_OURS_STANDS = ("S343", "S345")
"""The same version with other contents, or a newer one, is here already."""
