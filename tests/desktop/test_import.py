"""A sheet before it is taken in: pasted or read, columns laid, cells mended, one undo."""

import dataclasses
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.desktop.entering import samples
from tests.desktop.looking import faults_of
from tests.desktop.typing import press, type_text
from tests.store.offices import ask
from union_desk import excel
from union_desk.desktop import import_sheet
from union_desk.desktop.import_mapping import _sum_words
from union_desk.desktop.import_sheet import WAN, ImportSheet, from_cells, pasted
from union_desk.desktop.navigation import Route
from union_desk.desktop.rule_dialog import RuleDialog
from union_desk.desktop.undo_notice import UndoNotice

FORM = "visit"


def block(pack, rows, form=FORM):
    """Return sample rows as a spreadsheet program puts them on the clipboard, labels on top."""
    names = list(rows[0])
    lines = ["\t".join(pack.forms[form].by_id[name].label for name in names)]
    return "\n".join([*lines, *("\t".join(row[name] for name in names) for row in rows)]) + "\n"


def visits(count=8):
    rows = [dict(samples(FORM)[n % 8]) for n in range(count)]
    for n, row in enumerate(rows):
        row["place"] = f"第 {n} 处"
        row["visit_date"] = f"2012-08-{n % 28 + 1:02}"
    return rows


# --- the sheet itself ------------------------------------------------------------------------


def test_a_block_keeps_line_ends_and_marks_inside_a_cell():
    assert pasted('甲\t"两\n行"\t\n\t\t\n乙\t"说""好"""\t3\n') == [
        ["甲", "两\n行", ""], ["乙", '说"好"', "3"],
    ]  # fmt: skip


def test_columns_are_laid_by_their_titles_and_unknown_ones_are_named(pack):
    """Requirement 10."""
    form = pack.forms[FORM]
    sheet = from_cells(form, [["走访日期", "没有这项", "走访人"], ["2012-08-01", "x", "李敏"]])
    assert sheet.mapping == ["visit_date", "", "visitor"]
    assert sheet.unknown() == ["没有这项"]
    assert sheet.table().header == ["visit_date", "visitor"]
    sheet.lay(1, "place")
    assert sheet.table().rows == [["2012-08-01", "x", "李敏"]]


def test_a_block_without_titles_is_laid_in_the_order_of_the_form(pack):
    sheet = from_cells(pack.forms[FORM], [["2012-08-01", "李敏"], ["2012-08-02", "王某"]])
    assert not sheet.headed
    assert sheet.mapping[:2] == ["visit_date", "visitor"]
    assert len(sheet.rows) == 2


def test_one_value_stands_for_all_rows_of_a_missing_required_column(pack):
    """Requirement 35."""
    sheet = ImportSheet(pack.forms[FORM], ["走访日期"], [["2012-08-01"], ["2012-08-02"]])
    assert "visitor" in {item.id for item in sheet.missing()}
    sheet.fills["visitor"] = "李敏"
    assert sheet.table().rows == [["2012-08-01", "李敏"], ["2012-08-02", "李敏"]]
    assert "visitor" not in {item.id for item in sheet.missing()}


def test_a_column_of_10000_yuan_is_told_with_its_sums_before_and_after(pack):
    """Requirement 35."""
    form = pack.forms[FORM]
    money = next(iter(import_sheet.money_fields(form).values()))
    sheet = ImportSheet(form, [f"{money.label}（万元）"], [["1.2"], ["1,000"], ["随便"]])
    assert sheet.factors == {money.id: WAN}
    assert sheet.table().rows == [["12000"], ["10000000"], ["随便"]]
    assert sheet.sums(money.id) == (Decimal("1001.2"), Decimal(10_012_000))
    assert _sum_words(*sheet.sums(money.id)) == "1,001.20 万元 → 10,012,000.00 元"
    sheet.factors[money.id] = 1
    assert sheet.table().rows[0] == ["1.2"]


# --- the page --------------------------------------------------------------------------------


@pytest.fixture
def page(own_desk, settled, pack):
    desk = own_desk("county")
    desk.open(Route("ledger", form=FORM))
    settled()
    return desk.page


def paste(desk, settled, text):
    """Paste a block on the ledger, as a clerk does."""
    QApplication.clipboard().setText(text)
    desk.page.table.setFocus() if hasattr(desk.page, "table") else None
    press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settled()
    return desk.page


def explain_all(page, settled):
    if page.checked.warnings:
        page.explain.click()
        dialog = page.window().findChild(RuleDialog)
        for made in dialog.rows:
            dialog._take(made.rule, "样本数据，已核实")
        settled()


def test_a_pasted_block_is_looked_at_mended_in_place_taken_in_and_taken_back(
    page, settled, pack, qtbot
):
    """Requirement 9."""
    desk, store = page.window(), page.session.store
    rows = visits()
    rows[2]["workers"] = "一百二"
    rows[5]["visit_date"] = "2012-13-01"
    page.bar.search.setFocus()
    page.table.setFocus()
    QApplication.clipboard().setText(block(pack, rows))
    page.acts.paste()
    settled()
    preview = desk.page
    explain_all(preview, settled)
    assert preview.take.text() == "导入 6 行，2 行存为草稿"
    current = preview.table.currentIndex()
    assert preview.model.columns[current.column()] == "workers"
    assert "请用阿拉伯数字" in preview.hint.text()
    assert faults_of(desk) == {}
    desk.activateWindow()
    preview.table.setFocus()
    qtbot.waitUntil(preview.table.hasFocus)
    for letter in "120":  # the first opens the cell, the next go into it
        type_text(letter)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not preview._timer.isActive())
    settled()
    assert preview.take.text() == "导入 7 行，1 行存为草稿"
    assert ask(store, f"SELECT count(*) FROM {FORM}") == [(0,)]
    preview.take.click()
    settled()
    assert ask(store, f"SELECT record_state, count(*) FROM {FORM} GROUP BY 1 ORDER BY 1") == [
        ("confirmed", 7), ("draft", 1),
    ]  # fmt: skip
    assert desk.route.kind == "ledger"
    desk.findChild(UndoNotice).take_back()
    settled()
    assert ask(store, f"SELECT count(*) FROM {FORM} WHERE deleted = 0") == [(0,)]


def test_the_verdicts_stand_above_only_once_there_is_a_sheet(page, settled, pack):
    desk = page.window()
    desk.open(Route("import", form=FORM))
    settled()
    legend, other = desk.page._legend, desk.page._other
    assert not any(one.isVisible() for one in (*legend, *other))
    desk.page.acts.take_text(block(pack, visits(2)))
    settled()
    assert all(one.isVisible() for one in (*legend, *other))


def test_a_row_that_is_known_shows_old_and_new(page, settled, pack):
    """Requirement 36."""
    desk = page.window()
    desk.open(Route("import", form=FORM, text=block(pack, visits(2))))
    settled()
    explain_all(desk.page, settled)
    desk.page.take.click()
    settled()
    again = visits(2)
    again[0]["workers"] = str(int(again[0]["workers"]) + 7)
    desk.open(Route("import", form=FORM, text=block(pack, again)))
    settled()
    preview = desk.page
    verdicts = preview.checked.verdicts
    assert [verdicts[n].kind for n in (0, 1)] == ["changed", "same"]
    assert "→" in verdicts[0].words
    assert "相同 1" in preview.hint.text()


def test_columns_are_laid_again_as_the_last_time(page, settled, pack):
    """Requirement 35: mapping remembered."""
    desk = page.window()
    text = block(pack, visits(2)).replace(pack.forms[FORM].by_id["place"].label, "在哪里")
    desk.open(Route("import", form=FORM, text=text))
    settled()
    preview = desk.page
    column = preview.sheet.titles.index("在哪里")
    assert preview.sheet.mapping[column] == ""
    assert preview.mapping.isVisible()
    chooser = preview.mapping.choosers[column]
    chooser.setCurrentIndex(chooser.findData("place"))
    chooser.activated.emit(chooser.currentIndex())
    settled()
    desk.open(Route("import", form=FORM, text=text))
    settled()
    assert desk.page.sheet.mapping[column] == "place"


def test_a_number_that_went_through_a_float_is_refused(own_desk, settled, tmp_path, pack):
    """Requirement 35."""
    import xlsxwriter

    form = next(one for one in pack.top_forms if "grassroots" in one.writers
                and any(item.type == "person_id" for item in one.fields))  # fmt: skip
    number = next(item for item in form.fields if item.type == "person_id")
    path = tmp_path / "表.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(excel.sheet_name(form))
    sheet.write_string(0, 0, number.label)
    sheet.write_number(1, 0, 511102198001010000)
    book.close()
    desk = own_desk("grassroots")
    desk.open(Route("import", form=form.id))
    desk.page.acts.read_file(path)
    settled()
    assert "末几位变成 0" in desk.page.checked.verdicts[0].words


def test_rows_in_trouble_are_saved_with_the_reason_beside_each(page, settled, pack, tmp_path):
    desk = page.window()
    rows = visits(3)
    rows[1]["workers"] = "一百二"
    desk.open(Route("import", form=FORM, text=block(pack, rows)))
    settled()
    explain_all(desk.page, settled)
    desk.page.acts.write_bad_rows(tmp_path / "问题行.xlsx")
    settled()
    (table,) = excel.read_tables(tmp_path / "问题行.xlsx")
    assert len(table.rows) == 1
    assert "一百二" in table.rows[0]
    assert table.header[-1] == "检查结果"
    assert "请用阿拉伯数字" in table.rows[0][-1]


def test_the_template_of_the_window_comes_back_through_the_preview(page, settled, tmp_path):
    """Requirement 10."""
    desk = page.window()
    desk.open(Route("import", form=FORM))
    path = tmp_path / "模板.xlsx"
    desk.page.acts.write_template(path)
    settled()
    desk.page.acts.read_file(path)
    settled()
    assert not desk.page.sheet.unknown()
    assert not desk.page.sheet.missing()


def test_an_empty_clipboard_is_told(page, settled):
    desk = page.window()
    QApplication.clipboard().setText("")
    desk.open(Route("import", form=FORM))
    desk.page.acts.paste()
    assert "剪贴板里没有表格" in desk.page.notice.words
    assert faults_of(desk) == {}


def test_a_verdict_stands_beside_the_number_where_the_row_is_long(pack, dressed):
    from union_desk.desktop.import_model import VERDICT, ImportModel
    from union_desk.desktop.import_table import ImportTable

    model = ImportModel()
    table = ImportTable(model)
    table.resize(700, 300)
    rows = [list(row.values()) for row in visits(2)]
    model.show_sheet(ImportSheet(pack.forms[FORM], [
        pack.forms[FORM].by_id[name].label for name in samples(FORM)[0]], rows))  # fmt: skip
    assert table.horizontalHeader().visualIndex(model.columns.index(VERDICT)) == 1
    short = dataclasses.replace(
        model.sheet, titles=["走访人"], rows=[["李敏"]], mapping=["visitor"]
    )
    model.show_sheet(short)
    assert table.horizontalHeader().visualIndex(2) == 2
