"""P2: torn, lost and late sectors, built from a recording of every call the database made.

A virtual file system records one run; then the disk is built as it may look after a cut at any
moment: synced writes are there, others whole, by sector or not at all, a removed file may be back.
Plain SQLite: the same pager, no cipher. ``python -m tests.faults.crash_states --states 20000``.
"""

import random
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.trial import NotTested, Result, main
from union_desk.store.connecting import PRAGMAS

try:
    import apsw
except ImportError:
    apsw = None

SECTOR = 512
TRANSACTIONS = 14
WRONG = {
    "DELETE+FULL": {"journal_mode": "DELETE", "synchronous": "FULL"},
    "synchronous OFF": {"synchronous": "OFF"},
    "MEMORY journal": {"journal_mode": "MEMORY"},
}


@dataclass
class Recording:
    """Every call in order: write, truncate, sync, delete, and ``acknowledged``."""

    calls: list[tuple] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    """What the database held after each acknowledgement, the empty one first."""


def _file_system(recording: Recording, name: str):
    class File(apsw.VFSFile):
        def __init__(self, inherit, path, flags) -> None:
            super().__init__(inherit, path, flags)
            told = path.filename() if isinstance(path, apsw.URIFilename) else path
            self.path = Path(told).name

        def xWrite(self, data, offset) -> None:
            recording.calls.append(("write", self.path, offset, bytes(data)))
            super().xWrite(data, offset)

        def xTruncate(self, size) -> None:
            recording.calls.append(("truncate", self.path, size))
            super().xTruncate(size)

        def xSync(self, flags) -> None:
            recording.calls.append(("sync", self.path))
            super().xSync(flags)

    class FileSystem(apsw.VFS):
        def __init__(self) -> None:
            self.base = ""
            super().__init__(name, self.base)

        def xOpen(self, path, flags):
            return File(self.base, path, flags)

        def xDelete(self, path, sync) -> None:
            recording.calls.append(("delete", Path(path).name, bool(sync)))
            super().xDelete(path, sync)

    return FileSystem()


def _settle(connection, changed: dict[str, str]) -> None:
    """The store's own settings, with a cache so small that transactions spill."""
    for pragma, (value, _) in PRAGMAS.items():
        connection.execute(f"PRAGMA {pragma}={changed.get(pragma, value)}")
    connection.execute("PRAGMA cache_size=5")


def _held(connection) -> str:
    return str(list(connection.execute("SELECT id, text FROM record ORDER BY id")))


def record(drawn: random.Random, changed: dict[str, str]) -> Recording:
    """Save records of every size, and note what each acknowledgement promised."""
    recording = Recording()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        system = _file_system(recording, "recording")
        connection = apsw.Connection(str(Path(folder) / "store.db"), vfs="recording")
        _settle(connection, changed)
        connection.execute("CREATE TABLE record (id INTEGER PRIMARY KEY, text TEXT) STRICT")
        connection.execute("CREATE INDEX by_text ON record (text)")
        recording.calls.append(("acknowledged",))
        recording.states.append(_held(connection))
        for _ in range(TRANSACTIONS):
            connection.execute("BEGIN IMMEDIATE")
            for _ in range(drawn.randint(1, 12)):
                text = chr(drawn.randrange(97, 123)) * drawn.randrange(2000)
                row = drawn.randrange(60)
                if drawn.random() < 0.2:
                    connection.execute("DELETE FROM record WHERE id = ?", (row,))
                else:
                    connection.execute("INSERT OR REPLACE INTO record VALUES (?, ?)", (row, text))
            promised = _held(connection)
            connection.execute("COMMIT")
            recording.calls.append(("acknowledged",))
            recording.states.append(promised)
        connection.close()
        del system
    return recording


class Disk:
    """What may lie on the disk: synced bytes, and calls of which nobody knows."""

    def __init__(self) -> None:
        self.durable: dict[str, bytearray] = {}
        self.pending: dict[str, list[tuple]] = {}

    def take(self, call: tuple, drawn: random.Random) -> None:
        kind, name = call[0], call[1]
        if kind == "sync":
            self._apply(name, drawn, everything=True)
        elif kind == "delete" and call[2]:
            self.durable.pop(name, None)
            self.pending.pop(name, None)
        else:
            self.pending.setdefault(name, []).append(call)

    def cut(self, drawn: random.Random) -> dict[str, bytearray]:
        for name in list(self.pending):
            self._apply(name, drawn, everything=False)
        return self.durable

    def _apply(self, name: str, drawn: random.Random, *, everything: bool) -> None:
        for call in self.pending.pop(name, ()):
            if call[0] == "delete":
                if everything or drawn.random() < 0.5:
                    self.durable.pop(name, None)
                continue
            content = self.durable.setdefault(name, bytearray())
            if call[0] == "truncate":
                if everything or drawn.random() < 0.5:
                    del content[call[2] :]
                continue
            self._write(content, call[2], call[3], drawn, everything=everything)

    def _write(
        self,
        content: bytearray,
        offset: int,
        data: bytes,
        drawn: random.Random,
        *,
        everything: bool,
    ) -> None:
        chance = 0.0 if everything else drawn.random()
        if chance >= 0.7:
            return
        if len(content) < offset:
            content.extend(bytes(offset - len(content)))
        if chance < 0.4:
            content[offset : offset + len(data)] = data
            return
        for start in range(0, len(data), SECTOR):
            part = data[start : start + SECTOR]
            if drawn.random() < 0.5:
                if len(content) < offset + start:
                    content.extend(bytes(offset + start - len(content)))
                content[offset + start : offset + start + len(part)] = part


def crash(
    recording: Recording, folder: Path, drawn: random.Random, changed: dict[str, str]
) -> str | None:
    """Cut at a random call, build the disk, open it; return what is wrong."""
    begin = recording.calls.index(("acknowledged",)) + 1
    at = drawn.randrange(begin, len(recording.calls) + 1)
    disk, acknowledged = Disk(), -1
    for call in recording.calls[:at]:
        if call[0] == "acknowledged":
            acknowledged += 1
        else:
            disk.take(call, drawn)
    for path in folder.iterdir():
        path.unlink()
    for name, content in disk.cut(drawn).items():
        (folder / name).write_bytes(content)
    allowed = recording.states[acknowledged : acknowledged + 2]
    try:
        connection = apsw.Connection(str(folder / "store.db"))
        try:
            whole = next(connection.execute("PRAGMA integrity_check"))[0]
            held = _held(connection)
        finally:
            connection.close()
    except (apsw.Error, UnicodeDecodeError) as error:
        return f"cut at call {at}: {error}"
    if whole != "ok":
        return f"cut at call {at}: {whole[:100]}"
    return None if held in allowed else f"cut at call {at}: not what was acknowledged"


def suite(*, size: str = "sample", seed: int = 1, states: int = 0) -> list[Result]:
    if apsw is None:
        raise NotTested("apsw is not installed")
    drawn = random.Random(seed)
    states = states or {"sample": 400, "full": 20_000}[size]
    result = Result("P2", "crash states: torn, lost and late sectors (plain SQLite)", seed)
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        recordings = [record(drawn, {}) for _ in range(max(1, states // 1000))]
        for number in range(states):
            result.trials += 1
            wrong = crash(recordings[number % len(recordings)], Path(folder), drawn, {})
            if wrong:
                result.failures.append(wrong)
        for name, changed in WRONG.items():
            control, recording = result.control(name), record(drawn, changed)
            while control.trials < 2000 and not control.caught:
                control.trials += 1
                control.caught += bool(crash(recording, Path(folder), drawn, changed))
    return [result]


if __name__ == "__main__":
    main(suite, states=0)
