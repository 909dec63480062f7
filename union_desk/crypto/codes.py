"""Codes that people read from paper and type: 恢复码, 开通码, 核对码; and what a 开通码 proves."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata

_CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs: without 0 and O, 1 and I, which people take for one another."""
_CODE_LENGTH, _CODE_CHECK_BITS, _CODE_GROUP = 28, 12, 4


def new_recovery_code() -> str:
    """Return a recovery code: 128 random bits and a check, 28 signs in groups of 4."""
    secret = os.urandom(16)
    number = int.from_bytes(secret) << _CODE_CHECK_BITS | _code_check(secret)
    signs = [_CODE_LETTERS[number >> 5 * place & 31] for place in range(_CODE_LENGTH)]
    return _grouped("".join(reversed(signs)))


def read_recovery_code(text: str) -> str:
    """Return a recovery code as it is wrapped: case, blanks, hyphens and full width forgiven.

    :raises ValueError: it is no code; its argument is ``length``, ``sign`` or ``check``.
    """
    code = _typed(text, _CODE_LENGTH)
    number = 0
    for sign in code:
        number = number << 5 | _CODE_LETTERS.index(sign)
    secret = (number >> _CODE_CHECK_BITS).to_bytes(16)
    if _code_check(secret) != number & (1 << _CODE_CHECK_BITS) - 1:
        raise ValueError("check")
    return code


def _code_check(secret: bytes) -> int:
    return int.from_bytes(hashlib.sha256(secret).digest()[:2]) >> 16 - _CODE_CHECK_BITS


def _grouped(code: str) -> str:
    return "-".join(code[at : at + _CODE_GROUP] for at in range(0, len(code), _CODE_GROUP))


def _plain(text: str) -> str:
    """Return what people typed without blanks and hyphens, narrow and in capitals."""
    wide = unicodedata.normalize("NFKC", text).upper()
    return "".join(
        sign for sign in wide if not sign.isspace() and unicodedata.category(sign) != "Pd"
    )


def _typed(text: str, length: int) -> str:
    code = _plain(text)
    if any(sign not in _CODE_LETTERS for sign in code):
        raise ValueError("sign")
    if len(code) != length:
        raise ValueError("length")
    return code


_ENROL_LENGTH = 16
_ENROL_INFO = b"union-desk-enrol-v1"


def new_enrol_code() -> str:
    """Return a 开通码: 80 random bits, 16 signs in groups of 4."""
    return _grouped("".join(secrets.choice(_CODE_LETTERS) for _ in range(_ENROL_LENGTH)))


def read_enrol_code(text: str) -> str:
    """Return a 开通码 as 16 signs: case, blanks, hyphens and full width forgiven.

    :raises ValueError: it is no code; its argument is ``length`` or ``sign``.
    """
    return _typed(text, _ENROL_LENGTH)


def enrol_tag(
    code: str, parent: str, origin: str, *, role: str, fingerprint: str, recipient: str
) -> str:
    """Return what proves that who wrote a key and an age recipient holds a strip's code.

    Lower-case hex of HMAC-SHA256 under HKDF-SHA256 of the code (RFC 5869), bound to both ends of
    the strip; `role` is ``parent`` for the parent's own keys, ``unit`` for those of `origin`.

    :param code: as :func:`read_enrol_code` returns it.
    """
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    salt = f"{parent}:{origin}".encode("ascii")
    key = HKDF(algorithm=SHA256(), length=32, salt=salt, info=_ENROL_INFO).derive(
        code.encode("ascii")
    )
    named = {"parent": parent, "unit": origin}[role]
    said = f"{role}\n{named}\n{fingerprint}\n{recipient}\n".encode("ascii")
    return hmac.new(key, said, hashlib.sha256).hexdigest()


_DIGITS = 12


def check_digits(text: str) -> str:
    """Return the 核对码 of a text: 12 digits, ``4-4-4``, to be compared by telephone."""
    number = int.from_bytes(hashlib.sha256(text.encode("ascii")).digest()) * 10**12 >> 256
    digits = f"{number:012d}"
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def read_check_digits(text: str) -> str:
    """Return a typed 核对码 as 12 digits in groups: blanks, hyphens and full width forgiven.

    :raises ValueError: it is none; its argument is ``length`` or ``sign``.
    """
    digits = _plain(text)
    if any(sign not in "0123456789" for sign in digits):
        raise ValueError("sign")
    if len(digits) != _DIGITS:
        raise ValueError("length")
    return _grouped(digits)
