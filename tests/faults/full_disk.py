"""P7: a full, a read-only, a vanished disk: a sentence, nothing lost, work goes on after room is made.

Failing calls one by one: `kill_points`. ``python -m tests.faults.full_disk --full``.
"""

import json
import os
import random
import subprocess
from pathlib import Path

from tests.faults import scene
from tests.faults.disk import disk, memory
from tests.faults.scene import copy, data, opened, scratch
from tests.faults.stage import Outcome, Stage
from tests.faults.trial import NotTested, Result, main
from union_desk.errors import UserError
from union_desk.store import ballast

SPARE = 64 << 10


def _bytes(folder: Path) -> int:
    return sum(
        -(-path.stat().st_size // 4096) * 4096 if path.is_file() else 4096
        for path in folder.rglob("*")
    )


def _full(
    stage: Stage, template: Path, mounted: Path, room: int, *, with_ballast: bool
) -> str | None:
    """Fill a disk that leaves `room`; let go of the ballast, or of a file of the user's."""
    aside = ballast.SIZE if with_ballast else 1 << 20
    with memory(mounted, _bytes(template) + aside + room) as root:
        place = copy(template, root / "place")
        name = data(place) / ballast.NAME if with_ballast else root / "holiday.avi"
        name.write_bytes(os.urandom(aside))
        outcome = stage.run("fill_up", place, relieve=None if with_ballast else str(name))
        return _judge(place, outcome)


def _judge(place: Path, outcome: Outcome) -> str | None:
    if outcome.words("bug"):
        return outcome.words("bug")[0]["trace"][-600:]
    refused = [item["code"] for item in outcome.words("refused")]
    if refused != ["S320"] or not outcome.words("done"):
        return f"not refused once and then saved: {refused} {outcome.said[-1]}"
    with opened(place) as store:
        with store.read() as connection:
            there = set(connection.exec_driver_sql("SELECT uid FROM visit").scalars())
        wrong = scene.faults_of(store)
    lost = [item["uid"] for item in outcome.words("saved") if item["uid"] not in there]
    return f"{len(lost)} acknowledged records lost" if lost else "; ".join(wrong) or None


def _read_only(template: Path, mounted: Path) -> str | None:
    with memory(mounted, _bytes(template) + (4 << 20)) as root:
        place = copy(template, root / "place")
        before = (data(place) / "store.db").read_bytes()
        subprocess.run(["mount", "-o", "remount,ro", str(root)], check=True)
        try:
            opened(place).close()
        except UserError as error:
            after = (data(place) / "store.db").read_bytes()
            return None if error.code == "S313" and after == before else f"{error}"
        return "opened on a read-only disk"


def _vanished(stage: Stage, folder: Path, template: Path, drawn: random.Random) -> str | None:
    """The disk goes while the program goes on: it must say so, not break down."""
    pipe = folder / "vanished"
    if not pipe.exists():
        os.mkfifo(pipe)
    with disk(folder, "ext4") as made:
        place = copy(template, made.root / "place")
        os.sync()
        stage.start("keep_saving", place, out=pipe)
        wanted, said, kept = drawn.randint(1, 10), [], []
        with pipe.open(encoding="utf-8") as lines:
            for line in lines:
                said.append(json.loads(line))
                if said[-1]["word"] == "saved" and not len(kept) >= wanted:
                    kept.append(said[-1]["uid"])
                    if len(kept) == wanted:
                        made.cut()
        stage.end()
        made.remount()
        if said[-1]["word"] != "refused":
            return f"not a sentence: {said[-1]}"[:700]
        with opened(place) as store, store.read() as connection:
            there = set(connection.exec_driver_sql("SELECT uid FROM visit").scalars())
        return None if there >= set(kept) else "acknowledged records lost"


def suite(*, size: str = "sample", seed: int = 1, sizes: int = 0) -> list[Result]:
    drawn = random.Random(seed)
    sizes = sizes or {"sample": 2, "full": 40}[size]
    result = Result(
        "P7", "full disk (tmpfs of many sizes, with and without ballast), read-only, vanished", seed
    )

    def note(wrong: str | None) -> None:
        result.trials += 1
        if wrong:
            result.failures.append(wrong)

    with scratch() as folder, Stage() as stage:
        template = folder / "template"
        scene.create(template).close()
        mounted = folder / "small"
        for number in range(sizes):
            room = SPARE + drawn.randrange(900) * 1024
            wrong = _full(stage, template, mounted, room, with_ballast=bool(number % 2))
            note(wrong and f"room {room}: {wrong}")
        note(_read_only(template, mounted))
        try:
            for _ in range(max(1, sizes // 4)):
                note(_vanished(stage, folder, template, drawn))
        except NotTested as error:
            result.missing.append(str(error))
    return [result]


if __name__ == "__main__":
    main(suite, sizes=0)
