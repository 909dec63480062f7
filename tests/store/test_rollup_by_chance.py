"""Whatever the tree: a node's figures are those of all its rows together, never an average."""

import random

import pytest
from stdnum.iso7064 import mod_11_10

from tests.store.sample_tables import CITY
from union_desk.store import adding_up, behind, rollup
from union_desk.store.behind import Asked

DAY = "2012-08-31"


def code(number):
    stem = f"5111024{number:04}"
    return stem + mod_11_10.calc_check_digit(stem)


@pytest.fixture(params=range(6))
def scattered(request, connection, sample_store):
    """The sample rows dealt out to units of a random tree, some of them to nobody in it."""
    draw = random.Random(request.param)
    codes = [code(number) for number in range(2_000, 2_000 + draw.randrange(3, 12))]
    tree = {one: draw.choice([CITY, "511102000013", *codes[:n]]) for n, one in enumerate(codes)}
    table = sample_store.tables.form["unit"]
    head = {
        "origin": CITY, "record_state": "confirmed", "rev": 1, "package": "", "created_by": "",
        "created_at": "", "updated_at": "", "deleted": 0, "period": "", "unit": CITY,
        "level": "grassroots", "kind": "4", "division": "511102",
    }  # fmt: skip
    for one, parent in tree.items():
        row = {"uid": one, "union_code": one, "name": f"单位{one}", "parent": parent}
        connection.execute(table.insert().values(**head, **row))
    for form in sample_store.pack.top_forms:
        if form.id == "union_org":
            continue
        for (rowid,) in connection.exec_driver_sql(f"SELECT rowid FROM {form.id}").all():
            whose = draw.choice([CITY, *codes, "511199400021"])
            connection.exec_driver_sql(
                f"UPDATE {form.id} SET unit = ? WHERE rowid = ?", (whose, rowid)
            )
    sample_store.tables.remembered.clear()
    return tree


NAMES = (
    "A1_innovation", "A2_union_rate", "A2_member_rate", "A3_reemployed", "A3_amount",
    "A3_life_rate", "A4_risk_solved", "A6_visits", "A6_satisfied", "A2_sign_rate",
)  # fmt: skip


def test_a_node_is_the_union_of_its_rows_and_a_rate_is_divided_last(
    scattered, connection, sample_store
):
    for node in ("511102000013", *scattered):
        for name in NAMES:
            asked = rollup.progress_of_one(connection, sample_store, DAY, name, [node])[node]
            sums = {"n": 0, "d": 0}
            for side, place in behind.sides(sample_store.pack.indicators[name]):
                rows = behind.rows(connection, sample_store, Asked(name, side, place, node, DAY))
                sums[side] += rows.figure
            assert asked.numerator == sums["n"]
            if asked.denominator is not None:
                assert asked.denominator == sums["d"]
                whole = asked.denominator
                assert asked.value == (100 * asked.numerator / whole if whole else None)


def test_parts_add_up_to_the_whole_in_any_tree(scattered, connection, sample_store):
    for item in adding_up.check(connection, sample_store, DAY, NAMES):
        assert item.wrong == ()
        assert item.whole_holds
