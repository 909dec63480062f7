"""One parser, two readings: closure and SQL give the same answer for every row of every form."""

import math
import os
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2

from tests.store.generated_rows import Draws, insert
from union_desk import resources
from union_desk.store.reading import Reading, bound
from union_desk.store.row_sources import TableRow
from union_desk.store.schema import Tables, tables
from union_desk.taskpack import load
from union_desk.taskpack.definition import Form, TaskPack
from union_desk.taskpack.expression import Context, Expression, RowsLookup
from union_desk.taskpack.period import Period

SEEDS = range(int(os.environ.get("UNION_DESK_SEEDS", "2")))
ROWS = 40


@pytest.fixture(scope="module")
def pack() -> TaskPack:
    return load.load(resources.taskpacks() / "lszgh-2012-55")


@pytest.fixture(scope="module")
def made(pack) -> Tables:
    return tables(pack)


def expressions(pack: TaskPack, form: Form) -> Iterator[tuple[str, Expression]]:
    """Every expression of the package over the rows of a form."""
    for check in form.all_checks:
        yield f"{check.id} rule", check.rule
        if check.when:
            yield f"{check.id} when", check.when
    for item in form.fields:
        for name in ("required_when", "visible_when", "computed", "prefill"):
            if found := getattr(item, name):
                yield f"{form.id}.{item.id} {name}", found
    for indicator in pack.indicators.values():
        for number, term in enumerate((*indicator.numerator, *indicator.denominator)):
            if term.form == form.id:
                yield from (
                    (f"{indicator.id} {number} {part}", found)
                    for part in ("where", "value")
                    if (found := getattr(term, part))
                )


def same(one: object, two: object) -> bool:
    if one is None or two is None:
        return one is two
    if isinstance(one, str) or isinstance(two, str):
        return one == two
    return math.isclose(one, two, rel_tol=1e-12, abs_tol=1e-9)


def context(rows: RowsLookup, **changes: object) -> Context:
    values = {
        "as_of": "2012-08-31", "today": "2012-08-31", "period": Period.parse("2012M08"), "year": 2012,
        "year_from": "2012-01-01", "year_to": "2012-12-31",
        "params": {"dibao_line": 300.0, "aid_max": 5000.0, "aid_year_max": 10000.0, "school_aid_partial": 2000.0, "consent_from": None},
    }  # fmt: skip
    return Context(**(values | changes), lookup=rows)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_expression_of_the_package_reads_the_same_in_sql(pack, made, seed):
    engine = sa.create_engine("sqlite://", module=dbapi2)
    draws = Draws(pack, seed, ROWS)
    run = context(RowsLookup(draws.rows, pack.forms))
    if seed % 2:
        run = context(
            run.lookup,
            as_of="2012-02-29",
            today="2012-09-01",
            period=None,
            params={"consent_from": "2012-03-31"},
        )
    compared = 0
    with engine.begin() as connection:
        made.metadata.create_all(connection)
        insert(connection, made, draws)
        for form in pack.forms.values():
            source = TableRow.of(made, form.id)
            reading = Reading(made, source)
            found = dict(expressions(pack, form))
            columns = [
                reading.read(item.tree).label(f"x{number}")
                for number, item in enumerate(found.values())
            ]
            statement = (
                sa.select(source.table.c.uid, *columns)
                .select_from(source.joined)
                .where(source.counted())
            )
            answers = {row[0]: row[1:] for row in connection.execute(statement, bound(run))}
            assert set(answers) == {row["uid"] for row in draws.rows[form.id]}
            for row in draws.rows[form.id]:
                for (name, item), sql in zip(found.items(), answers[row["uid"]], strict=True):
                    assert same(item.run(row, run), sql), (name, item.text, row)
                    compared += 1
    assert compared > 20_000
