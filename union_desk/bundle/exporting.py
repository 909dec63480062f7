"""From confirmed records to files for the parent: make packets, keep them, write them durably.

Two steps. The first is one transaction: due records become the next packets, their files are kept
sealed, the records name them. The second writes every kept packet that no receipt names yet, and
reads it back past the cache: a lost stick heals at the next export without any resend logic.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk import __version__, files
from union_desk.bundle import packet, packet_tables
from union_desk.bundle.packet_head import Head
from union_desk.checks import ALL_KINDS
from union_desk.errors import BundleError
from union_desk.store import (
    attachments,
    audit,
    checking,
    counter,
    holds,
    outbox,
    portions,
    rights,
    sent_filings,
)
from union_desk.store.completing import pack_of
from union_desk.store.context import context_at
from union_desk.taskpack.record import new_uid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from union_desk.bundle.packet_tables import Value
    from union_desk.store.outbox import Epoch, KeptPacket
    from union_desk.store.portions import Slice
    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.definition import TaskPack

Progress = Callable[[int, int], None]

RECORDS_PER_PACKET = 100_000
"""At 77 bytes a row this stays below the 10 MB at which packets are cut."""
BLOB_BYTES_PER_PACKET = 10 * 2**20
BLOBS_PER_PACKET = 1_500
_KINDS = ALL_KINDS - {"duplicate"}


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


def export(
    store: Store,
    to: Path,
    *,
    reader: str = "parent",
    as_of: str,
    way: str = "folder",
    carrier: str | None = None,
    progress: Progress | None = None,
) -> list[Exported]:
    """Write all that the parent has not acknowledged into the folder `to`, packet by packet.

    :param way: how the files go on from there: stick, mail, chat, folder; `carrier`: with whom.

    An empty list: there was nothing to send. Errors among the records that are due (looked for
    as of `as_of`), a store without parent or of sample data raise `BundleError`, and
    nothing is changed.
    """
    _check_reader(store, reader)
    _check_hold(store)
    _check_folder(to)
    _check_findings(store, as_of)
    counter.write(store)  # a counter that is not there after the first packet means another PC
    make_packets(store, progress)
    counter.write(store)
    with store.read() as connection:
        waiting = outbox.unacknowledged(connection, store, outbox.UP)
    parent = str(store.parent)
    return [_deliver(store, item, to, parent, way=way, carrier=carrier) for item in waiting]


def _check_reader(store: Store, reader: str) -> None:
    rights.check_may(store, "export")
    if store.demo:
        raise BundleError(
            "B540", "这里是样本数据，不能报送。", "请用 init 建立本单位自己的数据后再报送。"
        )
    if not store.parent:
        raise BundleError("B541", f"{store.unit_name}没有上级，没有要报送的对象。", "不用报送。")
    if reader not in ("parent", store.parent):
        raise BundleError(
            "B542", f"不能向“{reader}”报送。", f"本单位的上级是 {store.parent}，请写 --for parent。"
        )


def _check_hold(store: Store) -> None:
    with store.read() as connection:
        hold = holds.current(connection)
    if hold is not None:
        raise BundleError(
            "B546",
            f"报送已暂停：{hold.sentence}",
            "请在“报送”页上决定由哪台电脑继续；命令行用 export --resume（本机继续填报）。",
        )


def _check_folder(to: Path) -> None:
    if not to.is_dir():
        raise BundleError("B543", f"找不到文件夹 {to}。", "请插好 U 盘或先建好文件夹，再试一次。")


def _check_findings(store: Store, as_of: str) -> None:
    """Refuse errors; warnings, duplicates among them, were explained at 确认."""
    wrong = {}
    with store.read() as connection:
        context = context_at(store, as_of, connection=connection)
        for form in outbox.sent_forms(store):
            uids = outbox.due_uids(connection, store, form)
            pack = pack_of(store.packs, form)
            found = checking.check_rows(
                connection, store.tables, pack, form, uids, context, kinds=_KINDS
            ) if uids else []  # fmt: skip
            if count := sum(finding.level == "error" for finding in found):
                wrong[pack.forms[form].title] = count
    if wrong:
        listed = "，".join(f"{title} {count} 处" for title, count in wrong.items())
        raise BundleError(
            "B544",
            f"要报送的记录里有 {sum(wrong.values())} 处错误：{listed}。",
            "请用“检查”逐条查看，改正并重新确认后再报送。",
        )


def make_packets(store: Store, progress: Progress | None = None) -> list[KeptPacket]:
    """Turn all due records into the next packets of the stream to the parent; all or nothing."""
    kept: list[Path] = []
    try:
        with store.write(bulk=True) as tx:
            return _make(tx, progress, kept)
    except BaseException:
        for path in kept:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        raise


@dataclass(frozen=True, slots=True)
class _Part:
    """What goes into one packet: slices of the forms of a package, and files by hash and length."""

    pack: TaskPack
    slices: tuple[Slice, ...]
    attachments: tuple[tuple[Value, ...], ...]
    blobs: tuple[str, ...]


def _make(tx: Transaction, progress: Progress | None, kept: list[Path]) -> list[KeptPacket]:
    store, connection = tx.store, tx.connection
    sent_filings.note_sent(tx, outbox.sent_forms(store))
    plan = list(_plan(tx))
    if not plan:
        return []
    epoch = outbox.current_epoch(connection, store, outbox.UP) or outbox.begin_epoch(tx, outbox.UP)
    last = outbox.newest(connection, store, outbox.UP, epoch.id)
    parts = len(plan) if last is None else None
    made: list[KeptPacket] = []
    for part in plan:
        last = _make_packet(tx, part, _head(tx, part, epoch, last, parts), progress, kept)
        made.append(last)
    return made


def _plan(tx: Transaction) -> Iterator[_Part]:
    """Cut what is due into packets: by records, then by the length of files not carried before."""
    store, connection = tx.store, tx.connection
    carried = outbox.carried(connection, store, outbox.UP)
    for pack in store.packs:
        columns = packet_tables.layout(pack, packet_tables.ATTACHMENT).header
        hash_, size = columns.index("sha256"), columns.index("bytes")
        for slices in portions.cut(connection, store, pack, RECORDS_PER_PACKET):
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
            yield _Part(pack, tuple(slices), tuple(entries), first)
            yield from (_Part(pack, (), (), group) for group in more)


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


def _head(
    tx: Transaction, part: _Part, epoch: Epoch, last: KeptPacket | None, parts: int | None
) -> Head:
    return Head(
        app=__version__,
        origin=tx.store.origin,
        stream=outbox.UP,
        epoch=epoch.id,
        n=last.n + 1 if last else 1,
        prev=last.hash if last else None,
        kind="snapshot" if parts else "delta",
        parts=parts,
        replaces=epoch.replaces,
        package=(part.pack.id, part.pack.version, part.pack.digest),
        audit=audit.head(tx.connection),
        made_at=tx.now,
        made_by=tx.person,
    )


def _make_packet(
    tx: Transaction, part: _Part, head: Head, progress: Progress | None, kept: list[Path]
) -> KeptPacket:
    """Write one packet, keep its file, enter it and let its records name it."""
    store = tx.store
    content = packet.Content(
        tables=_tables(tx, part),
        deleted=[
            (piece.form, uid, "void")
            for piece in part.slices
            for uid in portions.voided(tx.connection, store, piece)
        ],
        blobs={sha256: _opener(tx, sha256) for sha256 in part.blobs},
    )
    with files.temporary(store.folder / "tmp") as file:
        written = packet.write(file, head, part.pack, content, progress)
        file.seek(0)
        kept.append(outbox.keep(tx, file.read(), written.sha256))
    made = outbox.KeptPacket(
        name=head.name,
        stream=head.stream,
        epoch=head.epoch,
        n=head.n,
        hash=written.sha256,
        prev=head.prev,
        size=written.size,
        records=sum(piece.count for piece in part.slices if piece.form in part.pack.forms),
        made_at=head.made_at,
    )
    outbox.add(tx, made, kind=head.kind, slip=head.slip)
    portions.mark_sent(tx, part.slices, head.name)
    outbox.mark_carried(tx, head.stream, part.blobs)
    audit.note(
        tx, "export", new={"packet": head.name, "sha256": made.hash, "records": made.records}
    )
    return made


def _opener(tx: Transaction, sha256: str) -> Callable[[], Iterator[bytes]]:
    def chunks() -> Iterator[bytes]:
        yield attachments.read(tx.store, tx.connection, sha256)

    return chunks


def _tables(
    tx: Transaction, part: _Part
) -> Iterator[tuple[str, Iterator[Sequence[Value]] | list[tuple[Value, ...]]]]:
    """Yield the tables of a packet with their rows, details behind their parents."""
    store, connection = tx.store, tx.connection
    for piece in part.slices:
        header = packet_tables.layout(part.pack, piece.form).header
        yield piece.form, portions.rows(connection, store, piece, header)
        for detail in store.tables.forms[piece.form].details:
            header = packet_tables.layout(part.pack, detail).header
            yield detail, portions.detail_rows(connection, store, piece, detail, header)
    if part.attachments:
        yield packet_tables.ATTACHMENT, sorted(part.attachments, key=lambda row: str(row[0]))


def _deliver(
    store: Store, item: KeptPacket, to: Path, reader: str, *, way: str, carrier: str | None
) -> Exported:
    """Write one kept packet durably; what lies there under its name with its bytes stays."""
    path = to / item.file_name
    if path.exists() and files.sha256_file(path) != item.hash:
        raise BundleError(
            "B545", f"{path} 已经存在，内容却不同。", "请把它移走，或换一个文件夹再报送。"
        )
    files.write_durable(path, outbox.kept_bytes(store, item), mode=0o644)
    with store.write() as tx:
        uid = new_uid()
        outbox.note_delivery(tx, item, reader=reader, way=way, carrier=carrier, uid=uid)
        audit.note(tx, "delivery", new={"file": item.file_name, "sha256": item.hash, "for": reader})
    return Exported(path, reader, 1, item.records, item.hash)
