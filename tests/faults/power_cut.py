"""P2: the power goes at a random moment; what was acknowledged before is there afterwards.

``python -m tests.faults.power_cut --cuts 300`` (ext4, and a fifth of them on xfs).
"""

import contextlib
import json
import os
import random
import shutil
import signal
from pathlib import Path

from tests.faults import scene
from tests.faults.disk import Disk, disk
from tests.faults.scene import copy, opened, scratch
from tests.faults.stage import Stage
from tests.faults.trial import Control, NotTested, Result, main
from union_desk import files
from union_desk.errors import UserError

WRONG = {
    "DELETE+FULL": {"pragmas": {"journal_mode": ["DELETE", "delete"], "synchronous": ["FULL", 2]}},
    "synchronous OFF": {"pragmas": {"synchronous": ["OFF", 0]}},
    "lying fsync": {"inject": "fsync,fdatasync:retval=0:when=1+"},
}
TRIES = 60


class Cutter:
    """Children that save and acknowledge, and a disk that loses its power under them."""

    def __init__(
        self, stage: Stage, disk_: Disk, template: Path, folder: Path, drawn: random.Random
    ) -> None:
        self.stage, self.disk, self.drawn = stage, disk_, drawn
        self.template, self.place = template, disk_.root / "place"
        self.pipe = folder / f"acknowledged-{disk_.kind}"
        if not self.pipe.exists():
            os.mkfifo(self.pipe)

    def begin(self) -> None:
        """Lay a fresh store on the disk."""
        copy(self.template, self.place)
        (self.place / "export").mkdir(exist_ok=True)
        os.sync()

    def cut(self, act: str, at: Path, **how) -> list[dict]:
        """Cut after a random number of acknowledgements; return them."""
        pid = self.stage.start(act, at, out=self.pipe, **how)
        wanted, saved = self.drawn.randint(1, 25), []
        with self.pipe.open(encoding="utf-8") as pipe:
            for line in pipe:
                item = json.loads(line)
                if item["word"] == "saved":
                    saved.append(item)
                if len(saved) == wanted or item["word"] in ("refused", "bug"):
                    break
            self.disk.cut()
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.stage.end()
        self.disk.remount()
        if len(saved) < wanted:
            raise AssertionError(item)
        return saved

    def lost(self, saved: list[dict]) -> str | None:
        """Return what is missing of what was acknowledged."""
        try:
            store = opened(self.place)
        except (UserError, OSError) as error:
            return f"does not open: {error}"
        with store:
            wrong = scene.faults_of(store)
            with store.read() as connection:
                there = set(connection.exec_driver_sql("SELECT uid FROM visit").scalars())
        missing = [item["number"] for item in saved if item["uid"] not in there]
        if missing:
            return f"{len(missing)} of {len(saved)} acknowledged records lost: {missing}"
        return "; ".join(wrong) or None

    def torn(self, saved: list[dict], folder: Path) -> str | None:
        """Return which acknowledged file is not as it was written."""
        for item in saved:
            path = folder / item["name"]
            if not path.exists() or files.sha256_file(path) != item["sha256"]:
                return f"{item['name']} acknowledged, and gone or torn"
        return None

    def control(self, control: Control, how: dict) -> None:
        for _ in range(TRIES):
            self.begin()
            control.trials += 1
            control.caught += bool(self.lost(self.cut("keep_saving", self.place, **how)))
            if control.caught:
                return

    def naive(self, control: Control) -> None:
        for _ in range(TRIES):
            self.begin()
            control.trials += 1
            at = self.place / "export"
            control.caught += bool(
                self.torn(self.cut("keep_writing", at, naive=True, seed=control.trials), at)
            )
            if control.caught:
                return


def _cuts(cutter: Cutter, result: Result, number: int) -> None:
    """Cut again and again under one store that goes on."""
    kept: list[dict] = []
    cutter.begin()
    for _ in range(number):
        kept += cutter.cut("keep_saving", cutter.place)
        result.trials += 1
        if wrong := cutter.lost(kept):
            result.failures.append(f"{cutter.disk.kind}: {wrong}")
            kept = []
            cutter.begin()


def _exports(cutter: Cutter, result: Result, number: int) -> None:
    cutter.begin()
    at = cutter.place / "export"
    for turn in range(number):
        saved = cutter.cut("keep_writing", at, seed=turn)
        result.trials += 1
        if wrong := cutter.torn(saved, at):
            result.failures.append(f"{cutter.disk.kind}: {wrong}")
        shutil.rmtree(at)
        at.mkdir()
        os.sync()


def suite(*, size: str = "sample", seed: int = 1, cuts: int = 0) -> list[Result]:
    drawn = random.Random(seed)
    cuts = cuts or {"sample": 3, "full": 300}[size]
    result = Result("P2", "power cut by file-system shutdown", seed)
    written = Result("P2", "power cut while files are written durably", seed)
    with scratch() as folder, Stage() as stage:
        template = folder / "template"
        scene.create(template).close()
        for kind, number in {"ext4": cuts, "xfs": cuts // 5 or 1}.items():
            try:
                with disk(folder, kind) as made:
                    cutter = Cutter(stage, made, template, folder, drawn)
                    _cuts(cutter, result, number)
                    _exports(cutter, written, max(1, number // 3))
                    for name, how in WRONG.items() if kind == "ext4" else ():
                        cutter.control(result.control(name), how)
                    if kind == "ext4":
                        cutter.naive(written.control("naive export"))
            except NotTested as error:
                if kind == "ext4":
                    raise
                result.missing.append(str(error))
    return [result, written]


if __name__ == "__main__":
    main(suite, cuts=0)
