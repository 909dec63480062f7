"""Who can open the store: people together with their slots in ``store.keys``.

Two files change, the store and its keys, and a power cut may fall between them. The order is
always: the keys with the new slot added; the store; the keys without the old slot. So at each
moment the old or the new password opens; a slot of nobody is dropped at the next opening.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from union_desk import crypto
from union_desk.errors import InputError, StoreError
from union_desk.store import audit, keyring, people, rights, setting_rows
from union_desk.taskpack.record import new_uid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from union_desk.store.keyring import Keyring, StoreKey
    from union_desk.store.people import Person
    from union_desk.store.transaction import Store

_WEEK = 7
SHORTEST = 6
"""Signs of a password."""


def add_person(
    store: Store,
    name: str,
    roles: Iterable[str],
    password: str,
    cost: crypto.Cost | None = None,
) -> Person:
    """Let someone else sign in, too, and return them.

    :raises StoreError: S361 the person at work may not, S362 there is no password here.
    :raises InputError: I460 to I467.
    """
    rights.check_may(store, "people")
    ring, person = _with_slot(store, new_uid(), name, password, cost)
    with store.write() as transaction:
        made = people.enter(transaction, person, name, roles)
        _write(store, ring, password)
    return made


def change_own(store: Store, old: str, new: str, cost: crypto.Cost | None = None) -> None:
    """Give the person at work another password; the store itself is not touched.

    :raises InputError: I468 the old one is wrong, I465 to I467.
    """
    if not right_password(store, old):
        raise InputError("I468", "原口令不对。", "请核对大小写和输入法后再输一次。")
    set_password(store, store.person_id, new, cost)


def set_password(store: Store, person: str, password: str, cost: crypto.Cost | None = None) -> None:
    """Give a person a new password: their own, or as an administrator anyone's.

    :raises StoreError: S361, S362.
    :raises InputError: I461, I465 to I467.
    """
    own = person == store.person_id
    rights.check_may(store, "password" if own else "people")
    with store.read() as connection:
        found = people.by_id(connection, person)
    ring, _ = _with_slot(store, person, found.login, password, cost)
    act = "password" if own else "password_reset"
    with store.write() as transaction:
        audit.note(transaction, act, new={"id": person, "name": found.name})
        _write(store, ring, password)


def right_password(store: Store, password: str) -> bool:
    """Return whether `password` is that of the person at work: the screen was locked."""
    if store.demo:
        return True
    try:
        _, person = keyring.look(store.folder).open(password, _login(store))
    except StoreError as error:
        if error.code != "S301":
            raise
        return False
    return person == store.person_id


def unlock_screen(store: Store, password: str) -> None:
    """Let the person at work go on after the screen was locked.

    :raises StoreError: S377 it is wrong, S378 too many were.
    """
    moment = time.time()
    if wait := store.lock.wait(moment):
        raise StoreError("S378", "口令连续输错多次。", f"请过 {wait} 秒再试。")
    if not right_password(store, password):
        store.lock.note_failure(moment)
        raise StoreError("S377", "口令不对。", "请核对大小写和输入法后再输一次。")
    store.lock.forget_failures()


def rename(store: Store, person: str, name: str) -> str:
    """Give a person another name, to sign in with as well, and return it.

    :raises StoreError: S361.
    :raises InputError: I460 to I462.
    """
    if person != store.person_id:
        rights.check_may(store, "people")
    with store.write() as transaction:
        made = people.rename(transaction, person, name)
        ring = keyring.look(store.folder)
        slots = tuple(
            slot | {"login": made}
            if slot.get("kind") == "password" and slot.get("person") == person
            else slot
            for slot in ring.slots
        )
        keyring.write(store.folder, keyring.Keyring(ring.store_id, ring.key_id, ring.salt, slots))
    if person == store.person_id:
        store.person = made
    return made


def set_roles(store: Store, person: str, roles: Iterable[str]) -> None:
    """Give a person other roles.

    :raises StoreError: S361.
    :raises InputError: I461, I463, I464.
    """
    rights.check_may(store, "people")
    with store.write() as transaction:
        people.set_roles(transaction, person, roles)
        found = people.by_id(transaction.connection, person)
    if person == store.person_id:
        store.roles = found.roles


def remove_person(store: Store, person: str) -> None:
    """Let a person sign in no more; what they entered stays.

    :raises StoreError: S361.
    :raises InputError: I461, I464; I469 it is the person at work.
    """
    rights.check_may(store, "people")
    if person == store.person_id:
        raise InputError("I469", "不能停用自己。", "要离开岗位，请用“离岗交接”。")
    with store.write() as transaction:
        people.leave(transaction, person)
    keyring.write(store.folder, keyring.look(store.folder).without(person))


def hand_over(store: Store, name: str, password: str, cost: crypto.Cost | None = None) -> Person:
    """Put a successor in the place of the person at work: 离岗交接.

    Roles and drafts pass on; the leaver's password opens nothing any more. The unit's signing
    key stays: it is the unit's.

    :raises StoreError: S362.
    :raises InputError: I460 to I467.
    """
    leaver = store.person_id
    ring, person = _with_slot(store, new_uid(), name, password, cost)
    with store.write() as transaction:
        old = people.by_id(transaction.connection, leaver)
        made = people.enter(transaction, person, name, old.roles)
        people.leave(transaction, leaver)
        people.pass_drafts(transaction, old.name, made.name)
        setting_rows.write(transaction.connection, "handed_over_at", transaction.now)
        audit.note(transaction, "handover", new={"from": old.name, "to": made.name, "id": person})
        _write(store, ring, password)
    keyring.write(store.folder, ring.without(leaver), lambda written: written.open(password))
    store.person, store.person_id, store.roles = made.name, made.id, made.roles
    store.lock.name(made.name)
    return made


def new_recovery_code(store: Store, cost: crypto.Cost | None = None) -> str:
    """Return a new recovery code; the one before opens nothing any more. It is kept nowhere.

    :raises StoreError: S361, S362.
    """
    rights.check_may(store, "keys")
    key, code = _key(store), crypto.new_recovery_code()
    ring = keyring.look(store.folder).add_code(key, code, cost)
    with store.write() as transaction:
        setting_rows.write(transaction.connection, "recovery_kept", "")
        audit.note(transaction, "recovery_code", new={"key": ring.key_id})
        keyring.write(store.folder, ring, lambda written: written.open_code(code))
    return code


def key_id(store: Store) -> str:
    """Return the id of the store's key, as the recovery sheet shows it."""
    return keyring.look(store.folder).key_id


@dataclass(frozen=True, slots=True)
class RecoveryState:
    """What is known of the recovery sheet."""

    kept: str
    """When the sheet was saved or copied, UTC; empty: it was not."""
    days: int
    """Days since the store was made."""

    @property
    def late(self) -> bool:
        """Whether the reminder is red: a week without a sheet. It blocks nothing."""
        return not self.kept and self.days >= _WEEK


def recovery_state(store: Store) -> RecoveryState:
    """Return whether there is a recovery sheet, and how long one was lacking at most."""
    with store.read() as connection:
        kept = setting_rows.read(connection, "recovery_kept")
        made = setting_rows.read(connection, "created_at")
    age = datetime.now(UTC) - datetime.fromisoformat(made)
    return RecoveryState(kept, age.days)


def recovery_kept(store: Store, way: str) -> None:
    """Note that the sheet was saved, printed or copied by hand: the reminder ends."""
    with store.write() as transaction:
        setting_rows.write(transaction.connection, "recovery_kept", transaction.now)
        audit.note(transaction, "recovery_kept", new={"way": way})


def add_parent(store: Store, recipient: str) -> None:
    """Seal the store's key to the parent's recovery key, once that key is trusted.

    :raises StoreError: S361, S362.
    """
    rights.check_may(store, "trust")
    ring = keyring.look(store.folder).add_parent(_key(store), recipient, store.unit)
    with store.write() as transaction:
        audit.note(transaction, "parent_slot", new={"recipient": recipient})
        keyring.write(store.folder, ring)


def check_password(password: str, ring: Keyring | None = None, person: str = "") -> None:
    """Refuse a password that is too short, or somebody else's.

    :raises InputError: I465 to I467.
    """
    if len(password.strip()) < SHORTEST:
        raise InputError("I465", f"口令至少 {SHORTEST} 位。", "请用自己记得住、别人猜不到的口令。")
    if len(password) > 1000:
        raise InputError("I466", "口令太长。", "请用 1000 位以内的口令。")
    if ring is not None and ring.taken(password, person):
        raise InputError("I467", "这个口令不能用。", "请换一个口令，每个人的口令不能相同。")


def _with_slot(
    store: Store, person: str, name: str, password: str, cost: crypto.Cost | None
) -> tuple[Keyring, str]:
    """Return the keyring with a password for `person`, and the person."""
    key, ring = _key(store), keyring.look(store.folder)
    check_password(password, ring, person)
    return ring.add(key, person, password, cost, " ".join(name.split())), person


def _write(store: Store, ring: Keyring, password: str) -> None:
    keyring.write(store.folder, ring, lambda written: written.open(password))


def _key(store: Store) -> StoreKey:
    if store.key is None:
        raise StoreError("S362", "示例数据没有口令。", "请先建立本单位的正式数据。")
    return store.key


def _login(store: Store) -> str:
    with store.read() as connection:
        return people.by_id(connection, store.person_id).login
