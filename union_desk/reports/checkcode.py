"""What ties a paper to its data: the digest of its cells, the 校验码, the serial, the QR payload.

The digest is SHA-256 over UTF-8 lines (NFC, LF, parts parted by tabs): one that names the
paper, then one per printed cell, sorted. Times, numbers of issue and masks stay out, so the
same figures give the same code.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from union_desk.taskpack.record import Value

DRAFT = 0
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Identity:
    """Which paper of which unit: the first line of the digest.

    `subject` is the period's id, or the record's uid on a sheet.
    """

    report: str
    unit: str
    subject: str
    package: str
    version: str

    @property
    def line(self) -> str:
        """The line that names the paper."""
        return _line(self.report, self.unit, self.subject, self.package, self.version)


def cell(row: str, column: str, value: Value) -> str:
    """Return the line of one printed cell: row key, column, stored value.

    Keys are uids and ids of the package: plain ASCII without tabs.
    """
    if isinstance(value, str):
        return f"{row}\t{column}\t{value if value.isalnum() and value.isascii() else _plain(value)}"
    return f"{row}\t{column}\t{'' if value is None else value}"


def as_of_cells(as_of: str, due: int, reported: int) -> Iterable[str]:
    """Return the lines of what every table says of its data: 数据截至, 应报, 已报."""
    return (cell("", "as_of", as_of), cell("", "due", due), cell("", "reported", reported))


def digest(identity: Identity, cells: Iterable[str]) -> str:
    """Return the digest of a paper in hex; `cells` are lines of :func:`cell`, in any order."""
    text = "\n".join([identity.line, *sorted(cells)]) + "\n"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def check_code(digest_hex: str) -> str:
    """Return the 校验码, as in ``9F3A-27C1-88D4-0B6E``: the first 16 digits of the digest."""
    first = digest_hex[:16].upper()
    return "-".join(first[start : start + 4] for start in range(0, 16, 4))


def serial(report: str, unit: str, period: str, number: int = DRAFT) -> str:
    """Return the serial of a paper, as ``R30-511123400042-2012M08-001``; 000 is a draft."""
    return f"{report.upper().replace('_', '.')}-{unit}-{period}-{number:03}"


def payload(serial_text: str, digest_hex: str) -> str:
    """Return what the QR code says: upper case and digits only, no names, no links."""
    code = base64.b32encode(bytes.fromhex(digest_hex)[:20]).decode("ascii")
    return f"UD1:{serial_text}:{code}"


def _line(*parts: str) -> str:
    return "\t".join(_plain(part) for part in parts)


def _plain(text: str) -> str:
    text = text.translate(_ESCAPES)
    return text if text.isascii() else unicodedata.normalize("NFC", text)
