"""Ed25519 signatures (RFC 8032) in OpenSSH's SSHSIG form, and how keys are named.

Exactly one spelling of a signature is accepted: what was read is built anew and compared as text.
So no second file can stand for the same signature.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from dataclasses import dataclass
from typing import IO

from union_desk.crypto.trouble import Damaged, Forged

PACKET = "union-desk-packet"
"""Namespace of signatures over packets."""
SIGNATURE_LENGTH = 314
"""Of an armoured signature in namespace `PACKET`, bytes, its last line end included."""

_KIND = b"ssh-ed25519"
_MAGIC = b"SSHSIG"
_VERSION = 1
_HASH = b"sha512"
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----\n", "-----END SSH SIGNATURE-----\n"
_LINE = 70
_CHUNK = 1 << 20


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


def sign(key: SigningKey, content: IO[bytes], namespace: str = PACKET) -> str:
    """Return the armoured signature over `content` from where it stands to its end."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    secret = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key.secret))
    name = namespace.encode("ascii")
    made = secret.sign(_signed(name, _digest(content)))
    return _armoured(public_bytes(key.public), name, made)


def verify(signature: str, public: str, content: IO[bytes], namespace: str = PACKET) -> None:
    """Return if `signature` is by `public` over `content`, from where it stands to its end.

    :raises Forged: by another key, over other bytes, for another purpose, or spelled otherwise.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    raw, made = _read(signature, namespace)
    try:
        if raw != public_bytes(public):
            raise Forged("another key")
        key = Ed25519PublicKey.from_public_bytes(raw)
        key.verify(made, _signed(namespace.encode("ascii"), _digest(content)))
    except (InvalidSignature, Damaged) as error:
        raise Forged("signature") from error


def signed_by(signature: str, namespace: str = PACKET) -> str:
    """Return the public key that a signature says it is by; nothing is verified by that.

    :raises Forged: no signature, or not spelled in the one way.
    """
    return _line(_read(signature, namespace)[0])


def _read(signature: str, namespace: str) -> tuple[bytes, bytes]:
    """Return the public key and the bare signature of a text spelled as we would."""
    name = namespace.encode("ascii")
    length = len(_armoured(bytes(32), name, bytes(64)))
    if len(signature) != length or not signature.startswith(_BEGIN):
        raise Forged("armour")
    try:
        blob = base64.b64decode("".join(signature[len(_BEGIN) : -len(_END)].split("\n")))
    except ValueError as error:
        raise Forged("armour") from error
    start = len(_MAGIC) + 4 + 4 + 4 + len(_KIND) + 4
    raw, made = blob[start : start + 32], blob[-64:]
    if len(raw) != 32 or len(made) != 64 or _armoured(raw, name, made) != signature:
        raise Forged("encoding")
    return raw, made


def _armoured(raw: bytes, namespace: bytes, made: bytes) -> str:
    blob = b"".join((
        _MAGIC, struct.pack(">I", _VERSION), _text(_blob(raw)), _text(namespace), _text(b""),
        _text(_HASH), _text(_text(_KIND) + _text(made)),
    ))  # fmt: skip
    code = base64.b64encode(blob).decode("ascii")
    lines = [f"{code[at : at + _LINE]}\n" for at in range(0, len(code), _LINE)]
    return f"{_BEGIN}{''.join(lines)}{_END}"


def _signed(namespace: bytes, digest: bytes) -> bytes:
    return b"".join((_MAGIC, _text(namespace), _text(b""), _text(_HASH), _text(digest)))


def _digest(content: IO[bytes]) -> bytes:
    digest = hashlib.sha512()
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
    return digest.digest()


def _text(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def _blob(raw: bytes) -> bytes:
    return _text(_KIND) + _text(raw)


def _line(raw: bytes) -> str:
    return f"ssh-ed25519 {base64.b64encode(_blob(raw)).decode('ascii')}"


def public_bytes(public: str) -> bytes:
    """Return the 32 bytes of a public key from its line.

    :raises Damaged: not the line of an Ed25519 key as we write it; nothing may follow it.
    """
    try:
        raw = base64.b64decode(public.removeprefix("ssh-ed25519 "), validate=True)[-32:]
    except ValueError as error:
        raise Damaged("public key") from error
    if len(raw) != 32 or _line(raw) != public:
        raise Damaged("public key")
    return raw


def fingerprint(public: str) -> str:
    """Return ``SHA256:`` and 43 signs for a public key, as ``ssh-keygen -lf`` prints it.

    :raises Damaged: not the line of an Ed25519 key.
    """
    digest = base64.b64encode(hashlib.sha256(_blob(public_bytes(public))).digest())
    return f"SHA256:{digest.decode('ascii').rstrip('=')}"


def allowed_signers(origin: str, public: str) -> str:
    """Return the line of OpenSSH's ``allowed_signers`` by which stock tools verify an origin.

    No ``valid-before``: OpenSSH 8.1 of older Windows does not know it.
    """
    return f'{origin} namespaces="{PACKET}" {public}'
