"""Take in what others have sent: every packet applied once, or kept with the reason why not.

Order of work: copy in and hash; the first run of a day backs up; look at the seal before opening
it; open into a file without a name; limits of the ZIP; then packet by packet. One transaction per
bundle, one savepoint per packet: a bad one is undone alone.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

from union_desk import crypto, files
from union_desk.bundle import container, installing, outcomes, waiting
from union_desk.bundle.importing_run import File, Run, cleaning
from union_desk.bundle.outcomes import Outcome
from union_desk.errors import BundleError
from union_desk.store import backups, discarding, intakes, peers, quarantine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from union_desk.store.transaction import Store

Progress = Callable[[int, int], None]

MOST = container.LIMITS.size + 2**26
"""Length of the longest file that is looked at: a sealed ZIP of 4 GiB."""
_STEP = "请与报送单位核对；没有改动任何数据。"


def take_in(
    store: Store, paths: Path | Iterable[Path], *, progress: Progress | None = None
) -> list[Outcome]:
    """Take in files, and what bundles lie in folders; return what became of every packet.

    Whatever is wrong with a file is an outcome, never an exception.

    :raises BundleError: B559, sample data take nothing in.
    :raises FileError: a file that was named cannot be read.
    :raises StoreError: the store cannot be written; what was taken in before stays.
    """
    if store.demo:
        raise BundleError("B559", "这里是样本数据，不能装入报送文件。", "请打开本单位的正式数据。")
    found: list[Outcome] = []
    named = [paths] if isinstance(paths, Path) else list(paths)
    for item in named:
        if not item.exists():
            raise files.trouble(FileNotFoundError(errno.ENOENT, ""), item)
    wanted = [path for item in named for path in expand(item)]
    if wanted:
        backups.before(store, "import")
    for number, path in enumerate(wanted):
        if progress:
            progress(number, len(wanted))
        found += _take_file(store, path)
        if any(item.code == waiting.PACKAGE for item in found) and installing.install(store):
            found += try_waiting(store)
    if progress:
        progress(len(wanted), len(wanted))
    return found


def again(store: Store, sha256: str) -> list[Outcome]:
    """Try a file that was not taken in once more (再试)."""
    with store.read() as connection:
        name = next(
            (item.name for item in quarantine.held(connection, store) if item.sha256 == sha256),
            sha256,
        )
    found = _take_file(store, quarantine.path(store, sha256), name)
    quarantine.sweep(store)
    return found


def try_waiting(store: Store) -> list[Outcome]:
    """Try the packets that wait once more: a key was trusted, a package installed."""
    with store.write(bulk=True) as tx:
        run = Run(tx, File("", "", 0, BytesIO()), sealed=True)
        with cleaning(run.kept):
            run.drain()
            discarding.note(tx, run.gone)
            run.together.settle()
    discarding.finish(store)
    return run.outcomes


def expand(path: Path) -> list[Path]:
    """Return the bundles of a folder and of ``union-desk`` in it; a file stands for itself."""
    if not path.is_dir():
        return [path]
    folders = [path, *([path / "union-desk"] if (path / "union-desk").is_dir() else [])]
    return [
        item
        for folder in folders
        for item in sorted(folder.iterdir())
        if item.is_file() and is_bundle(item)
    ]


def is_bundle(path: Path) -> bool:
    """Return whether a file begins as bundles do; its name says nothing."""
    try:
        with path.open("rb") as file:
            start = file.read(256)
    except OSError:
        return False
    if start.startswith(container.SEALED):
        return True
    name = start[30 : 30 + int.from_bytes(start[26:28], "little")].decode("ascii", "replace")
    return start.startswith(container.UNSEALED) and bool(container.PACKET_NAME.fullmatch(name))


def _take_file(store: Store, path: Path, name: str = "") -> list[Outcome]:
    with files.temporary(store.folder / "tmp") as copy:
        digest, size = _copy_in(path, copy)
        item = File(name or path.name, digest, size, copy)
        with contextlib.ExitStack() as stack:
            try:
                content, sealed = _opened(store, item, stack)
                return _take_bundle(store, item, content, sealed=sealed)
            except BundleError as error:
                return [_refuse_file(store, item, error)]


def _copy_in(path: Path, copy: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while (chunk := file.read(files.CHUNK)) and size <= MOST:
                digest.update(chunk)
                size += len(chunk)
                copy.write(chunk)
    except OSError as error:
        raise files.trouble(error, path) from error
    return digest.hexdigest(), size


def _opened(store: Store, item: File, stack: contextlib.ExitStack) -> tuple[IO[bytes], bool]:
    """Return the ZIP of a bundle, and whether it was sealed."""
    item.copy.seek(0)
    start = item.copy.read(len(container.SEALED))
    item.copy.seek(0)
    if item.size > MOST:
        raise BundleError("B558", f"“{item.name}”太大，不是报送文件。", _STEP)
    if start.startswith(container.UNSEALED):
        return item.copy, False
    if start != container.SEALED:
        raise BundleError("B570", f"“{item.name}”不是报送文件。", "请核对选中的文件。")
    target = stack.enter_context(files.temporary(store.folder / "tmp"))
    with store.read() as connection:
        secret = peers.own(connection, store).secret
    try:
        crypto.open_file(item.copy, target, [secret])
    except crypto.WrongKey as error:
        raise BundleError(
            "B571", f"“{item.name}”不是发给本单位的，打不开。", "请核对收件单位，或请对方重新报送。"
        ) from error
    except crypto.Damaged as error:
        raise BundleError(
            "B572", f"“{item.name}”不完整或已损坏，打不开。", "请重新拷贝，或请对方重新报送。"
        ) from error
    return target, True


def _refuse_file(store: Store, item: File, error: BundleError) -> Outcome:
    """Keep a file that holds nothing to be taken in, with the reason."""
    room = quarantine.keep(store, item.copy, item.sha256, item.size)
    outcome = Outcome(
        item.name,
        "",
        outcomes.QUARANTINED,
        error.sentence if room else f"{error.sentence}{quarantine.FULL}",
        code=error.code,
        step=error.step,
    )
    with store.write() as tx:
        quarantine.note(tx, item.sha256, item.name, item.size, error)
        intakes.note(tx, item.name, item.sha256, item.size, [outcome.to_json()])
    return outcome


def _take_bundle(store: Store, item: File, content: IO[bytes], *, sealed: bool) -> list[Outcome]:
    with store.write(bulk=True) as tx:
        run = Run(tx, item, sealed=sealed)
        with cleaning(run.kept):
            quarantine.clear(tx, sha256=item.sha256)
            try:
                for pair in container.read(content, store.folder / "tmp"):
                    run.take(pair)
            except BundleError as error:
                if not run.outcomes:
                    raise
                run.refuse_rest(error)
            run.drain()
            told = [outcome.to_json() for outcome in run.outcomes]
            intakes.note(tx, item.name, item.sha256, item.size, told)
            discarding.note(tx, run.gone)
            run.together.settle()
    discarding.finish(store)
    return run.outcomes
