"""From due rows to signed packets, kept sealed to the store's own key: all or nothing.

One transaction: due records become the next packets of their stream, the files are kept, the
records name them. A packet is never made again; it goes out as it lies.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk import __version__, crypto, files
from union_desk.bundle import packet, packet_tables, receipts
from union_desk.bundle.packet_head import Head
from union_desk.store import (
    addressing,
    attachments,
    audit,
    issued,
    outbox,
    portions,
    sent_filings,
    setting_rows,
    streams,
)
from union_desk.store.portions import Lane

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from union_desk.bundle.packet_tables import Value
    from union_desk.store.outbox import Epoch, KeptPacket
    from union_desk.store.portions import Slice
    from union_desk.store.transaction import Connection, Store, Transaction
    from union_desk.taskpack.definition import TaskPack

Progress = Callable[[int, int], None]

RECORDS_PER_PACKET = 100_000
"""At 77 bytes a row this stays below the 10 MB at which packets are cut."""
BLOB_BYTES_PER_PACKET = 10 * 2**20
BLOBS_PER_PACKET = 1_500


@dataclass(frozen=True, slots=True)
class Part:
    """What goes into one packet: slices of the forms of a package, and files by hash and length."""

    pack: TaskPack
    slices: tuple[Slice, ...]
    attachments: tuple[tuple[Value, ...], ...] = ()
    blobs: tuple[str, ...] = ()


@dataclass(slots=True)
class Making:
    """Packets of one stream being made in a transaction, one behind the other."""

    tx: Transaction
    lane: Lane
    kept: list[Path]
    """Files written so far: they go if the transaction does not hold."""
    progress: Progress | None = None

    def all_due(self) -> None:
        """Make packets of everything due."""
        tx, plan = self.tx, list(_plan(self.tx, self.lane))
        if not plan:
            return
        epoch, last = self.place()
        parts = len(plan) if last is None else None
        for number, part in enumerate(plan, 1):
            head = self.head(part.pack, epoch, last, parts)
            content = packet.Content(
                tables=_tables(tx, part, receipts_too=self._said(last=number == len(plan))),
                deleted=[
                    (piece.form, uid, reason)
                    for piece in part.slices
                    for uid, reason in portions.gone(tx.connection, tx.store, piece)
                ],
                blobs={sha256: opener(tx, sha256) for sha256 in part.blobs},
            )
            records = sum(piece.count for piece in part.slices if piece.form in part.pack.forms)
            last = self.enter(head, part.pack, content, records)
            portions.mark_sent(tx, part.slices, head.name)
            outbox.mark_carried(tx, head.stream, part.blobs)

    def _said(self, *, last: bool) -> bool:
        """Return whether receipts go along: upward, once; no packet is made for them alone."""
        return last and self.lane.stream == streams.UP

    def place(self) -> tuple[Epoch, KeptPacket | None]:
        """Return the epoch that packets are numbered in, and the last one made in it."""
        connection, store, stream = self.tx.connection, self.tx.store, self.lane.stream
        epoch = outbox.current_epoch(connection, store, stream) or outbox.begin_epoch(
            self.tx, stream
        )
        return epoch, outbox.newest(connection, store, stream, epoch.id)

    def head(
        self, pack: TaskPack, epoch: Epoch, last: KeptPacket | None, parts: int | None
    ) -> Head:
        """Return the head of the packet that follows `last`; `parts`: of a full state."""
        store, stream = self.tx.store, self.lane.stream
        return Head(
            app=__version__,
            origin=store.origin,
            stream=stream,
            epoch=epoch.id,
            n=last.n + 1 if last else 1,
            prev=last.hash if last else None,
            kind="snapshot" if parts else "delta",
            parts=parts,
            replaces=epoch.replaces,
            package=(pack.id, pack.version, pack.digest),
            audit=audit.head(self.tx.connection),
            made_at=self.tx.now,
            made_by=store.unit_name if stream == streams.ALL else self.tx.person,
            slip=self.lane.slip,
        )

    def enter(
        self,
        head: Head,
        pack: TaskPack,
        content: packet.Content,
        records: int,
        key: crypto.SigningKey | None = None,
    ) -> KeptPacket:
        """Write and sign one packet, by the present key or `key`, keep its file and enter it."""
        tx, key = self.tx, key or signing_key(self.tx.connection)
        with files.temporary(tx.store.folder / "tmp") as file:
            written = packet.write(file, head, pack, content, self.progress)
            file.seek(0)
            signature = crypto.sign(key, file)
            file.seek(0)
            self.kept.append(outbox.keep(tx, file.read(), written.sha256))
        made = outbox.KeptPacket(
            name=head.name,
            stream=head.stream,
            epoch=head.epoch,
            n=head.n,
            hash=written.sha256,
            prev=head.prev,
            size=written.size,
            records=records,
            made_at=head.made_at,
            signature=signature,
        )
        outbox.add(tx, made, kind=head.kind, slip=head.slip)
        audit.note(
            tx, "export", new={"packet": head.name, "sha256": made.hash, "records": made.records}
        )
        return made


def make_up(store: Store, progress: Progress | None = None, *, slip: str | None = None) -> None:
    """Turn all due records, or those of a printed R33, into the next packets to the parent."""

    def make(tx: Transaction, kept: list[Path]) -> None:
        sent_filings.note_sent(tx, outbox.sent_forms(store))
        issued.note_sent(tx)
        Making(tx, Lane(streams.UP, slip), kept, progress).all_due()

    whole(store, make)


def make_down(store: Store, reachable: Callable[[str], bool]) -> None:
    """Turn what waits for single lower units into packets, for those that can be reached."""

    def make(tx: Transaction, kept: list[Path]) -> None:
        addressing.address(tx)
        for stream in addressing.waiting_for(tx.connection, store):
            if reachable(streams.unit_of(stream)):
                Making(tx, Lane(stream), kept).all_due()

    whole(store, make)


def whole(store: Store, make: Callable[[Transaction, list[Path]], None]) -> None:
    """Run `make` in a transaction; the packet files of one that fails go."""
    kept: list[Path] = []
    try:
        with store.write(bulk=True) as tx:
            make(tx, kept)
    except BaseException:
        for path in kept:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        raise


def _plan(tx: Transaction, lane: Lane) -> Iterator[Part]:
    """Cut what is due into packets: by records, then by the length of files not carried before."""
    store, connection = tx.store, tx.connection
    carried = outbox.carried(connection, store, lane.stream)
    for pack in store.packs:
        columns = packet_tables.layout(pack, packet_tables.ATTACHMENT).header
        hash_, size = columns.index("sha256"), columns.index("bytes")
        for slices in portions.cut(connection, store, lane, pack, RECORDS_PER_PACKET):
            entries = [
                entry
                for part in slices
                for item in store.tables.forms[part.form].fields
                if item.type == "attach" and item.travels
                for entry in portions.attachment_rows(connection, store, part, item.id, columns)
            ]
            sizes = {str(entry[hash_]): int(entry[size] or 0) for entry in entries}
            first, *more = groups({key: sizes[key] for key in sizes.keys() - carried})
            carried |= sizes.keys()
            yield Part(pack, tuple(slices), tuple(entries), first)
            yield from (Part(pack, (), (), group) for group in more)


def groups(sizes: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Cut files at about 10 MB a group; a larger one is alone. The first group may be empty."""
    made: list[list[str]] = [[]]
    filled = 0
    for sha256, size in sorted(sizes.items()):
        if made[-1] and (
            filled + size > BLOB_BYTES_PER_PACKET or len(made[-1]) == BLOBS_PER_PACKET
        ):
            made.append([])
            filled = 0
        made[-1].append(sha256)
        filled += size
    return [tuple(group) for group in made]


def signing_key(connection: Connection) -> crypto.SigningKey:
    """Return the key that this installation signs with."""
    return crypto.SigningKey(
        setting_rows.read(connection, "sign_secret"), setting_rows.read(connection, "sign_public")
    )


def opener(tx: Transaction, sha256: str) -> Callable[[], Iterator[bytes]]:
    """Return what yields the content of an attachment when a packet comes to it."""

    def chunks() -> Iterator[bytes]:
        yield attachments.read(tx.store, tx.connection, sha256)

    return chunks


def _tables(
    tx: Transaction, part: Part, *, receipts_too: bool
) -> Iterator[tuple[str, Iterator[Sequence[Value]] | list[tuple[Value, ...]]]]:
    """Yield the tables of a packet with their rows, details behind their parents."""
    for piece in part.slices:
        yield from tables_of(tx, part.pack, piece)
    if part.attachments:
        yield packet_tables.ATTACHMENT, sorted(part.attachments, key=lambda row: str(row[0]))
    if receipts_too:
        yield receipts.FORM, receipts.rows(tx.connection, tx.store, streams.UP)


def tables_of(
    tx: Transaction, pack: TaskPack, piece: Slice
) -> Iterator[tuple[str, Iterator[Sequence[Value]]]]:
    """Yield the table of a slice and those of its details, with their rows."""
    store, connection = tx.store, tx.connection
    header = packet_tables.layout(pack, piece.form).header
    yield piece.form, portions.rows(connection, store, piece, header)
    known = pack.forms.get(piece.form, store.tables.forms[piece.form])
    for detail in known.details:
        header = packet_tables.layout(pack, detail).header
        yield detail, portions.detail_rows(connection, store, piece, detail, header)
