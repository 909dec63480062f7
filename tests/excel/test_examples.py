"""The example row of a sheet: there for every form, plainly marked, never taken in."""

import dataclasses

import pytest

from union_desk import excel
from union_desk.errors import InputError
from union_desk.excel import examples, template
from union_desk.taskpack.field_types import Hints, Unreadable, parse
from union_desk.taskpack.record import Table


def test_the_example_of_every_form_reads_and_fills_what_is_required(pack):
    for form in pack.forms.values():
        shown = examples.example(form, pack)
        for item in form.fields:
            if item.id in shown and item.type != "ref":
                read = parse(item, shown[item.id], Hints(year=pack.year, pack=pack))
                assert not isinstance(read, Unreadable), (form.id, item.id, shown[item.id])
            if item.required and item.computed is None and (not item.decided_by or item.proposed):
                assert shown.get(item.id), (form.id, item.id)


def test_the_example_of_a_detail_belongs_to_the_example_of_its_form(pack):
    for form in pack.top_forms:
        for detail in form.details:
            link = pack.forms[detail].parent_field
            named = examples._names(form, examples._sample(form, pack))
            assert examples.example(pack.forms[detail], pack)[link] in named


def test_an_example_shows_no_code_that_only_a_level_above_decides(pack):
    for form in pack.forms.values():
        shown = examples.example(form, pack)
        for item in form.fields:
            if item.decided_codes and item.id in shown:
                labels = {pack.codes(item).label(code) for code in item.decided_codes}
                assert shown[item.id] not in labels | set(item.decided_codes)


def test_a_form_without_samples_gets_an_example_from_its_definition(pack):
    for form in pack.top_forms:
        strange = dataclasses.replace(form, id=f"{form.id}_new")
        shown = examples.example(strange, pack)
        assert shown, form.id
        for name, text in shown.items():
            item = form.by_id[name]
            if item.type in ("choice", "bool", "date", "money"):
                read = parse(item, text, Hints(year=pack.year, pack=pack))
                assert not isinstance(read, Unreadable), (form.id, name, text)


@pytest.fixture
def sheet(pack, tmp_path):
    form = pack.forms["visit"]
    template.template(form, pack, tmp_path / "x.xlsx")
    (table, *_) = excel.read_tables(tmp_path / "x.xlsx")
    return form, table


def test_the_example_is_marked_and_left_out_and_the_rows_keep_their_numbers(sheet, pack):
    form, table = sheet
    assert table.header[0] == examples.TITLE
    assert table.rows[0][0] == examples.MARK
    own = ["", *table.rows[0][1:]]
    bare, _ = excel.choose([dataclasses.replace(table, rows=[table.rows[0], [], own])], form, pack)
    assert examples.TITLE not in bare.header
    assert list(bare.rows) == [[], [], own[1:]]


def test_an_example_that_was_typed_over_is_refused_and_not_lost(sheet, pack):
    form, table = sheet
    typed = [table.rows[0][0], "2012-08-30", *table.rows[0][2:]]
    with pytest.raises(InputError) as caught:
        excel.choose([dataclasses.replace(table, rows=[typed])], form, pack)
    assert caught.value.code == "I560"
    assert "第 2 行" in caught.value.sentence


def test_a_row_with_nothing_beside_the_mark_column_is_empty_and_other_sheets_are_left_alone(pack):
    marked = Table("x", [examples.TITLE, "a"], [["1", None], ["", "y"]])
    assert list(examples.without_example(marked).rows) == [[], ["y"]]
    other = Table("x", ["a", examples.TITLE], [["1", examples.MARK]])
    assert examples.without_example(other) is other
