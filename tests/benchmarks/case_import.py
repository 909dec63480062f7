"""A sealed bundle of 100,000 rows taken in, against the same rows from memory into one table."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from pathlib import Path

from tests.benchmarks import stores
from tests.bundle import crafting, offices
from union_desk.bundle import importing
from union_desk.store.layout import layout
from union_desk.taskpack.record import new_uids

TITLE = "import 100 k rows: unseal, verify, apply"
GOAL = "≤ 5 s"
COUNT = int(os.environ.get("BENCH_ROWS", "100000"))
FORM = "visit"


def _rows(store: object) -> list[tuple[object, ...]]:
    pack = stores.package()
    first = crafting.visit(
        pack, store, duty="主席", place="厂区", workers=20, goods=1200, on_spot=1
    )
    return [(uid, *first[1:]) for uid in new_uids(COUNT)]


def prepare(folder: Path) -> None:
    os.environ["UNION_DESK_STATE"] = str(folder / "state")
    offices.build(folder / "made", stores.package())
    with (
        offices.opened(folder / "made" / "grassroots") as unit,
        offices.opened(folder / "made" / "county") as county,
    ):
        packet = crafting.craft(unit, tables={FORM: _rows(unit)})
        crafting.bundle(folder, packet, to=county, name="post.udsync")


def floor(folder: Path) -> float:
    with offices.opened(folder / "made" / "county") as county:
        made = layout(county.tables, FORM)
        rows = [row[: len(made.columns)] for row in _rows(county)]
    width = min(len(rows[0]), len(made.columns))
    database = sqlite3.connect(folder / f"floor-{time.time_ns()}.db")
    database.execute(f"CREATE TABLE {FORM} ({', '.join(made.columns[:width])})")
    started = time.perf_counter()
    database.executemany(f"INSERT INTO {FORM} VALUES ({', '.join('?' * width)})", rows)
    database.commit()
    seconds = time.perf_counter() - started
    database.close()
    return seconds


def ours(folder: Path) -> float:
    place = folder / f"copy-{time.time_ns()}"
    shutil.copytree(folder / "made" / "county", place)
    with offices.opened(place) as county:
        started = time.perf_counter()
        (found,) = importing.take_in(county, folder / "post.udsync")
        seconds = time.perf_counter() - started
    assert found.counts.added == COUNT, found
    shutil.rmtree(place)
    return seconds
