"""P13: a second program, and places where no store may lie (FAT: `stick`): refused with a sentence.

``python -m tests.faults.instance``.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.faults import scene
from tests.faults.disk import memory
from tests.faults.scene import copy, data, opened, scratch
from tests.faults.stage import Stage
from tests.faults.trial import Result, main
from tests.store.offices import PASSWORD
from union_desk.errors import UserError

CLOUDS = ("OneDrive", "坚果云", "WPS云盘", "Dropbox", "BaiduSyncdisk", "iCloud Drive")
ROOT = Path(__file__).parents[2]


def _refused(place: Path) -> str:
    try:
        opened(place).close()
    except UserError as error:
        return error.code
    return ""


def _command(place: Path) -> tuple[int, str]:
    environment = os.environ | {
        "UNION_DESK_PASSWORD": PASSWORD,
        "UNION_DESK_STATE": str(place / "state"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "union_desk", "--data", str(data(place)), "status"],
        capture_output=True, text=True, env=environment, cwd=ROOT, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


def suite(*, size: str = "sample", seed: int = 1, turns: int = 0) -> list[Result]:
    result = Result("P13", "second program, owner killed, refused places", seed)

    def note(name: str, wanted: object, found: object) -> None:
        result.trials += 1
        if wanted != found:
            result.failures.append(f"{name}: {found} instead of {wanted}")

    with scratch() as folder, Stage() as stage:
        template = folder / "template"
        scene.create(template).close()
        place = copy(template, folder / "place")
        for turn in range(turns or {"sample": 1, "full": 20}[size]):
            _two(stage, place, folder / "held", note, command=turn == 0)
        for name in CLOUDS:
            note(name, "S314", _refused(copy(template, folder / name / "place")))
        with memory(folder / "ro", 32 << 20) as root:
            there = copy(template, root / "place")
            subprocess.run(["mount", "-o", "remount,ro", str(root)], check=True)
            note("read-only", "S313", _refused(there))
    return [result]


def _two(stage: Stage, place: Path, pipe: Path, note, *, command: bool) -> None:
    """Hold the store in one process, come with another, kill the first, come again."""
    if not pipe.exists():
        os.mkfifo(pipe)
    pid = stage.start("hold", place, out=pipe)
    with pipe.open(encoding="utf-8") as lines:
        while "held" not in lines.readline():
            pass
        note("second program", "S302", _refused(place))
        if command:
            code, told = _command(place)
            note("second program on the command line", (1, True), (code, "S302" in told))
        os.kill(pid, signal.SIGKILL)
    stage.end()
    note("owner killed", "", _refused(place))


if __name__ == "__main__":
    main(suite, turns=0)
