"""A city that lives a year: real offices, real bundles, and beside them a plain list of all rows."""

import copy
import random
from pathlib import Path

from tests.bundle.offices import introduce
from tests.store.offices import PASSWORD, new_store, put, sheet
from tests.store.sample_figures import Samples, figures_of
from tests.walks.year_rows import DETAILS, LINKS, NUMBERS, Clerk, union
from union_desk.bundle import exporting, importing
from union_desk.store import (
    backups,
    checking,
    counter,
    holds,
    opening,
    records,
    restoring,
    reviews,
    rollup,
    unit_tree,
)
from union_desk.store.context import context_at
from union_desk.store.reviews import Waiting
from union_desk.taskpack.record import new_uid

CITY = "511100000010"
BLOCKS = (
    ("511102000013", "市中区总工会"), ("511111000015", "沙湾区总工会"), ("511112000017", "五通桥区总工会"),
    ("511113000019", "金口河区总工会"), ("511123000014", "犍为县总工会"),
)  # fmt: skip
MOST_TRIES = 8


class Office:
    """One office: its place, its store, and every row that it should know, as plain text."""

    def __init__(self, world, code, name, level, parent, county=None):
        self.world, self.code, self.name, self.level, self.parent = world, code, name, level, parent
        self.county = county or self
        self.firms, self.unions, self.files = [], [], []
        self.known = {}
        """(form, record) -> (writer, row, detail rows)."""
        self.place = world.folder / f"{level}-{code}"
        self._store = new_store(
            self.place, world.pack, level, unit=code, name=name,
            parent=parent.code if parent else None, known_parent=False,
        )  # fmt: skip

    @property
    def store(self):
        if self._store is None:
            self._store = opening.open_store(self.place, password=PASSWORD)
        return self._store

    def close(self):
        if self._store is not None:
            self._store.close()
            self._store = None

    def enter(self, form, day):
        """Enter one row; one that the checks refuse is taken back and another one tried."""
        for _ in range(MOST_TRIES):
            row, details = self.world.clerk.row(form, self, day)
            if self.write(form, row, details, day):
                return True
        return False

    def write(self, form, row, details, day, uid=None):
        """Put a row with its details; return whether it was taken."""
        uid = uid or new_uid()
        tables = {DETAILS[form]: sheet(DETAILS[form], *details)} if details else {}
        done = put(
            self.store, form, sheet(form, row | {"uid": uid}), tables, reason="核对过", as_of=day
        )
        self.world.entered[form, "refused" if done.refused else "taken"] += 1
        self.world.refusals.update(
            (form, item.code) for item in done.findings if item.level == "error"
        )
        if done.refused:
            return False
        unit = row.get("unit", self.code)
        self.known[form, uid] = (self.code, row | {"unit": unit}, details)
        if form == "enterprise":
            self.firms.append(row["uscc"])
        if form == "hardship":
            self.files.append(row["file_no"])
        return True

    def own(self):
        """Return what this office wrote itself."""
        return {key: item for key, item in self.known.items() if item[0] == self.code}

    def correct(self, day):
        """Enter another number in a record of this office."""
        ours = [key for key in self.own() if key[0] in NUMBERS]
        if ours:
            form, uid = self.world.draw.choice(ours)
            _, row, details = self.known[form, uid]
            name = NUMBERS[form]
            changed = row | {name: str(int(row[name]) + 1)}
            unit = changed.pop("unit")
            if self.write(form, changed, details, day, uid):
                assert self.known[form, uid][1]["unit"] == unit

    def void(self):
        """Void a record of this office."""
        ours = [key for key in self.own() if key[0] in ("visit", "proposal", "info_report")]
        if ours:
            form, uid = self.world.draw.choice(ours)
            with self.store.write() as transaction:
                records.void(transaction, form, uid, "重复登记")
            del self.known[form, uid]

    def send(self, reader="parent"):
        """Write bundles onto a fresh stick and return it."""
        self._mend()
        self.world.sticks += 1
        stick = self.world.folder / f"stick{self.world.sticks}"
        stick.mkdir()
        exporting.export(self.store, stick, reader=reader, as_of=self.world.day)
        return stick

    def _mend(self):
        """Void what cannot be sent: other records have come since that it contradicts."""
        with self.store.read() as connection:
            context = context_at(self.store, self.world.day, connection=connection)
            wrong = {
                (form, finding.record): finding.message
                for form in {form for form, _ in self.own()}
                for finding in checking.check_rows(
                    connection, self.store.tables, self.world.pack, form,
                    [uid for name, uid in self.own() if name == form], context,
                )
                if finding.level == "error"
            }  # fmt: skip
        for (form, uid), message in wrong.items():
            assert form != "union_org", message
            with self.store.write() as transaction:
                records.void(transaction, form, uid, "与后来的记录不符")
            self.known.pop((form, uid))

    def take(self, stick):
        """Take in whatever lies on a stick."""
        for outcome in importing.take_in(self.store, [stick]):
            assert outcome.outcome in ("applied", "duplicate"), outcome

    def progress(self, node, day):
        """Return numerator and denominator of every indicator of a node, as this office shows it."""
        with self.store.read() as connection:
            found = rollup.progress(connection, self.store, day, node)
        return {item.id: (item.numerator, item.denominator) for item in found}


class City:
    """A city, its counties and their units; what happens, and what must hold."""

    def __init__(self, folder, pack, seed, counties, units):
        from collections import Counter

        self.folder, self.pack = Path(folder), pack
        self.draw = random.Random(seed)
        self.clerk = Clerk(pack, seed)
        self.entered, self.sticks, self.day, self.compared = Counter(), 0, "2012-01-31", 0
        self.refusals = Counter()
        self.moved = []
        """Units that go on sending by their old county: nobody has told them yet."""
        self.city = Office(self, CITY, "乐山市总工会", "city", None)
        self.counties = [Office(self, *block, "county", self.city) for block in BLOCKS[:counties]]
        self.units = []
        for county in self.counties:
            for number in range(1, units + 1):
                code = union(county.code[:6], number)
                name = f"{county.name[:-3]}第{number}示范企业工会委员会"
                self.units.append(Office(self, code, name, "grassroots", county, county))
                county.unions.append(code)
        self.parents = {office.code: office.parent.code for office in (*self.units, *self.counties)}
        """Where each unit stands in the tree."""
        for office in (*self.units, *self.counties):
            for above in {office.parent, self.city}:
                introduce(office.store, above.store)
                introduce(above.store, office.store)
        for office in self.offices:
            backups.make(office.store, "import")  # the first of the day; the others are spared it
        for county in self.counties:
            self._register(county)

    @property
    def offices(self):
        return (self.city, *self.counties, *self.units)

    @property
    def firms(self):
        return [firm for county in self.counties for firm in county.firms]

    def close(self):
        for office in self.offices:
            office.close()

    def _register(self, county):
        """Enter the directory rows of the units, and the enterprises they belong to."""
        for unit in (one for one in self.units if one.parent is county):
            self._register_one(county, unit, "2012-01-31")
        for _ in range(4):
            assert county.enter("enterprise", "2012-01-31")

    def _register_one(self, county, unit, day):
        row, _ = self.clerk.row("union_org", county, day)
        row |= {"union_code": unit.code, "name": unit.name, "change_kind": "2"}
        row |= {
            "found_date": "2010-03-01",
            "approve_date": "2010-02-01",
            "apply_date": "2010-01-05",
        }
        row |= {"term_end": "2013-02-28", "dissolve_date": "", "drive": "0"}
        assert county.write("union_org", row, [], day), self.refusals

    # --- what happens -------------------------------------------------------------------------

    def live_month(self, day, rows):
        """Let every office enter, correct and void; then send, but for one that is late."""
        self.day = day
        for office in self.offices:
            self._enter(office, day, rows)
        late = self.draw.choice(self.units)
        for unit in self.units:
            if unit is not late:
                self.up(unit)
        self._return_one(day)
        for county in self.counties:
            self.up(county)
        return late

    def _enter(self, office, day, rows):
        forms = [
            form.id
            for form in self.pack.top_forms
            if office.level in form.writers and form.id != "unit_profile"
        ]
        for form in self.draw.sample(forms, min(rows, len(forms))):
            office.enter(form, day)
        if office.level == "grassroots" and day[5:7] in ("03", "06", "09", "12"):
            self._sheet(office, day)
        if self.draw.random() < 0.5:
            office.correct(day)
        if self.draw.random() < 0.2:
            office.void()

    def _sheet(self, office, day):
        quarter = f"2012Q{int(day[5:7]) // 3}"
        row, _ = self.clerk.row("unit_profile", office, day)
        row |= {"period": quarter, "unit": office.code}
        assert office.write("unit_profile", row, [], day), quarter

    def up(self, office):
        """Carry a bundle to the office above; what that one knows of it is now what it has."""
        above = office.parent
        above.take(office.send())
        writers = {writer for writer, *_ in office.known.values()}
        writers.add(office.code)
        if office.level == "grassroots":
            writers = {office.code}
        writers.discard(above.code)
        kept = {key: item for key, item in above.known.items() if item[0] not in writers}
        brought = {key: item for key, item in office.known.items() if item[0] in writers}
        above.known = kept | brought

    def _return_one(self, day):
        """Let a county return a record: it counts until its next revision."""
        county = self.draw.choice(self.counties)
        ours = [
            (key, item) for key, item in county.known.items()
            if item[0] not in (county.code, *self.moved) and key[0] == "visit"
        ]  # fmt: skip
        if ours:
            (form, uid), (writer, *_) = self.draw.choice(ours)
            with county.store.read() as connection:
                record = records.get(connection, county.store.tables, form, uid)
            item = Waiting(form, uid, record.unit, record.period, record.rev)
            reviews.give_back(county.store, [item], "请核对人数", day)
            unit = next(one for one in self.units if one.code == writer)
            self.down(county, [unit])

    def lose_and_restore(self, unit):
        """A computer dies after its backup: what was entered since is gone, and entered anew."""
        self.up(unit)
        path = Path(backups.make(unit.store, "command").file)
        before = copy.deepcopy(unit.known)
        files = list(unit.files)
        unit.enter("visit", self.day)
        unit.close()
        restoring.restore(unit.place, path, PASSWORD, pack=self.pack)
        unit.known, unit.files = before, files
        with unit.store.read() as connection:
            waits = holds.current(connection) is not None
        if waits:
            counter.resume(unit.store)
        assert unit.enter("visit", self.day)

    def move(self, unit, county):
        """The city moves a unit under another county, and tells everyone."""
        unit_tree.change(
            self.city.store, unit.code, "moved", self.day,
            {"parent": county.code, "doc_no": "乐工发〔2012〕70号", "reason": "区划调整"},
        )  # fmt: skip
        self.parents[unit.code] = county.code
        self.moved.append(unit.code)
        self.tell()
        self._register_one(county, unit, self.day)  # it is in two ledgers from now on

    def tell(self):
        """Carry what the city says to all below."""
        self.down(self.city, self.counties)

    def down(self, above, readers):
        """Carry what an office says to all below: its rows of forms that are for all, among others."""
        stick = above.send("children")
        brought = {
            key: item
            for key, item in above.known.items()
            if self.pack.forms[key[0]].broadcast and item[0] in (above.code, self.city.code)
        }
        for office in readers:
            office.take(stick)
            office.known |= brought

    def settle(self):
        """Let the late ones send, and the counties after them."""
        for unit in self.units:
            self.up(unit)
        for county in self.counties:
            self.up(county)

    # --- what must hold -----------------------------------------------------------------------

    def below(self, node):
        """Return a node and all codes below it."""
        found = {node}
        while more := {code for code, parent in self.parents.items() if parent in found} - found:
            found |= more
        return found

    def check(self, day):
        """Every office shows for itself and each node below what a plain count of its rows gives."""
        for office in self.offices:
            nodes = [office.code]
            nodes += [code for code, parent in self.parents.items() if parent == office.code]
            if office is self.city:
                nodes += [unit.code for unit in self.units]
            for node in nodes:
                shown = office.progress(node, day)
                expected = figures_of(self._rows(office, node, day))
                wrong = {
                    name: (shown[name], figure)
                    for name, figure in expected.items()
                    if shown[name] != figure
                }
                assert not wrong, (office.name, node, day, wrong)
                self.compared += len(expected)

    def _rows(self, office, node, day):
        """Return the rows an office knows, those of a node to be counted, all to be looked at."""
        whole = {form: [] for form in self.pack.forms}
        part = {form: [] for form in self.pack.forms}
        inside = self.below(node)
        listed = self.below(self.city.code)
        for (form, _), (_, row, details) in office.known.items():
            rows = [(form, row)] + [(DETAILS[form], inner) for inner in details]
            unlisted = node == office.code and row["unit"] not in listed
            for name, one in rows:
                whole[name].append(one)
                if row["unit"] in inside or unlisted:
                    part[name].append(one)
        return Samples(part, day, whole)


__all__ = ["LINKS", "City"]
