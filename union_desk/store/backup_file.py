"""A backup as a file: ``.udbak``, a ZIP of members as they lie, with ``backup.json`` before all.

Members: ``store.db`` and ``store.keys``; a 交接包 has the sealed files in it, too. What stands in
clear is what the store's folder shows anyway: unit, ids, wrapped keys, counts, hashes.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.errors import DamageError, StoreError
from union_desk.store.sealed_files import COPIES, Named, chunks, whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SUFFIX = ".udbak"
FORMAT = 1
STORE, KEYS = "store.db", "store.keys"
_MANIFEST = "backup.json"
_LIMIT = 64 << 20
_MEMBER = re.compile(r"store\.db|store\.keys|backup\.json|(packets|blobs)/[0-9a-f]{64}\.age")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``backup.json`` says."""

    store_id: str
    key_id: str
    unit: str
    unit_name: str
    why: str
    program: str
    person: str
    made_at: str
    store_format: int
    rows: Mapping[str, int]
    audit: tuple[int, str]
    packets: tuple[str, ...]
    blobs: tuple[str, ...]
    missing: tuple[str, ...] = ()
    """Named files that were not there any more when the backup was made."""
    members: Mapping[str, str] | None = None
    """SHA-256 of every member but this one."""

    @property
    def named(self) -> Named:
        """The sealed files its rows name."""
        return Named(self.packets, self.blobs)


def pack(target: Path, manifest: Manifest, members: Mapping[str, Path], passing: Path) -> str:
    """Write a backup durably, read it back uncached, and return its SHA-256.

    :param passing: path of a file beside the store that is used and removed.
    """
    body = asdict(manifest) | {"format": FORMAT}
    body["members"] = {name: files.sha256_file(path) for name, path in members.items()}
    try:
        with zipfile.ZipFile(passing, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            archive.writestr(_MANIFEST, json.dumps(body, ensure_ascii=False, indent=1))
            for name, path in members.items():
                archive.write(path, name)
        return files.write_durable(target, chunks(passing))
    except OSError as error:
        raise files.trouble(error, target) from error
    finally:
        files.discard(passing)


def read(path: Path) -> Manifest:
    """Return what a backup says of itself; its members are not looked into.

    :raises StoreError: S400 not a backup or damaged, S401 of a newer program.
    :raises FileError: it cannot be read.
    """
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            infos = {info.filename: info for info in archive.infolist()}
            if any(
                not _MEMBER.fullmatch(name) or info.compress_type != zipfile.ZIP_STORED
                for name, info in infos.items()
            ):
                raise _damaged(path)
            if infos[_MANIFEST].file_size > _LIMIT:
                raise _damaged(path)
            return _manifest(path, archive.read(_MANIFEST))
    except OSError as error:
        raise files.trouble(error, path) from error
    except _BROKEN as error:
        raise _damaged(path) from error


_BROKEN = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, EOFError,
    NotImplementedError, RuntimeError, RecursionError,
)  # fmt: skip


def _manifest(path: Path, content: bytes) -> Manifest:
    body = json.loads(content)
    if body.pop("format") > FORMAT:
        raise StoreError(
            "S401", f"备份“{path.name}”由更新的程序制作。", "请先升级填报台程序，再恢复它。"
        )
    number, digest = body["audit"]
    made = Manifest(**body)
    texts = (made.store_id, made.key_id, made.unit, made.unit_name, made.why, made.person)
    lists = (*made.packets, *made.blobs, *made.missing)
    if not all(isinstance(text, str) for text in (*texts, made.made_at, *lists)):
        raise TypeError(_MANIFEST)
    members = {str(name): str(value) for name, value in (made.members or {}).items()}
    if not {STORE, KEYS} <= members.keys():
        raise KeyError(STORE)
    if not all(re.fullmatch(r"[0-9a-f]{64}", value) for value in lists):
        raise ValueError(_MANIFEST)
    changed = {
        "audit": (int(number), str(digest)),
        "packets": tuple(made.packets),
        "blobs": tuple(made.blobs),
        "missing": tuple(made.missing),
        "members": members,
        "rows": {str(name): int(count) for name, count in made.rows.items()},
        "store_format": int(made.store_format),
    }
    return Manifest(**(body | changed))


def extract(path: Path, manifest: Manifest, name: str, target: Path) -> None:
    """Copy a member to `target` and compare it with the hash that the manifest has of it.

    :raises StoreError: S400 it is not what it was.
    """
    files.create_private(target)
    digest = hashlib.sha256()
    try:
        with (
            zipfile.ZipFile(path) as archive,
            archive.open(name) as source,
            target.open("wb") as file,
        ):
            while chunk := source.read(files.CHUNK):
                digest.update(chunk)
                file.write(chunk)
    except OSError as error:
        raise files.trouble(error, target) from error
    except _BROKEN as error:
        raise _damaged(path) from error
    if digest.hexdigest() != (manifest.members or {}).get(name):
        raise _damaged(path)


def sealed_inside(manifest: Manifest) -> list[str]:
    """Return the members that are sealed files: those of a 交接包."""
    return sorted(name for name in manifest.members or {} if "/" in name)


def lacking(path: Path, manifest: Manifest, secret: str) -> list[str]:
    """Return the hashes of sealed files a backup needs that are not whole beside it or in it."""
    inside = {name.rsplit("/", 1)[1] for name in sealed_inside(manifest)}
    return [
        digest
        for _, digest in manifest.named.each()
        if f"{digest}.age" not in inside
        and digest not in manifest.missing
        and not whole(path.parent / COPIES / f"{digest}.age", secret, digest)
    ]


def _damaged(path: Path) -> DamageError:
    return DamageError("S400", f"“{path.name}”不是备份文件，或已损坏。", "请换一份备份。")
