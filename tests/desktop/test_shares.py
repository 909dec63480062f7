"""目标分解: typing, dividing, pasting and saving the shares of the units below."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from tests.desktop.typing import press, type_text
from union_desk.desktop.navigation import Route
from union_desk.desktop.undo_notice import UndoNotice
from union_desk.store import shares

PLACE = "A2_new_unions"


@pytest.fixture
def page(desk, settled):
    """The page of the city, 新增基层工会数 chosen, the mark on the first unit's share."""
    opened = desk("city")
    opened.open(Route("shares"))
    settled()
    found = opened.page
    found.targets.setCurrentRow([split.indicator.id for split in found.splits].index(PLACE))
    settled()
    found.table.setFocus()
    return found


def kept(page):
    store = page.session.store
    with store.read() as connection:
        return next(
            dict(item.given)
            for item in shares.splits(connection, store)
            if item.indicator.id == PLACE
        )


def test_shares_are_typed_one_below_the_other_and_saved(page, settled):
    for figure in ("1,200", "３００", "500"):
        type_text(figure)
        press(Qt.Key.Key_Return)
    assert page.sums.text() == "目标 2,000 个，已分 2,000，正好分完。"
    page.keep.click()
    settled()
    codes = [unit.code for unit in page._units]
    assert kept(page) == dict(zip(codes, (1200, 300, 500), strict=False))
    assert "已分给 3 / 15 个单位" in page.targets.currentItem().text()


def test_what_was_saved_is_taken_back_by_one_click(page, settled):
    page.even.click()
    assert page.sums.text().endswith("正好分完。")
    page.keep.click()
    settled()
    assert sum(kept(page).values()) == 2000
    page.window().findChild(UndoNotice).undo_button.click()
    settled()
    assert kept(page) == {}


def test_a_figure_that_cannot_be_read_is_kept_and_told_and_nothing_is_saved(page, settled):
    type_text("三百多")
    press(Qt.Key.Key_Return)
    page.keep.click()
    settled()
    assert "“三百多”看不懂" in page.sums.text()
    assert page.model.index(0, 2).data() == "三百多"
    assert kept(page) == {}
    assert not page.leaving()


def test_a_column_from_excel_is_pasted_from_the_mark_on(page, settled):
    QGuiApplication.clipboard().setText("市中区\t100\r\n五通桥区\t200\r\n")
    press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [page.model.index(row, 2).data() for row in range(2)] == ["100", "200"]
    assert page.sums.text() == "目标 2,000 个，已分 300，还有 1,700 没有分。"


def test_more_than_the_target_is_told_and_saved_all_the_same(page, settled):
    type_text("2500")
    press(Qt.Key.Key_Return)
    assert page.sums.text().endswith("比目标多分 500。")
    page.keep.click()
    settled()
    assert sum(kept(page).values()) == 2500


def test_leaving_the_page_keeps_what_was_typed(page, settled):
    type_text("77")
    press(Qt.Key.Key_Return)
    assert page.leaving()
    settled()
    assert list(kept(page).values()) == [77]


def test_another_target_saves_what_was_typed_for_the_one_before(page, settled):
    place = page.targets.currentRow()
    type_text("100")
    press(Qt.Key.Key_Return)
    page.targets.setCurrentRow(place + 1)
    settled()
    assert page.targets.currentRow() == place + 1
    assert page.heading.text() == page.splits[place + 1].indicator.title
    assert list(kept(page).values()) == [100]
    page.targets.setCurrentRow(place)
    settled()
    assert page.model.index(0, 2).data() == "100"


def test_another_target_waits_until_a_figure_can_be_read(page, settled):
    place = page.targets.currentRow()
    type_text("三百多")
    press(Qt.Key.Key_Return)
    page.targets.setCurrentRow(place + 1)
    settled()
    assert page.targets.currentRow() == place
    assert "“三百多”看不懂" in page.sums.text()


def test_what_is_not_given_from_above_cannot_be_divided_and_says_why(page):
    page._show((tuple(replace(one, total=None) for one in page.splits), page._units))
    assert not page.even.isEnabled()
    assert "上级还没有分给本单位目标数" in page.even.toolTip()
    assert page.by_base.toolTip() == page.even.toolTip()


def test_a_county_without_a_share_is_told_to_wait_for_the_city(desk, settled):
    opened = desk("county")
    opened.open(Route("shares"))
    settled()
    assert "下级单位" in opened.page.sums.text()


def test_the_city_divides_by_the_figures_of_its_units(sample_desk, settled):
    opened = sample_desk("city")
    opened.open(Route("shares"))
    settled()
    page = opened.page
    assert [action.text() for action in page.menu.actions()]
    page.menu.actions()[0].trigger()
    assert page.model.headerData(1, Qt.Orientation.Horizontal)
    assert page.sums.text().endswith("正好分完。")
