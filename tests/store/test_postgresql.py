"""Every statement of the reading of the store compiles for PostgreSQL, in its own words.

Compiled only: no server is asked.
"""

import re

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from union_desk.checks import runs
from union_desk.store import repeated, rollup, terms
from union_desk.store.reading import Reading
from union_desk.store.row_sources import BoundRow, TableRow
from union_desk.store.schema import tables
from union_desk.taskpack.expression_tree import Aggregate, walk

SQLITE_ONLY = re.compile(
    r"julianday|instr\(|json_each|GLOB|MATCH|ifnull|strftime|typeof|__search|\bIS \?", re.IGNORECASE
)


@pytest.fixture(scope="module")
def made(pack):
    return tables(pack)


def in_postgresql(statement) -> str:
    text = str(statement.compile(dialect=postgresql.dialect()))
    assert not SQLITE_ONLY.search(text), text
    return text


def test_every_expression_of_every_form(pack, made):
    for form in pack.forms.values():
        source = TableRow.of(made, form.id)
        reading = Reading(made, source)
        wanted = [reading.fails(check) for check in form.all_checks if runs(check, "city")]
        wanted += [
            reading.read(found.tree)
            for item in form.fields
            for found in (item.computed, item.prefill, item.required_when)
            if found
        ]
        text = in_postgresql(sa.select(*wanted).select_from(source.joined).where(source.counted()))
        assert text.startswith("SELECT ")


def test_every_pass_of_the_indicators(pack, made):
    for indicator in pack.indicators.values():
        for key, term in rollup._terms(indicator):
            for within in ("all", "in", "out"):
                if term.form != rollup.FILING:
                    statement = terms.statement(made, pack, {key: term}, within, indicator.by or "")
                    assert "SELECT" in in_postgresql(statement)


def test_both_searches_for_repeated_rows(pack, made):
    for form in pack.forms.values():
        for key in form.duplicate_keys:
            few = repeated.later_of(made, form, key, sa.bindparam("uids", type_=sa.TEXT))
            for statement in (repeated.later_rows(made, form, key), few):
                assert "SELECT" in in_postgresql(statement)


def test_every_aggregate_seen_from_a_row_that_is_not_stored(pack, made):
    seen = 0
    for form in pack.forms.values():
        for node in (
            node
            for check in form.checks
            for node in walk(check.rule.tree)
            if isinstance(node, Aggregate)
        ):
            in_postgresql(sa.select(Reading(made, BoundRow.read_by(node)).read(node)))
            seen += 1
    assert seen >= 14


def test_differences_are_spelt_the_way_of_each_database():
    from union_desk.store.dialect import contains, days_between, folded, listed, truncated

    one, two = sa.column("one", sa.TEXT), sa.column("two", sa.TEXT)
    assert "(CAST(two AS DATE) - CAST(one AS DATE))" in in_postgresql(
        sa.select(days_between(one, two))
    )
    assert "strpos(one, two)" in in_postgresql(sa.select(contains(one, two)))
    assert "json_array_elements_text" in in_postgresql(sa.select(listed(one, two)))
    assert "translate(one" in in_postgresql(sa.select(folded(one)))
    assert "trunc(one)" in in_postgresql(sa.select(truncated(one)))


def test_the_tables_and_their_indexes_can_be_made(made):
    from sqlalchemy.schema import CreateIndex, CreateTable

    for table in made.metadata.tables.values():
        assert f"CREATE TABLE {table.name}" in in_postgresql(CreateTable(table)).replace('"', "")
        for index in table.indexes:
            assert f" ON {table.name} " in in_postgresql(CreateIndex(index)).replace('"', "")
