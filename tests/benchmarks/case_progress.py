"""All indicators over 1 M rows spread over the forms, against one grouped sum a table."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.benchmarks import stores
from union_desk.store import rollup

TITLE = "47 indicators over 1 M rows"
GOAL = "all ≤ 3 s"
COUNT = int(os.environ.get("BENCH_ROWS", "1000000"))


def prepare(folder: Path) -> None:
    stores.full(folder, COUNT)


def floor(folder: Path) -> float:
    with stores.opened(stores.full(folder, COUNT)) as store, store.read() as connection:
        started = time.perf_counter()
        for form in store.pack.top_forms:
            connection.exec_driver_sql(
                f"SELECT unit, count(*), sum(rev) FROM {form.id} WHERE deleted = 0 GROUP BY unit"
            ).all()
        return time.perf_counter() - started


def ours(folder: Path) -> float:
    with stores.opened(stores.full(folder, COUNT)) as store, store.read() as connection:
        started = time.perf_counter()
        rollup.progress(connection, store, stores.AS_OF)
        return time.perf_counter() - started
