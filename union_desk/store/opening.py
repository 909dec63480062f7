"""Make and open a store: place, lock, unfinished moves, keys, password, file, header, format.

Only :func:`create` creates; a missing or strange file is refused, unchanged.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stdnum.iso7064 import mod_11_10

from union_desk import crypto, files
from union_desk.errors import DamageError, FileError, StoreError
from union_desk.store import (
    audit,
    ballast,
    damage,
    faults,
    incoming,
    keyring,
    packages,
    people,
    schema,
    setting_rows,
    upgrading,
    upkeep,
)
from union_desk.store.connecting import Database
from union_desk.store.lock import InstanceLock
from union_desk.store.place import check_place
from union_desk.store.transaction import Store, Transaction, now
from union_desk.taskpack.definition import LEVELS
from union_desk.taskpack.record import new_uid
from union_desk.workflow import ROLES

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from union_desk.taskpack.definition import TaskPack

__all__ = ["Store", "Transaction", "create", "exists", "is_demo", "open_store", "open_with"]

STORE, DEMO = "store.db", "demo.db"
FOLDERS = ("packets", "blobs", "quarantine", "backups", "salvage", "logs", "tmp")
GUESSED = ("S301", "S319", "S374")
"""Codes of wrong passwords and of a wrong recovery code: they count as guesses."""
_ORIGIN = re.compile(r"[0-9]{12}[B-Z]?")


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose store it is to be."""

    unit: str
    name: str
    level: str
    parent: str | None
    origin: str
    person: str
    id: str


def exists(folder: Path) -> bool:
    """Return whether `folder` holds a store, or what is left of one."""
    return (
        any((folder / name).exists() for name in (STORE, DEMO, *keyring.NAMES))
        or (folder / "incoming" / "READY").exists()
    )


def is_demo(folder: Path) -> bool:
    """Return whether `folder` holds the unencrypted store of the demonstration."""
    return (folder / DEMO).exists()


def create(
    folder: Path,
    pack: TaskPack,
    *,
    unit: str,
    name: str,
    level: str,
    parent: str | None,
    password: str | None,
    person: str = "",
    origin: str | None = None,
    cost: crypto.Cost | None = None,
) -> Store:
    """Make `folder` the store of a unit and return it, open.

    :param password: opens it; None makes the unencrypted store of the demonstration.
    :param person: who works with it first.
    :param origin: the unit's code, with a letter for each further computer of the unit.
    :param cost: of a guess of the password; tests take a small one.
    :raises StoreError: the folder, the unit or the password will not do; nothing was made.
    """
    owner = _Owner(unit, name, level, parent, origin or unit, person.strip() or "填报人", new_uid())
    _check_owner(owner, pack)
    if password is not None and not password.strip():
        raise StoreError("S316", "口令不能为空。", "请输入一个自己记得住、别人猜不到的口令。")
    folder = folder.absolute()
    if exists(folder):
        raise StoreError("S304", f"“{folder}”里已有填报数据。", "请直接打开，或换一个文件夹。")
    check_place(folder)
    files.private_folder(folder)
    lock = InstanceLock(folder, now(), owner.person)
    try:
        _build(folder, pack, owner, password, cost)
    except BaseException:
        lock.release()
        raise
    lock.release()
    return open_store(folder, password=password, pack=pack)


def _check_owner(owner: _Owner, pack: TaskPack) -> None:
    for code in (owner.unit, *((owner.parent,) if owner.parent else ())):
        if not re.fullmatch(r"[0-9]{12}", code) or not mod_11_10.is_valid(code):
            raise StoreError(
                "S331", f"“{code}”不是有效的工会编码。", "请核对这 12 位数字，末位是校验位。"
            )
    if not _ORIGIN.fullmatch(owner.origin) or owner.origin[:12] != owner.unit:
        raise StoreError(
            "S332", f"填报端编号“{owner.origin}”不对。", "应为单位编码，或再加一个字母。"
        )
    if owner.level not in LEVELS:
        raise StoreError("S333", f"级别“{owner.level}”不对。", "应为 grassroots、county 或 city。")
    if not owner.name.strip():
        raise StoreError("S334", "单位名称不能为空。", "请填写与公章一致的全称。")
    known = {item.code: item for item in pack.units}.get(owner.unit)
    if known and known.level != owner.level:
        raise StoreError(
            "S335",
            f"任务包里“{known.name}”的级别是 {known.level}，不是 {owner.level}。",
            "请核对单位编码和级别。",
        )


def _build(
    folder: Path, pack: TaskPack, owner: _Owner, password: str | None, cost: crypto.Cost | None
) -> None:
    """Build the store in ``incoming`` and move it in when it is whole."""
    for name in FOLDERS:
        files.private_folder(folder / name)
    place = incoming.begin(folder)
    ring, key = keyring.new_keyring()
    names = [DEMO]
    if password is not None:
        filled = ring.add(key, owner.id, password, cost, owner.person)
        keyring.write(place, filled, lambda written: written.open(password))
        names = [STORE, *keyring.NAMES]
    files.create_private(place / names[0])
    database = Database(place / names[0], key.pragma if password is not None else None)
    try:
        with database.write() as connection:
            _fill(connection, pack, owner, ring.store_id, demo=password is None)
            if not database.commit(connection):
                raise StoreError("S344", "磁盘出错，没有建成。", "请检查磁盘后再建一次。")
    finally:
        database.close()
    incoming.commit(folder, names)


def _fill(
    connection: Connection, pack: TaskPack, owner: _Owner, store_id: str, *, demo: bool
) -> None:
    """Write format, tables and what the store knows of itself, in one transaction."""
    connection.exec_driver_sql(f"PRAGMA application_id={schema.APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version={schema.FORMAT}")
    tables = schema.tables(pack)
    tables.metadata.create_all(connection)
    for statement in (*schema.search_ddl(tables), *schema.APPEND_ONLY):
        connection.exec_driver_sql(statement)
    identity, signing = crypto.new_age_identity(), crypto.new_signing_key()
    settings = {
        "store_id": store_id,
        "unit": owner.unit,
        "unit_name": owner.name.strip(),
        "level": owner.level,
        "parent": owner.parent or "",
        "origin": owner.origin,
        "person": owner.person if demo else "",
        "demo": "1" if demo else "",
        "created_at": now(),
        "age_secret": identity.secret,
        "age_recipient": identity.recipient,
        "sign_secret": signing.secret,
        "sign_public": signing.public,
        "packages": json.dumps([packages.reference(pack)], ensure_ascii=False),
    }
    for setting, value in settings.items():
        setting_rows.write(connection, setting, value)
    if not demo:
        people.begin(connection, owner.id, owner.person, now())
    audit.begin(connection, owner.person, new_uid(), now())


Unlock = Callable[[keyring.Keyring], tuple[keyring.StoreKey, str]]
"""From a keyring to the store's key and the person who is at work from then on."""


def open_store(
    folder: Path, *, password: str | None, login: str | None = None, pack: TaskPack | None = None
) -> Store:
    """Open the store in `folder`.

    :param password: None for the demonstration's store.
    :param login: whose password it is; without, whoever it belongs to (no two have the same).
    :param pack: the store's task package where it does not come with the program.
    :raises StoreError: S3xx, with the reason and the next step; nothing was changed.
    """
    return open_with(folder, lambda ring: ring.open(password or "", login), pack)


def open_with(folder: Path, unlock: Unlock, pack: TaskPack | None = None) -> Store:
    """Open the store in `folder` by whatever `unlock` knows.

    :raises StoreError: S3xx; S317 after too many wrong passwords.
    """
    folder = folder.absolute()
    if not exists(folder):
        raise StoreError(
            "S303", f"“{folder}”里没有填报数据。", "请先用 init 建立，或选择正确的文件夹。"
        )
    check_place(folder)
    try:
        return _open_alone(folder, unlock, pack)
    except (StoreError, FileError) as error:
        # A journal that is rolled back on a full disk needs the room that was put aside for it.
        if error.code not in (faults.FULL, files.FULL) or not ballast.drop(folder):
            raise
    return _open_alone(folder, unlock, pack)


def _open_alone(folder: Path, unlock: Unlock, pack: TaskPack | None) -> Store:
    lock = InstanceLock(folder, now())
    try:
        return open_locked(folder, lock, unlock, pack)
    except BaseException:
        lock.release(unseen=True)
        raise


def open_locked(folder: Path, lock: InstanceLock, unlock: Unlock, pack: TaskPack | None) -> Store:
    incoming.finish(folder)
    demo = is_demo(folder)
    key, person, login, wrong = None, "", "", 0
    path = folder / (DEMO if demo else STORE)
    if not demo:
        key, person, login = _unlocked(folder, lock, unlock)
        wrong = lock.forget_failures()
        if not path.exists() or path.stat().st_size == 0:
            raise DamageError("S308", f"数据文件“{path}”不见了或是空的。", "请用最近的备份恢复。")
    database = Database(path, key.pragma if key else None)
    try:
        store = _load(folder, lock, database, pack)
        store.key, store.person_id, store.wrong_before = key, person, wrong
        store.person = store.person or login
        upkeep.check_pages(store)
        upgrading.bring_up_to_date(store)
        if not demo:
            _sign_in(store)
        upkeep.on_opening(store)
    except BaseException:
        database.close()
        raise
    return store


def _unlocked(
    folder: Path, lock: InstanceLock, unlock: Unlock
) -> tuple[keyring.StoreKey, str, str]:
    """Return the key, who opened it and their login; after wrong tries the next one waits."""
    ring, moment = _ring(folder, unlock), time.time()
    if wait := lock.wait(moment):
        raise StoreError("S317", "口令连续输错多次。", f"请过 {wait} 秒再试。")
    try:
        key, person = unlock(ring)
    except StoreError as error:
        if error.code in GUESSED:
            lock.note_failure(moment)
        raise
    slots = (slot for slot in ring.of_kind("password") if slot.get("person") == person)
    return key, person, next(map(keyring.login_of, slots), "")


def _ring(folder: Path, unlock: Unlock) -> keyring.Keyring:
    """Return the keyring; where both copies are bad, the one of the newest backup that fits."""
    try:
        return keyring.read(folder)
    except DamageError:
        found = damage.from_backup(folder, unlock)
        if found is None:
            raise
    keyring.write(folder, found[0])
    return found[0]


def _sign_in(store: Store) -> None:
    """Set who is at work, and drop the passwords of those who are no longer."""
    with store.read() as connection:
        person = people.signed_in(connection, store.person_id)
        active = {item.id for item in people.everyone(connection)}
    store.person, store.roles = person.name, person.roles
    store.lock.name(person.name)
    ring = keyring.look(store.folder)
    gone = {str(slot.get("person")) for slot in ring.of_kind("password")} - active
    if gone:
        keyring.write(store.folder, ring.without(*gone))


def _load(folder: Path, lock: InstanceLock, database: Database, pack: TaskPack | None) -> Store:
    with database.read() as connection:
        _check_header(connection)
        settings = setting_rows.read_all(connection)
    packs = packages.load_all(folder, settings, pack)
    with database.read() as connection:
        tables = upgrading.tables_of(connection, packs)
    return Store(
        folder=folder,
        database=database,
        lock=lock,
        packs=packs,
        tables=tables,
        store_id=settings["store_id"],
        unit=settings["unit"],
        unit_name=settings["unit_name"],
        level=settings["level"],
        parent=settings["parent"] or None,
        origin=settings["origin"],
        person=settings.get("person", ""),
        demo=settings["demo"] == "1",
        roles=tuple(ROLES),
    )


def _check_header(connection: Connection) -> None:
    if connection.exec_driver_sql("PRAGMA application_id").scalar() != schema.APPLICATION_ID:
        raise DamageError(
            "S305", "这个数据文件不是填报台的。", "请核对数据文件夹，或用最近的备份恢复。"
        )
    found = connection.exec_driver_sql("PRAGMA user_version").scalar()
    if not isinstance(found, int) or found > schema.FORMAT:
        raise StoreError(
            "S306",
            f"这些数据由更新的程序建立（格式 {found}，本程序到 {schema.FORMAT}）。",
            "请先升级填报台程序。",
        )
