"""Keys wrapped under a password or code: Argon2id (RFC 9106), ChaCha20-Poly1305 (RFC 8439)."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.crypto.trouble import Damaged, WrongKey

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_MEMORY_KIB = 1 << 20
MAX_PASSES = 10
_MAX_LANES = 16


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess of a password costs: passes, memory in KiB, lanes."""

    passes: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4


def new_key() -> bytes:
    """Return 32 random bytes."""
    return os.urandom(32)


def wrap_key(
    key: bytes, password: str, associated: bytes, cost: Cost | None = None
) -> dict[str, str | int]:
    """Return `key` sealed under `password`, bound to `associated`, as text and numbers."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    cost, salt, nonce = cost or Cost(), os.urandom(16), os.urandom(12)
    sealed = ChaCha20Poly1305(_derive(password, salt, cost)).encrypt(nonce, key, associated)
    return {
        "kdf": "argon2id",
        "salt": salt.hex(),
        "t": cost.passes,
        "m": cost.memory_kib,
        "p": cost.lanes,
        "nonce": nonce.hex(),
        "sealed": base64.b64encode(sealed).decode(),
    }


def unwrap_key(slot: Mapping[str, object], password: str, associated: bytes) -> bytes:
    """Return the key that :func:`wrap_key` sealed.

    :raises WrongKey: another password, or another `associated`.
    :raises Damaged: the slot is not readable or asks for more than 1 GiB or 10 passes.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        cost = Cost(*(_number(slot, name) for name in ("t", "m", "p")))
        salt, nonce = (bytes.fromhex(str(slot[name])) for name in ("salt", "nonce"))
        sealed = base64.b64decode(str(slot["sealed"]), validate=True)
    except (KeyError, ValueError) as error:
        raise Damaged("slot") from error
    if slot.get("kdf") != "argon2id" or len(salt) != 16 or len(nonce) != 12 or not _allowed(cost):
        raise Damaged("slot")
    try:
        return ChaCha20Poly1305(_derive(password, salt, cost)).decrypt(nonce, sealed, associated)
    except InvalidTag as error:
        raise WrongKey("password") from error


def _number(slot: Mapping[str, object], name: str) -> int:
    value = slot[name]
    if not isinstance(value, int):
        raise ValueError(name)  # noqa: TRY004 - one kind of damage
    return value


def _allowed(cost: Cost) -> bool:
    return (
        1 <= cost.passes <= MAX_PASSES
        and 1 <= cost.lanes <= _MAX_LANES
        and 8 * cost.lanes <= cost.memory_kib <= MAX_MEMORY_KIB
    )


def _derive(password: str, salt: bytes, cost: Cost) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    return Argon2id(
        salt=salt,
        length=32,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    ).derive(password.encode("utf-8"))
