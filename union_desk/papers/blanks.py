"""Blank forms for the pen, in batches: their sheet numbers count on per form and unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.reports import printing
from union_desk.store import setting_rows
from union_desk.store.paper_source import PaperSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from union_desk.store.transaction import Store

_COUNTED = "blank:"


def batch(
    store: Store,
    name: str,
    as_of: str,
    count: int,
    progress: Callable[[int, int], None] | None = None,
) -> list[tuple[str, bytes]]:
    """Return `count` blank forms as title and PDF; the numbers are given out for good.

    :raises ReportError: R602, no such form.
    """
    first = _take(store, name, count)
    made = []
    with store.read() as connection:
        source = PaperSource(connection, store, period=None, as_of=as_of)
        for number in range(first, first + count):
            if progress is not None:
                progress(number - first, count)
            paper = printing.prepare(store.pack, name, source, sheet_number=number)
            made.append((f"{paper.job.title} 第 {number} 张", paper.draw()))
    if progress is not None:
        progress(count, count)
    return made


def _take(store: Store, name: str, count: int) -> int:
    """Give out the next numbers of a form and return the first."""
    key = f"{_COUNTED}{name}"
    with store.write() as transaction:
        last = int(setting_rows.read(transaction.connection, key) or 0)
        setting_rows.write(transaction.connection, key, str(last + count))
    return last + 1
