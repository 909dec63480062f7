"""How a ledger is set up and found again; many records edited or confirmed at once."""

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox

from tests.desktop.looking import faults_of
from tests.desktop.typing import press, type_text
from tests.store.offices import ask, put, rows_of
from union_desk.desktop.bulk_dialog import BulkDialog
from union_desk.desktop.chooser import Chooser
from union_desk.desktop.columns_dialog import ColumnsDialog
from union_desk.desktop.filter_dialog import FilterDialog
from union_desk.desktop.navigation import Route
from union_desk.desktop.print_dialog import PrintDialog
from union_desk.desktop.undo_notice import UndoNotice
from union_desk.taskpack.record import Table

FORM = "visit"


@pytest.fixture
def desk(own_desk, settled):
    made = own_desk("county")
    rows = rows_of(FORM)
    for row in rows[6:]:
        row["visitor"] = ""
    put(made.session.store, FORM, Table(FORM, list(rows[0]), [list(r.values()) for r in rows]),
        reason="样本说明", period="2012M08", drafts=True)  # fmt: skip
    return made


def ledger(desk, settled):
    desk.open(Route("ledger", form=FORM))
    settled()
    return desk.page


def test_columns_are_chosen_moved_widened_and_found_again(desk, settled):
    """Requirement 29; nothing needs dragging."""
    page = ledger(desk, settled)
    page.setup.choose_columns()
    dialog = desk.findChild(ColumnsDialog)
    assert faults_of(dialog) == {}
    names = [dialog.list.item(n).data(Qt.ItemDataRole.UserRole) for n in range(dialog.list.count())]
    place = names.index("duty")
    dialog.list.setCurrentRow(place)
    dialog.list.item(place).setCheckState(Qt.CheckState.Checked)
    for _ in range(place):
        dialog.move_by(-1)
    dialog._widen(1.25)
    dialog._take()
    settled()
    assert page.model.fields[0].id == "duty"
    wide = page.table.columnWidth(1)
    again = ledger(desk, settled)
    assert again.model.fields[0].id == "duty"
    assert again.table.columnWidth(1) == pytest.approx(wide, abs=3)
    again.setup._columns_chosen([], {})
    settled()
    assert again.model.fields[0].id == again.form.name_field


def test_sort_chip_and_column_filters_are_found_again_and_a_tile_wins_over_them(
    desk, settled, pack
):
    page = ledger(desk, settled)
    page.sort_by("visit_date")
    settled()
    page.bar.chips["confirmed"].click()
    settled()
    page.setup.choose_filter()
    dialog = desk.findChild(FilterDialog)
    dialog.field.setCurrentIndex(dialog.field.findData("workers"))
    dialog.low.setText("随便")
    dialog._take()
    assert "随便" in dialog.said.text()
    dialog.low.setText("10")
    assert faults_of(dialog) == {}
    dialog._take()
    settled()
    assert page.bar.setup.text() == "列设置（筛选 1 列）"
    shown = page.view.count
    assert 0 < shown < 6
    again = ledger(desk, settled)
    assert (again.view.count, again.wanted.sort.column, again.wanted.chip) == (
        shown, "visit_date", "confirmed",
    )  # fmt: skip
    desk.open(Route("ledger", form=FORM, text="drafts"))
    settled()
    assert desk.page.wanted.chip == "draft"
    assert ledger(desk, settled).wanted.chip == "confirmed"


def test_a_filter_by_values_is_chosen_from_the_codes(desk, settled):
    page = ledger(desk, settled)
    page.setup.choose_filter()
    dialog = desk.findChild(FilterDialog)
    dialog.field.setCurrentIndex(dialog.field.findData("mode"))
    dialog._take()
    assert "至少选一项" in dialog.said.text()
    next(iter(dialog.findChildren(QCheckBox)))
    dialog.boxes["2"].setChecked(True)
    dialog._take()
    settled()
    assert page.view.count == len([row for row in rows_of(FORM) if row["mode"] == "2"])


def test_a_view_is_kept_under_a_name(desk, settled):
    page = ledger(desk, settled)
    page.bar.chips["draft"].click()
    settled()
    page.setup.keep_named("没完成的")
    page.bar.chips[""].click()
    settled()
    again = ledger(desk, settled)
    assert again.view.count == 8
    again.setup.show_named("没完成的")
    settled()
    assert (again.view.count, again.wanted.chip) == (2, "draft")
    again.setup.open_menu()
    assert "视图：没完成的" in {act.text() for act in again.setup.menu.actions()}
    again.setup.menu.hide()
    again.setup.drop_named("没完成的")
    assert not again.setup.layout.views


def explain_all(dialog, settled):
    for code in {one.code for one in dialog.found.warnings}:
        dialog.explanations[code] = "样本数据，已核实"
    dialog.try_it()
    settled()


def test_many_records_are_edited_after_old_and_new_were_shown_and_taken_back(desk, settled, qtbot):
    """Requirement 29."""
    store = desk.session.store
    before = ask(store, f"SELECT duty FROM {FORM} ORDER BY rowid")
    page = ledger(desk, settled)
    page.model.pick_all(on=True)
    page.edit.click()
    dialog = desk.findChild(BulkDialog)
    chooser = dialog.findChild(Chooser)
    chooser.setCurrentIndex(chooser.findData("duty"))
    settled()
    dialog.activateWindow()
    dialog.editor.setFocus()
    qtbot.waitUntil(dialog.editor.hasFocus)
    type_text("副主席")
    qtbot.waitUntil(lambda: not dialog._timer.isActive())
    settled()
    explain_all(dialog, settled)
    assert dialog.act.text() == "修改 8 条"
    assert dialog.table.item(0, 2).text() == "副主席"
    assert faults_of(dialog) == {}
    dialog.act.click()
    settled()
    assert {row[0] for row in ask(store, f"SELECT duty FROM {FORM}")} == {"副主席"}
    desk.findChild(UndoNotice).take_back()
    settled()
    assert ask(store, f"SELECT duty FROM {FORM} ORDER BY rowid") == before


def test_drafts_are_confirmed_together(desk, settled):
    store = desk.session.store
    store_rows = ask(store, f"SELECT uid FROM {FORM} WHERE record_state = 'draft'")
    with store.write() as transaction:
        transaction.connection.exec_driver_sql(
            f"UPDATE {FORM} SET visitor = '李敏' WHERE uid = ?", (store_rows[0][0],)
        )
    page = ledger(desk, settled)
    page.bar.chips["draft"].click()
    settled()
    page.table.setFocus()
    press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    page.confirm.click()
    settled()
    dialog = desk.findChild(BulkDialog)
    explain_all(dialog, settled)
    assert dialog.act.text() == "确认 1 条"
    assert "1 条有问题，保持原样" in dialog.said.text()
    dialog.act.click()
    settled()
    assert ask(store, f"SELECT count(*) FROM {FORM} WHERE record_state = 'draft'") == [(1,)]


def test_box_and_name_stay_in_sight_when_a_wide_ledger_is_scrolled_sideways(desk, settled):
    page = ledger(desk, settled)
    table = page.table
    assert table.frozen.isHidden()
    names = [item.id for item in page.form.fields if item.type not in ("longtext", "attach")]
    names.remove(page.form.name_field)
    page.setup._columns_chosen([page.form.name_field, *names], {})
    settled()
    table.setFocus()
    for _ in range(len(names)):
        press(Qt.Key.Key_Right)
    assert table.horizontalScrollBar().value() > 0
    frozen = table.frozen
    assert frozen.isVisible()
    first, last = page.model.index(0, 1), page.model.index(0, page.model.columnCount() - 1)
    assert frozen.visualRect(first).left() == table.columnWidth(0)
    assert table.visualRect(last).left() >= frozen.reach()
    QTest.mouseClick(
        frozen.viewport(), Qt.MouseButton.LeftButton,
        pos=frozen.visualRect(page.model.index(2, 0)).center(),
    )  # fmt: skip
    assert page.model.is_picked(2)
    assert table.hasFocus()
    for _ in range(len(names)):
        press(Qt.Key.Key_Left)
        here = table.visualRect(table.currentIndex())
        if table.currentIndex().column() > 1:
            assert here.left() >= (frozen.reach() if frozen.isVisible() else 0) - 1
    assert faults_of(page) == {}


def test_the_chosen_records_print_as_a_roster_that_says_so(desk, settled, tmp_path):
    page = ledger(desk, settled)
    page.bar.chips["confirmed"].click()
    settled()
    page.model.pick([0, 2], on=True)
    page.out.print_chosen()
    settled()
    dialog = desk.findChild(PrintDialog)
    (sheet,) = dialog.sheets
    assert "所选 2 条" in sheet.title
    dialog.reject()
    page.out.keep_paper(tmp_path / "所选.pdf", sheet)
    settled()
    pages = pypdf.PdfReader(tmp_path / "所选.pdf").pages
    said = "".join(page.extract_text() for page in pages).replace("\n", "")
    assert "（所选记录）" in said
    for place in range(page.model.rowCount()):
        values = page.view.listing.page(place, 1)[0].values
        assert (str(values["place"])[:4] in said) == (place in (0, 2)), values["place"]
