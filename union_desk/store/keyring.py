"""``store.keys``: the store's key, wrapped once for everyone who may open it, in two copies.

Content: JSON {format, store, key, salt, slots, checksum}. A slot has a kind:

- ``password``: {person, login} and what `crypto.wrap_key` made, bound to store, key id, person
  and kind;
- ``recovery``: the same under the code of the recovery sheet, of nobody in particular;
- ``parent``: {recipient, unit, sealed}: the key sealed to the parent's recovery key. It alone
  opens nothing, for the store is needed, too.

A password change rewrites slots only. In clear stand login names, ids and wrapped keys.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from union_desk import crypto, files
from union_desk.errors import DamageError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NAMES = ("store.keys", "store.keys.2")
_FORMAT = 1
_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class StoreKey:
    """The key that opens ``store.db``: 32 bytes and the cipher's own 16 bytes of salt."""

    key: bytes
    salt: bytes

    def __repr__(self) -> str:
        return "StoreKey(…)"

    @property
    def pragma(self) -> str:
        """The raw key as the cipher takes it; never to be logged."""
        return f"PRAGMA key=\"x'{self.key.hex()}{self.salt.hex()}'\""


@dataclass(frozen=True, slots=True)
class Keyring:
    """What ``store.keys`` says."""

    store_id: str
    key_id: str
    salt: bytes
    slots: tuple[dict[str, Any], ...] = ()

    def add(
        self,
        key: StoreKey,
        person: str,
        password: str,
        cost: crypto.Cost | None,
        login: str | None = None,
    ) -> Keyring:
        """Return a keyring in which `password` opens `key` for `person`, and no older one."""
        wrapped = crypto.wrap_key(key.key, password, self._bound(person, "password"), cost)
        slot = {"person": person, "login": login or person, "kind": "password", **wrapped}
        return replace(self, slots=(*self.without(person).slots, slot))

    def add_code(self, key: StoreKey, code: str, cost: crypto.Cost | None) -> Keyring:
        """Return a keyring in which the recovery code `code` opens `key`, and no older one."""
        wrapped = crypto.wrap_key(
            key.key, crypto.read_recovery_code(code), self._bound("", "recovery"), cost
        )
        kept = (slot for slot in self.slots if slot.get("kind") != "recovery")
        return replace(self, slots=(*kept, {"person": "", "kind": "recovery", **wrapped}))

    def add_parent(self, key: StoreKey, recipient: str, unit: str) -> Keyring:
        """Return a keyring with the key sealed to the parent's recovery key, and no older one.

        :param recipient: age recipient of the parent, trusted by the caller.
        """
        content = {"store": self.store_id, "key_id": self.key_id, "key": key.key.hex()}
        sealed = crypto.seal(json.dumps(content).encode(), [recipient])
        slot = {
            "kind": "parent",
            "recipient": recipient,
            "unit": unit,
            "sealed": base64.b64encode(sealed).decode("ascii"),
        }
        kept = (slot for slot in self.slots if slot.get("kind") != "parent")
        return replace(self, slots=(*kept, slot))

    def without(self, *persons: str) -> Keyring:
        """Return a keyring without the passwords of `persons`."""
        kept = tuple(
            slot
            for slot in self.slots
            if slot.get("kind") != "password" or slot.get("person") not in persons
        )
        return replace(self, slots=kept)

    def of_kind(self, kind: str) -> tuple[dict[str, Any], ...]:
        """Return the slots of a kind."""
        return tuple(slot for slot in self.slots if slot.get("kind") == kind)

    @property
    def logins(self) -> tuple[str, ...]:
        """The names people sign in with."""
        return tuple(login_of(slot) for slot in self.of_kind("password"))

    def open(self, password: str, login: str | None = None) -> tuple[StoreKey, str]:
        """Return the key and the person whose slot `password` opens.

        :param login: look at this person's slot only.
        :raises StoreError: S301, it opens none; S307, a slot is damaged.
        """
        found = next(self._opened(password, login), None)
        if found is None:
            raise StoreError("S301", "口令不对，打不开数据。", "请核对大小写和输入法后再输一次。")
        return found

    def _opened(self, password: str, login: str | None = None) -> Iterator[tuple[StoreKey, str]]:
        damaged: crypto.Damaged | None = None
        for slot in self.of_kind("password"):
            person = str(slot.get("person", ""))
            if login is not None and login_of(slot) != login:
                continue
            try:
                key = crypto.unwrap_key(slot, password, self._bound(person, "password"))
            except crypto.WrongKey:
                continue
            except crypto.Damaged as error:
                damaged = error
                continue
            yield StoreKey(key, self.salt), person
        if damaged is not None:
            raise _damaged() from damaged

    def taken(self, password: str, person: str) -> bool:
        """Return whether `password` opens the slot of anyone but `person`."""
        return any(other != person for _, other in self._opened(password))

    def open_code(self, code: str) -> StoreKey:
        """Return the key that a recovery code opens.

        :raises StoreError: S319 it is no code or not the newest one, S307 the slot is damaged.
        """
        try:
            plain = crypto.read_recovery_code(code)
            for slot in self.of_kind("recovery"):
                key = crypto.unwrap_key(slot, plain, self._bound("", "recovery"))
                return StoreKey(key, self.salt)
        except crypto.Damaged as error:
            raise _damaged() from error
        except ValueError as error:
            raise StoreError("S319", *_CODE_TROUBLES[str(error)]) from error
        raise StoreError(
            "S318", "这份数据还没有做过恢复单。", "请由另一位管理员设新口令，或请上级协助。"
        )

    def _bound(self, person: str, kind: str) -> bytes:
        return json.dumps([self.store_id, self.key_id, person, kind]).encode()


_CODE_TROUBLES = {
    "length": ("恢复码应为 28 个字，现在不够或多了。", "请对照恢复单，7 组每组 4 个字都要输。"),
    "sign": ("恢复码里有不会出现的字。", "恢复码只有数字和英文字母，没有 0、1、O、I。"),
    "check": ("恢复码有一处输错了。", "请对照恢复单逐组核对。"),
    "password": ("这个恢复码已经作废，或是别的单位的。", "请用最近一次做的恢复单。"),
}


def login_of(slot: dict[str, Any]) -> str:
    """Return the name a password slot is signed in with."""
    return str(slot.get("login") or slot.get("person", ""))


def new_keyring() -> tuple[Keyring, StoreKey]:
    """Return an empty keyring for a new store and the key that is to be put in."""
    key = StoreKey(crypto.new_key(), os.urandom(16))
    return Keyring(str(uuid.uuid4()), str(uuid.uuid4()), key.salt), key


def write(folder: Path, keyring: Keyring, prove: Callable[[Keyring], object] | None = None) -> None:
    """Write both copies durably, the second only after the first was read back.

    :param prove: opens what was just added, from the first copy as it lies on the disk.
    """
    body = {
        "format": _FORMAT,
        "store": keyring.store_id,
        "key": keyring.key_id,
        "salt": keyring.salt.hex(),
        "slots": list(keyring.slots),
    }
    text = json.dumps(body | {"checksum": _checksum(body)}, ensure_ascii=False, indent=1)
    for name in NAMES:
        files.write_durable(folder / name, text.encode())
        if prove is not None and name == NAMES[0]:
            prove(look(folder))


def look(folder: Path) -> Keyring:
    """Return the keyring of `folder` from whichever copy is whole; nothing is written.

    :raises StoreError: S307 both copies are bad or missing, S315 a newer format.
    """
    found = [_parse(folder / name) for name in NAMES]
    keyring = found[0] or found[1]
    if keyring is None:
        raise _damaged()
    return keyring


def read(folder: Path) -> Keyring:
    """Return the keyring of `folder`; a bad or older copy is written anew from the other.

    The first copy is the newer one: it is written first.

    :raises StoreError: S307 both copies are bad or missing, S315 a newer format.
    """
    keyring = look(folder)
    if any(_parse(folder / name) != keyring for name in NAMES):
        write(folder, keyring)
    return keyring


def _damaged() -> DamageError:
    return DamageError("S307", "钥匙文件 store.keys 缺失或已损坏。", "请从最近的备份取回这个文件。")


def _parse(path: Path) -> Keyring | None:
    if not path.exists():
        return None
    try:
        body = json.loads(files.read_file(path, limit=_LIMIT))
        checksum = body.pop("checksum")
        if body["format"] > _FORMAT:
            raise StoreError("S315", "这些数据由更新的程序建立。", "请先升级填报台程序。")
        if checksum != _checksum(body):
            return None
        salt = bytes.fromhex(body["salt"])
        return Keyring(body["store"], body["key"], salt, tuple(body["slots"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _checksum(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
