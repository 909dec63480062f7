"""Print the table of speed: ``python -m tests.benchmarks [CASE ...] [--repeats N]``."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.benchmarks.measuring import HEADER, measure

CASES = tuple(sorted(path.stem for path in Path(__file__).parent.glob("case_*.py")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", default=CASES, help=", ".join(CASES))
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    print(HEADER)
    for case in options.cases:
        name = case if case.startswith("case_") else f"case_{case}"
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            print(measure(name, Path(folder), options.repeats).line(), flush=True)


if __name__ == "__main__":
    main()
