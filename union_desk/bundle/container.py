"""What lies inside a bundle: a ZIP of packets, each with its signature, every entry STORED.

The same ZIP is inside the age seal of a ``.udsync`` and stands alone where nothing is secret.
What a file is shows in its first bytes, never in its name. No entry is unpacked under a name:
each goes through a file that has none.
"""

from __future__ import annotations

import re
import stat
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import IO, TYPE_CHECKING, NoReturn

from union_desk import files
from union_desk.bundle import zip_end
from union_desk.bundle.packet_reading import TROUBLES
from union_desk.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SEALED = b"age-encryption.org/v1\n"
"""Beginning of a sealed bundle."""
UNSEALED = b"PK\x03\x04"
"""Beginning of one that is not secret: stream ``all`` and key cards."""
PACKET_NAME = re.compile(
    r"[0-9]{12}[B-Z]?\.(?:up|all|to-[0-9]{12})\.[0-9a-f]{6}\.[0-9]{6}\.zip", re.ASCII
)
SIGNATURE = ".sig"
OVERHEAD = 2_000
"""More than a packet of any name adds to its own length: its signature and all headers."""

_DATE = (1980, 1, 1, 0, 0, 0)
_TOO_MUCH = "文件超过允许的大小或个数"
_STEP = "请让对方重新报送这个文件。"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a bundle may hold at most; in bytes, each but `entries` exclusive or as said."""

    entries: int = 20_000
    """Packets and signatures together."""
    size: int = 4 * 2**30
    """The whole ZIP is shorter."""
    signature: int = 1 << 10
    """A signature is no longer."""


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Pair:
    """A packet and its signature, neither of them verified yet."""

    name: str
    """Of the entry: for people, the signed head rules."""
    file: IO[bytes]
    """The packet; it is gone when the next pair is asked for."""
    signature: str


@dataclass(frozen=True, slots=True)
class Item:
    """A packet to be put into a bundle."""

    name: str
    content: Iterable[bytes]
    signature: str


def write(target: IO[bytes], items: Iterable[Item]) -> int:
    """Write the ZIP of `items`, in their order, into the empty file `target`; return its length.

    :raises BundleError: B556, it would be too long or hold too many packets.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for number, item in enumerate(items, 1):
            if 2 * number > LIMITS.entries:
                _too_long()
            for name, chunks in (
                (item.name, item.content),
                (item.name + SIGNATURE, (item.signature.encode("ascii"),)),
            ):
                info = zipfile.ZipInfo(name, _DATE)
                info.create_system = 3
                info.external_attr = (stat.S_IFREG | 0o644) << 16
                with archive.open(info, "w", force_zip64=False) as entry:
                    for chunk in chunks:
                        if target.tell() + len(chunk) > LIMITS.size - OVERHEAD * number:
                            _too_long()
                        entry.write(chunk)
    return target.tell()


def _too_long() -> NoReturn:
    raise BundleError(
        "B556", "要报送的内容超过一个文件所能装下的 4 GB 或 10000 个数据包。", "请分几个文件报送。"
    )


def read(source: IO[bytes], folder: Path, limits: Limits = LIMITS) -> Iterator[Pair]:
    """Yield the pairs of a ZIP in the order in which they stand in it.

    Each packet passes through a file without a name in `folder`, gone before the next one.

    :raises BundleError: B551 to B555; the whole ZIP was looked over before the first pair.
    """
    archive = _opened(source, limits)
    with archive:
        try:
            infos = _looked_over(archive, source, limits)
            signatures = {info.filename: archive.read(info) for info in infos if _signs(info)}
        except TROUBLES as error:
            raise _damaged() from error
        for info in infos:
            if not _signs(info):
                signature = _text(signatures[info.filename + SIGNATURE])
                with _streamed(archive, info, folder) as file:
                    yield Pair(info.filename, file, signature)


def _opened(source: IO[bytes], limits: Limits) -> zipfile.ZipFile:
    """Open the ZIP after its end alone has told how much the library will have to read."""
    try:
        if source.seek(0, 2) >= limits.size or zip_end.entries(source) > limits.entries:
            _refuse("B551", _TOO_MUCH)
        return zipfile.ZipFile(source)
    except TROUBLES as error:
        raise _damaged() from error


def _looked_over(
    archive: zipfile.ZipFile, source: IO[bytes], limits: Limits
) -> list[zipfile.ZipInfo]:
    """Return the entries in the order of their place, all limits and names held."""
    infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
    names = [info.filename for info in infos]
    for info in infos:
        plain = info.compress_type == zipfile.ZIP_STORED and info.file_size == info.compress_size
        if not plain or info.flag_bits & ~0x808:
            _refuse("B552", "报送文件里有压缩或加密的内容")
        if not PACKET_NAME.fullmatch(info.filename.removesuffix(SIGNATURE)):
            _refuse("B553", "报送文件里有不该有的文件")
        if _signs(info) and info.file_size > limits.signature:
            _refuse("B551", _TOO_MUCH)
    if sum(info.file_size for info in infos) > source.seek(0, 2):
        _refuse("B551", _TOO_MUCH)
    packets = {name for name in names if not name.endswith(SIGNATURE)}
    signed = {name.removesuffix(SIGNATURE) for name in names if name.endswith(SIGNATURE)}
    if len(set(names)) != len(names):
        _refuse("B553", "报送文件里有不该有的文件")
    if packets != signed or not packets:
        _refuse("B554", "报送文件里的数据包没有签名，或签名没有数据包")
    return infos


def _signs(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith(SIGNATURE)


def _text(signature: bytes) -> str:
    try:
        return signature.decode("ascii")
    except UnicodeDecodeError as error:
        raise _damaged() from error


@contextmanager
def _streamed(archive: zipfile.ZipFile, info: zipfile.ZipInfo, folder: Path) -> Iterator[IO[bytes]]:
    """Yield the content of an entry as a file of its own, a short one in memory."""
    short = info.file_size <= files.CHUNK
    with BytesIO() if short else files.temporary(folder) as file:
        for chunk in _chunks(archive, info):
            file.write(chunk)
        file.seek(0)
        yield file


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(info) as entry:
            while chunk := entry.read(files.CHUNK):
                yield chunk
    except TROUBLES as error:
        raise _damaged() from error


def _damaged() -> BundleError:
    return BundleError("B555", "报送文件不完整或已损坏。", _STEP)


def _refuse(code: str, sentence: str) -> NoReturn:
    raise BundleError(code, sentence + "。", _STEP)
