"""How a case is measured: floor and ours in turn, each in a process of its own.

A case is a module of this folder with ``TITLE``, ``GOAL`` (text), ``prepare(folder)`` and the two
functions ``floor(folder)`` and ``ours(folder)``, which return the seconds of the measured part.
"""

from __future__ import annotations

import importlib
import json
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    title: str
    goal: str
    floor: float
    ours: float
    megabytes: float

    @property
    def ratio(self) -> float:
        return self.ours / self.floor

    def line(self) -> str:
        figures = f"{self.floor * 1000:>10.1f} {self.ours * 1000:>10.1f} {self.ratio:>7.2f} {self.megabytes:>8.0f}"
        return f"{self.title:<44}{figures}  {self.goal}"


HEADER = f"{'case':<44}{'floor ms':>10} {'ours ms':>10} {'ratio':>7} {'peak MB':>8}  goal"


def measure(case: str, folder: Path, repeats: int) -> Outcome:
    """Run floor and ours `repeats` times in turn and return the medians and the peak memory of ours."""
    module = importlib.import_module(f"tests.benchmarks.{case}")
    module.prepare(folder)
    seconds: dict[str, list[float]] = {"floor": [], "ours": []}
    peak = 0.0
    for _ in range(repeats):
        for side, figures in seconds.items():
            answer = _child(case, side, folder)
            figures.append(answer["seconds"])
            if side == "ours":
                peak = max(peak, answer["megabytes"])
    floor, ours = (statistics.median(seconds[side]) for side in ("floor", "ours"))
    return Outcome(module.TITLE, module.GOAL, floor, ours, peak)


def _child(case: str, side: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.measuring", case, side, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{case} {side}: {done.stderr[-2000:]}")
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _run(case: str, side: str, folder: Path) -> None:
    work: Callable[[Path], float] = getattr(
        importlib.import_module(f"tests.benchmarks.{case}"), side
    )
    seconds = work(folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak}))


if __name__ == "__main__":
    _run(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
