"""The content digest of a form's rows: on the cover before a delivery is written, and after it.

SHA-256 over ``<uid>TAB<rev>TAB<SHA-256 of its CSV line and its detail rows' lines>LF``, by uid; the
lines as they stand in the packet, CRLF kept; details by form id and position.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Lines = tuple[str, int, bytes]
"""uid, revision, CSV line of a record."""


def of_form(rows: Iterable[Lines], details: Mapping[str, Mapping[str, Sequence[bytes]]]) -> str:
    """Return the digest of a form's rows in hex, whatever their order.

    :param details: by the parent's uid, then by detail form: CSV lines in the order of position.
    """
    whole = hashlib.sha256()
    for uid, rev, line in sorted(rows):
        content = hashlib.sha256(line)
        inner = details.get(uid, {})
        for form in sorted(inner):
            for part in inner[form]:
                content.update(part)
        whole.update(f"{uid}\t{rev}\t{content.hexdigest()}\n".encode())
    return whole.hexdigest()


def short(digest: str) -> str:
    """Return the first 16 digits in groups, as they are printed."""
    first = digest[:16].upper()
    return "-".join(first[start : start + 4] for start in range(0, 16, 4))
