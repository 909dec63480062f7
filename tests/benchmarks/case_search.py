"""The first 50 rows of a search over 1 M rows, against a scan with LIKE."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from tests.benchmarks import case_list, stores
from union_desk.store.listing import ListFilter, Listing

TITLE = "ledger of 1 M rows: first 50 of a search"
GOAL = "≤ 10 ms (1 or 2 characters ≤ 100)"
WORDS = ("王伟", "李静芳", "139000123", "张娜伟强")
prepare = case_list.prepare


def floor(folder: Path) -> float:
    taken = []
    with stores.opened(folder / f"ledger-{case_list.COUNT}") as store, store.read() as connection:
        for word in WORDS:
            started = time.perf_counter()
            connection.exec_driver_sql(
                "SELECT uid FROM member WHERE name LIKE ? OR phone LIKE ? LIMIT 50",
                (f"%{word}%", f"%{word}%"),
            ).all()
            taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def ours(folder: Path) -> float:
    taken = []
    with stores.opened(folder / f"ledger-{case_list.COUNT}") as store:
        for word in WORDS:
            listing = Listing(store, "member", ListFilter(search=word))
            started = time.perf_counter()
            listing.first(50)
            taken.append(time.perf_counter() - started)
    return statistics.median(taken)
