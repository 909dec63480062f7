"""The sample rows behind ``--demo``: whose each row is, and which of them an office sees.

Nothing here knows a form: a row belongs to the unit that its references lead to.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from union_desk import excel, resources
from union_desk.taskpack.definition import reaches
from union_desk.taskpack.record import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from union_desk.taskpack.definition import Form, TaskPack

Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Office:
    """Whose sample store is made."""

    code: str
    name: str
    level: str
    parent: str | None


@dataclass(frozen=True)
class Samples:
    """All sample rows of a package."""

    pack: TaskPack

    @cached_property
    def rows(self) -> dict[str, list[Cells]]:
        """Rows by form id."""
        found = {}
        for path in sorted(resources.samples().glob("*.csv")):
            if path.stem in self.pack.forms:
                [table] = excel.read_tables(path)
                found[path.stem] = [
                    {name: str(cell or "") for name, cell in zip(table.header, row, strict=False)}
                    for row in table.rows
                ]
        return found

    @cached_property
    def order(self) -> list[Form]:
        """Sheets and ledgers, those that others point to first."""
        done: dict[str, Form] = {}

        def visit(form: Form, path: tuple[str, ...]) -> None:
            if form.id in done or form.id in path or form.kind == "detail":
                return
            for item in form.fields:
                if item.type == "ref" and item.form:
                    visit(self.pack.forms[item.form], (*path, form.id))
            done[form.id] = form

        for form in self.pack.top_forms:
            visit(form, ())
        return [form for form in done.values() if form.id in self.rows]

    @cached_property
    def members(self) -> dict[str, Cells]:
        """Rows of the unit directory by code."""
        where = self.pack.directory
        return {row[where.code]: row for row in self.rows.get(where.form, ())}

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], Cells]:
        found: dict[tuple[str, str], Cells] = {}
        for form in self.order:
            for key in (*form.natural_keys, form.short_key, (form.name_field,)):
                for row in self.rows[form.id]:
                    parts = [row.get(part, "") for part in key]
                    if key and all(parts):
                        found.setdefault((form.id, "|".join(parts)), row)
        return found

    def owner(self, form: Form, row: Cells, depth: int = 0) -> str | None:
        """Return the code of the unit a row is about, None if nothing in it tells."""
        if row.get("unit"):
            return row["unit"]
        if form.id == self.pack.directory.form:
            return row[self.pack.directory.code]
        for item in form.fields:
            text = row.get(item.id, "")
            target = self.pack.forms.get(item.form or "")
            if item.type != "ref" or not text or target is None or depth > 3:
                continue
            pointed = self._by_key.get((target.id, text))
            if pointed is not None and (code := self.owner(target, pointed, depth + 1)):
                return code
        return None

    def seen(self, form: Form, office: Office) -> list[Cells]:
        """Return the rows of a form that an office would hold, with their unit filled in."""
        inside = self._inside(office)
        found = []
        for row in self.rows[form.id]:
            code = self.owner(form, row)
            if code in inside or (code is None and not self._elsewhere(row, office)):
                own = {**row, "unit": code or office.code}
                found.append(own | _undecided(self.pack, form, row, office.level))
        return found

    def _inside(self, office: Office) -> set[str]:
        below = {
            code
            for code, row in self.members.items()
            if office.level == "city" or office.code in (code, row[self.pack.directory.parent])
        }
        return below | {office.code}

    def _elsewhere(self, row: Cells, office: Office) -> bool:
        """Return whether a row without a unit names the district of another office."""
        if office.level == "city":
            return False
        own = {
            unit.division for unit in self.pack.units if unit.code in (office.code, office.parent)
        }
        districts = {unit.division for unit in self.pack.units if unit.division} - own
        return bool(districts & set(row.values()))

    def details(self, form: Form, rows: list[Cells]) -> Iterator[tuple[str, Table]]:
        """Yield the detail tables of these rows."""
        for name in form.details:
            detail = self.pack.forms[name]
            keys = {key for row in rows for key in self._keys(form, row)}
            wanted = [
                row for row in self.rows.get(name, ()) if row.get(detail.parent_field or "") in keys
            ]
            if wanted:
                yield name, table(name, wanted)

    def _keys(self, form: Form, row: Cells) -> Iterator[str]:
        for key in (*form.natural_keys, form.short_key, (form.name_field,)):
            parts = [row.get(part, "") for part in key]
            if key and all(parts):
                yield "|".join(parts)

    def office(self, level: str) -> Office:
        """Return the office shown at a level: the county with most units, its first unit."""
        root = next(unit for unit in self.pack.units if unit.parent is None)
        if level == "city":
            return Office(root.code, root.name, level, None)
        where = self.pack.directory
        parents = [row[where.parent] for row in self.members.values()]
        county = next(
            unit
            for unit in self.pack.units
            if unit.code
            == max(parents, key=lambda code: (parents.count(code), -parents.index(code)))
        )
        if level == "county":
            return Office(county.code, county.name, level, county.parent)
        code, row = next(
            (code, row) for code, row in self.members.items() if row[where.parent] == county.code
        )
        return Office(code, row[where.name], level, county.code)


def _undecided(pack: TaskPack, form: Form, row: Cells, level: str) -> Cells:
    """Return the cells of a row that only a higher level may fill, as `level` leaves them."""
    changed = {}
    for item in form.fields:
        text = row.get(item.id, "")
        if not text or item.proposed or item.decided_by is None:
            continue
        if reaches(level, item.decided_by):
            continue
        codes = pack.codes(item)
        if not item.decided_codes:
            changed[item.id] = ""
        elif text in item.decided_codes and codes is not None:
            free = [code.code for code in codes.items if code.code not in item.decided_codes]
            changed[item.id] = free[0]
    return changed


def table(name: str, rows: list[Cells]) -> Table:
    """Return rows as a table as it stands in a file."""
    header = list(dict.fromkeys(column for row in rows for column in row))
    return Table(name, header, [[row.get(column, "") for column in header] for row in rows])
