"""P5, P10: flipped bytes, cuts and rubbish in every kind of file: a sentence or the truth, never a traceback.

Stores, keys, sealed files, backups, lists of moves; packets and task packages. What is refused keeps
its bytes. ``python -m tests.faults.flips --full``.
"""

import hashlib
import io
import json
import random
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests import exchange
from tests.faults import acts, scene
from tests.faults.scene import copy, data, opened, outside, package, scratch
from tests.faults.trial import Result, main
from tests.store.offices import DAY, PASSWORD, draft, put, save
from union_desk import crypto
from union_desk.bundle import exporting, importing, packet_reading
from union_desk.errors import UserError
from union_desk.store import attachments, backups, restoring
from union_desk.store.transaction import Store
from union_desk.taskpack import load

SALT = 16


ASIDE = ("quarantined", "intake", "audit", "setting")
"""Tables that tell of a file which was not taken in."""


def damage(content: bytes, drawn: random.Random) -> bytes:
    """Return `content` flipped, cut, overwritten, shifted or lengthened."""
    kind, at = drawn.randrange(7), drawn.randrange(max(1, len(content)))
    if kind <= 2:
        flipped = bytearray(content)
        for _ in range(drawn.choice((1, 1, 1, 8))):
            flipped[drawn.randrange(len(flipped))] ^= 1 << drawn.randrange(8)
        return bytes(flipped)
    if kind == 3:
        return content[:at]
    length = drawn.choice((1, 512, 4096))
    if kind == 4:
        return content[:at] + bytes(len(content[at : at + length])) + content[at + length :]
    if kind == 5:
        return content[:at] + content[at + length :]
    return content + drawn.randbytes(length)


@dataclass
class Target:
    """A kind of file, what is done with it, and how often."""

    name: str
    promise: str
    share: int
    look: Callable[[Path], str | None]
    """Return what is wrong although nothing was refused."""
    file: Callable[[Path], Path]


class Damaged:
    """The scene: a county's store with records, an attachment, a packet, a backup and a package."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.template = folder, folder / "template"
        with scene.create(self.template) as store, outside(self.template):
            acts.pictures(self.template)
            put(store, "union_org", reason="样本")
            save(store, draft("visit", {"place": "城区"}))
            with store.write() as tx:
                self.digest = attachments.add(
                    tx, "info_report", acts.UID, acts.FIELD, self.template / "报告.pdf"
                )
            (sent,) = exporting.export(store, self.template / "stick", as_of=DAY)
            backups.make(store, "command", to=self.template / "kept")
        (packed := self.template / "package.zip").write_bytes(_zipped())
        ((name, packet),) = exchange.packets(sent.file).items()
        self.packet = self.template / "stick" / f"{name}.zip"
        self.packet.write_bytes(packet)
        self.content = self._read(self.packet.read_bytes())
        self.pack_digest = load.load(packed).digest
        with scene.as_it_lies(self.template) as store:
            self._meet(folder, store)
            self.state = scene.state(store)

    def _meet(self, folder: Path, store: Store) -> None:
        """The office above, which has taken in the bundle once: it must never change again."""
        self.above = scene.create(folder / "above", "city")
        exchange.introduce(self.above, store)
        keys = exchange.own(self.above)
        (folder / "post").mkdir()
        (sent,) = exporting.export(store, folder / "post", as_of=DAY)
        self.bundle, self.inner = sent.file, folder / "inside.zip"
        self.inner.write_bytes(exchange.unsealed(sent.file, keys.secret))
        self.recipient = keys.recipient
        with outside(folder / "above"):
            backups.make(self.above, "import")
            found = importing.take_in(self.above, self.bundle)
        if "applied" not in {item.outcome for item in found}:
            raise AssertionError(found)
        self.taken = self._held()

    def _held(self) -> dict[str, object]:
        """What the office above holds, but for what it has kept aside and its log."""
        told = json.loads(scene.state(self.above))
        return {name: rows for name, rows in told.items() if name not in ASIDE}

    def close(self) -> None:
        self.above.close()

    def targets(self) -> tuple[Target, ...]:
        return (
            Target("store.db", "P10", 6, self._store, lambda place: data(place) / "store.db"),
            Target("store.keys", "P10", 2, self._store, lambda place: data(place) / "store.keys"),
            Target("incoming/READY", "P10", 1, self._store, self._ready),
            Target(
                "attachment",
                "P10",
                2,
                self._attachment,
                lambda place: data(place) / "blobs" / f"{self.digest}.age",
            ),
            Target(
                "backup",
                "P10",
                2,
                self._backup,
                lambda place: next((place / "kept").glob("*.udbak")),
            ),
            Target(
                "packet", "P5", 60, self._packet, lambda place: place / "stick" / self.packet.name
            ),
            Target("task package", "P5", 20, self._package, lambda place: place / "package.zip"),
            Target("bundle", "P5", 6, self._bundle, lambda _place: self.bundle),
            Target("inside of a bundle", "P5", 12, self._inside, lambda _place: self.inner),
        )

    def trial(self, target: Target, drawn: random.Random) -> str | None:
        """Damage one file and use it; return what is wrong."""
        if target.promise == "P5":
            place = self.template
            path = self.folder / "damaged.zip"
            path.write_bytes(damage(target.file(place).read_bytes(), drawn))
        else:
            place = copy(self.template, self.folder / "trial")
            path = target.file(place)
            path.write_bytes(damage(path.read_bytes(), drawn))
        before = path.read_bytes()
        try:
            wrong = target.look(path if target.promise == "P5" else place)
        except UserError as error:
            wrong = None if str(error) and error.code else "no sentence"
            if path.exists() and path.read_bytes() != before:
                wrong = f"refused, and changed: {error}"
        except Exception:
            wrong = traceback.format_exc()[-700:]
        return wrong and f"{target.name}: {wrong}"

    def _store(self, place: Path) -> str | None:
        with scene.as_it_lies(place) as store:
            told = scene.faults_of(store)
            now = scene.state(store)
        return (
            None if told or now == self.state else "opened, said nothing, and holds something else"
        )

    def _ready(self, place: Path) -> Path:
        path = data(place) / "incoming" / "READY"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b'{"in": ["store.db"], "out": ["store.db"], "to": "salvage/x"}')
        return path

    def _attachment(self, place: Path) -> str | None:
        with opened(place) as store, store.read() as connection:
            content = attachments.read(store, connection, self.digest)
        return None if hashlib.sha256(content).hexdigest() == self.digest else "another content"

    def _backup(self, place: Path) -> str | None:
        path = next((place / "kept").glob("*.udbak"))
        with outside(place):
            restoring.check(path, PASSWORD, data(place))
        return None

    def _packet(self, path: Path) -> str | None:
        return (
            None
            if self._read(path.read_bytes()) == self.content
            else "read, and holds something else"
        )

    def _read(self, content: bytes) -> object:
        with packet_reading.opened(io.BytesIO(content)) as held:
            held.check_tables(package())
            tables = {name: list(held.rows(name, package())) for name in held.tables}
            return (
                held.head,
                tables,
                held.deleted(package()),
                {name: b"".join(held.blob(name)) for name in held.blobs},
            )

    def _bundle(self, path: Path) -> str | None:
        """Take in a damaged bundle: kept aside with the reason, and not a row is another."""
        with outside(self.folder / "above"):
            found = importing.take_in(self.above, path)
        applied = [item for item in found if item.outcome == "applied"]
        if applied or any(not item.reason for item in found):
            return f"applied, or no reason: {found}"[:700]
        return None if self._held() == self.taken else "a row has changed"

    def _inside(self, path: Path) -> str | None:
        """The same where somebody who may write to that office has damaged what is in the seal."""
        sealed = path.with_suffix(".udsync")
        sealed.write_bytes(crypto.seal(path.read_bytes(), [self.recipient]))
        return self._bundle(sealed)

    def _package(self, path: Path) -> str | None:
        found = load.read(path)
        if found.pack is None and not found.problems:
            return "neither a package nor a problem"
        return None


def _zipped() -> bytes:
    from union_desk.store import packages

    return packages.zipped(scene.SHIPPED)


def suite(*, size: str = "sample", seed: int = 1, number: int = 0) -> list[Result]:
    often = {
        "P5": number or {"sample": 2, "full": 409}[size],  # 40,082 in the full run
        "P10": number or {"sample": 2, "full": 100}[size],
    }
    results = {
        "P5": Result("P5", "flipped, cut and overwritten packets, bundles and packages", seed),
        "P10": Result(
            "P10", "flipped, cut and overwritten stores, keys, sealed files, backups", seed
        ),
    }
    with scratch() as folder, closing(Damaged(folder)) as damaged:
        for target in damaged.targets():
            drawn = random.Random(f"{seed} {target.name}")
            for _ in range(target.share * often[target.promise]):
                result = results[target.promise]
                result.trials += 1
                if wrong := damaged.trial(target, drawn):
                    result.failures.append(wrong)
    return [*results.values()]


if __name__ == "__main__":
    main(suite, number=0)
