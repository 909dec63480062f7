"""The city's figures with 15 blocks of 500 units each, once more after a bundle brought visits."""

from __future__ import annotations

import time
from pathlib import Path

from tests.benchmarks import case_city, stores
from union_desk.store import audit, rollup

TITLE = "city: 15 x 500 units, after one more bundle"
GOAL = "≤ 0.2 s"
prepare, floor = case_city.prepare, case_city.floor


def ours(folder: Path) -> float:
    with stores.opened(case_city.city(folder)) as store:
        with store.read() as connection:
            rollup.progress(connection, store, stores.AS_OF)
        with store.write() as tx:
            tx.connection.exec_driver_sql("UPDATE visit SET workers = workers + 1 WHERE rowid = 1")
            audit.note(tx, "import", form="visit", new={"records": 1})
        with store.read() as connection:
            started = time.perf_counter()
            rollup.progress(connection, store, stores.AS_OF)
            return time.perf_counter() - started
