"""Content sealed to X25519 recipients in the age v1 format, whole or as a stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from union_desk.crypto.trouble import Damaged, WrongKey

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_STANZAS = 20
_MAX_LINE = 4096
_MAX_LINES = 1000
_MAX_HEADER = _MAX_LINE * _MAX_LINES


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


def check_recipient(recipient: str) -> None:
    """Refuse what is not an X25519 recipient as age writes it.

    :raises Damaged: it is none.
    """
    import pyrage

    try:
        known = str(pyrage.x25519.Recipient.from_str(recipient)) == recipient
    except pyrage.RecipientError as error:
        raise Damaged("recipient") from error
    if not known:
        raise Damaged("recipient")


def recipient_of(secret: str) -> str:
    """Return the recipient of an identity's secret.

    :raises Damaged: it is no secret of age.
    """
    import pyrage

    try:
        return str(pyrage.x25519.Identity.from_str(secret).to_public())
    except pyrage.IdentityError as error:
        raise Damaged("identity") from error


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
        raise _refused(error) from error
    except (OSError, pyrage.IdentityError) as error:
        raise Damaged(str(error)) from error


def _refused(error: Exception) -> WrongKey | Damaged:
    if "matching" in str(error).lower():
        return WrongKey("no matching key")
    return Damaged(str(error))


class _Watched:
    """A file that remembers what went wrong with it: the library does not pass it on."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.trouble: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            return self.file.read(size)
        except BaseException as error:
            self.trouble = error
            raise

    def write(self, data: bytes) -> int:
        try:
            return self.file.write(data)
        except BaseException as error:
            self.trouble = error
            raise

    def flush(self) -> None:
        self.file.flush()


def seal_file(source: IO[bytes], target: IO[bytes], recipients: Sequence[str]) -> None:
    """Write `source`, from where it stands to its end, into `target` in the age format.

    Memory stays flat. What the files themselves raise is passed on.
    """
    import pyrage

    keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    reading, writing = _Watched(source), _Watched(target)
    try:
        pyrage.encrypt_io(reading, writing, keys)
    except (pyrage.EncryptError, OSError) as error:
        raise reading.trouble or writing.trouble or error from None


def open_file(source: IO[bytes], target: IO[bytes], secrets: Sequence[str]) -> None:
    """Write the content of the age file `source` into the empty `target`.

    Content comes out before the end was authenticated, so `target` must be a file that no one
    else sees; on any exception it is emptied. It stands at its begin afterwards. The header is
    looked at before anything is decrypted. What the files themselves raise is passed on.

    :param source: can be read anew from where it stands.
    :raises WrongKey: it was not sealed to any of `secrets`.
    :raises Damaged: not an age file, changed, cut, or its header is beyond the limits.
    """
    import pyrage

    start = source.tell()
    check_age_header(source.read(_MAX_HEADER))
    source.seek(start)
    reading, writing = _Watched(source), _Watched(target)
    try:
        keys = [pyrage.x25519.Identity.from_str(secret) for secret in secrets]
        pyrage.decrypt_io(reading, writing, keys)
    except BaseException as error:
        target.seek(0)
        target.truncate()
        if trouble := reading.trouble or writing.trouble:
            raise trouble from None
        if isinstance(error, pyrage.DecryptError):
            raise _refused(error) from error
        if isinstance(error, OSError | pyrage.IdentityError):
            raise Damaged(str(error)) from error
        raise
    target.seek(0)


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
