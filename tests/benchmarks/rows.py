"""Realistic rows, the same at every run: members of a union with valid id numbers."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from stdnum.iso7064 import mod_11_2

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志强文春梅海燕"
POSTS = ("车工", "焊工", "钳工", "电工", "厨师", "驾驶员", "收银员", "路面工", "质检员", "会计")
HEADER = (
    "name", "person_id", "gender", "birth_date", "ethnic", "education", "political", "post", "work_date", "phone",
    "migrant", "dispatched", "join_kind", "join_date", "card_no", "member_state",
)  # fmt: skip


def members(count: int) -> Iterator[tuple[str, ...]]:
    """Yield `count` distinct members in the columns of HEADER, as text."""
    draw = random.Random(55)
    for number in range(count):
        year, month, day = 1955 + number % 35, 1 + number // 35 % 12, 1 + number // 420 % 28
        birth = f"{year}-{month:02}-{day:02}"
        serial = number // 11760 * 2 + draw.randrange(2)
        stem = f"511197{birth.replace('-', '')}{serial % 1000:03}"
        gender = "1" if serial % 2 else "2"
        name = draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=2))
        yield (
            name, stem + mod_11_2.calc_check_digit(stem), gender, birth, "01", "60", "13", draw.choice(POSTS), f"{year + 20}-07-01",
            f"139{number % 100_000_000:08}", str(number % 2), "0", "1", f"2012-{1 + number % 8:02}-15", f"LS{number:07}", "1",
        )  # fmt: skip


def write_csv(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(members(count))
