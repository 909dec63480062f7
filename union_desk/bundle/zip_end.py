"""What the end of a ZIP says, read before the library is let at the rest of it.

The library reads the whole directory at once, as long as its end says it is.
"""

from __future__ import annotations

import struct
import zipfile
from typing import IO

_END = struct.Struct("<4s4H2LH")
"""Of a ZIP without a comment; the last that it holds."""
_LOCATOR = struct.Struct("<4sLQL")
_LONG_END = struct.Struct("<4sQ2H2L4Q")
"""In front of the end of a ZIP of more than 2 GiB: the same, in longer numbers."""
_LINE = 400
"""More than an entry takes in the directory."""


def entries(source: IO[bytes]) -> int:
    """Return how many entries a ZIP says it has; its directory fits that number, and the file.

    :raises BadZipFile: it does not, or this is no ZIP.
    """
    length = source.seek(0, 2)
    tail = _last(source, length, _END.size)
    mark, _, _, _, count, size, offset, comment = _END.unpack(tail)
    behind = _END.size
    if mark != b"PK\x05\x06" or comment:
        raise zipfile.BadZipFile("no end")
    if length >= behind + _LOCATOR.size + _LONG_END.size:
        before = _last(source, length, behind + _LOCATOR.size + _LONG_END.size)
        if before[_LONG_END.size :].startswith(b"PK\x06\x07"):
            mark, *_, count, size, offset = _LONG_END.unpack(before[: _LONG_END.size])
            behind = len(before)
            if mark != b"PK\x06\x06":
                raise zipfile.BadZipFile("no long end")
    if size > count * _LINE or offset + size + behind != length:
        raise zipfile.BadZipFile("another directory")
    return int(count)


def _last(source: IO[bytes], length: int, size: int) -> bytes:
    if length < size:
        raise zipfile.BadZipFile("too short")
    source.seek(length - size)
    return source.read(size)
