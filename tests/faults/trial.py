"""What a fault suite found: how often it tried, what failed, whether its controls failed as they must."""

import argparse
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field


class NotTested(Exception):  # noqa: N818 - an outcome, not an error
    """A tool or a right is missing here: never a success."""


@dataclass
class Control:
    """A way of doing it that is known to be wrong: the same trials must find it."""

    name: str
    trials: int = 0
    caught: int = 0

    @property
    def works(self) -> bool:
        return self.caught > 0

    def __str__(self) -> str:
        return f"{self.name} {self.caught}/{self.trials}"


@dataclass
class Result:
    """Trials of one promise by one method."""

    promise: str
    method: str
    seed: int
    trials: int = 0
    failures: list[str] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """What could not be tested here."""
    seconds: float = 0.0

    def control(self, name: str) -> Control:
        found = next((item for item in self.controls if item.name == name), None)
        if found is None:
            self.controls.append(found := Control(name))
        return found

    @property
    def bound(self) -> str:
        """0 failures in N bound the rate at about 3/N, with 95 %."""
        if not self.trials or self.failures:
            return "–"
        percent = min(100.0, 300 / self.trials)
        return f"{percent:.0f} %" if percent >= 10 else f"{percent:.2g} %"

    @property
    def good(self) -> bool:
        """Whether all of it was tried and held; what could not be tested is never a success."""
        whole = self.trials > 0 and not self.missing
        return whole and not self.failures and all(item.works for item in self.controls)

    def __str__(self) -> str:
        told = f"{self.promise} {self.method}: seed {self.seed}, N {self.trials}, failures {len(self.failures)}, 3/N {self.bound}"
        if self.controls:
            told += "; controls " + ", ".join(map(str, self.controls))
        told += "".join(f"; NOT TESTED {item}" for item in self.missing)
        return told + f"; {self.seconds:.0f} s"


Suite = Callable[..., list[Result]]
"""From size (``sample``, ``full``) and seed to results."""


def need(*tools: str) -> None:
    for tool in tools:
        if shutil.which(tool) is None:
            raise NotTested(f"{tool} is not installed")


def timed(suite: Suite, **options) -> list[Result]:
    start = time.monotonic()
    results = suite(**options)
    if results and not any(result.seconds for result in results):
        results[0].seconds = time.monotonic() - start
    return results


def show(results: list[Result]) -> int:
    """Print results; 1 where any failed, or a control did not."""
    for result in results:
        print(result)
        for failure in result.failures[:20]:
            print("   FAILED", failure)
        for control in result.controls:
            if not control.works:
                print("   CONTROL DID NOT FAIL:", control)
    return int(not all(result.good for result in results))


def main(suite: Suite, **options: int | str) -> None:
    """The command of one module: ``--full``, ``--seed``, and options of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    for name, standard in options.items():
        parser.add_argument(f"--{name}", type=type(standard), default=standard)
    given = vars(parser.parse_args())
    size = "full" if given.pop("full") else "sample"
    try:
        sys.exit(show(timed(suite, size=size, **given)))
    except NotTested as error:
        print("NOT TESTED:", error)
        sys.exit(1)
