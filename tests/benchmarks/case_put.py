"""100,000 rows of CSV through ``put``: every check and the change log, against bare inserts."""

from __future__ import annotations

import csv
import os
import sqlite3
import time
from pathlib import Path

from tests.benchmarks import rows, stores
from union_desk import excel
from union_desk.store import intake

TITLE = "put 100 k rows of CSV, all checks, change log"
GOAL = "≤ 3 (a fourth of sqlite-utils' 13)"
COUNT = int(os.environ.get("BENCH_ROWS", "100000"))


def prepare(folder: Path) -> None:
    rows.write_csv(folder / "member.csv", COUNT)


def floor(folder: Path) -> float:
    place = folder / "floor.db"
    place.unlink(missing_ok=True)
    started = time.perf_counter()
    with (folder / "member.csv").open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        database = sqlite3.connect(place)
        database.execute(
            f"CREATE TABLE member ({', '.join(f'{name} TEXT' for name in header)}) STRICT"
        )
        database.executemany(f"INSERT INTO member VALUES ({', '.join('?' * len(header))})", reader)
        database.commit()
        database.close()
    return time.perf_counter() - started


def ours(folder: Path) -> float:
    with stores.empty(folder / f"store-{time.time_ns()}") as store:
        started = time.perf_counter()
        (table,) = excel.read_tables(folder / "member.csv")
        result = intake.put(store, "member", table, {}, as_of=stores.AS_OF, reason="样本")
        seconds = time.perf_counter() - started
    assert result.added == COUNT, result.findings[:3]
    return seconds
