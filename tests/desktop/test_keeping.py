"""保存期满 in the window: from the settings to the list, and the chosen ones erased for a reason."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.desktop.looking import texts
from tests.desktop.typing import press
from tests.store.offices import ask, put
from union_desk.desktop.navigation import Route
from union_desk.desktop.reason_dialog import ReasonDialog


@pytest.fixture
def shown(own_desk, settled):
    """The settings of a county, 15 years after its samples."""
    made = own_desk("county")
    assert not put(made.session.store, "aid", reason="样本").refused
    made.session.as_of_given = "2027-08-31"
    made.open(Route("settings"))
    settled()
    return made


def gone(shown):
    return ask(shown.session.store, "SELECT count(*) FROM aid WHERE deleted = 3")[0][0]


def test_the_settings_tell_the_number_and_lead_to_the_list(shown, settled):
    assert shown.page.keeping.isVisibleTo(shown.page)
    shown.page.keeping.click()
    settled()
    page = shown.page
    assert len(page.found) == 8
    assert "8 条" in page.said.text()
    assert gone(shown) == 0
    page.table.setFocus()
    press(Qt.Key.Key_Return)
    settled()
    assert (shown.route.kind, shown.route.form) == ("form", "aid")


def test_the_chosen_ones_are_erased_for_a_reason(shown, settled):
    shown.open(Route("keeping"))
    settled()
    page = shown.page
    page.table.setFocus()
    page.table.clearSelection()
    page.erase.click()
    assert "请先选" in page.said.text()
    press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    page.erase.click()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ReasonDialog)
    dialog.act.click()
    settled()
    assert gone(shown) == 8
    assert page.found == []
    assert not page.erase.isVisibleTo(page)
    assert page.nothing.isVisible()
    assert not page.table.isVisible()
    assert any("年：《" in text for text in texts(page.nothing))


def test_who_may_not_erase_sees_the_list_alone(shown, settled):
    shown.session.store.roles = ("clerk",)
    shown.open(Route("keeping"))
    settled()
    assert len(shown.page.found) == 8
    assert not shown.page.erase.isVisibleTo(shown.page)


def test_pages_without_an_entry_light_the_one_they_belong_to_and_lead_back(shown, settled):
    for kind in ("keeping", "log", "peers"):
        shown.open(Route(kind))
        settled()
        lit = [one.text() for one in shown.navigation.buttons if one.isChecked()]
        assert lit == ["设置与备份"]
        shown.page.way_to("设置与备份", Route("settings")).click()
        settled()
        assert shown.route == Route("settings")
