"""报送册 in the window: made for a unit, looked at, explained, taken in, taken back."""

import pytest
from PySide6.QtWidgets import QPushButton

from tests.desktop.looking import faults_of
from tests.excel.filling import Book
from tests.store.offices import rows_of
from union_desk import excel
from union_desk.desktop.book_dialog import BookDialog
from union_desk.desktop.book_page import BookPage
from union_desk.desktop.navigation import Route
from union_desk.desktop.rule_dialog import RuleDialog
from union_desk.desktop.undo_notice import UndoNotice
from union_desk.excel import report_book

OTHER = "511102000013"


@pytest.fixture
def desk(own_desk, settled):
    made = own_desk("county")
    made.open(Route("import"))
    settled()
    return made


@pytest.fixture
def book(desk, settled, tmp_path):
    """A book of the own county, as the dialog writes it."""
    desk.page.make()
    dialog = desk.window().findChild(BookDialog)
    dialog.unit.setText(OTHER)
    dialog.unit.settle()
    path = tmp_path / "报送册.xlsx"
    dialog.write({path: dialog.unit.unit})
    settled()
    return path


def fill(path, pack, form, rows, nothing=()):
    file, sheet = Book(path), excel.sheet_name(pack.forms[form])
    heads = {text: place[:-1] for place, text in file.cells(sheet).items() if place[-1] == "1"}
    for number, row in enumerate(rows, 3):
        for name, text in row.items():
            if text and name != "enterprise":
                file.type(sheet, f"{heads[pack.forms[form].by_id[name].label]}{number}", text)
    names = [excel.sheet_name(pack.forms[name]) for name in nothing]
    for place, text in file.cells(report_book.COVER).items():
        if place.startswith("A") and text in names:
            file.type(report_book.COVER, f"E{place[1:]}", "是")
    file.save(path)


def test_a_sheet_of_no_one_form_leads_to_the_book_and_the_empty_page_says_what_to_do(desk):
    assert isinstance(desk.page, BookPage)
    assert not desk.page.take.isVisible()
    offered = [one for one in desk.findChildren(QPushButton)
               if one.text() == "做报送册…" and one.isVisible()]  # fmt: skip
    assert [one.property("role") for one in offered] == ["primary"]
    assert not faults_of(desk.page)


def test_a_filled_book_is_looked_at_explained_taken_in_and_taken_back(
    desk, book, settled, pack, qtbot
):
    good, bad = ({**row, "visit_date": f"2012-08-0{n}"}
                 for n, row in enumerate(rows_of("visit")[:2], 1))  # fmt: skip
    fill(book, pack, "visit", [good, {**bad, "visit_date": "昨天"}], nothing=("info_report",))
    page = desk.page
    page.read(book)
    settled()
    shown = [row.cells for row in page.forms.rows.rows]
    assert [cells[0] for cells in shown] == [pack.forms["visit"].title,
                                             pack.forms["info_report"].title]  # fmt: skip
    assert shown[1][-1] == "本期无发生"
    assert any("昨天" in row.cells[2] and row.cells[0] == "4" for row in page.findings.rows.rows)
    if page.explain.isVisible():
        page.explain.click()
        dialog = desk.window().findChild(RuleDialog)
        for made in list(dialog.rows):
            dialog._take(made.rule, "样本数据，已核实")
        settled()
    assert not page.explain.isVisible()
    assert page.take.text() == "装入 1 行，零报 1 张，1 行存为草稿"
    assert not faults_of(page)
    page.take.click()
    settled()
    store = desk.session.store
    with store.read() as connection:
        rows = connection.execute(store.tables.form["visit"].select()).mappings().all()
    assert sorted(row["record_state"] for row in rows) == ["confirmed", "draft"]
    notice = desk.window().findChild(UndoNotice)
    assert "已代报" in notice.accessibleName()
    notice.undo_button.click()
    settled()
    with store.read() as connection:
        table = store.tables.form["visit"]
        assert not connection.execute(table.select().where(table.c.deleted == 0)).all()


def test_the_dialog_asks_for_a_unit_and_makes_one_book_for_each_unit_below(
    own_desk, settled, tmp_path
):
    desk = own_desk("city")
    desk.open(Route("book"))
    settled()
    desk.page.make()
    dialog = desk.window().findChild(BookDialog)
    dialog.act.click()
    assert dialog._unit.error
    assert not faults_of(dialog)
    assert OTHER in {unit.code for unit in dialog._below}
    told = []
    dialog.made.connect(told.append)
    dialog.write({tmp_path / f"{unit.code}.xlsx": unit for unit in dialog._below[:2]})
    settled()
    assert told == ["已写 2 本报送册"]
    assert len(list(tmp_path.glob("*.xlsx"))) == 2


def test_a_file_that_is_no_book_is_refused_in_a_sentence(desk, settled, tmp_path):
    from union_desk.desktop import faults

    excel.write_table(tmp_path / "x.xlsx", ["甲"], [["1"]])
    desk.page.read(tmp_path / "x.xlsx")
    settled()
    assert faults._shown
    assert desk.page.looked is None
