"""Random schedules of the exchange: ``python -m tests.walks [--schedules N] [--steps M] [--seed S]``."""

import argparse
import os
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.walks import schedule
from tests.walks.exchange_world import build
from union_desk import resources
from union_desk.taskpack.load import load


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=2000, help="of each mode")
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument(
        "--seed", type=int, default=1, help="of the first schedule; then one more each"
    )
    options = parser.parse_args()
    pack = load(resources.taskpacks() / "lszgh-2012-55")
    failures = 0
    with tempfile.TemporaryDirectory(prefix="walks-") as place:
        build(Path(place) / "made", pack)
        for mode in schedule.MODES:
            started, acts, rounds, wrong = time.monotonic(), Counter(), Counter(), 0
            for seed in range(options.seed, options.seed + options.schedules):
                with tempfile.TemporaryDirectory(prefix="walk-", dir=place) as folder:
                    os.environ["UNION_DESK_STATE"] = str(Path(folder) / "state")
                    try:
                        done, needed = schedule.run(
                            Path(place) / "made", Path(folder), pack,
                            seed=seed, steps=options.steps, mode=mode,
                        )  # fmt: skip
                    except Exception:
                        wrong += 1
                        print(f"{mode} seed {seed}:\n{traceback.format_exc()}", flush=True)
                    else:
                        acts.update(done)
                        rounds[needed] += 1
            failures += wrong
            print(
                f"{mode}: {options.schedules} schedules x {options.steps} steps, seeds from {options.seed}: "
                f"{wrong} failed; rounds {dict(sorted(rounds.items()))}; acts {dict(acts)}; "
                f"{time.monotonic() - started:.0f} s",
                flush=True,
            )
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
