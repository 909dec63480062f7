"""P6: whatever is lost, late, repeated or restored, each record is at the city once and newest.

Random schedules on the real stores of two units, their county and the city (`tests.walks`): half
with restores that the program knows of, half with folders copied back behind its back. The control
counts epochs instead of drawing them. ``python -m tests.faults.schedules --schedules 2000``.
"""

import os
import secrets
import shutil
import traceback
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from tests.faults.scene import package, scratch
from tests.faults.trial import Control, Result, main
from tests.walks import schedule
from tests.walks.exchange_world import World, build
from union_desk.store import outbox

UNIT = "one"
LENGTH = 700


def suite(
    *, size: str = "sample", seed: int = 1, schedules: int = 0, steps: int = 30
) -> list[Result]:
    schedules = schedules or {"sample": 2, "full": 2000}[size]
    result = Result(
        "P6", f"schedules of {steps} steps on real stores: two units, county, city", seed
    )
    before = os.environ.get("UNION_DESK_STATE")
    with scratch() as folder:
        os.environ["UNION_DESK_STATE"] = str(folder / "state")
        try:
            build(folder / "made", package())
            for number in range(schedules):
                mode = schedule.MODES[number % len(schedule.MODES)]
                drawn = seed * 100_000 + number
                _count(
                    result,
                    f"{mode} {drawn}",
                    folder,
                    lambda place, drawn=drawn, mode=mode: schedule.run(
                        folder / "made", place, package(), seed=drawn, steps=steps, mode=mode
                    ),
                )
            _count(
                result, "one backup restored twice", folder, lambda at: twice(folder / "made", at)
            )
            _counted_epochs(folder, result.control("epoch+1"))
        finally:
            os.environ.pop("UNION_DESK_STATE")
            if before is not None:
                os.environ["UNION_DESK_STATE"] = before
    return [result]


def _count(result: Result, name: str, folder: Path, act: Callable[[Path], object]) -> None:
    """Run a schedule in a fresh world; whatever it raises is a failure, told with its seed."""
    result.trials += 1
    shutil.rmtree(folder / "state", ignore_errors=True)
    shutil.rmtree(folder / "world", ignore_errors=True)
    (folder / "world").mkdir()
    try:
        act(folder / "world")
    except Exception:
        result.failures.append(f"{name}: {traceback.format_exc()[-LENGTH:]}")


def twice(made: Path, folder: Path) -> None:
    """Restore one backup twice, with work between and after."""
    world = World(made, folder, package(), 1)
    try:
        for _ in range(3):
            world.edit(UNIT)
        world.settle()
        world.back_up(UNIT)
        for _ in range(2):
            world.restore(UNIT)
            for _ in range(3):
                world.edit(UNIT)
            world.settle()
        world.replay()
        if not world.same():
            raise AssertionError(world.differences())
    finally:
        world.close()


def _counted_epochs(folder: Path, control: Control) -> None:
    """Epochs that are counted, not drawn: those of two restores of one backup meet."""
    genuine = outbox.begin_epoch

    def counted(tx, stream, outside=()):
        known = tx.connection.exec_driver_sql("SELECT count(*) FROM epoch").scalar()
        outbox.secrets = SimpleNamespace(token_hex=lambda _count: f"{known + 1:032x}")
        try:
            return genuine(tx, stream, outside)
        finally:
            outbox.secrets = secrets

    outbox.begin_epoch = counted
    tried = Result("P6", control.name, 0)
    try:
        _count(tried, control.name, folder, lambda at: twice(folder / "made", at))
    finally:
        outbox.begin_epoch = genuine
    control.trials, control.caught = tried.trials, len(tried.failures)


if __name__ == "__main__":
    main(suite, schedules=0, steps=30)
