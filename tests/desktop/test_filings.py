"""报送情况: unit × form × period, who is late, how to reach them, file and paper apart."""

import dataclasses
import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.desktop.looking import faults_of
from tests.desktop.typing import press, replace_text, type_text
from union_desk.desktop import faults, filing_words, unit_notes
from union_desk.desktop.closing_dialog import CloseDialog, LetInDialog
from union_desk.desktop.contact_dialog import ContactDialog
from union_desk.desktop.duty_dialog import DutyDialog
from union_desk.desktop.navigation import Route
from union_desk.desktop.reminder_dialog import ReminderDialog
from union_desk.errors import InputError
from union_desk.store.filing_matrix import UnitFilings
from union_desk.store.filings import Filing
from union_desk.store.units import UnitEntry

DAY = "2012-08-31"
UNIT = UnitEntry("511102400017", "某工会", "511102000013", "grassroots", "x", contact="张三",
                 phone="13900001111")  # fmt: skip


def one(pack, **changes):
    form = pack.top_forms[0].id
    filing = Filing(UNIT.code, form, "2012M07", "must", "2012-08-05")
    return UnitFilings(UNIT, {form: dataclasses.replace(filing, **changes)}), form


def test_only_what_must_be_filed_can_be_late(pack):
    """Requirement 40."""
    row, form = one(pack)
    assert filing_words.cell_words(row, form, DAY) == ("late", "逾期")
    row, form = one(pack, duty="if_any")
    assert filing_words.cell_words(row, form, DAY) == ("open", "未报")
    row, form = one(pack, state="nil")
    assert filing_words.cell_words(row, form, DAY) == ("nil", "零报")
    row, form = one(pack, state="sent", filed_by="511102000013")
    assert filing_words.cell_words(row, form, DAY) == ("sent", "已报·代")
    assert filing_words.cell_words(row, pack.top_forms[1].id, DAY) == ("", "")


def test_file_and_paper_are_two_marks(pack):
    """Requirement 34."""
    row, _ = one(pack, state="sent")
    assert filing_words.paper_words(row) == ""
    assert filing_words.paper_words(dataclasses.replace(row, papers=2, awaited=1)) == "纸质待补"
    assert filing_words.paper_words(dataclasses.replace(row, papers=2)) == "纸质齐"


def test_own_records_stand_as_counts(pack):
    row, form = one(pack, due_date="2012-09-05")
    row = dataclasses.replace(row, own={form: {"draft": 2, "confirmed": 3}})
    assert filing_words.cell_words(row, form, DAY) == ("own", "草稿2 确认3")


def test_the_list_to_call_says_who_how_what_and_since_when(pack):
    row, form = one(pack)
    late = filing_words.late_units([row], DAY, "own")
    text = "\n".join(filing_words.reminder(late, pack, "2012年7月", DAY))
    assert "某工会　张三　13900001111" in text
    assert f"逾期 26 天：《{pack.forms[form].title}》" in text


@pytest.fixture
def page(sample_desk, settled):
    desk = sample_desk("city")
    desk.open(Route("filings", text=filing_words.LATE))
    settled()
    return desk.page


def test_the_tile_of_the_dashboard_leads_to_who_is_late(sample_desk, settled):
    desk = sample_desk("city")
    tile = next(one for one in desk.page.findChildren(object) if getattr(one, "due", None)
                and one.due.words == "下级逾期未报")  # fmt: skip
    tile.action.click()
    settled()
    assert desk.route.kind == "filings"
    assert desk.page.matrix.period in desk.page.late
    assert desk.navigation.buttons[0].isChecked()


def test_late_units_stand_with_what_is_overdue_first(page):
    model = page.table.model
    assert model.rows
    assert all(row.late(DAY) for row in model.rows)
    first = model.columns[4]
    assert any(first in {item.form for item in row.late(DAY)} for row in model.rows)


def test_the_links_to_other_periods_leave_nothing_out(page):
    page.late = {f"2012M0{month}": month for month in range(1, 9)}
    page._say_elsewhere()
    words = [made.text() for made in page._elsewhere._items]
    late = [int(re.search(r"(\d+) 张次", text).group(1)) for text in words]
    assert sum(late) == sum(page.late.values()) - page.late.get(page.matrix.period, 0)


def test_units_are_found_by_their_initials(page, settled, qtbot):
    page.chips[""].click()
    page.search.setFocus()
    type_text("swq")
    press(Qt.Key.Key_Return)
    assert [row.unit.name for row in page.table.model.rows] == ["沙湾区总工会"]


def test_the_list_is_copied_by_one_click(page, window):
    page.remind.click()
    dialog = window.findChild(ReminderDialog)
    dialog.copy.click()
    assert "逾期未报" in QApplication.clipboard().text()
    assert faults_of(dialog) == {}
    dialog.reject()


def test_a_cell_opens_the_records_behind_it(page, settled, window):
    page.chips[""].click()
    asked = (page.table.model.rows[1].unit.code,), page.matrix.period
    table = page.table.forms
    table.setFocus()
    table.setCurrentIndex(page.table.model.index(1, 4))
    press(Qt.Key.Key_Return)
    settled()
    wanted = window.desk.page.wanted
    assert (wanted.units, wanted.period) == asked


def test_a_form_is_made_not_due_for_a_unit_with_a_reason(own_desk, settled, qtbot):
    desk = own_desk("city")
    desk.open(Route("filings"))
    settled()
    page = desk.page
    model = page.table.model
    row = next(n for n, one in enumerate(model.rows) if one.unit.code != page.session.unit)
    form = next(name for name in page.matrix.forms if name in model.rows[row].filings)
    page.table.forms.setFocus()
    page.table.forms.setCurrentIndex(model.index(row, model.columns.index(form)))
    page.duty.click()
    dialog = desk.window().findChild(DutyDialog)
    dialog.duty.setCurrentIndex(dialog.duty.findData("none"))
    dialog.reason.setFocus()
    qtbot.waitUntil(dialog.reason.hasFocus)
    press(Qt.Key.Key_Return)
    assert dialog.isVisible()
    type_text("本年没有这项工作")
    press(Qt.Key.Key_Return)
    settled()
    unit = next(one for one in page.matrix.rows if one.unit.code == model.rows[row].unit.code)
    assert form not in unit.filings


def test_a_contact_made_is_noted_with_promise_and_reason(own_desk, settled, stand):
    desk = own_desk("city")
    desk.open(Route("filings"))
    settled()
    page = desk.page
    assert not page.contact.isEnabled()
    assert page.contact.toolTip() == "先点中一个单位"
    assert not page.duty.isEnabled()
    page.table.units.setCurrentIndex(page.table.model.index(1, 0))
    page.contact.click()
    dialog = desk.window().findChild(ContactDialog)
    assert faults_of(dialog) == {}
    stand(dialog.promise)
    type_text("xx")
    dialog.act.click()
    assert dialog._promise.error
    replace_text("9-5")
    stand(dialog.reason)
    type_text("经办人出差")
    dialog.act.click()
    settled()
    row = page.matrix.rows[1]
    assert (row.unit.last_contact, row.unit.promise) == (DAY, "2012-09-05")
    assert filing_words.contact_words(row) == "8 月 31 日联系过，说 9 月 5 日报齐，原因：经办人出差"
    assert "说09-05报" in page.table.model.index(1, 3).data()
    with pytest.raises(InputError) as refused:
        unit_notes.note_contact(page.session, dataclasses.replace(UNIT, code="1"))
    assert refused.value.code == "I438"


def test_a_period_is_closed_one_unit_let_in_and_opened_again(own_desk, settled, stand):
    desk = own_desk("city")
    desk.open(Route("filings"))
    settled()
    page = desk.page
    page.closing.click()
    dialog = desk.window().findChild(CloseDialog)
    dialog.act.click()
    settled()
    assert "还没有结束" in dialog.said.text()
    dialog.reject()
    page._go_to_period("2012M07")
    settled()
    page.closing.click()
    dialog = desk.window().findChildren(CloseDialog)[-1]
    assert faults_of(dialog) == {}
    assert dialog.focusWidget() is dialog.away  # units are missing: Enter by habit closes nothing
    dialog.act.click()
    settled()
    assert "本单位8 月" not in page.notice.words
    assert "结账：不再确认" in page.notice.words
    assert "2012M07" in page.session.closed
    assert not page.let_in.isEnabled()
    page.table.units.setCurrentIndex(page.table.model.index(1, 0))
    page.let_in.click()
    dialog = desk.window().findChild(LetInDialog)
    assert faults_of(dialog) == {}
    dialog.act.click()
    assert dialog._reason.error
    stand(dialog.reason)
    type_text("机器坏了")
    dialog.act.click()
    settled()
    assert "准许补报 1 个单位" in page.notice.words
    page.closing.click()
    dialog = desk.window().findChildren(CloseDialog)[-1]
    dialog.act.click()
    settled()
    assert "2012M07" not in page.session.closed


def test_the_list_is_kept_as_a_file_and_leads_to_the_official_paper(
    page, window, settled, tmp_path
):
    page.remind.click()
    dialog = window.findChild(ReminderDialog)
    dialog.save_to(tmp_path / "催报.txt")
    assert "逾期未报" in (tmp_path / "催报.txt").read_text("utf-8-sig")
    dialog.save_to(tmp_path)
    settled()
    assert faults._shown
    faults._shown[-1].accept()
    dialog.official.click()
    settled()
    assert window.desk.page._paper().title == "催报通知单"
