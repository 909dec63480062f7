"""另存为 Excel of a form with private fields: masked, or all of it for a reason."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from tests.desktop.typing import press, type_text
from tests.store.offices import ask, put
from union_desk.desktop.navigation import Route
from union_desk.desktop.sheet_dialog import SheetDialog
from union_desk.excel import read_tables
from union_desk.taskpack.field_types import HIDDEN


@pytest.fixture
def page(own_desk, settled, tmp_path, monkeypatch):
    """The ledger of poor workers with its samples; a file is always chosen at the same place."""
    shown = own_desk("county")
    assert not put(shown.session.store, "hardship", reason="样本").refused
    shown.open(Route("ledger", form="hardship"))
    settled()
    place = str(tmp_path / "名册.xlsx")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (place, ""))
    return shown.page


def column(page, tmp_path, name):
    title = page.form.by_id[name].label
    (table,) = read_tables(tmp_path / "名册.xlsx")
    place = list(table.header).index(title)
    return {row[place] for row in table.rows}


def acts(page):
    return ask(
        page.session.store,
        "SELECT a.act, v.reason FROM audit a JOIN audit_value v USING (n) "
        "WHERE a.act LIKE 'file%' ORDER BY n",
    )


def test_enter_saves_it_masked(page, settled, tmp_path):
    page.out.save_sheet()
    settled()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SheetDialog)
    assert not dialog.line.isEnabled()
    press(Qt.Key.Key_Return)
    settled()
    assert all("********" in cell for cell in column(page, tmp_path, "person_id"))
    assert column(page, tmp_path, "health") <= {HIDDEN, ""}
    assert acts(page) == [("file", None)]


def test_all_of_it_takes_a_reason_which_is_kept(page, settled, tmp_path):
    page.out.save_sheet()
    settled()
    dialog = QApplication.activeModalWidget()
    press(Qt.Key.Key_Down)
    settled()
    assert dialog.full.isChecked()
    assert dialog.line.hasFocus()
    type_text("核对")
    dialog.act.click()
    assert "至少写 4 个字" in dialog.said.text()
    type_text("发放名单")
    press(Qt.Key.Key_Return)
    settled()
    assert all("*" not in cell for cell in column(page, tmp_path, "person_id"))
    assert acts(page) == [("file_full", "核对发放名单")]
