"""Every look at another table goes by an index, and what is added up lies in one."""

import re

from sqlalchemy import event

from tests.store.sample_tables import run_at
from union_desk.checks import runs
from union_desk.store import rollup, terms
from union_desk.store.checking import _Run
from union_desk.store.indexes import found_by, indexes
from union_desk.store.reading import bound
from union_desk.taskpack.expression_tree import Aggregate, walk

SCAN = re.compile(r"SCAN (\w+)")


def plan(store, statement):
    """The lines of SQLite's plan of a statement, as it is really asked."""
    explained = []

    def explain(_connection, cursor, asked, values, _context, _many):
        explained.extend(
            row[3]
            for row in cursor.connection.cursor().execute(f"EXPLAIN QUERY PLAN {asked}", values)
        )

    event.listen(store.engine, "before_cursor_execute", explain)
    store.connection.execute(statement, bound(run_at(store.pack)) | {"codes": "[]"})
    event.remove(store.engine, "before_cursor_execute", explain)
    return explained


def passes(pack):
    groups = {}
    for indicator in pack.indicators.values():
        for key, term in rollup._terms(indicator):
            if term.form != rollup.FILING:
                groups.setdefault((term.form, term.latest_per_unit), {})[key] = term
    return groups


def test_an_indicator_reads_its_table_from_an_index_that_holds_all_it_asks(samples):
    for group in passes(samples.pack).values():
        lines = plan(samples, terms.statement(samples.tables, samples.pack, group, "all"))
        form = next(iter(group.values())).form
        scans = [line for line in lines if line.startswith(f"SCAN {form}")]
        assert all("COVERING INDEX" in line for line in scans), (group, lines)


def test_an_indicator_of_some_units_reads_only_their_part_of_the_index(samples):
    for group in passes(samples.pack).values():
        lines = plan(samples, terms.statement(samples.tables, samples.pack, group, "in"))
        form = next(iter(group.values())).form
        assert any(line.startswith(f"SEARCH {form}") and "unit=?" in line for line in lines), (
            group,
            lines,
        )


def test_no_check_reads_another_table_from_end_to_end(samples):
    for form in samples.pack.forms.values():
        wanted = [check for check in form.all_checks if runs(check, "city")]
        run = _Run(samples.connection, samples.tables, samples.pack, run_at(samples.pack), None)
        lines = plan(samples, run._failing(form, wanted))
        assert len([line for line in lines if SCAN.match(line)]) <= 1, (form.id, lines)


def test_a_look_at_another_table_goes_by_what_it_shares_with_the_row(samples):
    """Not by a code of few values that happens to lead another index."""
    looked = 0
    for form in samples.pack.forms.values():
        for check in form.checks:
            for node in (node for node in walk(check.rule.tree) if isinstance(node, Aggregate)):
                columns = list(found_by(node.where))
                run = _Run(
                    samples.connection, samples.tables, samples.pack, run_at(samples.pack), None
                )
                lines = plan(samples, run._failing(form, [check]))[1:]
                inner = [
                    line
                    for line in lines
                    if re.match(rf"(SEARCH|SCAN) {node.form}_\d", line) and "(uid=?)" not in line
                ]
                assert not columns or all(
                    any(f"{name}=?" in line for name in columns) for line in inner
                ), (check.id, lines)
                looked += bool(columns)
    assert looked > 10


def test_no_index_of_a_form_is_there_twice(pack):
    for form in pack.forms.values():
        made = [index.columns for index in indexes(form, [pack])]
        assert len(made) == len(set(made))
