"""Backups: a copy of the store, opened and compared before it counts, durable, then thinned.

When: daily at exit if anything changed (else at the next start after 24 hours), before the first
taking in of a day, before upgrade, package, restore, erase, key change, by command, with a 报送.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from union_desk import __version__, files
from union_desk.errors import DamageError, FileError, StoreError
from union_desk.store import (
    audit,
    backup_file,
    holds,
    keyring,
    sealed_files,
    setting_rows,
    thinning,
    verifying,
)
from union_desk.store.thinning import moment
from union_desk.store.transaction import now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from union_desk.store.sealed_files import Named
    from union_desk.store.transaction import Store
    from union_desk.store.verifying import Facts

FOLDER = "backups"
REASONS: Mapping[str, str] = {
    "daily": "每日自动",
    "import": "装入前",
    "upgrade": "升级前",
    "package": "换任务包前",
    "restore": "恢复前",
    "erase": "删除个人信息前",
    "key": "换钥匙前",
    "command": "手动",
    "stick": "随报送",
    "handover": "交接包",
}
"""Why a backup was made, as its name has it, and in words."""
_LAST, _SECOND, _SECOND_PLACE = "backup_last", "backup_second", "backup_second_place"
_SECOND_DUE = timedelta(days=14)
_DAY = timedelta(hours=24)
_OWN_ACTS = ("backup", "login", "init")
"""Acts that are no change worth a backup."""


@dataclass(frozen=True, slots=True)
class Made:
    """A verified backup."""

    file: str
    at: str
    why: str
    sha256: str
    number: int
    """Of the change log's newest row in it."""
    missing: int = 0
    """Sealed files that its rows name and that were not there."""


def make(
    store: Store,
    why: str,
    *,
    to: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Made:
    """Make a backup in `to`, else in the store's own folder; it counts once this returns.

    :param why: one of :data:`REASONS`; ``handover`` puts the sealed files into the one file.
    :raises StoreError: S404 sample data, S402 the copy is damaged, S32x.
    :raises FileError: it cannot be written there.
    """
    if store.demo:
        raise StoreError("S404", "示例数据不保留，不用备份。", "建立本单位的正式数据后再备份。")
    place = files.private_folder(to or store.folder / FOLDER)
    passing = files.private_folder(store.folder / "tmp") / f"backup-{secrets.token_hex(8)}"
    copy = passing.with_suffix(".db")
    try:
        files.create_private(copy)
        held = _copy(store, copy)
        if progress:
            progress(1, 4)
        compare(copy, store.database.key_pragma, held.facts)
        if progress:
            progress(2, 4)
        made = _pack(store, why, place, held, passing)
    finally:
        for path in (copy, copy.with_name(copy.name + "-journal"), passing):
            files.discard(path)
    _note(store, made, own=to is None)
    if progress:
        progress(3, 4)
    _thin(store, place)
    if progress:
        progress(4, 4)
    return made


def compare(copy: Path, key_pragma: str | None, expected: Facts) -> None:
    """Open the copy and compare what it holds with what the store held.

    :raises DamageError: S405, it is damaged.
    :raises StoreError: S408, it holds something else.
    """
    try:
        held = verifying.verify(copy, key_pragma)
    except DamageError as error:
        raise DamageError(
            "S405", "数据文件有损坏，备份没有做成。", "请检查数据，或用较早的备份恢复。"
        ) from error
    if held != expected:
        raise StoreError("S408", "副本与数据对不上，没有算数。", "请再试一次，并检查磁盘。")


@dataclass(frozen=True, slots=True)
class _Held:
    """A copy of the store, what it holds, which sealed files it names."""

    path: Path
    facts: Facts
    named: Named


def _copy(store: Store, copy: Path) -> _Held:
    """Copy the store while writers wait; return what the one state of both holds."""
    with store.database.write() as connection:
        store.database.copy_to(copy, store.database.key_pragma)
        return _Held(copy, verifying.facts(connection), sealed_files.named(connection))


def _pack(store: Store, why: str, place: Path, copy: _Held, passing: Path) -> Made:
    at, whole = now(), why == "handover"
    named, held = copy.named, copy.facts
    members = {backup_file.STORE: copy.path, backup_file.KEYS: store.folder / keyring.NAMES[0]}
    if whole:
        pairs = [(f"{kind}/{digest}.age", digest) for kind, digest in named.each()]
        missing = [digest for name, digest in pairs if not (store.folder / name).exists()]
        members |= {name: store.folder / name for name, digest in pairs if digest not in missing}
    else:
        missing = sealed_files.copy_all(store.folder, place, named)
    ring = keyring.look(store.folder)
    manifest = backup_file.Manifest(
        store_id=store.store_id, key_id=ring.key_id, unit=store.unit, unit_name=store.unit_name,
        why=why, program=__version__, person=store.person, made_at=at, store_format=held.format,
        rows=held.rows, audit=held.head, packets=named.packets, blobs=named.blobs,
        missing=tuple(missing),
    )  # fmt: skip
    path = _free_name(place, f"{store.unit}-{_stamp()}-{why}")
    digest = backup_file.pack(path, manifest, members, passing)
    return Made(str(path), at, why, digest, held.head[0], len(missing))


def _stamp() -> str:
    return datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")


def _free_name(place: Path, stem: str) -> Path:
    path, number = place / f"{stem}{backup_file.SUFFIX}", 1
    while path.exists():
        number += 1
        path = place / f"{stem}-{number}{backup_file.SUFFIX}"
    return path


def _note(store: Store, made: Made, *, own: bool) -> None:
    """Keep when and where the last verified backup was made, and a row of the change log."""
    text = json.dumps(asdict(made), ensure_ascii=False)
    with store.write() as transaction:
        setting_rows.write(transaction.connection, _LAST if own else _SECOND, text)
        audit.note(transaction, "backup", new=asdict(made))


def _thin(store: Store, place: Path) -> None:
    """Drop what need not stay; nothing while export is on hold: later work may be in it."""
    with store.read() as connection:
        if holds.current(connection) is not None:
            return
    thinning.thin(place, store.store_id, moment(now()))


def kept(store: Store) -> thinning.Listing:
    """Return the store's own backups, the newest first."""
    found = thinning.listing(store.folder / FOLDER)
    own = tuple(item for item in found.kept if item.manifest.store_id == store.store_id)
    return thinning.Listing(own, found.unreadable)


def examine(store: Store, item: thinning.Kept) -> Iterator[str]:
    """Yield a sentence for all that would keep a backup of this store's key from being restored."""
    copy = files.private_folder(store.folder / "tmp") / f"examine-{secrets.token_hex(8)}.db"
    name = item.path.name
    try:
        backup_file.extract(item.path, item.manifest, backup_file.STORE, copy)
        if keyring.look(store.folder).key_id != item.manifest.key_id:
            return
        held = verifying.verify(copy, store.database.key_pragma)
        if (held.head, dict(held.rows)) != (item.manifest.audit, dict(item.manifest.rows)):
            yield f"备份 {name} 里的记录与它的清单不符。"
        with store.read() as connection:
            secret = setting_rows.read(connection, "age_secret")
        bad = backup_file.lacking(item.path, item.manifest, secret)
        if bad:
            yield f"备份 {name} 要用的 {len(bad)} 个附件或数据包文件缺失或已损坏，请再备份一次。"
    except (StoreError, FileError) as error:
        yield f"备份 {name}：{error.sentence}"
    finally:
        for path in (copy, copy.with_name(copy.name + "-journal")):
            files.discard(path)


# When -------------------------------------------------------------------------------------


def last(connection: Connection) -> Made | None:
    """Return the last verified backup in the store's own folder."""
    return _made(setting_rows.read(connection, _LAST))


def last_elsewhere(connection: Connection) -> Made | None:
    """Return the last verified backup in a second place."""
    return _made(setting_rows.read(connection, _SECOND))


def _made(text: str) -> Made | None:
    return Made(**json.loads(text)) if text else None


def changed(connection: Connection) -> bool:
    """Return whether the change log has gained anything worth keeping since the last backup."""
    known = last(connection)
    marks = ", ".join("?" * len(_OWN_ACTS))
    statement = f"SELECT 1 FROM audit WHERE n > ? AND act NOT IN ({marks}) LIMIT 1"  # noqa: S608
    number = known.number if known else 0
    return connection.exec_driver_sql(statement, (number, *_OWN_ACTS)).first() is not None


def due_at_exit(connection: Connection) -> bool:
    """Return whether the daily backup is to be made: something changed, none made today."""
    known = last(connection)
    return changed(connection) and (known is None or known.at[:10] != now()[:10])


def due_at_start(connection: Connection) -> bool:
    """Return whether the last program ended without the daily backup, more than a day ago."""
    known = last(connection)
    return (
        known is not None and changed(connection) and abs(moment(now()) - moment(known.at)) > _DAY
    )


def before(store: Store, why: str) -> Made | None:
    """Make the backup that must come before an act; None where there is nothing to lose.

    ``import`` makes one a day only.
    """
    if store.demo:
        return None
    with store.read() as connection:
        known = last(connection)
        if why == "import" and known and (known.why, known.at[:10]) == (why, now()[:10]):
            return None
    return make(store, why)


# A second place ---------------------------------------------------------------------------


def second_place(connection: Connection) -> str:
    """Return the folder that takes a second copy of each backup; empty: none was chosen."""
    return setting_rows.read(connection, _SECOND_PLACE)


def choose_second_place(store: Store, place: Path | None) -> None:
    """Let backups go to a second folder, too, or to none.

    :raises StoreError: S406, it lies inside the data folder itself.
    :raises FileError: it cannot be written.
    """
    if place is not None:
        place = place.absolute()
        if place == store.folder or store.folder in place.parents:
            raise StoreError(
                "S406", "第二备份位置不能在数据文件夹里面。", "请选择另一块磁盘或 U 盘上的文件夹。"
            )
        files.private_folder(place)
    with store.write() as transaction:
        setting_rows.write(transaction.connection, _SECOND_PLACE, str(place or ""))
        audit.note(transaction, "setting", new={_SECOND_PLACE: str(place or "")})


def make_elsewhere(store: Store, why: str) -> Made | FileError | StoreError | None:
    """Make a backup in the second place; None where none was chosen, the refusal if it failed.

    A stick that is not there is no reason to stop: the own backup stands.
    """
    with store.read() as connection:
        place = second_place(connection)
    if not place:
        return None
    try:
        return make(store, why, to=files.existing_folder(place))
    except (FileError, StoreError) as error:
        return error


def second_place_overdue(connection: Connection) -> bool:
    """Return whether for 14 days no backup has gone to a second place."""
    known = last_elsewhere(connection)
    since = known.at if known else setting_rows.read(connection, "created_at")
    return moment(now()) - moment(since) > _SECOND_DUE
