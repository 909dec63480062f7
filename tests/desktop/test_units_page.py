"""组织机构: the tree is searched and changed by keys; each change has its day and its undo."""

import pytest
from PySide6.QtCore import Qt

from tests.desktop.looking import faults_of
from tests.desktop.typing import press, replace_text, type_text
from union_desk.desktop.navigation import Route
from union_desk.desktop.undo_notice import UndoNotice
from union_desk.desktop.unit_dialogs import AddDialog, ChangeDialog, ReachDialog


@pytest.fixture
def page(own_desk, settled):
    desk = own_desk("city")
    desk.open(Route("units"))
    settled()
    return desk.page


def rows(page):
    top = page.list.topLevelItem(0)
    return [top.child(n).text(0) for n in range(top.childCount())]


def dialog_of(page, kind, button):
    button.click()
    return page.window().findChild(kind)


def add(page, settled, stand, name):
    dialog = dialog_of(page, AddDialog, page.add)
    stand(dialog.name)
    type_text(name)
    stand(dialog.day)
    replace_text("2012.3.1")
    dialog.act.click()
    settled()
    return page.list.code()


def test_the_tree_opens_on_the_own_unit_and_what_is_right_below(page):
    assert len(rows(page)) == 15
    assert page.list.code() == page.session.unit
    assert page.name.text() == "乐山市总工会"
    assert page.facts.text().splitlines()[1] == "市级"  # its code has the digit of a county
    assert not page.acts["closed"].isVisibleTo(page)


def test_a_unit_is_found_by_its_initials_and_shown_with_its_facts(page, settled, stand):
    stand(page.search)
    type_text("swq")
    press(Qt.Key.Key_Return)
    settled()
    assert page.name.text() == "沙湾区总工会"
    assert "511111000015" in page.facts.text()
    stand(page.search)
    replace_text("没有这个")
    press(Qt.Key.Key_Return)
    assert "没有找到" in page.said.text()
    assert page.name.text() == "没有选中单位"


def test_a_unit_is_added_renamed_and_closed_and_the_change_is_taken_back(page, settled, stand):
    code = add(page, settled, stand, "乐山市直属某厂工会委员会")
    assert code.startswith("5111004")
    assert page.name.text() == "乐山市直属某厂工会委员会"
    dialog = dialog_of(page, ChangeDialog, page.acts["renamed"])
    stand(dialog.name)
    replace_text("乐山市直属某集团工会委员会")
    stand(dialog.day)
    replace_text("2012-13-01")
    dialog.act.click()
    assert dialog._day.error
    replace_text("2012-12-01")
    dialog.act.click()
    assert "还没有到" in dialog._day.error
    replace_text("2012-08-01")
    dialog.act.click()
    settled()
    assert page.name.text() == "乐山市直属某集团工会委员会"
    dialog = dialog_of(page, ChangeDialog, page.acts["closed"])
    assert faults_of(dialog) == {}
    dialog.act.click()
    settled()
    assert "撤销" in page.facts.text()
    assert page.acts["reopened"].isVisibleTo(page)
    assert not page.add.isEnabled()
    page.window().findChildren(UndoNotice)[-1].undo_button.click()
    settled()
    assert "撤销" not in page.facts.text()


def test_a_unit_is_moved_by_typing_the_new_parent_and_the_tree_goes_along(page, settled, stand):
    code = add(page, settled, stand, "乐山市直属某店工会委员会")
    dialog = dialog_of(page, ChangeDialog, page.acts["moved"])
    dialog.act.click()
    assert "请选一个单位" in dialog._lines[0].error
    stand(dialog.target)
    type_text("511111000015")
    for _ in dialog._lines:
        press(Qt.Key.Key_Return)
    settled()
    item = page.list.currentItem()
    assert (page.list.code(), item.parent().text(0)) == (code, "沙湾区总工会（1）")


def test_what_cannot_be_closed_or_is_not_filled_in_is_told_before_it_is_sent(page, settled, stand):
    stand(page.search)
    type_text("swq")
    press(Qt.Key.Key_Return)
    settled()
    add(page, settled, stand, "沙湾区某厂工会委员会")
    page._wanted = "511111000015"
    page._fill()
    dialog = dialog_of(page, ChangeDialog, page.acts["closed"])
    assert "下面还有 1 个单位，要先划转" in dialog.said.text()
    assert not dialog.act.isEnabled()
    dialog.reject()
    settled()
    dialog = dialog_of(page, ChangeDialog, page.acts["renamed"])
    stand(dialog.name)
    replace_text("")
    dialog.act.click()
    assert dialog._lines[0].error == "请写新名称"


def test_contact_and_filer_are_noted(page, settled, stand):
    add(page, settled, stand, "乐山市直属某站工会委员会")
    dialog = dialog_of(page, ReachDialog, page.reach)
    assert faults_of(dialog) == {}
    stand(dialog.contact)
    type_text("王敏")
    stand(dialog.phone)
    type_text("13900001111")
    stand(dialog.filer)
    type_text("没有这家")
    dialog.act.click()
    assert "没有找到" in dialog.said.text()
    stand(dialog.filer)
    replace_text("511111000015")
    dialog.act.click()
    settled()
    assert "王敏 13900001111" in page.facts.text()
    assert "由沙湾区总工会代填" in page.facts.text()


def test_what_is_refused_stays_in_the_dialog_with_its_reason(page, settled, stand):
    dialog = dialog_of(page, AddDialog, page.add)
    stand(dialog.name)
    type_text("工会")
    dialog.act.click()
    settled()
    assert "太短" in dialog.said.text()
    assert faults_of(dialog) == {}
    dialog.reject()
