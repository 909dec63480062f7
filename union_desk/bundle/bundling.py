"""Packets put into bundle files: one for each reader, or several volumes, written and read back.

A file is entered into the 报送记录 when it was read back right, and only then. A volume is a whole
bundle with fewer packets; volumes read in any order.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING

from union_desk import crypto, files
from union_desk.bundle import container, making
from union_desk.store import audit, outbox, received
from union_desk.taskpack.record import new_uid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from union_desk.store.outbox import KeptPacket
    from union_desk.store.received import Arrival
    from union_desk.store.transaction import Connection, Store

SUFFIX = ".udsync"
MOST_BYTES = container.LIMITS.size - 2**24
"""Of a file that nothing else limits; the seal adds less than what is left."""
MOST_PACKETS = container.LIMITS.entries // 2


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written and read back: for whom, with how many packets and records."""

    file: Path
    reader: str
    packets: int
    records: int
    digest: str
    """SHA-256 of the file."""

    def to_json(self) -> dict[str, object]:
        """Return the entry as the command line prints it."""
        return {
            "file": str(self.file),
            "for": self.reader,
            "packets": self.packets,
            "records": self.records,
            "digest": self.digest,
        }


@dataclass(frozen=True, slots=True)
class Load:
    """A packet to be carried: an own one or another's, as it lies."""

    name: str
    size: int
    records: int
    content: Callable[[], bytes]
    signature: str

    @property
    def card(self) -> bool:
        """Whether it is a key card: it stands outside the chain."""
        return self.name.endswith(".000000.zip")


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where files go, how, and with whom."""

    to: Path
    way: str
    carrier: str | None = None
    volume: int | None = None
    """Length in bytes that no file shall exceed, unless one packet alone does."""


def own_load(connection: Connection, store: Store, packet: KeptPacket) -> Load:
    """Return an own packet; one from before there were signatures is signed now."""
    signature = packet.signature
    if not signature:
        content = io.BytesIO(outbox.kept_bytes(store, packet))
        signature = crypto.sign(making.signing_key(connection), content)
    return Load(
        packet.file_name, packet.size, packet.records,
        lambda: outbox.kept_bytes(store, packet), signature,
    )  # fmt: skip


def others_load(store: Store, item: Arrival) -> Load:
    """Return another's packet with the signature it came with."""

    def content() -> bytes:
        with store.read() as connection:
            return received.content(connection, store, item)

    return Load(f"{item.name}.zip", item.size, item.records, content, item.signature)


def volumes(loads: Sequence[Load], limit: int | None) -> list[list[Load]]:
    """Cut packets, in their order, into files of at most `limit` bytes; a larger one is alone.

    Without a limit it is one file, unless that would be beyond what any bundle may hold.
    """
    made: list[list[Load]] = []
    most = min(limit or MOST_BYTES, MOST_BYTES)
    room = 0
    for load in loads:
        size = load.size + container.OVERHEAD
        if not made or size > room or len(made[-1]) == MOST_PACKETS:
            made.append([])
            room = most
        made[-1].append(load)
        room -= size
    return made


def write(
    store: Store,
    loads: Sequence[Load],
    delivery: Delivery,
    *,
    reader: str,
    recipients: Sequence[str] | None,
    progress: making.Progress | None = None,
) -> list[Exported]:
    """Write `loads` for `reader`; None as `recipients`: what they say is secret to nobody.

    :raises FileError: a file could not be written or came back otherwise; then none is left.
    :raises BundleError: B556, one would be too long.
    """
    cut = volumes(loads, delivery.volume)
    names = _names(store, delivery.to, len(cut))
    written: list[Exported] = []
    done = 0
    try:
        for name, part in zip(names, cut, strict=True):
            path = delivery.to / name
            told = _told(progress, done, len(loads))
            digest = _write(store, path, part, recipients, told)
            records = sum(load.records for load in part)
            packets = sum(not load.card for load in part)
            written.append(Exported(path, reader, packets, records, digest))
            done += len(part)
        _note(store, written, cut, delivery)
    except BaseException:
        for item in written:
            files.discard(item.file)
        raise
    return written


def _told(progress: making.Progress | None, before: int, total: int) -> Callable[[int], None]:
    def told(number: int) -> None:
        if progress:
            progress(before + number, total)

    return told


def _write(
    store: Store,
    path: Path,
    loads: Sequence[Load],
    recipients: Sequence[str] | None,
    told: Callable[[int], None],
) -> str:
    """Write one file and return its SHA-256."""
    place = store.folder / "tmp"
    with files.temporary(place) as plain:
        container.write(plain, _items(loads, told))
        plain.seek(0)
        if recipients is None:
            return files.write_durable(path, _chunks(plain), mode=0o644)
        with files.temporary(place) as sealed:
            crypto.seal_file(plain, sealed, recipients)
            sealed.seek(0)
            return files.write_durable(path, _chunks(sealed), mode=0o644)


def _items(loads: Sequence[Load], told: Callable[[int], None]) -> Iterator[container.Item]:
    for number, load in enumerate(loads):
        told(number)
        yield container.Item(load.name, (load.content(),), load.signature)
    told(len(loads))


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(files.CHUNK):
        yield chunk


def _names(store: Store, to: Path, count: int) -> list[str]:
    """Return names that no file of the folder and no earlier delivery has; dates are for people."""
    start = f"{store.origin}-{datetime.now().astimezone():%Y%m%d}-"
    pattern = re.compile(re.escape(start) + r"([0-9]{1,6})(?:-[0-9]+of[0-9]+)?" + re.escape(SUFFIX))
    with store.read() as connection:
        known = outbox.delivered_names(connection, store, start)
    known += [path.name for path in to.glob(f"{start}*")]
    taken = [int(found[1]) for name in known if (found := pattern.match(name))]
    number = max(taken, default=0) + 1
    if count == 1:
        return [f"{start}{number}{SUFFIX}"]
    return [f"{start}{number}-{place}of{count}{SUFFIX}" for place in range(1, count + 1)]


def _note(
    store: Store, written: Sequence[Exported], cut: Sequence[Sequence[Load]], delivery: Delivery
) -> None:
    with store.write() as tx:
        for item, loads in zip(written, cut, strict=True):
            outbox.note_delivery(
                tx,
                uid=new_uid(),
                name=item.file.name,
                sha256=item.digest,
                reader=item.reader,
                packets=[load.name.removesuffix(".zip") for load in loads if not load.card],
                records=item.records,
                way=delivery.way,
                carrier=delivery.carrier,
            )
            said: dict[str, object] = {
                "file": item.file.name,
                "sha256": item.digest,
                "for": item.reader,
            }
            audit.note(tx, "delivery", new=said)
