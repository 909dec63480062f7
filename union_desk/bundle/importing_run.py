"""One bundle on its way in: its packets one by one, then those that had waited for them.

Every packet has a savepoint of its own: what becomes of one is no matter to the others.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import IO, TYPE_CHECKING

from union_desk import crash_log, crypto, files
from union_desk.bundle import container, introducing, outcomes, waiting
from union_desk.bundle.importing_packet import Taking
from union_desk.bundle.outcomes import Forked, Known, Outcome, Waits
from union_desk.bundle.surroundings import Surroundings
from union_desk.errors import BundleError
from union_desk.store import faults, peers, quarantine, received
from union_desk.store.received import Arrival
from union_desk.store.savepoints import savepoint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from union_desk.errors import UserError
    from union_desk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class File:
    """A file copied in: its name, hash and length."""

    name: str
    sha256: str
    size: int
    copy: IO[bytes]


@contextlib.contextmanager
def cleaning(kept: Sequence[Path]) -> Iterator[None]:
    """Remove the files that a transaction wrote if it does not hold."""
    try:
        yield
    except BaseException:
        for path in kept:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        raise


@dataclass(slots=True)
class Run:
    """One bundle: its packets one by one, then those that waited for them."""

    tx: Transaction
    item: File
    sealed: bool
    kept: list[Path] = field(default_factory=list)
    together: files.Together = field(default_factory=files.Together)
    """Packets being kept; to be settled before the transaction commits."""
    outcomes: list[Outcome] = field(default_factory=list)
    gone: list[Path] = field(default_factory=list)
    """Files that may go once the transaction holds."""
    _around: Surroundings | None = None
    _recipient: str = ""
    """To whom kept packets are sealed: this installation."""

    def __post_init__(self) -> None:
        """Read the own key once."""
        self._recipient = peers.own(self.tx.connection, self.tx.store).recipient

    def take(self, pair: container.Pair) -> None:
        """Take in one packet of the bundle."""
        digest, size = _hash(pair.file)
        arrival = _from_name(pair, digest, size)
        known = received.arrival(self.tx.connection, self.tx.store, digest)
        if known is not None and known.outcome != received.WAITING:
            self._tell(known, outcomes.DUPLICATE, outcomes.KNOWN)
            return
        if known is not None and known.code != waiting.KEY:
            arrival = known  # its signature is known to be its writer's
        self._try(pair.file, arrival, sealed=self.sealed)

    def refuse_rest(self, error: BundleError) -> None:
        """Say that the file goes bad behind the packets taken so far."""
        item, place = self.item, quarantine.path(self.tx.store, self.item.sha256)
        fresh = not place.exists()
        room = quarantine.keep(self.tx.store, item.copy, item.sha256, item.size)
        if fresh and room:
            self.kept.append(place)
        quarantine.note(self.tx, item.sha256, item.name, item.size, error)
        reason = error.sentence if room else f"{error.sentence}{quarantine.FULL}"
        self.outcomes.append(
            Outcome(item.name, "", outcomes.QUARANTINED, reason, code=error.code, step=error.step)
        )

    def drain(self) -> None:
        """Apply packets that waited, as long as that sets others free."""
        tx, progress = self.tx, True
        while progress:
            progress = False
            for arrival in received.arrivals(tx.connection, tx.store, received.WAITING):
                if not waiting.free(tx.connection, tx.store, arrival):
                    continue
                try:
                    file = BytesIO(received.content(tx.connection, tx.store, arrival))
                except received.Lost as error:
                    self._lost(error)
                    continue
                done = self._try(file, arrival, sealed=True, quiet=True)
                progress = progress or done

    def _try(self, file: IO[bytes], arrival: Arrival, *, sealed: bool, quiet: bool = False) -> bool:
        """Run one packet in a savepoint; return whether the store gained by it.

        One that needs a part whose file is lost waits for that part.
        """
        try:
            return self._tried(file, arrival, sealed=sealed, quiet=quiet)
        except received.Lost as error:
            self._lost(error)
        return self._tried(file, arrival, sealed=sealed, quiet=quiet)

    def _lost(self, error: received.Lost) -> None:
        """Say that a waiting packet has to come once more; what else came is no matter to it."""
        received.lose(self.tx, error.item)
        self._tell(error.item, outcomes.WAITING, error.sentence, error)

    def _tried(self, file: IO[bytes], arrival: Arrival, *, sealed: bool, quiet: bool) -> bool:
        around = self._around or Surroundings(self.tx)
        self._around = None
        taking = Taking(self.tx, around, file, arrival, sealed)
        try:
            told = self._introduced(taking)
            with savepoint(self.tx):
                if not told:
                    taking.run()
                self._keep(file, taking.arrival)
                self._applied(taking, told)
        except Known:
            received.forget_waiting(self.tx, arrival.hash)
            self._tell(taking.arrival, outcomes.DUPLICATE, outcomes.KNOWN)
        except Waits as error:
            if self._too_much(taking.arrival, error):
                self._refused(file, taking.arrival, error, alone=quiet)
            elif not (quiet and error.code == arrival.code):
                self._left(file, taking.arrival, received.WAITING, error)
        except Forked as error:
            self._left(file, taking.arrival, received.FORKED, error)
        except BundleError as error:
            self._refused(file, taking.arrival, error, alone=quiet)
        except Exception as error:
            if faults.of_storage(error, self.tx.connection):
                raise
            crash_log.LOG.error("%s", crash_log.described(error))
            self._refused(file, taking.arrival, _unforeseen(arrival, error), alone=quiet)
        else:
            self.kept += taking.kept
            self.gone += taking.gone
            if taking.plain and not told:
                self._around = around
            return True
        return False

    def _introduced(self, taking: Taking) -> str:
        """Read what a packet says of keys; nothing of it stays if nobody foresaw what it did."""
        if not introducing.concerns(taking):
            return ""
        taking.plain = False
        said: Known | BundleError
        with savepoint(self.tx):
            try:
                return introducing.introduce(taking)
            except (Known, BundleError) as error:
                said = error
        raise said

    def _too_much(self, arrival: Arrival, error: Waits) -> bool:
        """Return whether strangers have filled the room that there is for what nobody has read."""
        if error.code != waiting.KEY:
            return False
        held = received.waiting_bytes(self.tx.connection, error.code)
        return held + arrival.size > quarantine.MOST

    def _applied(self, taking: Taking, told: str = "") -> None:
        for arrival, counts in (*taking.others, (taking.arrival, taking.counts)):
            received.note(
                self.tx,
                replace(
                    arrival,
                    outcome=received.APPLIED,
                    records=counts.total,
                    code=None,
                    reason=None,
                ),
            )
            quarantine.clear(self.tx, digest=arrival.hash)
            self._tell(arrival, outcomes.APPLIED, told or outcomes.taken(counts))
            self.outcomes[-1] = replace(self.outcomes[-1], counts=counts)

    def _left(self, file: IO[bytes], arrival: Arrival, outcome: str, error: BundleError) -> None:
        """Keep a packet that waits, or stands beside another, for later."""
        self._keep(file, arrival)
        received.note(
            self.tx,
            replace(arrival, outcome=outcome, code=error.code, reason=error.sentence, at=""),
        )
        shown = outcomes.WAITING if outcome == received.WAITING else outcomes.FORK
        self._tell(arrival, shown, error.sentence, error)

    def _refused(
        self, file: IO[bytes], arrival: Arrival, error: BundleError, *, alone: bool
    ) -> None:
        """Keep the file as it came, still sealed, and say which packet of it and why.

        :param alone: the packet had waited here: it is sealed as a bundle of its own.
        """
        received.forget_waiting(self.tx, arrival.hash)
        with contextlib.ExitStack() as stack:
            item = self._sealed_alone(file, arrival, stack) if alone else self.item
            place = quarantine.path(self.tx.store, item.sha256)
            fresh = not place.exists()
            room = quarantine.keep(self.tx.store, item.copy, item.sha256, item.size)
        if fresh and room:
            self.kept.append(place)
        quarantine.note(
            self.tx,
            item.sha256,
            item.name,
            item.size,
            error,
            arrival=arrival,
            entry=arrival.name,
        )
        reason = error.sentence if room else f"{error.sentence}{quarantine.FULL}"
        self._tell(arrival, outcomes.QUARANTINED, reason, error)

    def _sealed_alone(self, file: IO[bytes], arrival: Arrival, stack: contextlib.ExitStack) -> File:
        folder = self.tx.store.folder / "tmp"
        plain, sealed = (stack.enter_context(files.temporary(folder)) for _ in range(2))
        file.seek(0)
        name = f"{arrival.name}.zip"
        container.write(plain, [container.Item(name, [file.read()], arrival.signature)])
        plain.seek(0)
        crypto.seal_file(plain, sealed, [self._recipient])
        sealed.seek(0)
        digest, size = _hash(sealed)
        return File(f"{arrival.name}.udsync", digest, size, sealed)

    def _keep(self, file: IO[bytes], arrival: Arrival) -> None:
        path = received.keep(self.tx, file, arrival.hash, self._recipient, self.together)
        if path is not None:
            self.kept.append(path)

    def _tell(
        self, arrival: Arrival, outcome: str, reason: str, error: UserError | None = None
    ) -> None:
        self.outcomes.append(
            Outcome(
                self.item.name,
                arrival.name,
                outcome,
                reason,
                code=error.code if error else "",
                step=error.step if error else "",
                origin=arrival.origin,
                unit=arrival.origin[: peers.SOLID],
                stream=arrival.stream,
            )
        )


def _unforeseen(arrival: Arrival, error: Exception) -> BundleError:
    """Return that the program could not take a packet in, by a fault of its own."""
    refused = BundleError(
        "B601",
        f"程序装入数据包 {arrival.name} 时出错，这一包没有装入。",
        "文件已另存，没有改动任何数据；请把错误记录交给程序维护人员。",
    )
    refused.__cause__ = error
    return refused


def _from_name(pair: container.Pair, digest: str, size: int) -> Arrival:
    """Return what the name of a packet says of it, before anything was verified."""
    name = pair.name.removesuffix(".zip")
    origin, stream, epoch, number = name.split(".")
    return Arrival(
        hash=digest,
        origin=origin,
        stream=stream,
        epoch=epoch,
        n=int(number),
        name=name,
        signature=pair.signature,
        size=size,
    )


def _hash(file: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(files.CHUNK):
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    return digest.hexdigest(), size
