"""100,000 confirmed rows into one signed, sealed bundle that was read back, against CSV in a ZIP."""

from __future__ import annotations

import csv
import io
import os
import shutil
import sqlite3
import time
import zipfile
from pathlib import Path

from tests import exchange
from tests.benchmarks import stores
from union_desk.bundle import bundling, making
from union_desk.bundle.bundling import Delivery
from union_desk.store import outbox, peers, streams
from union_desk.store.layout import layout
from union_desk.store.opening import create

TITLE = "export 100 k rows: packet, sign, seal, read back"
GOAL = "≤ 2"
COUNT = int(os.environ.get("BENCH_ROWS", "100000"))
FORM = "member"
_FETCH = 5_000


def prepare(folder: Path) -> None:
    with create(
        folder / "store",
        stores.package(),
        unit=stores.CITY,
        name="乐山市总工会",
        level="city",
        parent="511102000013",
        password=stores.PASSWORD,
        person="测",
        cost=stores.QUICK,
    ) as store:
        exchange.trust_parent(store)
        stores.fill(store, COUNT, only=FORM)
        made = layout(store.tables, FORM)
        database = sqlite3.connect(folder / "floor.db")
        database.execute(f"CREATE TABLE {FORM} ({', '.join(made.columns)})")
        marks = ", ".join("?" * len(made.columns))
        with store.read() as connection:
            rows = map(tuple, connection.exec_driver_sql(made.select))
            database.executemany(f"INSERT INTO {FORM} VALUES ({marks})", rows)
        database.commit()
        database.close()


def floor(folder: Path) -> float:
    started = time.perf_counter()
    database = sqlite3.connect(folder / "floor.db")
    rows = database.execute(f"SELECT * FROM {FORM} ORDER BY uid")
    with (
        zipfile.ZipFile(
            folder / "floor.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=6
        ) as archive,
        archive.open(f"{FORM}.csv", "w") as entry,
        io.TextIOWrapper(entry, "utf-8", newline="") as text,
    ):
        lines = csv.writer(text)
        while batch := rows.fetchmany(_FETCH):
            lines.writerows(batch)
    database.close()
    return time.perf_counter() - started


def ours(folder: Path) -> float:
    """All of an export but the checks, which have a case of their own."""
    place = folder / f"copy-{time.time_ns()}"
    shutil.copytree(folder / "store", place)
    (place / "stick").mkdir()
    with stores.opened(place) as store:
        started = time.perf_counter()
        making.make_up(store)
        with store.read() as connection:
            own = outbox.unacknowledged(connection, store, streams.UP)
            loads = [bundling.own_load(connection, store, item) for item in own]
            recipients = peers.up_recipients(connection, store)
        (written,) = bundling.write(
            store,
            loads,
            Delivery(place / "stick", "folder"),
            reader="parent",
            recipients=recipients,
        )
        seconds = time.perf_counter() - started
    assert written.records == COUNT
    shutil.rmtree(place)
    return seconds
