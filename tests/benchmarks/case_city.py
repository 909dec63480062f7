"""The city's figures with 15 blocks of 500 units each, at the first look."""

from __future__ import annotations

import os
import time
from pathlib import Path

from stdnum.iso7064 import mod_11_10

from tests.benchmarks import stores
from union_desk.store import rollup
from union_desk.taskpack.record import new_uid

TITLE = "city: 15 x 500 units, figures at first"
GOAL = "≤ 1 s"
COUNT = int(os.environ.get("BENCH_ROWS", "1000000"))
UNITS_OF_A_BLOCK = 500 if COUNT > 10_000 else 5


def city(folder: Path) -> Path:
    """Return a store whose rows lie with the units of all blocks; made when first asked for."""
    place = folder / "city"
    if not place.exists():
        place.mkdir()
        stores.full(place, COUNT)
        with stores.opened(stores.full(place, COUNT)) as store, store.write(bulk=True) as tx:
            blocks = [unit.code for unit in store.pack.units if unit.parent]
            codes = [
                (block, _code(block, number))
                for block in blocks
                for number in range(1, UNITS_OF_A_BLOCK + 1)
            ]
            columns = (
                "uid, origin, unit, period, record_state, rev, package, created_by, created_at,"
                " updated_at, deleted, union_code, name, parent, level, kind, division"
            )
            tx.connection.exec_driver_sql(
                f"INSERT INTO unit ({columns}) VALUES (?, ?, ?, '', 'confirmed', 1, '', '', '', '', 0,"
                " ?, ?, ?, 'grassroots', '4', ?)",
                [
                    (new_uid(), stores.CITY, stores.CITY, code, f"单位{code}", block, block[:6])
                    for block, code in codes
                ],
            )
            tx.connection.exec_driver_sql("CREATE TEMP TABLE dealt (n INTEGER PRIMARY KEY, code)")
            tx.connection.exec_driver_sql(
                "INSERT INTO dealt VALUES (?, ?)", [(n, code) for n, (_, code) in enumerate(codes)]
            )
            for form in store.pack.top_forms:
                tx.connection.exec_driver_sql(
                    f"UPDATE {form.id} SET unit = (SELECT code FROM dealt WHERE n = rowid % {len(codes)})"
                )
    return stores.full(place, COUNT)


def _code(block: str, number: int) -> str:
    stem = f"{block[:6]}4{number:04}"
    return stem + mod_11_10.calc_check_digit(stem)


def prepare(folder: Path) -> None:
    city(folder)


def floor(folder: Path) -> float:
    with stores.opened(city(folder)) as store, store.read() as connection:
        started = time.perf_counter()
        for form in store.pack.top_forms:
            connection.exec_driver_sql(
                f"SELECT unit, count(*), sum(rev) FROM {form.id} WHERE deleted = 0 GROUP BY unit"
            ).all()
        return time.perf_counter() - started


def ours(folder: Path) -> float:
    with stores.opened(city(folder)) as store, store.read() as connection:
        started = time.perf_counter()
        rollup.progress(connection, store, stores.AS_OF)
        return time.perf_counter() - started
