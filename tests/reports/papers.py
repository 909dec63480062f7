"""Rows to print: the samples of the package, and invented ones for any form, plain or hostile."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from functools import cache

from stdnum.iso7064 import mod_11_2

from union_desk import indicators, resources
from union_desk.errors import ReportError
from union_desk.reports.amendments import Affected, Corrected, Corrections, Voided
from union_desk.reports.delivery import Delivery, Enclosed, Portion
from union_desk.store.filings import Filing
from union_desk.taskpack import load
from union_desk.taskpack.field_types import parse
from union_desk.taskpack.paper_blocks import Counts, Listed, PaperMark, Returned, RowKey
from union_desk.taskpack.period import Period, containing
from union_desk.taskpack.record import Detail, Record
from union_desk.taskpack.typed_text import Hints

RARE = "䶮㛃𬭎𫖯𬱖𬍤𠅤"
LONG_NAME = "阿卜杜热依木·买买提吐尔逊·艾则孜努尔麦麦提·依明江·图尔荪"
assert len(LONG_NAME) == 30
SURNAMES, GIVEN = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何",
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志",
)
PLACES = (
    "犍为县凤生纸业有限责任公司工会",
    "犍为县玉津镇联合工会",
    "四川犍为寿保煤业有限公司工会",
    "清溪镇工会",
)
PROSE = "2012年8月，工会组织职工开展“安康杯”竞赛（第3期），参加126人次；合理化建议58条，采纳23条，节约成本4.2万元，完成年度目标的68.0%。"


@cache
def pack():
    return load.load(resources.taskpacks() / "lszgh-2012-55")


@dataclass
class MemorySource:
    """The Source protocol over rows in memory."""

    rows: dict[str, list[Record]]
    level: str = "county"
    unit: str = "511123000014"
    unit_name: str = "犍为县总工会"
    period: Period | None = field(default_factory=lambda: Period.parse("2012M08"))
    as_of: str = "2012-08-31"
    person: str = "李晓芸"
    phone: str = "0833-4251234"
    demo: bool = False
    figures: dict = field(default_factory=dict)
    due: tuple[int, int] = (29, 27)
    said: dict = field(default_factory=dict)
    style: str = "plain"
    many: int = 3
    why: tuple = ()

    @property
    def pack(self):
        return pack()

    def records(self, form_id, where=None, *, whole=False):
        return iter(self.rows.get(form_id, []))

    def corrections(self):
        """As many papers, values and figures as the longest form has rows, one at least."""
        count = min(max((len(rows) for rows in self.rows.values()), default=0) or 1, 60)
        serial = "R30-511123000014-2012M08-001"
        paper = Voided("v", "重点工作目标任务进度表", serial, "9F3A-27C1-88D4-0B6E", serial)
        value = Corrected(
            "u",
            2,
            "name",
            "会员名册",
            LONG_NAME,
            "姓名",
            RARE,
            LONG_NAME,
            PROSE[:60],
            "李敏",
            "2012-09-03",
        )
        figure = Affected(serial, "面对面交流职工人次·累计", "9,007,199,254,740,991", "18")
        return Corrections((paper,) * min(count, 9), (value,) * count, (figure,) * count)

    def delivery(self):
        """What the cover of a delivery tells: a portion for every form with rows, the rest nil."""
        forms = pack().top_forms
        portions = tuple(
            Portion(
                self.unit,
                form.id,
                len(self.rows[form.id]),
                1,
                (("x", 2**53 - 1),),
                f"{form.number:064x}",
            )
            for form in forms
            if self.rows.get(form.id)
        )
        nil = tuple((self.unit, form.id) for form in forms if not self.rows.get(form.id))
        papers = (
            Enclosed(
                "R30-511123000014-2012M08-001", "重点工作目标任务进度表", "9F3A-27C1-88D4-0B6E"
            ),
        )
        return Delivery(portions, nil, papers * min(len(portions), 40))

    def count(self, form_id):
        return len(self.rows.get(form_id, []))

    def record(self, uid):
        for rows in self.rows.values():
            for row in rows:
                if row.uid == uid:
                    return row
        raise ReportError("R600", f"没有记录 {uid}。")

    def progress(self, as_of):
        return self.figures.get(as_of, ())

    def reported(self):
        return self.due

    def name_of(self, unit):
        return self.unit_name if unit == self.unit else f"{unit}工会"

    def notes(self):
        return self.said

    def progress_below(self, as_of):
        return [
            (unit.code, unit.short, figures(as_of, seed=n, huge=self.style == "huge"))
            for n, unit in enumerate(pack().units)
            if unit.parent
        ]

    def sums_said(self, names):
        return (f"核对：{len(names)} 项各单位相加等于合计。",)

    def tree(self):
        below = [(unit.code, unit.short, {unit.code}) for unit in pack().units if unit.parent]
        return [(self.unit, "本级", {self.unit}), *below] if self.many else []

    def owed(self):
        draw = random.Random(self.many)
        return [
            Filing(unit.code, form.id, "2012M08", draw.choice(["must", "if_any"]), "2012-08-05",
                   draw.choice([None, "sent", "nil", "received", "returned"]))
            for unit in pack().units
            for form in pack().top_forms
            for _ in range(draw.randrange(3) if self.many > 1 else 1)
        ]  # fmt: skip

    parent_name = "乐山市总工会"

    def overdue(self):
        return [item for item in self.owed() if item.late("2012-08-31")][: 20 * self.many]

    def papers(self):
        draw = random.Random(self.many)
        return [
            PaperMark(unit.code, form.id, form.title, f"R20-{unit.code}-2012M08-001",
                      draw.choice(["received", "awaited"]))
            for unit in pack().units
            for form in pack().top_forms[: self.many]
            if unit.parent
        ]  # fmt: skip

    def returned(self):
        return [
            Returned(
                f"r{n}",
                self.unit,
                "会员名册",
                self._words(n),
                "证号与出生日期不符。",
                PROSE[:60],
                "王珺",
                "2012-09-10",
            )
            for n in range(self.many)
        ]

    def limit(self):
        return "2012-09-05"

    def counts(self, block, period):
        """Invented figures: what a store counts is tested where the store is."""
        draw = random.Random(f"{block.id}{self.style}{self.many}")
        rows = block.rows or tuple(RowKey(f"k{n}", self._words(n)) for n in range(self.many))
        if len(block.groups) > 1:
            rows = tuple(
                RowKey(f"k{n}", self._words(n), min(n % 4, 1)) for n in range(4 * self.many)
            )

        def number():
            return (
                0
                if self.style == "empty"
                else 2**53 - 1
                if self.style == "huge"
                else draw.randrange(90_000)
            )

        values = {
            item.id: {row.key: number() for row in rows} for item in block.figures if item.counted
        }
        totals = {name: sum(found.values()) for name, found in values.items()}
        return Counts(() if self.many == 0 and not block.rows else rows, values, totals)

    def _words(self, number):
        return {"longest": PROSE[:40], "rare": RARE}.get(self.style, PLACES[number % 4])

    def listing(self, block, period):
        form = pack().forms.get(block.form)
        inventor = Inventor(self.many, self.style)
        for number in range(1, (self.many if form else 0) + 1):
            row = Record(form.id, f"{form.id}-{number}", inventor.values(form), unit="511123400042")
            told = {
                item.id: 7
                if item.shape != "text" or item.value.kind == "bool"
                else self._words(number)
                for item in block.shown
                if item.value is not None
            }
            band = self._words(number // 3) if block.band else ""
            yield Listed(row.uid, row.unit, row.values, told, band)

    def explained(self, forms, period, record=None):
        return self.why


@cache
def samples():
    """The sample rows as records, references by their natural key with the name as label."""
    texts = {}
    for path in sorted(resources.samples().glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            texts[path.stem] = list(csv.DictReader(file))
    labels = {}
    for form in pack().forms.values():
        for row in texts.get(form.id, []):
            for value in row.values():
                labels.setdefault((form.id, value), row.get(form.name_field) or value)
    found = {}
    children = {}
    for form in pack().forms.values():
        for number, row in enumerate(texts.get(form.id, []), 1):
            values = {}
            for item in form.fields:
                text = row.get(item.id, "")
                if item.type == "ref" and text:
                    values[f"{item.id}__key"] = text
                    values[f"{item.id}__label"] = labels.get((item.form, text), text)
                else:
                    value = parse(item, text, Hints(year=2012, today="2012-08-31", pack=pack()))
                    assert value is None or isinstance(value, int | float | str), (
                        form.id,
                        item.id,
                        text,
                    )
                    values[item.id] = value
            uid = f"{form.id}-{number:04}"
            if form.kind == "detail":
                parent = row[form.parent_field]
                children.setdefault((form.detail_of, parent), {}).setdefault(form.id, []).append(
                    Detail(uid, number, values)
                )
            else:
                record = Record(
                    form.id,
                    uid,
                    values,
                    unit=row.get("unit", "511123400042"),
                    period=row.get("period", "2012M08"),
                    record_state="confirmed",
                    rev=1,
                )
                found.setdefault(form.id, []).append((record, row))
    return {
        form: [_with_details(record, row, children) for record, row in pairs]
        for form, pairs in found.items()
    }


def _with_details(record, row, children):
    for value in row.values():
        details = children.get((record.form, value))
        if details:
            return Record(record.form, record.uid, record.values, {name: tuple(rows) for name, rows in details.items()},
                          unit=record.unit, period=record.period, record_state="confirmed", rev=1)  # fmt: skip
    return record


def sample_source(**changes):
    return MemorySource(dict(samples()), **changes)


def person_id(draw):
    stem = f"511197{draw.randrange(1950, 1995)}{draw.randrange(1, 13):02}{draw.randrange(1, 29):02}{draw.randrange(1000):03}"
    return stem + mod_11_2.calc_check_digit(stem)


class Inventor:
    """Makes values for any field of any form: style plain, longest, huge, rare or empty."""

    def __init__(self, seed, style="plain"):
        self.draw = random.Random(seed)
        self.style = style

    def record(self, form, number, details=2):
        values = self.values(form)
        inner = {
            name: tuple(
                Detail(f"{name}-{number}-{i}", i, self.values(pack().forms[name]))
                for i in range(1, details + 1)
            )
            for name in form.details
        }
        period = containing(form.filing, "2012-08-31").id
        return Record(
            form.id,
            f"{form.id}-{number:05}",
            values,
            inner,
            unit="511123400042",
            period=period,
            record_state="confirmed",
            rev=1,
        )

    def records(self, form, count, details=2):
        return [self.record(form, number, details) for number in range(1, count + 1)]

    def values(self, form):
        found = {}
        for item in form.fields:
            value = self.value(item, named=item.id == form.name_field)
            if item.type == "ref" and value is not None:
                found[item.id] = None
                found[f"{item.id}__key"] = found[f"{item.id}__label"] = value
            else:
                found[item.id] = value
        return found

    def value(self, item, *, named=False):
        if self.style == "empty" and not named:
            return None
        kind = item.type
        known = pack().codes(item)
        if kind in {"choice", "multi"} and known:
            codes = [
                code.code for code in known.items if not item.choices or code.code in item.choices
            ]
            if kind == "choice":
                return self.draw.choice(codes)
            return (
                ";".join(
                    code for code in codes if self.style == "longest" or self.draw.random() < 0.4
                )
                or codes[0]
            )
        return getattr(self, f"_{kind}")(item)

    def _text(self, item):
        longest = item.max_length or 60
        if self.style == "longest":
            return LONG_NAME if longest == 30 else (PROSE * 9).replace("。", "、")[:longest]
        if self.style == "rare":
            return RARE[: max(2, min(longest, 7))]
        if longest <= 30:
            return (self.draw.choice(SURNAMES) + "".join(self.draw.choices(GIVEN, k=2)))[:longest]
        return self.draw.choice(PLACES)[:longest]

    def _longtext(self, item):
        longest = min(item.max_length or 2000, 5000)
        text = PROSE * (longest // len(PROSE) + 1)
        return text[:longest] if self.style == "longest" else text[: min(longest, 90)]

    def _int(self, item):
        if item.measure == "年":
            return 2012
        return 2**53 - 1 if self.style == "huge" else self.draw.randrange(3000)

    def _decimal(self, item):
        return (
            9_007_199_254_740_991.0 if self.style == "huge" else round(self.draw.random() * 100, 2)
        )

    def _money(self, item):
        return 2**53 - 1 if self.style == "huge" else self.draw.randrange(50_000_000)

    def _date(self, item):
        return f"2012-{self.draw.randrange(1, 9):02}-{self.draw.randrange(1, 29):02}"

    def _bool(self, item):
        return self.draw.randrange(2)

    def _person_id(self, item):
        return person_id(self.draw)

    def _uscc(self, item):
        return "91110000600037341L"

    def _phone(self, item):
        return (
            "0833-4251234-12345"
            if self.style in {"longest", "huge"}
            else f"1390833{self.draw.randrange(10000):04}"
        )

    def _ref(self, item):
        return PROSE.replace("，", "")[:60] if self.style == "longest" else self.draw.choice(PLACES)

    def _attach(self, item):
        return f"{self.draw.getrandbits(256):064x}"


def figures(as_of, *, share=0.6, seed=1, huge=False):
    """Progress of every indicator at a day, counts at about `share` of their targets."""
    draw = random.Random(seed)
    found = []
    for item in pack().indicators.values():
        target = indicators.target_for(item, root=True, share=None)
        if item.denominator:
            below = 0 if draw.random() < 0.1 else draw.randrange(50, 3000)
            above = int(below * min(draw.uniform(0.6, 1.05), 1))
            totals = indicators.Totals(above, below)
        else:
            full = (
                2**53 - 1
                if huge
                else int((target or 500) * draw.uniform(share - 0.2, share + 0.3) + 1)
            )
            totals = indicators.Totals(full)
        found.append(
            indicators.progress(
                item, totals, pack=pack(), unit="511100000010", as_of=as_of, target=target
            )
        )
    return tuple(found)


def targets_source(**changes):
    """A city's figures at the end of August and of July."""
    said = {
        item.id: ("部分企业停产，职工流动大，" * 3, "九月集中走访，逐户核实。")
        for item in figures("2012-08-31")
        if item.target
    }
    settings = {"level": "city", "unit": "511100000010", "unit_name": "乐山市总工会", "said": said,
                "figures": {"2012-08-31": figures("2012-08-31"), "2012-07-31": figures("2012-07-31", share=0.4)}}  # fmt: skip
    return sample_source(**{**settings, **changes})
