"""One record saved durably with its change log, against the same pragmas and a bare insert."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import sqlcipher3

from tests.benchmarks import rows, stores
from union_desk.store import records
from union_desk.store.context import context_at
from union_desk.taskpack.record import Record, new_uid

TITLE = "save one record (durable, change log)"
GOAL = "≤ 1.5"
SAVES = 100
PRAGMAS = (
    "journal_mode=TRUNCATE",
    "synchronous=EXTRA",
    "secure_delete=ON",
    "temp_store=MEMORY",
    "cell_size_check=ON",
)


def prepare(folder: Path) -> None:
    with stores.empty(folder / "saving"):
        pass


def floor(folder: Path) -> float:
    place = folder / f"bare-{time.time_ns()}.db"
    bare = sqlcipher3.connect(str(place), isolation_level=None)
    bare.execute(f"PRAGMA key=\"x'{'ab' * 48}'\"")
    for pragma in PRAGMAS:
        bare.execute(f"PRAGMA {pragma}")
    bare.execute(
        f"CREATE TABLE member (uid TEXT PRIMARY KEY, {', '.join(f'{name} TEXT' for name in rows.HEADER)}) STRICT"
    )
    bare.execute(
        "CREATE TABLE audit (n INTEGER PRIMARY KEY, tx TEXT, at TEXT, person TEXT, digest TEXT, hash TEXT) STRICT"
    )
    taken = []
    for row in rows.members(SAVES):
        started = time.perf_counter()
        bare.execute("BEGIN IMMEDIATE")
        bare.execute(
            f"INSERT INTO member VALUES ({', '.join('?' * (len(row) + 1))})", (new_uid(), *row)
        )
        bare.execute(
            "INSERT INTO audit (tx, at, person, digest, hash) VALUES (?,?,?,?,?)",
            (new_uid(), "2012", "测", "a" * 64, "b" * 64),
        )
        bare.execute("COMMIT")
        taken.append(time.perf_counter() - started)
    bare.close()
    return statistics.median(taken)


def ours(folder: Path) -> float:
    taken = []
    with stores.opened(folder / "saving") as store:
        context = context_at(store, stores.AS_OF)
        for row in rows.members(SAVES):
            values = dict(zip(rows.HEADER, row, strict=True))
            values |= {name: int(values[name]) for name in ("migrant", "dispatched")}
            record = Record(
                form="member",
                uid=new_uid(),
                values=values,
                unit=stores.CITY,
                origin=stores.CITY,
                period="2012M08",
            )
            started = time.perf_counter()
            with store.write() as transaction:
                records.put_draft(transaction, record, context)
            taken.append(time.perf_counter() - started)
    return statistics.median(taken)
