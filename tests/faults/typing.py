"""P8: a clerk types in the real window and the program is killed: at most two seconds are lost.

The child writes down what stands in the field after each key, and when; after the kill the draft
must hold at least what stood there two seconds before. ``python -m tests.faults.typing --kills 50``.
"""

import json
import os
import random
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults import scene
from tests.faults.scene import opened, scratch
from tests.faults.trial import Result, main
from tests.faults.window import act_as_child, child, real_window
from union_desk.store import drafts

FORM, FIELD = "visit", "findings"
LOST = 2.0
WORDS = "走访困难职工家庭了解就医就学情况并送去慰问金asdf 123 "


def _child(place: str, said: str, seed: str) -> None:
    """Type without end, and write down what stands there."""
    from PySide6.QtTest import QTest

    from tests.desktop.typing import type_text
    from union_desk.desktop.navigation import Route

    app, window = real_window(Path(place))
    window.desk.open(Route("form", form=FORM))
    app.processEvents()
    page = window.desk.page
    page.body.focus(FIELD)
    assert page.body.has_focus() == FIELD
    drawn = random.Random(int(seed))
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    text = ""
    while True:
        letters = "".join(drawn.choices(WORDS, k=drawn.randint(1, 3)))
        type_text(letters)
        text += letters
        os.writev(out, [(json.dumps([time.monotonic(), text]) + "\n").encode()])
        QTest.qWait(drawn.choice((20, 40, 80, 80, 250)))


def _judge(place: Path, log: list[list], killed: float) -> str | None:
    """Compare the draft with what stood in the field two seconds before the kill."""
    due = [text for moment, text in log if moment <= killed - LOST]
    with opened(place) as store, store.read() as connection:
        kept = [draft.fields.get(FIELD, "") for draft in drafts.load_drafts(connection, FORM)]
        wrong = scene.faults_of(store)
    if wrong:
        return "; ".join(wrong)
    everything = log[-1][1] if log else ""
    if not due:
        return None
    if not kept:
        return f"no draft of {len(due[-1])} letters"
    if not everything.strip().startswith(kept[0].strip()) and not kept[0].startswith(everything):
        return "the draft is not what was typed"
    if len(kept[0].strip()) < len(due[-1].strip()):
        return f"{len(due[-1]) - len(kept[0])} letters older than {LOST} s are lost"
    return None


def _one(folder: Path, template: Path, number: int, seed: int) -> str | None:
    drawn = random.Random(seed)
    place = scene.copy(template, folder / f"place-{number}")
    said = folder / f"said-{number}"
    os.mkfifo(said)
    process = child("typing", place, said, seed)
    wanted, log = drawn.uniform(2.2, 6.0), []
    with said.open(encoding="utf-8") as lines:
        for line in lines:
            log.append(json.loads(line))
            if log[-1][0] - log[0][0] >= wanted:
                break
        os.kill(process.pid, signal.SIGKILL)
        killed = time.monotonic()
    process.wait()
    return _judge(place, log, killed)


def suite(*, size: str = "sample", seed: int = 1, kills: int = 0) -> list[Result]:
    drawn = random.Random(seed)
    result = Result("P8", "killed while a clerk types in the real window", seed)
    with scratch() as folder:
        template = folder / "template"
        scene.create(template, "grassroots").close()
        with ThreadPoolExecutor(2) as pool:
            seeds = [
                drawn.randrange(10**6) for _ in range(kills or {"sample": 2, "full": 50}[size])
            ]
            for wrong in pool.map(lambda given: _one(folder, template, *given), enumerate(seeds)):
                result.trials += 1
                if wrong:
                    result.failures.append(wrong)
        control = result.control("a draft of the moment two seconds later")
        control.trials, control.caught = 1, int(_control(folder, template))
    return [result]


def _control(folder: Path, template: Path) -> bool:
    """A log that claims more than was ever kept must be found out."""
    place = scene.copy(template, folder / "control")
    return _judge(place, [[0.0, "typed long ago"]], 10.0) is not None


if __name__ == "__main__":
    if "--child" in sys.argv:
        act_as_child(_child, *sys.argv[2:])
    else:
        main(suite, kills=0)
