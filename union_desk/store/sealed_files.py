"""Sealed files beside a store, ``packets/`` and ``blobs/``, and their one copy beside backups.

They never change, so each is copied once, as it lies, into ``sealed/`` of a backup place: durable
and read back before the first backup that names it, gone when no kept backup names it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk import crypto, files
from union_desk.store import setting_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection

KINDS = ("packets", "blobs")
COPIES = "sealed"
OLDER_PACKAGES = "packages_before"
"""Setting: references of versions of packages that newer ones have replaced."""


@dataclass(frozen=True, slots=True)
class Named:
    """Hashes of the contents of the files that the rows of a store name."""

    packets: tuple[str, ...]
    blobs: tuple[str, ...]

    def each(self) -> Iterator[tuple[str, str]]:
        """Yield folder and hash of every file."""
        for kind, hashes in (("packets", self.packets), ("blobs", self.blobs)):
            for digest in hashes:
                yield kind, digest


def named(connection: Connection) -> Named:
    """Return what own and received packets, attachments and task packages name.

    A store of an older format, backed up before its upgrade, has received nothing yet.
    """
    statement = "SELECT hash FROM packet"
    if sa.inspect(connection).has_table("received"):
        statement += " WHERE dropped IS NULL UNION SELECT hash FROM received WHERE kept = 1"
    packets = connection.exec_driver_sql(statement).scalars()
    blobs = set(connection.exec_driver_sql("SELECT DISTINCT sha256 FROM attachment").scalars())
    for setting in ("packages", OLDER_PACKAGES):
        entries = json.loads(setting_rows.read(connection, setting, "[]"))
        blobs |= {entry["blob"] for entry in entries if entry.get("blob")}
    return Named(tuple(sorted(packets)), tuple(sorted(blobs)))


def copy_all(
    folder: Path, place: Path, wanted: Named, progress: Callable[[int, int], None] | None = None
) -> list[str]:
    """Copy what ``sealed/`` of `place` lacks; return the hashes that are not in `folder` either."""
    target = files.private_folder(place / COPIES)
    missing = []
    pairs = list(wanted.each())
    for done, (kind, digest) in enumerate(pairs):
        if progress:
            progress(done, len(pairs))
        source, copy = folder / kind / f"{digest}.age", target / f"{digest}.age"
        if not source.exists():
            if not copy.exists():
                missing.append(digest)
        elif not copy.exists() or copy.stat().st_size != source.stat().st_size:
            files.write_durable(copy, chunks(source))
    return missing


def chunks(path: Path) -> Iterator[bytes]:
    """Yield the content of a file piece by piece."""
    with path.open("rb") as file:
        while chunk := file.read(files.CHUNK):
            yield chunk


def content(path: Path, secret: str, digest: str) -> bytes | None:
    """Return what a sealed file holds; None where it is gone, damaged or something else."""
    try:
        found = crypto.open_sealed(path.read_bytes(), [secret])
    except (OSError, crypto.WrongKey, crypto.Damaged):
        return None
    return found if hashlib.sha256(found).hexdigest() == digest else None


def read(folder: Path, kind: str, digest: str, secret: str) -> bytes | None:
    """Return a content of a data folder; a bad file is put back from beside the own backups."""
    path = folder / kind / f"{digest}.age"
    found = content(path, secret, digest)
    if found is None:
        copy = folder / "backups" / COPIES / path.name
        found = content(copy, secret, digest)
        if found is not None:
            files.private_folder(path.parent)
            files.write_durable(path, chunks(copy))
    return found


def whole(path: Path, secret: str, digest: str) -> bool:
    """Return whether a sealed file opens and holds the content that its name says."""
    return content(path, secret, digest) is not None


def bring_back(
    folder: Path, wanted: Named, secret: str, places: Iterable[Path]
) -> tuple[list[str], list[str]]:
    """Put back files of `folder` that are absent or damaged from the first place with a whole copy.

    :returns: the hashes brought back, and those no place has.
    """
    sources = list(places)
    brought, missing = [], []
    for kind, digest in wanted.each():
        target = folder / kind / f"{digest}.age"
        if whole(target, secret, digest):
            continue
        copies = (source / f"{digest}.age" for source in sources)
        good = next((copy for copy in copies if whole(copy, secret, digest)), None)
        if good is None:
            missing.append(digest)
            continue
        files.private_folder(target.parent)
        files.write_durable(target, chunks(good))
        brought.append(digest)
    return brought, missing


def sweep(folder: Path, keep: set[str]) -> int:
    """Remove the files of a folder of copies that nothing names; return how many."""
    if not folder.is_dir():
        return 0
    gone = [path for path in folder.glob("*.age") if path.stem not in keep]
    for path in gone:
        files.remove(path)
    return len(gone)
