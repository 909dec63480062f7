"""A bundle of 1,001 packets of 50 rows taken in, against opening and reading them."""

from __future__ import annotations

import io
import os
import shutil
import time
from pathlib import Path

from tests.benchmarks import stores
from tests.bundle import crafting, offices
from union_desk.bundle import container, importing, packet_reading
from union_desk.taskpack.record import new_uids

TITLE = "import 1,001 packets of 50 rows"
GOAL = "≤ 3 s"
COUNT = max(2, int(os.environ.get("BENCH_ROWS", "50050")) // 50)
FORM = "visit"


def prepare(folder: Path) -> None:
    os.environ["UNION_DESK_STATE"] = str(folder / "state")
    pack = stores.package()
    offices.build(folder / "made", pack)
    with (
        offices.opened(folder / "made" / "grassroots") as unit,
        offices.opened(folder / "made" / "county") as county,
    ):
        first, packets = crafting.visit(pack, unit, duty="主席", place="厂区", workers=20), []
        for _ in range(COUNT):
            rows = [(uid, *first[1:]) for uid in new_uids(50)]
            last = packets[-1] if packets else None
            packets.append(crafting.craft(unit, tables={FORM: rows}, after=last))
        crafting.bundle(folder, *packets, to=county, name="post.udsync")
        crafting.bundle(folder, *packets, name="open.udsync")


def floor(folder: Path) -> float:
    pack, count = stores.package(), 0
    content = (folder / "open.udsync").read_bytes()
    started = time.perf_counter()
    for pair in container.read(io.BytesIO(content), folder / "tmp"):
        with packet_reading.opened(pair.file) as packet:
            count += len(list(packet.rows(FORM, pack)))
    seconds = time.perf_counter() - started
    assert count == 50 * COUNT
    return seconds


def ours(folder: Path) -> float:
    place = folder / f"copy-{time.time_ns()}"
    shutil.copytree(folder / "made" / "county", place)
    with offices.opened(place) as county:
        started = time.perf_counter()
        found = importing.take_in(county, folder / "post.udsync")
        seconds = time.perf_counter() - started
    assert {item.outcome for item in found} == {"applied"}
    shutil.rmtree(place)
    return seconds
