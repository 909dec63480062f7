"""A record in the form and the same record in its table: the same findings in the same words."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2

from tests.store.generated_rows import UNITS, Draws, insert
from tests.store.sample_tables import run_at
from union_desk.checks import ALL_KINDS, check_record
from union_desk.store.checking import check_rows
from union_desk.store.layout import layout, records_of, rows_by
from union_desk.store.lookup import StoreLookup
from union_desk.store.schema import tables
from union_desk.taskpack.expression import RowsLookup

KINDS = ALL_KINDS - {"duplicate"}


@pytest.fixture(scope="module")
def drawn(pack):
    made, draws = tables(pack), Draws(pack, 55, 24)
    engine = sa.create_engine("sqlite://", module=dbapi2)
    with engine.begin() as connection:
        made.metadata.create_all(connection)
        insert(connection, made, draws)
        yield connection, made, draws
    engine.dispose()


@pytest.mark.parametrize("level", ["grassroots", "city"])
def test_any_drawn_record_has_the_same_findings_live_and_in_sql(pack, drawn, level):
    connection, made, _ = drawn
    units = {code: {"register_from": "2012Q1"} for code in UNITS[:2]}
    run = replace(
        run_at(pack, level=level, dibao_line=300.0, consent_from="2012-03-01"), units=units
    )
    inside = replace(run, lookup=StoreLookup(connection, made))
    total = 0
    for form in pack.top_forms:
        in_sql = check_rows(connection, made, pack, form.id, None, run, kinds=KINDS)
        rows = [
            row
            for row in rows_by(connection, layout(made, form.id), "deleted", [0])
            if row[4] != "draft"
        ]
        records = records_of(connection, made, form.id, rows)
        live = [
            item for record in records for item in check_record(pack, record, inside, kinds=KINDS)
        ]
        assert sorted(in_sql, key=repr) == sorted(live, key=repr)
        total += len(live)
    assert total > 1000


def test_the_lookup_in_the_store_finds_what_the_rows_hold(pack, drawn):
    connection, made, draws = drawn
    in_store, in_memory = StoreLookup(connection, made), RowsLookup(draws.rows, pack.forms)
    for form in pack.forms.values():
        for row in draws.rows[form.id]:
            found = in_store.reference(form.id, row["uid"])
            assert {name: found[name] for name in row if name in found} == {
                name: value for name, value in row.items() if name in found
            }
            for item in form.fields:
                if item.type == "ref" and item.form and item.id != form.parent_field:
                    for other in draws.rows[item.form][:3]:
                        one = [
                            each["uid"]
                            for each in in_store.children(form.id, item.form, other["uid"])
                        ]
                        assert one == [
                            each["uid"]
                            for each in in_memory.children(form.id, item.form, other["uid"])
                        ]
        for row in draws.hidden[form.id]:
            assert in_store.reference(form.id, row["uid"]) is None
