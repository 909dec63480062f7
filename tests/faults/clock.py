"""P3 under a wrong clock: years back, years ahead, and backwards from run to run.

Order is the change log's number and the packet's, never the time: whatever the clock says, every
act works, nothing is thinned away, the chain holds. ``python -m tests.faults.clock``.
"""

import random
from pathlib import Path

from tests.faults import scene
from tests.faults.kill_points import Company
from tests.faults.scene import copy, data, opened, scratch
from tests.faults.stage import Stage
from tests.faults.trial import NotTested, Result, main

LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
CLOCKS = (
    "2011-01-01 00:00:00",
    "2099-12-31 23:59:50",
    "2012-02-29 12:00:00",
    "1999-06-01 08:00:00",
)
ACTS = ("save", "draft", "put", "confirm", "export", "backup", "attachment")


def suite(*, size: str = "sample", seed: int = 1, runs: int = 0) -> list[Result]:
    if not LIBRARY.exists():
        raise NotTested("libfaketime is not installed")
    drawn = random.Random(seed)
    result = Result("P3", "acts under a wrong clock (libfaketime), forwards and backwards", seed)
    clocks = list(CLOCKS) if size == "full" else list(CLOCKS[:2])
    with scratch() as folder:
        with Stage() as stage:
            company = Company(stage, folder)
            template = company._template("save")
        for run in range(runs or {"sample": 1, "full": 6}[size]):
            place = copy(template, folder / f"place-{run}")
            drawn.shuffle(clocks)
            acts = list(ACTS) if size == "full" else drawn.sample(ACTS, 4)
            for clock in clocks:
                with Stage(
                    LD_PRELOAD=str(LIBRARY), FAKETIME=clock, DONT_FAKE_MONOTONIC="1"
                ) as stage:
                    for act in acts:
                        _try(stage, place, act, clock, result)
            _look(place, result, backed_up="backup" in acts)
    return [result]


def _try(stage: Stage, place: Path, act: str, clock: str, result: Result) -> None:
    result.trials += 1
    outcome = stage.run(act, place)
    repeated = [item["code"] for item in outcome.words("refused")] in (["I402"], ["I403"])
    if not outcome.words("done") and not repeated:
        result.failures.append(f"{act} at {clock}: {outcome.said[-1:]}"[:700])


def _look(place: Path, result: Result, *, backed_up: bool) -> None:
    with opened(place) as store:
        wrong = scene.faults_of(store)
    kept = list((data(place) / "backups").glob("*.udbak"))
    if wrong or (backed_up and not kept):
        result.failures.append("; ".join(wrong) or "every backup is gone")


if __name__ == "__main__":
    main(suite, runs=0)
