"""One packet on its way in: known? signed by whom? whole? for us? in its place? then its rows.

Runs inside a savepoint. What it raises says what became of the packet; nothing of it stays then
but its file and its line in the list of packets that came.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from typing import IO, TYPE_CHECKING

from union_desk import crypto
from union_desk.bundle import chain, importing_effects, introducing, packet_reading, waiting
from union_desk.bundle.importing_rows import Rows, attachment_rows, forms_of_stream
from union_desk.bundle.outcomes import Known, Waits
from union_desk.errors import BundleError
from union_desk.store import (
    adopting,
    arriving_files,
    audit,
    holds,
    outbox,
    packages,
    peers,
    received,
    streams,
)
from union_desk.store.applying import Applying, Counts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from union_desk.bundle.packet_head import Head
    from union_desk.bundle.packet_reading import Packet
    from union_desk.bundle.surroundings import Surroundings
    from union_desk.store.received import Arrival, Source
    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.definition import TaskPack

_STEP = "请与报送单位核对；文件已另存，没有改动任何数据。"


@dataclass(slots=True)
class Taking:
    """One packet being taken in."""

    tx: Transaction
    around: Surroundings
    file: IO[bytes]
    arrival: Arrival
    """What is known of it so far; of the unread one, what its name says."""
    sealed: bool
    """It came sealed: only stream ``all`` may come otherwise."""
    kept: list[Path] = field(default_factory=list)
    """Files written: they go if the transaction does not hold."""
    counts: Counts = field(default_factory=Counts)
    others: list[tuple[Arrival, Counts]] = field(default_factory=list)
    """Parts of the same full state that waited for this one."""
    gone: list[Path] = field(default_factory=list)
    """Files to be removed once the transaction holds: erased, or replaced by this packet."""
    erased: bool = False
    """It says of some record that it is erased."""
    _before: Source | None = None
    """How far its stream was taken in."""
    plain: bool = True
    """Nothing that it brought changes what the next packets are held against."""

    def run(self) -> None:
        """Apply the packet.

        :raises Known: nothing was to be done.
        :raises Waits: others have to come first.
        :raises Forked: another one stands in its place.
        :raises BundleError: it cannot be taken in.
        """
        public = self._signed_by()
        self._check_known(public)
        with self._opened() as packet:
            if packet.head.kind == "keys":
                raise chain.misplaced(packet.head)
            self._check_writer(packet.head, public)
            self.arrival = introducing.described(self.arrival, packet.head)
            if packet.head.origin == self.tx.store.origin:
                self._take_back(packet)
                return
            self._check_reader(packet.head)
            pack = self._package(packet.head)
            packet.check_tables(pack)
            place = self._place(packet.head)
            if place.act == chain.OLDER:
                raise Known
            if place.act == chain.BEGIN:
                self._begin(packet, place.retires)
            else:
                self._next(packet, pack)

    def _from_start(self) -> IO[bytes]:
        self.file.seek(0)
        return self.file

    @contextmanager
    def _opened(self) -> Iterator[Packet]:
        """Open the packet; one of a newer format is whole and waits."""
        with ExitStack() as stack:
            try:
                packet = stack.enter_context(packet_reading.opened(self._from_start()))
            except BundleError as error:
                if error.code != waiting.NEWER:
                    raise
                raise Waits(error.code, error.sentence, error.step) from error
            yield packet

    # Who wrote it ------------------------------------------------------------------------------

    def _signed_by(self) -> str:
        """Return the key whose signature over the bytes holds, known here or not."""
        try:
            public = crypto.signed_by(self.arrival.signature)
            crypto.verify(self.arrival.signature, public, self._from_start())
        except crypto.Forged as error:
            raise introducing.forged(self.arrival) from error
        return public

    def _check_known(self, public: str) -> None:
        """Leave packets of a key that is not trusted yet unread."""
        if self.around.is_pending(public):
            raise unknown_key(self.arrival.origin)

    def _check_writer(self, head: Head, public: str) -> None:
        worth = self.around.verdict(head, public)
        if worth == "pending":
            raise unknown_key(head.origin)
        if worth == "unknown":
            raise BundleError("B576", f"数据包写的是 {head.origin}，签名却是别人的。", _STEP)
        if worth != "trusted":
            raise BundleError(
                "B575",
                f"{head.origin} 签这一包用的钥匙已停用或作废。",
                "请让报送单位用现在的电脑重新报送；文件已另存，没有改动任何数据。",
            )

    def _check_reader(self, head: Head) -> None:
        """Refuse what is not for this office or one below it, or came the wrong way."""
        kind = streams.kind(head.stream)
        if not self.sealed and kind != streams.ALL:
            raise BundleError(
                "B565", f"数据包 {head.name} 没有加密，不能装入。", "请让对方用本程序重新报送。"
            )
        store, known = self.tx.store, self.around.units
        relation = peers.relation(known, store, head.unit)
        below = relation in ("child", "below") or (
            relation == "" and head.unit not in known.by_code
        )
        right = below if kind == streams.UP else relation in ("parent", "above")
        if kind == streams.TO:
            right = right and streams.unit_of(head.stream) in known.subtree(store.unit)
        if not right:
            raise BundleError("B577", f"数据包 {head.name} 不是发给本单位的。", _STEP)

    def _package(self, head: Head) -> TaskPack:
        ident, version, _ = head.package
        pack = packages.version(self.tx.store, self.tx.connection, ident, version)
        if pack is not None:
            return pack
        raise Waits(
            waiting.PACKAGE,
            f"数据包用的是任务包 {ident} {version}，本机没有装。",
            "请先装入该任务包，或装入上级的通知文件，之后会自动装入。",
        )

    def _take_back(self, packet: Packet) -> None:
        """Take over what a later self has sent: a packet that lies in no outbox here.

        :raises Known: it lies in the own outbox, or holds nothing of this unit's work.
        """
        tx, head = self.tx, packet.head
        known = adopting.packet_known(tx.connection, tx.store, self.arrival.hash)
        if known or head.stream != streams.UP:
            raise Known
        pack = self._package(head)
        packet.check_tables(pack)
        since = adopting.apart_since(tx.connection, tx.store, head.epoch)
        work = adopting.Adopting(
            tx, head.origin, head.name, self.around.context, self.counts, adopting.ACT, since
        )
        self.plain = False
        self._rows(packet, pack, work)
        epoch = outbox.current_epoch(tx.connection, tx.store, head.stream)
        if epoch is None or head.epoch not in epoch.replaces:
            holds.remember(tx, head.stream, (*head.replaces, head.epoch))
            if holds.current(tx.connection) is None:
                holds.put(tx, holds.LATER)

    # Its place ---------------------------------------------------------------------------------

    def _place(self, head: Head) -> chain.Place:
        store, connection = self.tx.store, self.tx.connection
        self._before = received.source(connection, store, head.origin, head.stream)
        return chain.place(head, self._before, partial(self._known, head), self.arrival.hash)

    def _known(self, head: Head, number: int) -> set[str]:
        return received.hashes_at(
            self.tx.connection, (head.origin, head.stream, head.epoch, number)
        )

    def _next(self, packet: Packet, pack: TaskPack) -> None:
        head, before = packet.head, self._before
        self._apply(packet, pack, self.counts)
        self._advance(head, self.arrival, before.retired if before else ())
        if streams.kind(head.stream) == streams.ALL:
            self._lapse(head, [head.name])
            self._replace(head)

    def _begin(self, packet: Packet, retires: tuple[str, ...]) -> None:
        """Apply a full state with all its parts: what it does not have any more lapses."""
        head, self.plain = packet.head, False
        parts = {head.n: self.arrival}
        if streams.kind(head.stream) != streams.ALL:
            parts = self._parts(head)
        names = []
        with ExitStack() as opened:
            for number in sorted(parts):
                part, counts = packet, self.counts
                if parts[number].hash != self.arrival.hash:
                    part, counts = opened.enter_context(self._waiting(parts[number])), Counts()
                    self.others.append((parts[number], counts))
                names.append(part.head.name)
                self._apply(part, self._package(part.head), counts)
        self._lapse(head, names)
        self._advance(head, parts[max(parts)], retires)
        if self.erased:
            dropped = received.drop_epochs(self.tx, head.origin, head.stream, retires)
            self.gone += [outbox.kept_path(self.tx.store, digest) for digest in dropped]
        if streams.kind(head.stream) == streams.ALL:
            self._replace(head)

    @contextmanager
    def _waiting(self, item: Arrival) -> Iterator[Packet]:
        """Open a part that waited; its writer's key may have been ended since."""
        file = BytesIO(received.content(self.tx.connection, self.tx.store, item))
        with packet_reading.opened(file) as packet:
            self._check_writer(packet.head, crypto.signed_by(item.signature))
            yield packet

    def _parts(self, head: Head) -> dict[int, Arrival]:
        """Return all parts of a full state by number.

        :raises Waits: some have not come.
        """
        run = received.of_run(
            self.tx.connection, self.tx.store, head.origin, head.stream, head.epoch
        )
        parts = {item.n: item for item in run if item.code == chain.PARTS}
        parts[head.n] = self.arrival
        self._check_parts(head, parts, head.parts or 1)
        return parts

    def _check_parts(self, head: Head, parts: dict[int, Arrival], last: int) -> None:
        """Wait for the rest of a full state; refuse parts that do not make one."""
        if any(item.parts != last for item in parts.values()):
            raise chain.misplaced(head)
        lacking = sorted(set(range(1, last + 1)) - parts.keys())
        if lacking:
            told = "、".join(map(str, lacking[:10]))
            raise Waits(
                chain.PARTS,
                f"{head.origin} 的全部数据分 {last} 包，还缺第 {told} 包。",
                "收到缺的数据包后会自动装入。",
            )
        for number in range(2, last + 1):
            if parts[number].prev != parts[number - 1].hash:
                raise chain.forked(head)

    def _advance(self, head: Head, newest: Arrival, retired: tuple[str, ...]) -> None:
        to = received.Source(
            head.origin, head.stream, head.epoch, newest.n, newest.hash, tuple(retired)
        )
        received.advance(self.tx, to)

    def _replace(self, head: Head) -> None:
        """Let this packet of stream ``all`` stand for those before."""
        older = received.replaced(self.tx, head.origin, head.stream, self.arrival.hash)
        self.gone += [outbox.kept_path(self.tx.store, digest) for digest in older]

    def _lapse(self, head: Head, names: list[str]) -> None:
        work = Applying(self.tx, head.origin, head.name, self.around.context)
        work.lapse(
            forms_of_stream(head.stream, self.tx.tables.forms), head.stream, names, head.epoch
        )

    # Its rows ----------------------------------------------------------------------------------

    def _apply(self, packet: Packet, pack: TaskPack, counts: Counts) -> None:
        head = packet.head
        rows = self._rows(
            packet, pack, Applying(self.tx, head.origin, head.name, self.around.context, counts)
        )
        importing_effects.after(self.tx, head, rows.changed)

    def _rows(self, packet: Packet, pack: TaskPack, work: Applying) -> Rows:
        """Check and write the rows of a packet, then the files that they name."""
        head = packet.head
        rows = Rows(self.tx, packet, pack, work, units=self.around.units if self.plain else None)
        rows.run()
        self.plain = self.plain and rows.plain
        self.gone += rows.gone
        self.erased = self.erased or rows.erased
        listed = list(attachment_rows(packet, pack))
        if listed:
            arriving_files.enter(self.tx, head.origin, listed)
        for digest in packet.blobs:
            path = arriving_files.take(self.tx, head.origin, digest, packet.blob(digest))
            if path is not None:
                self.kept.append(path)
        audit.note(self.tx, work.act, new={"packet": head.name, **work.counts.to_json()})
        return rows


def unknown_key(origin: str) -> Waits:
    """Return that the writer's key is not trusted yet."""
    return Waits(
        waiting.KEY,
        f"还没有核对过 {origin} 的身份。",
        "请在“上下级单位”里核对它的单位开通卡，之后会自动装入。",
    )
