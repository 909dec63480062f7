"""``store.keys``: the store's key, wrapped once for everyone who may open it, in two copies.

Content: JSON {format, store, key, salt, slots, checksum}. A slot is what `crypto.wrap_key` made,
with the person and the kind (``password``; later ``recovery`` and ``parent``), bound to store,
key id, person and kind. A password change rewrites slots only.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from union_desk import crypto, files
from union_desk.errors import StoreError

if TYPE_CHECKING:
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

    def add(self, key: StoreKey, person: str, password: str, cost: crypto.Cost | None) -> Keyring:
        """Return a keyring in which `password` opens `key`, too."""
        wrapped = crypto.wrap_key(key.key, password, self._bound(person, "password"), cost)
        slot = {"person": person, "kind": "password", **wrapped}
        return replace(self, slots=(*self.slots, slot))

    def open(self, password: str) -> tuple[StoreKey, str]:
        """Return the key and the person whose slot `password` opens.

        :raises StoreError: S301, it opens none.
        """
        for slot in self.slots:
            person = str(slot.get("person", ""))
            if slot.get("kind") != "password":
                continue
            try:
                key = crypto.unwrap_key(slot, password, self._bound(person, "password"))
            except crypto.WrongKey:
                continue
            except crypto.Damaged as error:
                raise _damaged() from error
            return StoreKey(key, self.salt), person
        raise StoreError("S301", "口令不对，打不开数据。", "请核对大小写和输入法后再输一次。")

    def _bound(self, person: str, kind: str) -> bytes:
        return json.dumps([self.store_id, self.key_id, person, kind]).encode()


def new_keyring() -> tuple[Keyring, StoreKey]:
    """Return an empty keyring for a new store and the key that is to be put in."""
    key = StoreKey(crypto.new_key(), os.urandom(16))
    return Keyring(str(uuid.uuid4()), str(uuid.uuid4()), key.salt), key


def write(folder: Path, keyring: Keyring) -> None:
    """Write both copies durably, the second only after the first was read back."""
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


def read(folder: Path) -> Keyring:
    """Return the keyring of `folder` from whichever copy is whole; a bad one is written anew.

    :raises StoreError: S307 both copies are bad or missing, S315 a newer format.
    """
    found = [_parse(folder / name) for name in NAMES]
    keyring = found[0] or found[1]
    if keyring is None:
        raise _damaged()
    if None in found:
        write(folder, keyring)
    return keyring


def _damaged() -> StoreError:
    return StoreError("S307", "钥匙文件 store.keys 缺失或已损坏。", "请从最近的备份取回这个文件。")


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
