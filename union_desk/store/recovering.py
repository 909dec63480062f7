"""A forgotten password and the recovery code of the office's sheet.

The code opens only one thing: a new password for an administrator, with a row in the change log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.errors import StoreError
from union_desk.store import (
    audit,
    joining,
    keyring,
    opening,
    passwords,
    peers,
    people,
    rotating,
    setting_rows,
)

if TYPE_CHECKING:
    from pathlib import Path

    from union_desk import crypto
    from union_desk.store.keyring import Keyring
    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.definition import TaskPack


def check_sheet_place(data: Path, sheet: Path) -> None:
    """Refuse to save a recovery sheet where the data or a backup lies.

    :raises StoreError: S375 in the data folder, S376 beside a backup.
    """
    place = sheet.absolute().resolve().parent
    if place.is_relative_to(data.absolute().resolve()):
        raise StoreError("S375", "恢复单不能存在数据文件夹里。", "请存到 U 盘，或打印后销毁文件。")
    if place.is_dir() and list(place.glob("*.udbak")):
        raise StoreError("S376", "恢复单不能与备份放在一起。", "请换一个文件夹，或打印后封存。")


def reset_by_code(
    folder: Path,
    code: str,
    login: str,
    password: str,
    *,
    pack: TaskPack | None = None,
    cost: crypto.Cost | None = None,
) -> Store:
    """Give the administrator `login` a new password by the recovery code; return the open store.

    :raises StoreError: S317 to S319 the code, S363 no such person, S364 no administrator.
    :raises InputError: I465 to I467 the password.
    """
    passwords.check_password(password)
    store = opening.open_with(
        folder, lambda ring: (ring.open_code(code), slot_owner(ring, login)), pack
    )
    try:
        _check_admin(store)
        new_slot(store, password, cost, "recovery_code")
    except BaseException:
        store.close()
        raise
    return store


def _check_admin(store: Store) -> None:
    if "admin" not in store.roles:
        name = store.person
        raise StoreError(
            "S364", f"“{name}”不是管理员，恢复码只给管理员设新口令。", "请选管理员的名字。"
        )


def slot_owner(ring: Keyring, login: str) -> str:
    """Return the person who signs in as `login`.

    :raises StoreError: S363, nobody does.
    """
    for slot in ring.of_kind("password"):
        if keyring.login_of(slot) == login:
            return str(slot.get("person", ""))
    raise StoreError("S363", f"没有叫“{login}”的人。", "请核对姓名，与平时登录时一样。")


def new_slot(store: Store, password: str, cost: crypto.Cost | None, way: str) -> None:
    """Replace the password of the person at work; the sheet that was opened must be made anew."""
    ring = keyring.look(store.folder)
    passwords.check_password(password, ring, store.person_id)
    if store.key is None:
        raise AssertionError("opened by its key")
    with store.read() as connection:
        login = people.by_id(connection, store.person_id).login
    ring = ring.add(store.key, store.person_id, password, cost, login)
    with store.write() as transaction:
        audit.note(
            transaction,
            "password_reset",
            new={"id": store.person_id, "name": store.person, "way": way},
        )
        setting_rows.write(transaction.connection, "recovery_kept", "")
        if way == "parent":
            _new_signing_key(transaction)
        keyring.write(store.folder, ring, lambda written: written.open(password))
    store.recovered = True


def _new_signing_key(tx: Transaction) -> None:
    """Make the signing key anew: the old one was in reach of others; nothing it signs counts."""
    rotating.replace(tx, peers.own(tx.connection, tx.store))
    setting_rows.write(tx.connection, joining.NEEDED, "1")
