"""The whole road of a 报送册 by the command line: made, filled in elsewhere, taken in, counted."""

import pytest

from tests.cli.conftest import COUNTY, DAY, GRASSROOTS, make
from tests.excel.filling import Book
from tests.store.offices import rows_of
from union_desk import excel
from union_desk.excel import examples

FORM = "labor_risk"


@pytest.fixture(scope="module")
def county(pack, tmp_path_factory):
    office = make(tmp_path_factory.mktemp("county"), pack, COUNTY, "county")
    assert office.put("union_org").code == 0
    return office


def fill(path, pack, form, row):
    book, sheet = Book(path), excel.sheet_name(pack.forms[form])
    heads = {text: place[:-1] for place, text in book.cells(sheet).items() if place[-1] == "1"}
    for name, text in row.items():
        if text and name != "enterprise":
            book.type(sheet, f"{heads[pack.forms[form].by_id[name].label]}3", text)
    book.save(path)


def counted(office, unit):
    found = office.run("progress", "--as-of", DAY, "--unit", unit, "--json").json
    return {one["id"]: one["value"] for one in found if one["value"]}


def test_a_book_is_made_filled_in_taken_in_and_counted_for_its_unit(county, pack, tmp_path):
    path = tmp_path / "报送册.xlsx"
    made = county.run("book", "make", "--unit", GRASSROOTS, "--out", path, "--as-of", DAY, "--json")
    assert made.code == 0, made.err
    assert FORM in {one["form"] for one in made.json["forms"]}
    assert {one["period"] for one in made.json["forms"]} >= {"2012M08", "2012Q3"}
    (row, *_) = rows_of(FORM)
    fill(path, pack, FORM, row)
    before = counted(county, GRASSROOTS)
    tried = county.run("book", "take", path, "--as-of", DAY, "--dry-run", "--reason", "样本")
    assert tried.code == 0, tried.out + tried.err
    assert "没有改动任何数据" in tried.out
    done = county.run("book", "take", path, "--as-of", DAY, "--reason", "样本", "--json").json
    assert (done["unit"], done["forms"][FORM]["added"]) == (GRASSROOTS, 1)
    after = counted(county, GRASSROOTS)
    assert set(after) > set(before)
    (record,) = county.run("get", FORM, "--as-of", DAY, "--json").json
    assert (record["unit"], record["record_state"]) == (GRASSROOTS, "confirmed")
    (filing,) = [one for one in county.run("get", "filing", "--json").json if one["form"] == FORM]
    assert (filing["unit"], filing["filed_by"], filing["state"]) == (GRASSROOTS, COUNTY, "sent")
    again = county.run("book", "take", path, "--as-of", DAY, "--reason", "样本")
    assert f"《{pack.forms[FORM].title}》：新增 0，更新 0，相同 1。" in again.out


def test_a_book_with_a_warning_asks_for_the_reason_and_one_without_rows_says_so(
    county, pack, tmp_path
):
    path = tmp_path / "x.xlsx"
    assert county.run("book", "make", "--unit", GRASSROOTS, "--out", path, "--as-of", DAY).code == 0
    empty = county.run("book", "take", path, "--as-of", DAY)
    assert (empty.code, empty.out.strip()) == (0, "这本报送册里没有填数据。")
    day = next(item.id for item in pack.forms[FORM].fields if item.type == "date")
    fill(path, pack, FORM, rows_of(FORM)[1] | {day: "昨天下午"})
    wrong = county.run("book", "take", path, "--as-of", DAY, "--reason", "样本")
    assert wrong.code == 1
    assert "昨天下午" in wrong.out
    assert "没有改动任何数据" in wrong.out


def test_the_template_of_a_form_comes_from_the_command_line_too(county, pack, tmp_path):
    path = tmp_path / "模板.xlsx"
    assert county.run("template", FORM, "--out", path).code == 0
    (table, *_) = excel.read_tables(path)
    assert table.header[0] == examples.TITLE
    refused = county.run("template", FORM, "--out", tmp_path / "模板.doc")
    assert (refused.code, "（U960）" in refused.err) == (2, True)
