"""The sample rows written straight into the tables of a database, without `put`.

So that checks and indicators can be tested on them, and on them changed, by themselves.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from union_desk import resources
from union_desk.store.schema import Tables, tables
from union_desk.taskpack.definition import Form, TaskPack
from union_desk.taskpack.expression import Context
from union_desk.taskpack.field_types import Hints, parse
from union_desk.taskpack.period import Period
from union_desk.taskpack.record import Value

CITY = "511100000010"
DAY = "2012-08-31"
Change = Callable[[dict[str, str]], None]

ORDER = (
    "union_org", "enterprise", "unit_profile", "member", "wage_contract", "wage_contract_cover", "contest", "contest_unit",
    "innovation", "proposal", "team_brand", "hardship", "hardship_family", "aid", "school_aid", "employment", "health_check",
    "democracy", "model_unit", "labor_risk", "culture_event", "sports_team", "sports_player", "visit", "demand", "info_report",
)  # fmt: skip


def run_at(pack: TaskPack, day: str = DAY, *, level: str = "city", **params: Value) -> Context:
    """A run whose today, as_of and end of period are one day."""
    given = {
        name: float(item.default) if item.default else None
        for name, item in pack.parameters.items()
    }
    return Context(
        as_of=day, today=day, period=Period("run", "month", f"{day[:7]}-01", day, ""), year=pack.year,
        year_from=pack.year_from, year_to=pack.year_to, level=level, params={**given, **params},
    )  # fmt: skip


@dataclass
class SampleTables:
    """A database in memory with the samples in it."""

    pack: TaskPack
    unit: str = CITY

    def __post_init__(self) -> None:
        self.tables: Tables = tables(self.pack)
        self.engine = sa.create_engine("sqlite://", module=dbapi2)
        self.connection = self.engine.connect()
        self.tables.metadata.create_all(self.connection)
        self.keys: dict[str, dict[str, str]] = {}
        for name in ORDER:
            self._fill(self.pack.forms[name], None)
        self.connection.commit()

    def spoil(self, form: str, change: Change) -> None:
        """Write the rows of a form anew, each changed on the way in."""
        self.connection.execute(self.tables.form[form].delete())
        self._fill(self.pack.forms[form], change)

    def close(self) -> None:
        self.connection.close()
        self.engine.dispose()

    def uid(self, form: str, row: int) -> str:
        """The record id of a sample row; rows count from 1 without the header."""
        return f"{form}-{row}"

    def add(self, form: str, row: Mapping[str, str], uid: str) -> str:
        """Add one more row, its cells as text; references by natural key."""
        self._write(self.pack.forms[form], dict(row), uid, 99)
        return uid

    def change(self, form: str, row: int, **values: Value) -> None:
        table = self.tables.form[form]
        self.connection.execute(
            table.update().where(table.c.uid == self.uid(form, row)).values(**values)
        )

    def system(self, form: str, /, **values: Value) -> None:
        """Add a row to a system table."""
        table = self.tables.form[form]
        number = self.connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        head = {**self._head(self.unit, ""), "uid": f"{form}-{number}"}
        self.connection.execute(table.insert().values(**(head | values)))

    def _fill(self, form: Form, change: Change | None) -> None:
        path = resources.samples() / f"{form.id}.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 1):
                if change:
                    change(row)
                self._write(form, row, self.uid(form.id, number), number)

    def _write(self, form: Form, row: dict[str, str], uid: str, number: int) -> None:
        unit, period = row.pop("unit", "") or self.unit, row.pop("period", "") or "2012M08"
        values: dict[str, Value] = {"uid": uid}
        if form.detail_of:
            parent = self.keys[form.detail_of].get(row.pop(form.parent_field or ""))
            values |= {"parent": parent, "position": number}
        else:
            values |= self._head(unit, period)
        for name, text in row.items():
            values |= self._cell(form, name, text)
        table = self.tables.form[form.id]
        self.connection.execute(table.insert().values(**values))
        keys = self.keys.setdefault(form.id, {})
        for key in (*form.natural_keys, form.short_key):
            if key and all(row.get(part) for part in key):
                keys["|".join(row[part] for part in key)] = uid

    def _cell(self, form: Form, name: str, text: str) -> Mapping[str, Value]:
        item = form.by_id[name]
        if item.type != "ref":
            value = parse(item, text, Hints(2012, DAY, self.pack))
            assert value is None or isinstance(value, int | float | str), (
                form.id,
                name,
                text,
                value,
            )
            return {name: value}
        uid = self.keys.get(item.form or "", {}).get(text)
        return {name: uid, f"{name}__key": text or None, f"{name}__label": text or None}

    def _head(self, unit: str, period: str) -> dict[str, Value]:
        return {
            "origin": self.unit, "unit": unit, "period": period, "record_state": "confirmed", "rev": 1,
            "package": self.pack.id, "created_by": "", "created_at": "", "updated_at": "", "packet": None, "deleted": 0,
        }  # fmt: skip
