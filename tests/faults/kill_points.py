"""P1, P3, P7, P9, P14: kill -9, then errors of the disk, at every call that writes, of every act.

``python -m tests.faults.kill_points --full`` tries every point; the sample draws a few of each act.
"""

import hashlib
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests import exchange
from tests.faults import acts, scene
from tests.faults.scene import copy, data, opened, outside, scratch
from tests.faults.stage import Outcome, Stage
from tests.faults.trial import Control, Result, main
from tests.store.offices import CHEAP, DAY, PROPOSAL, confirm, draft, put, save
from union_desk.bundle import exporting
from union_desk.errors import UserError
from union_desk.store import attachments, backups, drafts, opening, passwords

PROMISES = {
    "save": "P1", "draft": "P1", "confirm": "P1", "attachment": "P1", "put": "P3", "export": "P3", "init": "P3", "password": "P3",
    "handover": "P3", "restore": "P3", "install": "P14", "upgrade": "P14", "backup": "P9",
    "thin": "P9", "reset": "P3", "rekey": "P3", "import": "P3", "issue": "P3", "erase": "P3",
}  # fmt: skip
MOVED = ("init", "restore", "rekey")
"""Acts that build a store aside: its transactions show only once it is moved in."""
ERRORS = {
    "pwrite64": ("EIO", "ENOSPC"),
    "write": ("ENOSPC", "EIO"),
    "unlink": ("EACCES",),
    "rename": ("EACCES",),
    "mkdir": ("EACCES",),
}
"""By call; all others: EIO."""


@dataclass
class Script:
    """An act: what it starts from, what it may leave, and where it can be interrupted."""

    act: str
    template: Path
    states: list[str]
    points: list[tuple[str, int]]


class Company:
    """Templates of every act, and trials on copies of them."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage, self.folder = stage, folder
        self._templates: dict[str, Path] = {}
        self._before: dict[Path, str] = {}

    def script(self, act: str) -> Script:
        """Do the act once, counting its calls and keeping the state after each transaction."""
        template = self._template(act)
        place = copy(template, self.folder / "once")
        whole = self.stage.run(act, place, states=True, count=True)
        if not whole.words("done"):
            raise AssertionError((act, whole.said))
        if template not in self._before:
            self._before[template] = _state(copy(template, self.folder / "look"))
        states = [self._before[template], *(item["state"] for item in whole.words("commit"))]
        states.append(_state(place) if act in MOVED else states[-1])
        counted = Counter(whole.calls)
        points = [(name, k) for name, number in counted.items() for k in range(1, number + 1)]
        return Script(act, template, states, points)

    def _template(self, act: str) -> Path:
        own = ("init", "restore", "install", "thin", "reset", "import")
        kind = act if act in own else "plain"
        if kind not in self._templates:
            self._templates[kind] = self.folder / f"template-{kind}"
            getattr(self, f"_make_{kind}")(self._templates[kind])
        return self._templates[kind]

    def _make_plain(self, place: Path) -> None:
        acts.pictures(place.parent)
        with scene.create(place) as store, outside(place):
            acts.pictures(place)
            put(store, "union_org", reason="样本")
            with store.write() as tx:
                attachments.keep(store, tx.connection, b"%PDF an older file")
                attachments.add(tx, "info_report", acts.UID, acts.FIELD, place / "报告.pdf")
            (place / "报告.pdf").write_bytes(acts.PICTURE + b"another")
            with store.write() as tx:
                drafts.save_draft(tx, drafts.Draft(acts.UID, "visit", acts.TYPED))

    def _make_init(self, place: Path) -> None:
        for name in ("state", "stick"):
            (place / name).mkdir(parents=True)

    def _make_install(self, place: Path) -> None:
        copy(self._template("save"), place)
        copy(scene.SHIPPED, place / "package")
        head = place / "package" / "taskpack.yaml"
        head.write_text(head.read_text("utf-8").replace('版本: "1.0"', '版本: "1.1"'), "utf-8")

    def _make_restore(self, place: Path) -> None:
        copy(self._template("save"), place)
        with opened(place) as store, outside(place):
            backups.make(store, "command", to=place / "kept")
            save(
                store, draft("visit", {"place": "后来"}, uid="01912f00-0000-7000-8000-000000000002")
            )

    def _make_thin(self, place: Path) -> None:
        copy(self._template("save"), place)
        with opened(place) as store, outside(place):
            for number in range(3):
                with store.write() as tx:
                    attachments.keep(store, tx.connection, f"%PDF {number}".encode())
                    (place / "报告.pdf").write_bytes(acts.PICTURE + str(number).encode())
                    attachments.add(tx, "info_report", acts.UID, acts.FIELD, place / "报告.pdf")
                backups.make(store, "command")

    def _make_reset(self, place: Path) -> None:
        copy(self._template("save"), place)
        with opened(place) as store, outside(place):
            code = passwords.new_recovery_code(store, CHEAP)
        (place / "code.txt").write_text(code, "utf-8")

    def _make_import(self, place: Path) -> None:
        """A county, spared the backup of the day's first run; a unit below sends many packets."""
        copy(self._template("save"), place)
        below = self.folder / "below"
        with scene.create(below, "grassroots") as lower, opened(place) as store, outside(place):
            exchange.introduce(store, lower)
            for number in range(8):  # so many that they are made durable by one sync
                confirm(lower, draft("proposal", PROPOSAL | {"title": f"献计 {number}"}))
                post = place / "post" if number == 7 else below / f"post{number}"
                post.mkdir()
                with outside(below):
                    exporting.export(lower, post, as_of=DAY)
            backups.make(store, "import")

    # --- one trial ------------------------------------------------------------------------------

    def kill(self, script: Script, point: tuple[str, int]) -> str | None:
        """Kill the act at a point; return what is wrong afterwards."""
        name, k = point
        place = copy(script.template, self.folder / "trial")
        outcome = self.stage.run(script.act, place, inject=f"{name}:signal=KILL:when={k}")
        wrong = self._look(script, place, outcome)
        return wrong and f"{script.act} killed at {name} {k}: {wrong}"

    def refuse(self, script: Script, point: tuple[str, int], error: str) -> str | None:
        """Let a call fail; return what is wrong afterwards."""
        name, k = point
        place = copy(script.template, self.folder / "trial")
        outcome = self.stage.run(
            script.act, place, inject=f"{name}:error={error}:when={k}", again=True
        )
        wrong = (
            self._sentence(outcome)
            or self._look(script, place, outcome)
            or self._afterwards(script, place, outcome)
        )
        return wrong and f"{script.act} with {error} at {name} {k}: {wrong}"

    def _sentence(self, outcome: Outcome) -> str | None:
        if bugs := outcome.words("bug"):
            return "not a sentence: " + bugs[0]["trace"][-700:]
        for told in outcome.words("refused"):
            if not told["code"] or not any("一" <= letter <= "鿿" for letter in told["sentence"]):
                return f"not a sentence: {told}"
        return None

    def _afterwards(self, script: Script, place: Path, outcome: Outcome) -> str | None:
        """The program works on: at once, or else after it was closed and opened again."""
        if outcome.words("done"):
            return None
        later = self.stage.run(script.act, place)
        if later.words("done") or (
            script.act in ("init", "password", "handover", "reset") and later.words("refused")
        ):
            return None
        return f"does not work afterwards: {outcome.said} {later.said}"[:900]

    def _look(self, script: Script, place: Path, outcome: Outcome) -> str | None:
        """Compare what is there with what was acknowledged."""
        folder = data(place)
        if script.act == "init" and not opening.exists(folder):
            return (
                "acknowledged, and no store" if outcome.words("done") else self._begin_anew(place)
            )
        try:
            with scene.as_it_lies(place) as store:
                wrong = scene.faults_of(store)
                now = scene.state(store)
        except UserError as error:
            return f"does not open: {error}"
        if wrong:
            return "; ".join(wrong)
        reached = len(outcome.words("commit"))
        allowed = script.states[reached : reached + 2]
        if script.act in MOVED or outcome.words("refused"):
            allowed = script.states
        if outcome.words("done") and not outcome.words("refused"):
            allowed = script.states[-2:]
        if now not in allowed:
            return f"a state between, after {reached} transactions: {scene.difference(allowed[0], now)}"[
                :900
            ]
        if folder.joinpath("incoming").exists() and any(folder.joinpath("incoming").iterdir()):
            return "something is left in incoming"
        wanted = script.act == "thin" or (script.act == "backup" and outcome.words("done"))
        if wanted and not any(folder.glob("backups/*.udbak")):
            return "there is no backup"
        return self._stick(place, outcome)

    def _begin_anew(self, place: Path) -> str | None:
        later = self.stage.run("init", place)
        return None if later.words("done") else f"cannot be made afterwards: {later.said}"[:900]

    def _stick(self, place: Path, outcome: Outcome) -> str | None:
        """What bears its final name on the stick is whole, and holds kept packets."""
        found = [path for path in (place / "stick").iterdir() if path.suffix != ".part"]
        if not found:
            return None
        kept = {path.name for path in (data(place) / "packets").iterdir()}
        with scene.as_it_lies(place) as store:
            secret = exchange.own(store).secret
        for path in found:
            for packet in exchange.packets(path, secret).values():
                if f"{hashlib.sha256(packet).hexdigest()}.age" not in kept:
                    return f"{path.name} on the stick holds no packet of this store"
        return None


def _state(place: Path) -> str:
    if not opening.exists(data(place)):
        return ""
    with scene.as_it_lies(place) as store:
        return scene.state(store)


CONTROLS = {
    "draft_apart": ("save", "P1", "draft emptied apart"),
    "upgrade_without_hooks": ("upgrade_without_hooks", "P14", "upgrade without hooks"),
    "backup_before_files": ("backup", "P9", ".udbak before its files"),
}
"""Act -> the act whose states count, promise, name."""


def suite(*, size: str = "sample", seed: int = 1, points: int = 0, only: str = "") -> list[Result]:
    drawn = random.Random(seed)
    results: dict[str, Result] = {}

    def result(promise: str, method: str) -> Result:
        return results.setdefault(promise, Result(promise, method, seed))

    def draw(script: Script, number: int) -> list[tuple[str, int]]:
        """Draw points, every kind of call as often as the others."""
        if size == "full":
            return script.points
        left = drawn.sample(script.points, len(script.points))
        turn = Counter()
        order = []
        for point in left:
            order.append((turn[point[0]], len(order), point))
            turn[point[0]] += 1
        return [point for _, _, point in sorted(order)][:number]

    with scratch() as folder, Stage() as stage:
        company = Company(stage, folder)
        chosen = [only] if only else list(PROMISES) if points or size == "full" else _some(drawn)
        points = points or 2
        for act in chosen:
            promise = PROMISES[act]
            script = company.script(act)
            killed = result(promise, "kill -9 at a call that writes")
            failing = result("P7", "EIO, ENOSPC, EACCES at a call that writes")
            for point in draw(script, points):
                _count(killed, company.kill(script, point))
            for point in draw(script, max(1, points // 2)):
                for error in ERRORS.get(point[0], ("EIO",)):
                    _count(failing, company.refuse(script, point, error))
        for act, (_, promise, name) in CONTROLS.items() if not only else ():
            _control(company, act, result(promise, "kill -9 at a call that writes").control(name))
    return [*results.values()]


def _some(drawn: random.Random) -> list[str]:
    """Draw acts for a sample: of every promise one or two."""
    some = []
    for promise, number in {"P1": 2, "P3": 2, "P9": 1, "P14": 1}.items():
        some += drawn.sample([act for act, of in PROMISES.items() if of == promise], number)
    return some


def _count(result: Result, wrong: str | None) -> None:
    result.trials += 1
    if wrong:
        result.failures.append(wrong)


def _control(company: Company, act: str, control: Control) -> None:
    """Kill what is done in the wrong way, from its end on, until that shows."""
    script = company.script(act)
    script.states = [script.states[0], script.states[-1], script.states[-1]]
    points = [point for point in script.points if point[0] in ("rename", "ftruncate")]
    for point in reversed(points):
        control.trials += 1
        control.caught += bool(_wrong(company, script, point))
        if control.caught:
            return


def _wrong(company: Company, script: Script, point: tuple[str, int]) -> bool:
    """Return whether a kill leaves a state that is neither the one before nor the one after."""
    name, k = point
    place = copy(script.template, company.folder / "trial")
    company.stage.run(script.act, place, inject=f"{name}:signal=KILL:when={k}")
    with scene.as_it_lies(place) as store:
        return bool(scene.faults_of(store)) or scene.state(store) not in script.states


if __name__ == "__main__":
    main(suite, points=0, only="")
