"""The only cryptography: keys wrapped under a password or code, content sealed to recipients.

Keys are wrapped by Argon2id (RFC 9106) and ChaCha20-Poly1305 (RFC 8439); content is sealed in the
age v1 format to X25519 recipients; signing keys are Ed25519 (RFC 8032).
"""

from __future__ import annotations

import base64
import hashlib
import os
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_MEMORY_KIB = 1 << 20
MAX_PASSES = 10
_MAX_LANES = 16
_MAX_STANZAS = 20
_MAX_LINE = 4096
_MAX_LINES = 1000


class WrongKey(ValueError):  # noqa: N818 - says what it is
    """The password or key does not open what was sealed."""


class Damaged(ValueError):  # noqa: N818 - says what it is
    """What should be opened is not in its format, or asks for more than is allowed."""


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


@dataclass(frozen=True, slots=True)
class AgeIdentity:
    """An X25519 identity: `secret` opens what is sealed to `recipient`."""

    secret: str
    recipient: str

    def __repr__(self) -> str:
        return f"AgeIdentity({self.recipient})"


def new_age_identity() -> AgeIdentity:
    """Return a fresh identity."""
    from pyrage import x25519

    identity = x25519.Identity.generate()
    return AgeIdentity(str(identity), str(identity.to_public()))


def seal(content: bytes, recipients: Sequence[str]) -> bytes:
    """Return `content` in the age format, readable by each of `recipients`."""
    import pyrage

    keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    return bytes(pyrage.encrypt(content, keys))


def open_sealed(sealed: bytes, secrets: Sequence[str]) -> bytes:
    """Return the content of an age file that one of `secrets` opens.

    :raises WrongKey: it was not sealed to any of them.
    :raises Damaged: not an age file, changed, cut, or its header is beyond the limits.
    """
    import pyrage

    check_age_header(sealed)
    try:
        keys = [pyrage.x25519.Identity.from_str(secret) for secret in secrets]
        return bytes(pyrage.decrypt(sealed, keys))
    except pyrage.DecryptError as error:
        if "matching" in str(error).lower():
            raise WrongKey("no matching key") from error
        raise Damaged(str(error)) from error
    except (OSError, pyrage.IdentityError) as error:
        raise Damaged(str(error)) from error


def check_age_header(sealed: bytes) -> None:
    """Refuse a header that is not age v1 or is made to cost time: it grows with its square.

    :raises Damaged: see the limits on top of this module.
    """
    if not sealed.startswith(b"age-encryption.org/v1\n"):
        raise Damaged("not an age file")
    start, stanzas = 0, 0
    for _ in range(_MAX_LINES):
        end = sealed.find(b"\n", start, start + _MAX_LINE)
        if end < 0:
            raise Damaged("header line too long or cut")
        line, start = sealed[start:end], end + 1
        if line.startswith(b"---"):
            return
        if line.startswith(b"-> "):
            stanzas += 1
            if stanzas > _MAX_STANZAS or line.startswith(b"-> scrypt"):
                raise Damaged("too many recipients, or a password")
    raise Damaged("header too long")


_CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs: without 0 and O, 1 and I, which people take for one another."""
_CODE_LENGTH, _CODE_CHECK_BITS, _CODE_GROUP = 28, 12, 4


def new_recovery_code() -> str:
    """Return a recovery code: 128 random bits and a check, 28 signs in groups of 4."""
    secret = os.urandom(16)
    number = int.from_bytes(secret) << _CODE_CHECK_BITS | _code_check(secret)
    signs = [_CODE_LETTERS[number >> 5 * place & 31] for place in range(_CODE_LENGTH)]
    text = "".join(reversed(signs))
    return "-".join(
        text[start : start + _CODE_GROUP] for start in range(0, _CODE_LENGTH, _CODE_GROUP)
    )


def read_recovery_code(text: str) -> str:
    """Return a recovery code as it is wrapped: case, blanks, hyphens and full width forgiven.

    :raises ValueError: it is no code; its argument is ``length``, ``sign`` or ``check``.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    code = "".join(
        sign for sign in plain if not sign.isspace() and unicodedata.category(sign) != "Pd"
    )
    if any(sign not in _CODE_LETTERS for sign in code):
        raise ValueError("sign")
    if len(code) != _CODE_LENGTH:
        raise ValueError("length")
    number = 0
    for sign in code:
        number = number << 5 | _CODE_LETTERS.index(sign)
    secret = (number >> _CODE_CHECK_BITS).to_bytes(16)
    if _code_check(secret) != number & (1 << _CODE_CHECK_BITS) - 1:
        raise ValueError("check")
    return code


def _code_check(secret: bytes) -> int:
    return int.from_bytes(hashlib.sha256(secret).digest()[:2]) >> 16 - _CODE_CHECK_BITS


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key: `secret` signs (64 hex digits), `public` is its line in OpenSSH's form."""

    secret: str
    public: str

    def __repr__(self) -> str:
        return f"SigningKey({self.public})"


def new_signing_key() -> SigningKey:
    """Return a fresh key."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    made = Ed25519PrivateKey.generate()
    line = made.public_key().public_bytes(form.Encoding.OpenSSH, form.PublicFormat.OpenSSH)
    return SigningKey(made.private_bytes_raw().hex(), line.decode("ascii"))


def fingerprint(public: str) -> str:
    """Return ``SHA256:`` and 43 signs for a public key, as ``ssh-keygen -lf`` prints it.

    :raises Damaged: not a line of OpenSSH.
    """
    try:
        blob = base64.b64decode(public.split()[1], validate=True)
    except (IndexError, ValueError) as error:
        raise Damaged("public key") from error
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii")
    return f"SHA256:{digest.rstrip('=')}"


def check_digits(text: str) -> str:
    """Return the 核对码 of a text: 12 digits, ``4-4-4``, to be compared by telephone."""
    number = int.from_bytes(hashlib.sha256(text.encode("ascii")).digest()) * 10**12 >> 256
    digits = f"{number:012d}"
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"
