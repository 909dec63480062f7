"""待审: Enter accepts, R returns with a remark, one step for all units without anything unusual."""

from contextlib import ExitStack

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.bundle.offices import Offices, build
from tests.desktop.looking import faults_of
from tests.desktop.typing import press, replace_text
from tests.store.offices import get, put
from union_desk.desktop.accept_dialog import AcceptDialog
from union_desk.desktop.navigation import Route
from union_desk.desktop.return_dialog import ReturnDialog
from union_desk.desktop.session import Session
from union_desk.desktop.undo_notice import UndoNotice


@pytest.fixture(scope="module")
def made(pack, tmp_path_factory):
    """Three offices; the county has just taken in eight members of one unit."""
    folder = tmp_path_factory.mktemp("three")
    build(folder / "made", pack)
    with ExitStack() as stack:
        three = Offices(folder / "made", folder, stack)
        put(three.grassroots, "member")
        three.up("grassroots", "county")
    return folder / "offices"


@pytest.fixture
def offices(made, tmp_path, monkeypatch):
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    with ExitStack() as stack:
        yield Offices(made, tmp_path, stack)


@pytest.fixture
def page(window, offices, settled):
    window._enter(Session(offices.county, as_of_given="2012-08-31"))
    settled()
    window.desk.open(Route("review"))
    settled()
    return window.desk.page


def test_the_queue_says_who_sent_what_and_how_it_is(page):
    assert page.context.startswith("1 家单位 · 8 条待审")
    assert page.units.item(0).text().endswith("8 条 · 无异常")
    assert page.model.rowCount() == 8
    assert page.rest.text() == "一次接收无异常的 1 家"


def test_enter_accepts_the_marked_record_and_goes_on_to_the_next(page, settled):
    page.table.setFocus()
    names = [page.model.index(row, 1).data() for row in range(3)]
    press(Qt.Key.Key_Return)
    settled()
    assert page.model.rowCount() == 7
    assert page.model.index(page.table.currentIndex().row(), 1).data() == names[1]


def test_one_step_accepts_the_units_without_anything_unusual_and_is_undone(page, settled):
    page.rest.click()
    dialog = page.window().findChild(AcceptDialog)
    assert dialog.units.item(0).text().endswith("8 条")
    assert dialog.sample.count() == 1, "a twentieth, one at least"
    assert faults_of(dialog) == {}
    dialog.act.click()
    settled()
    assert page.nothing.isVisible()
    page.window().findChild(UndoNotice).undo_button.click()
    settled()
    assert page.model.rowCount() == 8


def test_r_returns_a_record_with_a_remark_at_its_field(page, offices, settled):
    page.table.setFocus()
    uid = page.model.items[0].uid
    press(Qt.Key.Key_R)
    settled()
    dialog = page.window().findChild(ReturnDialog)
    dialog.act.click()
    assert "请写明" in dialog.said.text()
    dialog.text.setFocus()
    replace_text("入会日期请核对申请书")
    dialog.place.setCurrentIndex(dialog.place.findText("批准入会日期"))
    dialog.act.click()
    settled()
    assert page.model.rowCount() == 7
    assert get(offices.county, "member", uid).record_state == "returned"
    offices.down("county", "grassroots")
    assert get(offices.grassroots, "member", uid).record_state == "returned"


def test_the_random_sample_is_opened_before_anything_is_accepted(page, settled):
    page.rest.click()
    dialog = page.window().findChild(AcceptDialog)
    dialog.sample.setCurrentRow(0)
    dialog.sample.setFocus()
    dialog.sample.itemActivated.emit(dialog.sample.item(0))
    settled()
    assert page.window().desk.route.kind == "form"


def test_a_whole_form_is_marked_by_f_and_the_unit_accepted_by_a(page, settled, stand):
    stand(page.table)
    press(Qt.Key.Key_N)
    press(Qt.Key.Key_F)
    assert len(page.table.places()) == 8
    press(Qt.Key.Key_A)
    settled()
    assert page.nothing.isVisible()


def test_figures_stand_beside_those_of_before(page, settled):
    page.chips[1].click()
    model = page.compared.rows
    assert not page.table.isVisibleTo(page)
    cells = [row.cells for row in model.rows]
    assert ("行数", "2012M08", "8", "—") in [cell[1:5] for cell in cells]
    page.chips[0].click()
    assert page.table.isVisibleTo(page)
    assert "逾期未报" in page.words.text()


def test_a_return_told_by_phone_says_so(page, offices, settled):
    page.table.setFocus()
    uid = page.model.items[0].uid
    page.back.click()
    dialog = page.window().findChild(ReturnDialog)
    dialog.text.setPlainText("请核对")
    dialog.called.setChecked(True)
    dialog.act.click()
    settled()
    with offices.county.read() as connection:
        found = connection.exec_driver_sql("SELECT text FROM return_note WHERE record = ?", (uid,))
        assert found.scalar() == "请核对（已电话告知）"


def test_a_wrong_day_stays_in_the_dialog_with_its_reason(page, settled):
    page.table.setFocus()
    press(Qt.Key.Key_R)
    settled()
    dialog = page.window().findChild(ReturnDialog)
    dialog.text.setPlainText("请核对")
    dialog.due.setFocus()
    replace_text("下周吧")
    dialog.act.click()
    assert dialog._due.error
    assert dialog.isVisible()
    dialog.reject()
    QApplication.processEvents()


def test_a_double_click_opens_the_record(page, settled):
    page.table.doubleClicked.emit(page.model.index(2, 0))
    settled()
    assert page.window().desk.page.__class__.__name__ == "FormPage"


def test_a_grassroots_office_has_no_queue(desk):
    panel = desk("grassroots").navigation
    assert "待审" not in [button.place.title for button in panel.buttons]
