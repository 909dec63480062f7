"""All row checks over 100,000 rows in SQL, against one comparison over the same table."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.benchmarks import rows, stores
from union_desk import excel
from union_desk.store import intake
from union_desk.store.checking import check_rows
from union_desk.store.context import context_at

TITLE = "check 100 k rows, per 1 M evaluations"
GOAL = "≤ 1 s a million: ours ≤ 1000 ms"
COUNT = int(os.environ.get("BENCH_ROWS", "100000"))
FORM = "member"


def prepare(folder: Path) -> None:
    source = folder / "member.csv"
    if not source.exists():
        rows.write_csv(source, COUNT)
    if not (folder / "checked").exists():
        with stores.empty(folder / "checked") as store:
            (table,) = excel.read_tables(source)
            intake.put(store, FORM, table, {}, as_of=stores.AS_OF, reason="样本")


def floor(folder: Path) -> float:
    with stores.opened(folder / "checked") as store, store.read() as connection:
        started = time.perf_counter()
        for _ in range(1_000_000 // COUNT):
            connection.exec_driver_sql(
                "SELECT count(*) FROM member WHERE birth_date > join_date"
            ).scalar()
        return time.perf_counter() - started


def ours(folder: Path) -> float:
    with stores.opened(folder / "checked") as store, store.read() as connection:
        kinds = ("required", "constraint", "row")
        form = store.pack.forms[FORM]
        checks = [check for check in form.all_checks if check.kind in kinds]
        context = context_at(store, stores.AS_OF, connection=connection)
        started = time.perf_counter()
        check_rows(connection, store.tables, store.pack, FORM, None, context, kinds=kinds)
        return (time.perf_counter() - started) * 1_000_000 / (COUNT * len(checks))
