"""The task packages of a store: those that come with the program, and installed ones.

Table ``setting`` names them in order, the newest last: {id, version, digest, blob}. An installed
one lies as a sealed archive in ``blobs/``; `blob` is empty for one that comes with the program.
"""

from __future__ import annotations

import io
import json
import zipfile
from functools import lru_cache
from typing import TYPE_CHECKING

from union_desk import crypto, files, resources
from union_desk.errors import StoreError
from union_desk.store import attachments, sealed_files, setting_rows
from union_desk.taskpack import load, sources
from union_desk.taskpack.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import TaskPack

_ARCHIVE_DATE = (1980, 1, 1, 0, 0, 0)


def reference(pack: TaskPack, blob: str = "") -> dict[str, str]:
    """Return what the store keeps of a package to find it again."""
    return {"id": pack.id, "version": pack.version, "digest": pack.digest, "blob": blob}


def load_all(
    folder: Path, settings: Mapping[str, str], given: TaskPack | None = None
) -> tuple[TaskPack, ...]:
    """Return the packages of a store, the newest last.

    :param given: taken for the package of its id, as one that does not come with the program.
    :raises StoreError: S340 one is missing, S342 its file is damaged.
    """
    found = []
    for entry in json.loads(settings["packages"]):
        if given is not None and given.id == entry["id"]:
            found.append(given)
        elif entry["blob"]:
            found.append(_installed(folder, settings["age_secret"], entry))
        else:
            found.append(_shipped(entry))
    return tuple(found)


def _shipped(entry: Mapping[str, str]) -> TaskPack:
    place = resources.taskpacks() / entry["id"]
    if not place.is_dir():
        raise StoreError(
            "S340",
            f"数据所用的任务包“{entry['id']}”（{entry['version']}）不在这台电脑上。",
            "请重新安装填报台程序。",
        )
    stamp = tuple(
        (path.name, path.stat().st_mtime_ns, path.stat().st_size)
        for path in sorted(place.iterdir())
    )
    return _read_shipped(place, stamp)


@lru_cache(maxsize=4)
def _read_shipped(place: Path, stamp: tuple[tuple[str, int, int], ...]) -> TaskPack:  # noqa: ARG001
    """Read a package that comes with the program, once as long as its files stay the same."""
    return load.load(place)


def _installed(folder: Path, secret: str, entry: Mapping[str, str]) -> TaskPack:
    """Unseal an installed package and read it by way of a file of ``tmp/`` that goes at once."""
    content = _unsealed(folder, secret, entry)
    passing = files.private_folder(folder / "tmp") / f"{entry['id']}.zip"
    try:
        files.write_durable(passing, content)
        return load.load(passing)
    finally:
        files.discard(passing)


def _unsealed(folder: Path, secret: str, entry: Mapping[str, str]) -> bytes:
    place = folder / "blobs" / f"{entry['blob']}.age"
    try:
        return crypto.open_sealed(place.read_bytes(), [secret])
    except (OSError, crypto.WrongKey, crypto.Damaged) as error:
        raise StoreError(
            "S342",
            f"任务包“{entry['id']}”（{entry['version']}）的文件缺失或已损坏。",
            "请从备份取回，或删去本机数据后重新装入。",
        ) from error


_OLDER = sealed_files.OLDER_PACKAGES


def keep_older(store: Store, connection: Connection, pack: TaskPack) -> None:
    """Keep a version that is about to be replaced: units that still use it go on sending."""
    held = content(store, connection, pack)
    entries = _older(connection)
    if any((entry["id"], entry["version"]) == (pack.id, pack.version) for entry in entries):
        return
    entries.append(reference(pack, attachments.keep(store, connection, held)))
    setting_rows.write(connection, _OLDER, json.dumps(entries, ensure_ascii=False))


def _older(connection: Connection) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = json.loads(setting_rows.read(connection, _OLDER, "[]"))
    return entries


def version(store: Store, connection: Connection, ident: str, number: str) -> TaskPack | None:
    """Return a version of a package that the store has or had; None: it has never seen it.

    :raises StoreError: S342, its file is damaged.
    """
    for pack in store.packs:
        if (pack.id, pack.version) == (ident, number):
            return pack
    for entry in _older(connection):
        if (entry["id"], entry["version"]) == (ident, number):
            known = store.tables.remembered.setdefault(_OLDER, {})
            if entry["digest"] not in known:
                secret = setting_rows.read(connection, "age_secret")
                known[entry["digest"]] = _installed(store.folder, secret, entry)
            found: TaskPack = known[entry["digest"]]
            return found
    return None


def content(store: Store, connection: Connection, pack: TaskPack) -> bytes:
    """Return a package of the store as an archive, to be handed on.

    :raises StoreError: S342, its file is damaged.
    """
    for entry in json.loads(setting_rows.read(connection, "packages")):
        if entry["id"] == pack.id and entry["blob"]:
            secret = setting_rows.read(connection, "age_secret")
            return _unsealed(store.folder, secret, entry)
    return zipped(resources.taskpacks() / pack.id)


def zipped(path: Path) -> bytes:
    """Return a folder or archive, read without problems before, as an archive.

    The same files give the same bytes.
    """
    held = sources.read_files(path, Problems())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(held):
            info = zipfile.ZipInfo(name, _ARCHIVE_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, held[name])
    return target.getvalue()
