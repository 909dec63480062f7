"""P6: whatever is lost, late, repeated or restored, each record is at the city once and newest.

Schedules drawn by Hypothesis run on real stores of two units, their county and the city: edits,
voids, sticks that are lost or come twice, receipts that are late, backups brought back, data
folders copied back behind the program's back. After loss-free rounds all must agree, and every old
file must change nothing. ``python -m tests.faults.schedules --schedules 2000 --steps 30``.
"""

import contextlib
import os
import random
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as with_seed
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from tests.bundle.offices import introduce
from tests.faults.scene import copy, package, scratch
from tests.faults.trial import Control, Result, main
from tests.store.offices import (
    CHEAP,
    DAY,
    PASSWORD,
    PROPOSAL,
    UNITS,
    draft,
    put,
    rows_of,
    run,
    sheet,
)
from union_desk.bundle import exporting, importing
from union_desk.store import backups, holds, opening, outbox, records, restoring, schema
from union_desk.store.transaction import Store

FORM, FIELD = "proposal", "title"
FIRST, COUNTY, CITY = (UNITS[name][0] for name in ("grassroots", "county", "city"))
SECOND = "51110240002" + mod_11_10.calc_check_digit("51110240002")
LEVELS = {FIRST: "grassroots", SECOND: "grassroots", COUNTY: "county", CITY: "city"}
PARENT = {FIRST: COUNTY, SECOND: COUNTY, COUNTY: CITY}
WRITERS, ABOVE = (FIRST, SECOND), (COUNTY, CITY)
WEIGHTS = {
    "edit": 45, "export": 15, "deliver": 18, "replay": 5, "receipts": 7, "receive": 6, "backup": 2, "restore": 2,
}  # fmt: skip
LOST = 30
OLD = "B578"
"""Code of a packet of an epoch that another has replaced."""
MODES = ("marked", "silent")
CHOICES = [kind for kind, weight in WEIGHTS.items() for _ in range(weight)]
STEP = st.tuples(st.sampled_from(CHOICES), st.integers(0, 10**6))
"""What is done, and the seed of all that is drawn within it."""


class WrongError(AssertionError):
    """An office holds what it must not."""


class World:
    """Four offices, what each unit has said, and every file that is or was under way."""

    def __init__(self, template: Path, folder: Path, mode: str) -> None:
        self.folder, self.mode = folder, mode
        copy(template, folder / "offices")
        self.stores: dict[str, Store] = {}
        self.said: dict[str, dict[str, tuple[str, bool]]] = {unit: {} for unit in WRITERS}
        self.ever: set[tuple[str, str]] = set()
        self.flying: list[tuple[str, Path]] = []
        self.archive: list[tuple[str, Path]] = []
        self.saved: dict[str, tuple[Path, dict[str, tuple[str, bool]]]] = {}
        self.number = 0
        for unit in LEVELS:
            self._open(unit)

    def _open(self, unit: str) -> Store:
        os.environ["UNION_DESK_STATE"] = str(self.folder / "offices" / "state" / unit)
        place = self.folder / "offices" / unit
        self.stores[unit] = opening.open_store(place, password=PASSWORD, pack=package())
        return self.stores[unit]

    def close(self) -> None:
        for store in self.stores.values():
            store.close()

    def at(self, unit: str) -> Store:
        os.environ["UNION_DESK_STATE"] = str(self.folder / "offices" / "state" / unit)
        return self.stores[unit]

    # --- steps ------------------------------------------------------------------------------

    def step(self, kind: str, drawn: random.Random) -> None:
        getattr(self, kind)(drawn)

    def edit(self, drawn: random.Random, unit: str = "") -> None:
        unit = unit or drawn.choice(WRITERS)
        store, said = self.at(unit), self.said[unit]
        live = [uid for uid, (_, gone) in said.items() if not gone]
        with store.write() as tx:
            if live and drawn.random() < 0.15:
                uid = drawn.choice(live)
                records.void(tx, FORM, uid, "登记有误")
                said[uid] = (said[uid][0], True)
                return
            self.number += 1
            told = f"献一计之{self.number}"
            values = PROPOSAL | {FIELD: told}
            if live and drawn.random() < 0.6:
                uid = drawn.choice(live)
                record = draft(FORM, values, uid=uid, unit=unit)
            else:
                record = draft(FORM, values, unit=unit)
            context = run(store, tx.connection)
            made = records.confirm(tx, record, context, period="2012M08", reason="电话更正")
            said[made.uid] = (told, False)
            self.ever.add((made.uid, told))

    def export(self, drawn: random.Random) -> None:
        self._send(drawn.choice((*WRITERS, COUNTY)), exporting.PARENT)

    def receipts(self, drawn: random.Random) -> None:
        self._send(drawn.choice(ABOVE), exporting.CHILDREN)

    def _send(self, unit: str, reader: str) -> None:
        store = self.at(unit)
        with store.read() as connection:
            held = holds.current(connection)
        if held is not None:
            holds.resume(store, {})
        self.number += 1
        place = self.folder / f"stick-{self.number}"
        place.mkdir()
        made = exporting.export(store, place, reader=reader, as_of=DAY)
        targets = (
            [PARENT[unit]]
            if reader == exporting.PARENT
            else [child for child, parent in PARENT.items() if parent == unit]
        )
        for item in made:
            for target in targets:
                self.flying.append((target, item.file))
                self.archive.append((target, item.file))

    def deliver(self, drawn: random.Random) -> None:
        self._arrive(drawn, ABOVE)

    def receive(self, drawn: random.Random) -> None:
        self._arrive(drawn, (*WRITERS, COUNTY))

    def _arrive(self, drawn: random.Random, targets: tuple[str, ...]) -> None:
        waiting = [item for item in self.flying if item[0] in targets]
        if not waiting:
            return
        item = drawn.choice(waiting)
        self.flying.remove(item)
        if drawn.randrange(100) >= LOST:
            self._take(*item)

    def replay(self, drawn: random.Random) -> None:
        if self.archive:
            self._take(*drawn.choice(self.archive))

    def _take(self, unit: str, path: Path) -> None:
        for item in importing.take_in(self.at(unit), path):
            if item.outcome not in ("applied", "duplicate", "waiting") and item.code != OLD:
                raise WrongError(f"{unit} {path.name}: {item.outcome} {item.code} {item.reason}")
        self._nothing_wrong(unit)

    def backup(self, drawn: random.Random, unit: str = "") -> None:
        unit = unit or drawn.choice((*WRITERS, COUNTY))
        store = self.at(unit)
        if self.mode == "silent":
            kept = self.folder / f"copy-{unit}"
            store.close()
            copy(store.folder, kept)
            self._open(unit)
        else:
            kept = Path(backups.make(store, "command", to=self.folder / f"kept-{unit}").file)
        self.saved[unit] = (kept, dict(self.said.get(unit, {})))

    def restore(self, drawn: random.Random) -> None:
        if not self.saved:
            return
        unit = drawn.choice(sorted(self.saved))
        kept, said = self.saved[unit]
        folder = self.at(unit).folder
        self.stores[unit].close()
        if self.mode == "silent":
            shutil.rmtree(folder)
            copy(kept, folder)
        else:
            restoring.restore(folder, kept, PASSWORD, pack=package())
        self._open(unit)
        if unit in self.said:
            self.said[unit] = dict(said)

    # --- what must hold ---------------------------------------------------------------------

    def rows(self, unit: str) -> dict[str, tuple[str, int]]:
        with self.at(unit).read() as connection:
            found = connection.exec_driver_sql(
                f"SELECT uid, {FIELD}, deleted FROM {FORM} WHERE record_state <> 'draft'"
            )
            return {row[0]: (row[1], row[2]) for row in found}

    def _nothing_wrong(self, unit: str) -> None:
        """No office ever holds what no unit ever said."""
        for uid, (told, _) in self.rows(unit).items():
            if (uid, told) not in self.ever:
                raise WrongError(f"{unit} holds {uid} {told}, which was never said")

    def close_rounds(self) -> None:
        """Carry everything, nothing lost, until all agree: two rounds must do."""
        for _ in range(3):
            for unit in (*WRITERS, COUNTY):
                self._carry(unit, exporting.PARENT)
            for unit in (CITY, COUNTY):
                self._carry(unit, exporting.CHILDREN)

    def _carry(self, unit: str, reader: str) -> None:
        before = len(self.archive)
        self._send(unit, reader)
        for item in self.archive[before:]:
            self._take(*item)

    def agree(self) -> None:
        wanted = {
            uid: told
            for said in self.said.values()
            for uid, (told, gone) in said.items()
            if not gone
        }
        for unit in ABOVE:
            live = {uid: told for uid, (told, gone) in self.rows(unit).items() if not gone}
            if live != wanted:
                less = {uid: wanted[uid] for uid in wanted if live.get(uid) != wanted[uid]}
                more = {uid: live[uid] for uid in live if uid not in wanted}
                raise WrongError(f"{unit}: lacks or differs {less}, has too many {more}")
        for unit in PARENT:
            store = self.at(unit)
            with store.read() as connection:
                left = outbox.unacknowledged(connection, store, outbox.UP)
                due = outbox.due_counts(connection, store)
            if left or due:
                raise WrongError(f"{unit}: {len(left)} packets never acknowledged, due {due}")

    def replay_all(self) -> None:
        """Every file that ever was: nothing changes."""
        before = {unit: self.rows(unit) for unit in LEVELS}
        for item in self.archive:
            self._take(*item)
        for unit, rows in before.items():
            if self.rows(unit) != rows:
                raise WrongError(f"{unit}: an old file changed a row")
        self.agree()


def template_of(folder: Path) -> Path:
    """The four data folders, which trust each other, and the county's list of its units."""
    made: dict[str, Store] = {}
    for unit, level in LEVELS.items():
        os.environ["UNION_DESK_STATE"] = str(folder / "state" / unit)
        made[unit] = opening.create(
            folder / unit, package(), unit=unit, name=f"单位{unit[-3:]}", level=level, parent=PARENT.get(unit),
            password=PASSWORD, person="李敏", cost=CHEAP,
        )  # fmt: skip
    (row,) = [row for row in rows_of("union_org") if row["union_code"] == FIRST]
    listed = [row, row | {"union_code": SECOND, "name": "第二工会委员会"}]
    done = put(made[COUNTY], "union_org", sheet("union_org", *listed), reason="样本")
    if done.refused:
        raise AssertionError(done.findings)
    for unit, store in made.items():
        os.environ["UNION_DESK_STATE"] = str(folder / "state" / unit)
        for other in made.values():
            if other is not store:
                introduce(store, other)
        backups.make(store, "import")
    for store in made.values():
        store.close()
    return folder


@contextlib.contextmanager
def tables_once() -> Iterator[None]:
    """Make the tables of a package once: four offices open thousands of times here."""
    made: dict[tuple[int, ...], schema.Tables] = {}
    genuine = schema.tables

    def tables(*packs):
        key = tuple(map(id, packs))
        if key not in made:
            made[key] = genuine(*packs)
        return made[key]

    schema.tables = tables
    try:
        yield
    finally:
        schema.tables = genuine


@contextlib.contextmanager
def own_state() -> Iterator[None]:
    before = os.environ.get("UNION_DESK_STATE")
    try:
        yield
    finally:
        os.environ.pop("UNION_DESK_STATE", None)
        if before is not None:
            os.environ["UNION_DESK_STATE"] = before


def play(template: Path, folder: Path, steps: list[tuple[str, int]], mode: str) -> str | None:
    """Run one schedule; return what was wrong."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    world = World(template, folder, mode)
    try:
        for kind, number in steps:
            world.step(kind, random.Random(number))
        world.close_rounds()
        world.agree()
        world.replay_all()
    except WrongError as error:
        return str(error)[:700]
    finally:
        world.close()
    return None


def suite(
    *, size: str = "sample", seed: int = 1, schedules: int = 0, steps: int = 30
) -> list[Result]:
    schedules = schedules or {"sample": 3, "full": 2000}[size]
    result = Result(
        "P6", f"schedules of {steps} steps on real stores: two units, county, city", seed
    )
    with own_state(), tables_once(), scratch() as folder:
        template = template_of(folder / "template")

        @with_seed(seed)
        @settings(
            max_examples=schedules, deadline=None, database=None, phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(st.lists(STEP, min_size=steps, max_size=steps))
        def schedule(drawn: list[tuple[str, int]]) -> None:
            mode = MODES[result.trials % len(MODES)]
            wrong = play(template, folder / "world", drawn, mode)
            result.trials += 1
            if wrong:
                result.failures.append(f"{mode}: {wrong} after {drawn}")

        schedule()
        result.trials += 1
        if wrong := restored_twice(template, folder / "world"):
            result.failures.append(f"one backup restored twice: {wrong}")
        _epoch_plus_one(template, folder / "world", result.control("epoch+1"))
    return [result]


def _epoch_plus_one(template: Path, folder: Path, control: Control) -> None:
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
    try:
        control.trials += 1
        control.caught += bool(restored_twice(template, folder))
    finally:
        outbox.begin_epoch = genuine


def restored_twice(template: Path, folder: Path) -> str | None:
    """One backup restored twice, with work between and after; return what was wrong."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    world = World(template, folder, "marked")
    drawn = random.Random(1)
    try:
        for _ in range(3):
            world.edit(drawn, FIRST)
        world.close_rounds()
        world.backup(drawn, FIRST)
        for _ in range(2):
            world.restore(drawn)
            for _ in range(3):
                world.edit(drawn, FIRST)
            world.close_rounds()
        world.agree()
        world.replay_all()
    except WrongError as error:
        return str(error)[:700]
    finally:
        world.close()
    return None


if __name__ == "__main__":
    main(suite, schedules=0, steps=30)
