"""Sheets that are given out: read back they are the same, and nothing in them is alive."""

import re
import string
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faults import disk
from union_desk import excel
from union_desk.errors import Cancelled, FileError, InputError
from union_desk.excel import form_sheet, reading, writing
from union_desk.excel import template as excel_template
from union_desk.taskpack.record import Table

TRICKY = [
    ["=1+1", "+8", "@a", "-3"],
    ["00123", "511197197002143126", "2012-08-27", "1,200"],
    ['"', "一\n二", "", " "],
]
cell = st.text(
    st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn", "Co"], exclude_characters="_"),
    max_size=20,
)


def written(path, rows):
    excel.write_table(path, ["a", "b", "c", "d"], rows)
    (table,) = excel.read_tables(path)
    assert list(table.header) == ["a", "b", "c", "d"]
    return [
        ["" if cell is None else str(cell) for cell in [*row, *[None] * (4 - len(row))]]
        for row in table.rows
    ]


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx", "X.XLSX"])
def test_what_is_written_is_read_back_cell_by_cell(tmp_path, name):
    assert written(tmp_path / name, TRICKY) == TRICKY


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx"])
@given(rows=st.lists(st.lists(cell, min_size=4, max_size=4).filter(any), max_size=6))
@settings(max_examples=25, deadline=None)
def test_any_text_survives_a_sheet(tmp_path_factory, name, rows):
    assert written(tmp_path_factory.mktemp("sheet") / name, rows) == rows


def test_a_csv_for_people_begins_with_a_byte_order_mark(tmp_path):
    excel.write_table(tmp_path / "x.csv", ["甲"], [["一"]])
    assert (tmp_path / "x.csv").read_bytes() == "\ufeff甲\r\n一\r\n".encode()


def test_no_cell_of_a_workbook_is_a_formula_a_number_or_a_link(tmp_path):
    excel.write_table(
        tmp_path / "x.xlsx", ["a", "b", "c", "d"], [*TRICKY, ["http://a.cn", "1", "2.5", "TRUE"]]
    )
    with zipfile.ZipFile(tmp_path / "x.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search("<f>|<v>|hyperlink", sheet)


def test_several_tables_are_several_sheets_and_are_told_apart_when_read(tmp_path, pack):
    form = next(form for form in pack.forms.values() if form.details)
    detail = pack.forms[form.details[0]]
    tables = {
        excel.sheet_name(item): ([field.id for field in item.fields], [["x"] * len(item.fields)])
        for item in (form, detail)
    }
    excel.write_tables(tmp_path / "x.xlsx", tables)
    table, details = excel.choose(excel.read_tables(tmp_path / "x.xlsx"), form, pack)
    assert list(table.header) == [item.id for item in form.fields]
    assert list(details) == [detail.id]
    assert list(details[detail.id].header) == [item.id for item in detail.fields]


def test_a_sheet_that_belongs_nowhere_is_refused_by_name(pack):
    form = next(form for form in pack.forms.values() if form.details)
    strange = Table("Sheet7", ["a"], [["1"]])
    own = Table(form.title, ["a"], [["1"]])
    for tables, code in (
        ([own, strange], "I490"),
        ([own, own], "I490"),
        ([Table(form.details[0], ["a"], []), Table(reading.NOTES_SHEET, ["a"], [])], "I491"),
    ):
        with pytest.raises(InputError) as caught:
            excel.choose(tables, form, pack)
        assert caught.value.code == code
        assert form.title in caught.value.sentence + caught.value.step


def test_an_unknown_ending_too_many_rows_and_too_long_a_cell_are_refused(tmp_path, monkeypatch):
    def refused(path, rows):
        with pytest.raises(FileError) as caught:
            excel.write_table(path, ["a"], rows)
        assert not path.exists()
        return caught.value.code

    assert refused(tmp_path / "x.ods", [["1"]]) == "F150"
    assert refused(tmp_path / "x.xlsx", [["x" * 40_000]]) == "F152"
    monkeypatch.setattr(writing, "MAX_ROWS", 2)
    assert refused(tmp_path / "y.xlsx", [["1"]] * 3) == "F151"
    assert not list(tmp_path.iterdir())


def test_writing_tells_how_far_it_is_and_can_be_stopped(tmp_path):
    def stop(done, total):
        raise Cancelled

    tables = {"x": (["a"], ([str(number)] for number in range(2_000)))}
    with pytest.raises(Cancelled):
        excel.write_tables(tmp_path / "x.xlsx", tables, stop)
    assert not list(tmp_path.iterdir())


def test_columns_are_named_as_spreadsheets_name_them():
    assert [form_sheet.letters(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]
    assert [form_sheet.letters(place) for place in range(26)] == list(string.ascii_uppercase)


@pytest.fixture(scope="module")
def templates(pack, tmp_path_factory):
    folder = tmp_path_factory.mktemp("templates")
    for form in pack.top_forms:
        excel_template.template(form, pack, folder / f"{form.id}.xlsx")
    return folder


def test_the_template_of_every_form_has_its_labels_and_those_of_its_details(templates, pack):
    for form in pack.top_forms:
        table, details = excel.choose(excel.read_tables(templates / f"{form.id}.xlsx"), form, pack)
        assert list(table.header) == [item.label for item in form.fields if item.computed is None]
        assert sorted(details) == sorted(form.details)
        assert not table.rows


def test_every_choice_of_a_template_is_a_drop_down_and_long_numbers_are_text(templates, pack):
    for form in pack.top_forms:
        with zipfile.ZipFile(templates / f"{form.id}.xlsx") as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
            styles = book.read("xl/styles.xml").decode()
            notes = book.read("xl/comments1.xml").decode()
        chosen = sum(
            item.type in ("choice", "bool") and item.computed is None for item in form.fields
        )
        assert sheet.count("<dataValidation ") == chosen
        assert 'numFmtId="49"' in styles
        for item in form.fields:
            assert (
                item.computed is not None or not item.help or item.help.split("\n")[0][:20] in notes
            )


BIG = """
import sys
from pathlib import Path
from union_desk import excel
from union_desk.errors import FileError
rows = ([f"{number}-{place}-{'字' * 50}" for place in range(5)] for number in range(20_000))
try:
    excel.write_table(Path(sys.argv[1]), list("abcde"), rows)
except FileError as refused:
    print(refused.code)
"""


def test_a_full_disk_is_told_in_a_sentence_and_leaves_no_half_file(tmp_path):
    with disk.memory(tmp_path / "full", 200_000) as folder:
        target = folder / "台账.xlsx"
        command = [sys.executable, "-c", BIG, str(target)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stdout.split() == ["F153"]
        assert not list(folder.iterdir())
