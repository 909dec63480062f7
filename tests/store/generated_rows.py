"""Rows drawn at random for every form: blanks, coincidences, dangling and linked references."""

import random
from collections.abc import Mapping

import sqlalchemy as sa
from stdnum.iso7064 import mod_11_2

from union_desk.store.schema import Tables, stored_fields
from union_desk.taskpack.definition import Field, Form, TaskPack
from union_desk.taskpack.record import Value

Row = dict[str, Value]

UNITS = ("511100000010", "511102000013", "511102400017", "511181400026", "511199000014")
DATES = (
    "1950-02-28", "1980-06-15", "1996-02-29", "1996-08-30", "1996-08-31", "1996-09-01", "2010-12-31", "2011-12-31",
    "2012-01-01", "2012-02-29", "2012-03-31", "2012-04-01", "2012-06-01", "2012-06-30", "2012-07-01", "2012-08-01",
    "2012-08-21", "2012-08-30", "2012-08-31", "2012-09-01", "2012-12-31", "2013-06-30", "2014-02-28",
)  # fmt: skip
NUMBERS = (0, 0, 1, 1, 2, 3, 3, 5, 8, 12, 20, 25, 30, 46, 200, 2012, 2012, 2013, 100_000)
DECIMALS = (0.0, 0.5, 8.5, 50.0, 94.9, 95.0, 95.5, 99.99, 100.0)
MONEY = (
    0,
    1,
    5,
    50,
    99,
    100,
    33_333,
    58_333,
    100_000,
    200_000,
    200_001,
    500_000,
    1_000_001,
    21_800_000,
)
NAMES = (
    "张三",
    "李 四",
    "买买提·艾力",
    "买买提•艾力",
    "ＡＢ公司",
    "AB公司",
    "乐自高速",
    "乐自高速 ",
    "乐山市第二届职工篮球比赛",
)
PERIODS = (
    "2011Q4",
    "2012M02",
    "2012M08",
    "2012Q1",
    "2012Q2",
    "2012Q3",
    "2012Y",
    "2013M02",
    "2100M02",
    "2000Q1",
)


def person(draw: random.Random) -> str:
    birth = draw.choice(("19500228", "19960229", "19960831", "19960901", "20000101"))
    stem = f"511197{birth}{draw.choice((1, 2, 10)):03}"
    return stem + mod_11_2.calc_check_digit(stem)


class Draws:
    """Draws rows of every form of a package, parents before details, targets before references."""

    def __init__(self, pack: TaskPack, seed: int, count: int) -> None:
        self.pack, self.count = pack, count
        self.draw = random.Random(seed)
        self.uids = {form: [f"{form}-{number}" for number in range(count)] for form in pack.forms}
        self.rows: dict[str, list[Row]] = {}
        self.hidden: dict[str, list[Row]] = {}
        for form in sorted(pack.forms.values(), key=lambda form: form.kind == "detail"):
            made = [self._row(form, number) for number in range(count)]
            self.rows[form.id] = [row for row in made if self._counts(form, row)]
            self.hidden[form.id] = [row for row in made if not self._counts(form, row)]

    def _counts(self, form: Form, row: Row) -> bool:
        if form.detail_of:
            return any(parent["uid"] == row["parent"] for parent in self.rows[form.detail_of])
        return not row["deleted"] and row["record_state"] != "draft"

    def _row(self, form: Form, number: int) -> Row:
        row: Row = {"uid": self.uids[form.id][number]}
        if form.detail_of:
            row["parent"] = self.draw.choice(self.uids[form.detail_of])
            row["position"] = number
            parents = self.rows[form.detail_of] + self.hidden[form.detail_of]
            parent = next(other for other in parents if other["uid"] == row["parent"])
            row["unit"], row["period"] = parent["unit"], parent["period"]
        else:
            row["unit"], row["period"] = self.draw.choice(UNITS), self.draw.choice(PERIODS)
            row["deleted"] = int(self.draw.random() < 0.05)
            row["record_state"] = self.draw.choice(
                ("draft", "confirmed", "sent", "received", "returned", "archived")
            )
        for item in stored_fields(form):
            row.update(self._value(item))
        return row

    def _value(self, item: Field) -> Mapping[str, Value]:
        blank = self.draw.random() < 0.2
        if item.type == "ref":
            return self._reference(item, blank)
        return {item.id: None if blank else self._filled(item)}

    def _filled(self, item: Field) -> Value:
        draw = self.draw
        codes = self.pack.codes(item)
        if item.type == "choice" and codes:
            return draw.choice(codes.items).code
        if item.type == "multi" and codes:
            chosen = [code.code for code in codes.items if draw.random() < 0.3]
            return ";".join(chosen) or codes.items[0].code
        pools: dict[str, tuple[Value, ...]] = {
            "int": NUMBERS, "decimal": DECIMALS, "money": MONEY, "date": DATES, "bool": (0, 1), "attach": ("ab", "ab;cd"),
        }  # fmt: skip
        if item.type == "person_id":
            return person(draw)
        return draw.choice(pools.get(item.type, (*NAMES, *UNITS)))

    def _reference(self, item: Field, blank: bool) -> Mapping[str, Value]:
        draw, assert_form = self.draw, item.form or ""
        names = (item.id, f"{item.id}__key", f"{item.id}__label")
        if blank:
            return dict.fromkeys(names)
        number = draw.randrange(self.count)
        if draw.random() < 0.15:
            text = draw.choice((*UNITS, f"键{number % 3}"))
            return dict(zip(names, (None, text, text), strict=True))
        uid = "nowhere" if draw.random() < 0.1 else self.uids[assert_form][number]
        key = draw.choice((*UNITS, f"键{number % 3}"))
        return dict(zip(names, (uid, key, f"名{number}"), strict=True))


def insert(connection: sa.Connection, tables: Tables, draws: Draws) -> None:
    """Write every drawn row into its table, those that do not count as well."""
    head = {
        "origin": UNITS[0],
        "rev": 1,
        "package": "p",
        "created_by": "",
        "created_at": "",
        "updated_at": "",
        "packet": None,
    }
    for form, rows in draws.rows.items():
        table = tables.form[form]
        everything = [*rows, *draws.hidden[form]]
        full = [
            {name: value for name, value in {**head, **row}.items() if name in table.c}
            for row in everything
        ]
        connection.execute(table.insert(), full)
