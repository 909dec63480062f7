"""A bundle of 210 MB sealed and opened again as streams, against copying its bytes twice."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

from union_desk import crypto, files

TITLE = "seal and open 210 MB"
GOAL = "≤ 5"
LENGTH = min(int(os.environ.get("BENCH_ROWS", "100000")) * 2_100, 210_000_000)
_BLOCK = 1 << 20


def prepare(folder: Path) -> None:
    draw = random.Random(2012)
    with (folder / "plain").open("wb") as file:
        for start in range(0, LENGTH, _BLOCK):
            file.write(draw.randbytes(min(_BLOCK, LENGTH - start)))


def floor(folder: Path) -> float:
    started = time.perf_counter()
    for source, target in (("plain", "copy"), ("copy", "again")):
        with (folder / source).open("rb") as read, (folder / target).open("wb") as written:
            while chunk := read.read(files.CHUNK):
                written.write(chunk)
    return time.perf_counter() - started


def ours(folder: Path) -> float:
    keys = [crypto.new_age_identity() for _ in range(3)]
    started = time.perf_counter()
    with (folder / "plain").open("rb") as read, (folder / "sealed").open("w+b") as sealed:
        crypto.seal_file(read, sealed, [key.recipient for key in keys])
        sealed.seek(0)
        with (folder / "opened").open("w+b") as opened:
            crypto.open_file(sealed, opened, [keys[2].secret])
    seconds = time.perf_counter() - started
    assert (folder / "opened").stat().st_size == LENGTH
    return seconds
