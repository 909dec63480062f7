"""Stores full of rows for the cases: made once per run, by the program's own bulk road."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from stdnum.iso7064 import mod_11_2

from union_desk import crypto, resources
from union_desk.store.opening import create, open_store
from union_desk.store.transaction import Store
from union_desk.store.writing import Write, write_rows
from union_desk.taskpack.definition import Field, Form, TaskPack
from union_desk.taskpack.load import load
from union_desk.taskpack.record import Value, new_uid

PASSWORD = "gong-hui-2012"
QUICK = crypto.Cost(passes=1, memory_kib=64, lanes=1)
CITY = "511100000010"
AS_OF = "2012-08-31"
CHUNK = 20_000
NAMES = "王李张刘陈杨黄赵吴周伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华"


def package() -> TaskPack:
    return load(resources.taskpacks() / "lszgh-2012-55")


def empty(folder: Path) -> Store:
    """Make an encrypted city store in `folder`."""
    return create(
        folder,
        package(),
        unit=CITY,
        name="乐山市总工会",
        level="city",
        parent=None,
        password=PASSWORD,
        person="测",
        cost=QUICK,
    )


def opened(folder: Path) -> Store:
    return open_store(folder, password=PASSWORD, pack=package())


def full(folder: Path, rows: int) -> Path:
    """Return a store with `rows` records spread over all forms, made once per run."""
    place = folder / f"store-{rows}"
    if not (place / "store.keys").exists():
        with empty(place) as store:
            fill(store, rows)
    return place


def fill(store: Store, rows: int, only: str | None = None) -> None:
    draw = random.Random(2012)
    forms = [form for form in store.pack.top_forms if only in {None, form.id}]
    links: dict[str, list[tuple[str, str]]] = {}
    order = sorted(forms, key=lambda form: sum(item.type == "ref" for item in form.fields))
    for form in order:
        share = (
            rows // len(forms)
            if form is not order[-1]
            else rows - rows // len(forms) * (len(forms) - 1)
        )
        for start in range(0, share, CHUNK):
            _chunk(store, form, draw, links, start, min(CHUNK, share - start))


def _chunk(
    store: Store,
    form: Form,
    draw: random.Random,
    links: dict[str, list[tuple[str, str]]],
    start: int,
    count: int,
) -> None:
    period = {"month": "2012M08", "quarter": "2012Q3", "year": "2012Y"}[form.filing]
    with store.write(bulk=True) as transaction:
        makers = [(item, _maker(store.pack, item, draw, links)) for item in form.fields]
        writes = []
        for number in range(start, start + count):
            uid = new_uid()
            head = (
                uid,
                CITY,
                CITY,
                period,
                "confirmed",
                1,
                store.pack.id,
                "测",
                transaction.now,
                transaction.now,
                None,
                0,
            )
            values: list[Value] = []
            for _, make in makers:
                values.extend(make(number))
            if number < 2_000:
                links.setdefault(form.id, []).append((uid, f"key-{number}"))
            writes.append(Write((*head, *values), details=dict.fromkeys(form.details, ())))
        write_rows(transaction, form.id, writes, act="put")


def _maker(
    pack: TaskPack, item: Field, draw: random.Random, links: dict[str, list[tuple[str, str]]]
) -> Callable[[int], tuple[Value, ...]]:
    codes = (
        [entry.code for entry in pack.code_lists[item.code_list].items] if item.code_list else []
    )
    if item.type == "ref":
        rows = links.get(item.form or "", [(None, None)])
        return lambda number: (*rows[number % len(rows)], None)
    simple: dict[str, Callable[[int], Value]] = {
        "choice": lambda number: codes[draw.randrange(len(codes))],
        "multi": lambda number: codes[draw.randrange(len(codes))],
        "bool": lambda number: draw.randrange(2),
        "int": lambda number: draw.randrange(1, 200) if "year" not in item.id else 2012,
        "money": lambda number: draw.randrange(100, 1_000_000),
        "decimal": lambda number: draw.randrange(1000) / 10,
        "date": lambda number: f"2012-{draw.randrange(1, 9):02}-{draw.randrange(1, 29):02}",
        "person_id": person_id,
        "uscc": lambda number: f"91511197MA{number:08}",
        "phone": lambda number: f"139{number:08}",
        "attach": lambda number: None,
    }
    make = simple.get(item.type, lambda number: "".join(draw.choices(NAMES, k=4)) + str(number))
    return lambda number: (make(number),)


def person_id(number: int) -> str:
    stem = f"511197{1955 + number % 35}{1 + number // 35 % 12:02}{1 + number // 420 % 28:02}{number // 11760 % 1000:03}"
    return stem + str(mod_11_2.calc_check_digit(stem))
