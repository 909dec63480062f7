"""Jumps about a ledger of 1 M rows: blocks of 128 rows as ready strings, against constant strings."""

from __future__ import annotations

import os
import random
import statistics
import time
from pathlib import Path

from tests.benchmarks import stores
from union_desk.store.listing import ListFilter, Listing
from union_desk.taskpack.definition import Form
from union_desk.taskpack.field_types import format_value

TITLE = "ledger of 1 M rows: jump and show a page"
GOAL = "≤ 16 ms a jump"
COUNT = int(os.environ.get("BENCH_ROWS", "1000000"))
FORM = "member"
JUMPS, SHOWN = 60, 38


def prepare(folder: Path) -> None:
    place = folder / f"ledger-{COUNT}"
    if not (place / "store.keys").exists():
        with stores.empty(place) as store:
            stores.fill(store, COUNT, only=FORM)


def floor(folder: Path) -> float:
    """What the same page costs when every cell is the same string: fetch the rows by rowid."""
    draw = random.Random(1)
    taken = []
    with stores.opened(folder / f"ledger-{COUNT}") as store, store.read() as connection:
        for _ in range(JUMPS):
            first = draw.randrange(1, COUNT - SHOWN)
            started = time.perf_counter()
            connection.exec_driver_sql(
                f"SELECT * FROM {FORM} WHERE rowid >= {first} LIMIT {SHOWN}"
            ).all()
            taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def ours(folder: Path) -> float:
    draw = random.Random(1)
    taken = []
    with stores.opened(folder / f"ledger-{COUNT}") as store:
        form: Form = store.pack.forms[FORM]
        listing = Listing(store, FORM, ListFilter())
        assert len(listing.ids) == COUNT
        for _ in range(JUMPS):
            first = draw.randrange(1, COUNT - SHOWN)
            started = time.perf_counter()
            for row in listing.page(first, SHOWN):
                [
                    format_value(item, row.values.get(item.id), store.pack, masked=True)
                    for item in form.fields
                ]
            taken.append(time.perf_counter() - started)
    return statistics.median(taken)
