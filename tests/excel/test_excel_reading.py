"""Files of every kind that offices send, and the ones that must be refused by name of the cell."""

import csv
import datetime as dt

import pytest
import xlsxwriter

from union_desk import excel, resources
from union_desk.errors import FileError, InputError
from union_desk.excel import reading
from union_desk.taskpack import field_types


@pytest.fixture
def file(tmp_path):
    def write(content, name="表.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def book(tmp_path):
    def write(fill, name="表.xlsx"):
        made = xlsxwriter.Workbook(tmp_path / name)
        fill(made)
        made.close()
        return tmp_path / name

    return write


def only(path):
    (table,) = excel.read_tables(path)
    return table


def refused(path, kind, code):
    with pytest.raises(kind) as caught:
        excel.read_tables(path)
    assert caught.value.code == code
    assert caught.value.sentence
    assert caught.value.step
    return caught.value.sentence


@pytest.mark.parametrize(
    "sample", sorted(resources.samples().glob("*.csv")), ids=lambda path: path.stem
)
def test_every_sample_file_reads_as_the_csv_module_reads_it(sample):
    with sample.open(encoding="utf-8-sig", newline="") as lines:
        header, *rows = list(csv.reader(lines))
    table = only(sample)
    assert table.name == sample.stem
    assert list(table.header) == header
    assert [["" if cell is None else cell for cell in row] for row in table.rows] == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_encodings_and_separators_of_office_programs_are_known_by_content(file, encoding, mark):
    text = f"姓名{mark}金额{mark}说明\r\n张三{mark}1200.00{mark}“好”\r\n"
    table = only(file(text, encoding=encoding))
    assert table.header == ["姓名", "金额", "说明"]
    assert table.rows == [["张三", "1200.00", "“好”"]]


def test_quotes_line_breaks_and_separators_inside_a_cell_are_kept(file):
    table = only(file('a,b\r\n"一,二;三","第一行\r\n第二""行"""\r\n'))
    assert table.rows == [["一,二;三", '第一行\n第二"行"']]


def test_a_semicolon_inside_the_data_does_not_change_the_separator(file):
    assert only(file("kind,name\r\n1;2;3,甲\r\n")).rows == [["1;2;3", "甲"]]


def test_empty_rows_keep_their_place_and_the_last_ones_go(file):
    assert only(file("\r\na,b\r\n1,2\r\n\r\n,\r\n3,4\r\n,\r\n\r\n")).rows == [
        ["1", "2"],
        [],
        [],
        ["3", "4"],
    ]


def test_a_damaged_utf8_file_is_not_taken_for_gb18030(file):
    data = "姓名,说明\r\n张三,会员名册\r\n李四,困难职工\r\n".encode()
    place = data.index("李".encode())
    sentence = refused(file(data[:place] + b"\xff" + data[place + 1 :]), FileError, "F143")
    assert "第 3 行" in sentence


@pytest.mark.parametrize(
    "data", [b"a,b\r\n1,\x00\r\n", b"\x89PNG\r\n\x1a\n\x00\x00", b"\xef\xbb\xbfa,\xff\r\n"]
)
def test_what_is_no_text_is_refused(file, data):
    refused(file(data), FileError, "F143")


def test_an_open_quote_is_refused_with_its_line(file):
    assert "第 2 行" in refused(file('a,b\r\n1,"x"y\r\n'), InputError, "I492")


def test_a_row_cut_short_is_refused_with_its_line(file):
    sentence = refused(file("a,b\r\n1,2\r\n1\r\n1,2\r\n3\r\n"), InputError, "I496")
    assert "第 3 行" in sentence
    assert "第 5 行" in sentence


def test_cells_beyond_the_header_and_columns_without_one_are_left_to_be_told_by_row(file):
    table = only(file("a,,c\r\n1,2,3,4\r\n"))
    assert (table.header, table.rows) == (["a", "", "c"], [["1", "2", "3", "4"]])


def test_a_number_in_scientific_notation_stays_a_number_that_no_id_field_takes(file, pack):
    table = only(file("姓名,身份证号\r\n张三,5.11197E+17\r\n"))
    assert table.rows == [["张三", 5.11197e17]]
    assert_no_id_field_takes(table.rows[0][1], pack)


def test_a_long_number_in_a_number_cell_stays_a_number_that_no_id_field_takes(book, pack):
    def fill(made):
        sheet = made.add_worksheet("会员名册")
        sheet.write_row(0, 0, ["姓名", "身份证号"])
        sheet.write_row(1, 0, ["张三", 511197197002143126])
        sheet.write_row(2, 0, ["李四", "511197197002143126"])

    rows = only(book(fill)).rows
    assert rows[1] == ["李四", "511197197002143126"]
    assert_no_id_field_takes(rows[0][1], pack)


def assert_no_id_field_takes(cell, pack):
    fields = [
        item
        for form in pack.forms.values()
        for item in form.fields
        if item.type in ("person_id", "text", "uscc")
    ]
    assert len(fields) > 50
    for item in fields:
        assert isinstance(
            field_types.parse_cell(item, cell, field_types.Hints(pack=pack)), field_types.Unreadable
        )


def test_cells_of_a_sheet_become_what_stands_in_them(book):
    def fill(made):
        sheet = made.add_worksheet("一")
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["a", "b", "c", "d", "e", "f"])
        sheet.write_number(1, 0, 46)
        sheet.write_number(1, 1, 0.1 + 0.2)
        sheet.write_datetime(1, 2, dt.date(2012, 8, 27), day)
        sheet.write_boolean(1, 3, True)
        sheet.write_string(1, 4, "00123")
        sheet.write_formula(1, 5, "=1+1", None, 2)
        made.add_worksheet("空")

    assert only(book(fill)).rows == [[46, 0.3, "2012-08-27", 1, "00123", 2]]


def test_an_error_value_of_a_formula_is_refused_not_read_as_empty(book):
    def fill(made):
        sheet = made.add_worksheet("一")
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")

    assert "第1个工作表 B2" in refused(book(fill), InputError, "I493")


def test_a_missing_file_an_empty_one_and_a_folder_are_told_apart(tmp_path, file):
    refused(tmp_path / "没有.csv", FileError, "F104")
    refused(tmp_path, FileError, "F140")
    refused(file(b""), FileError, "F142")


def test_a_broken_a_locked_an_old_and_an_empty_workbook_are_told_apart(book, file):
    whole = book(
        lambda made: made.add_worksheet("一").write_row(0, 0, ["a"]), "好.xlsx"
    ).read_bytes()
    refused(file(whole[:2000], "断.xlsx"), FileError, "F147")
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    refused(file(ole + "EncryptedPackage".encode("utf-16-le"), "锁.xlsx"), FileError, "F148")
    refused(file(ole, "旧.xls"), FileError, "F149")
    refused(book(lambda made: made.add_worksheet("一"), "空.xlsx"), FileError, "F145")


def test_a_zip_that_is_no_workbook_is_refused(file, tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("a.txt", "x")
    refused(tmp_path / "x.xlsx", FileError, "F144")


def test_a_file_beyond_the_limits_is_refused_unread(file, tmp_path, monkeypatch):
    import zipfile

    path = file("a,b\r\n1,2\r\n")
    monkeypatch.setattr(reading, "MAX_FILE", 4)
    refused(path, FileError, "F141")
    monkeypatch.setattr(reading, "MAX_FILE", 10**6)
    monkeypatch.setattr(reading, "MAX_UNPACKED", 10**6)
    with zipfile.ZipFile(tmp_path / "大.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(2 * 10**6))
    refused(tmp_path / "大.xlsx", FileError, "F146")
    monkeypatch.setattr(reading, "MAX_ROWS", 1)
    refused(file("a\r\n1\r\n2\r\n"), InputError, "I494")
