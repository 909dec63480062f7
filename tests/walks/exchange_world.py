"""Four real offices that exchange files by a road that loses, repeats, delays and reorders them."""

import random
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.bundle.offices import introduce
from tests.store.offices import DAY, PASSWORD, UNITS, new_store, put, rows_of, sheet
from union_desk.bundle import exporting, importing
from union_desk.errors import BundleError
from union_desk.store import backups, counter, holds, opening, records, restoring, survey
from union_desk.taskpack.record import new_uid

OFFICES = {
    "one": ("511102400017", "乐山沫水餐饮管理工会委员会", "511102000013", "grassroots"),
    "two": ("511102400033", "乐山凌云机械制造工会委员会", "511102000013", "grassroots"),
    "county": (*UNITS["county"], "county"),
    "city": (*UNITS["city"], "city"),
}
WRITERS = ("one", "two")
FORM = "visit"
ABOVE = {"one": "county", "two": "county", "county": "city"}
MOST_ROUNDS = 4


def build(folder, pack):
    """Make the four data folders: everyone knows everyone's key, the county its two units."""
    with ExitStack() as stack:
        stores = {}
        for name, (unit, title, parent, level) in OFFICES.items():
            made = new_store(
                folder / name, pack, level, unit=unit, name=title, parent=parent, known_parent=False
            )
            stores[name] = stack.enter_context(made)
        wanted = {OFFICES[name][0] for name in WRITERS}
        rows = [row for row in rows_of("union_org") if row["union_code"] in wanted]
        assert (
            put(stores["county"], "union_org", sheet("union_org", *rows), reason="样本").added == 2
        )
        for mine in stores.values():
            for other in stores.values():
                if mine is not other:
                    introduce(mine, other)
            backups.make(mine, "import")


class World:
    """What happens, and what must hold whatever happened.

    :param made: the four folders as :func:`build` left them.
    :param folder: where this run works.
    """

    def __init__(self, made, folder, pack, seed):
        shutil.copytree(made, folder / "offices")
        self.folder, self.pack = folder, pack
        self.random = random.Random(seed)
        self.stores = {}
        self.road = []
        """Files under way or long arrived: (path, by whom they can be read)."""
        self.written = {name: {} for name in WRITERS}
        """By writer: record id -> every state that was ever confirmed, None for voided."""
        self.backups = {name: [] for name in OFFICES}
        self.copies = {name: [] for name in OFFICES}
        self.sticks = 0

    def close(self):
        for store in self.stores.values():
            store.close()
        self.stores.clear()

    def store(self, name):
        if name not in self.stores:
            self.stores[name] = opening.open_store(self.place(name), password=PASSWORD)
        return self.stores[name]

    def place(self, name):
        return self.folder / "offices" / name

    def leave(self, name):
        if name in self.stores:
            self.stores.pop(name).close()

    # What may happen ---------------------------------------------------------------------------

    def edit(self, name):
        """Enter a record, or change or void one of the writer's own."""
        store, own = self.store(name), list(self.rows(name, name))
        roll = self.random.random()
        if own and roll < 0.15:
            uid = self.random.choice(own)
            with store.write() as tx:
                records.void(tx, FORM, uid, "重复登记了")
            self.written[name].setdefault(uid, set()).add(None)
            return
        uid = self.random.choice(own) if own and roll < 0.5 else new_uid()
        row = self.random.choice(rows_of(FORM))
        content = row | {
            "uid": uid,
            "workers": str(self.random.randrange(1, 90)),
            "place": new_uid(),
        }
        done = put(store, FORM, sheet(FORM, content), reason="样本数据")
        assert not done.refused, done.findings
        self.written[name].setdefault(uid, set()).add(self.rows(name, name)[uid])

    def send(self, name, reader="parent"):
        """Write bundles onto a fresh stick; an office that waits for a decision writes none."""
        self.sticks += 1
        stick = self.folder / f"stick{self.sticks}"
        stick.mkdir()
        store = self.store(name)
        with store.read() as connection:
            if holds.current(connection) is not None:
                with pytest.raises(BundleError, match="B546"):
                    exporting.export(store, stick, reader=reader, as_of=DAY)
                return []
        done = exporting.export(store, stick, reader=reader, as_of=DAY)
        made = [(item.file, self._readers(name, item.reader)) for item in done]
        self.road += made
        return made

    def _readers(self, name, reader):
        if reader in ("parent", OFFICES[name][2]):
            return (ABOVE[name],)
        below = [other for other, up in ABOVE.items() if up == name]
        return tuple(
            other for other in below if reader in ("children", OFFICES[other][0])
        ) or tuple(other for other in OFFICES if OFFICES[other][0] == reader)

    def arrive(self, item):
        """Let a file reach one who can read it, be it new, late, or for the tenth time."""
        path, readers = item
        for name in readers:
            for outcome in importing.take_in(self.store(name), path):
                assert outcome.outcome != "quarantined" or outcome.code == "B578", outcome
        self.check_nothing_is_wrong()

    def arrive_any(self):
        if self.road:
            self.arrive(self.random.choice(self.road))

    def back_up(self, name):
        self.backups[name].append(Path(backups.make(self.store(name), "command").file))

    def restore(self, name):
        """Go back to any backup ever made; sending waits until someone decides."""
        if self.backups[name]:
            self.leave(name)
            path = self.random.choice(self.backups[name])
            if path.exists():
                restoring.restore(self.place(name), path, PASSWORD, pack=self.pack)

    def copy(self, name):
        """Keep a copy of the folder, as people do by hand."""
        self.leave(name)
        target = self.folder / f"copy{len(self.copies[name])}-{name}"
        shutil.copytree(self.place(name), target)
        self.copies[name].append(target)

    def copy_back(self, name):
        """Put a copy back without a word: the program must notice."""
        if self.copies[name]:
            self.leave(name)
            shutil.rmtree(self.place(name))
            shutil.copytree(self.random.choice(self.copies[name]), self.place(name))

    def decide(self, name):
        """Let this computer go on where sending waits."""
        store = self.store(name)
        with store.read() as connection:
            hold = holds.current(connection)
        if hold is None:
            return
        counter.resume(store)

    # What must hold ----------------------------------------------------------------------------

    def rows(self, name, writer):
        """Return what an office shows of a writer's live records: by id, what they say."""
        store = self.store(name)
        table = store.tables.form[FORM]
        columns = ", ".join(
            f'"{column.name}"'
            for column in table.c
            if column.name not in ("rowid", "record_state", "packet", "deleted")
        )
        query = f"SELECT {columns} FROM {FORM} WHERE origin = ? AND deleted = 0 AND record_state <> 'draft'"
        with store.read() as connection:
            found = connection.exec_driver_sql(query, (OFFICES[writer][0],)).all()
        return {row[0]: tuple(row) for row in found}

    def check_nothing_is_wrong(self):
        """At no moment does any office show a state that its writer never confirmed."""
        for name in ("county", "city"):
            for writer in WRITERS:
                for uid, row in self.rows(name, writer).items():
                    assert row in self.written[writer][uid], (name, writer, uid)

    def settle(self):
        """Exchange without loss until everyone has the same, and say in how many rounds."""
        for number in range(1, MOST_ROUNDS + 1):
            for name in WRITERS:
                self.decide(name)
                for item in self.send(name):
                    self.arrive(item)
            self.decide("county")
            for item in self.send("county"):
                self.arrive(item)
            self.decide("city")
            for item in self.send("city", "children"):
                self.arrive(item)
            for item in self.send("county", "children"):
                self.arrive(item)
            if self.same():
                return number
        raise AssertionError(self.differences())

    def same(self):
        return not self.differences()

    def differences(self):
        """Say where the levels differ, what is not acknowledged, what still waits."""
        found = []
        for writer in WRITERS:
            mine = self.rows(writer, writer)
            found += [
                (name, writer, len(mine), len(self.rows(name, writer)))
                for name in ("county", "city")
                if self.rows(name, writer) != mine
            ]
            with self.store(writer).read() as connection:
                open_ = connection.exec_driver_sql(
                    "SELECT count(*) FROM packet p JOIN epoch e ON e.epoch = p.epoch AND e.stream = p.stream "
                    "WHERE e.current = 1 AND p.stream = 'up' AND p.acked = 0 AND p.n > 0"
                ).scalar()
                if open_:
                    found.append((writer, "not acknowledged", open_))
                if holds.current(connection) is not None:
                    found.append((writer, "waits for a decision"))
        return found

    def replay(self):
        """Let every file ever written arrive once more: it must change nothing."""
        before = {(name, writer): self.rows(name, writer) for name in OFFICES for writer in WRITERS}
        for item in self.road[:]:
            self.arrive(item)
        after = {(name, writer): self.rows(name, writer) for name in OFFICES for writer in WRITERS}
        assert after == before

    def check_whole(self):
        """Every store is whole in itself."""
        for name in OFFICES:
            assert list(survey.problems(self.store(name), full=True)) == []
