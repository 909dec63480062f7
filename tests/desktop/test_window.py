import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QWidget

from tests.desktop.typing import press, type_text
from union_desk import settings
from union_desk.desktop import jobs, navigation, theme
from union_desk.desktop.chooser import Chooser
from union_desk.desktop.demo_dialog import DemoDialog
from union_desk.desktop.first_run_page import FirstRunPage
from union_desk.desktop.main_window import MainWindow
from union_desk.desktop.navigation import Route
from union_desk.desktop.quick_jump import QuickJump
from union_desk.taskpack.definition import LEVELS

ROOT = Path(__file__).resolve().parents[2]
CONTROL = Qt.KeyboardModifier.ControlModifier

PAINT_FIRST = """
import os, sys
from pathlib import Path
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtWidgets import QApplication
from union_desk import settings
from union_desk.desktop import app as program, jobs
from union_desk.desktop.main_window import MainWindow
app = QApplication([])
program.dress(app, settings.defaults())
window = MainWindow(Path(sys.argv[1]))
window.show()
app.processEvents()
def loaded(*names):
    return sorted({m.split(".")[0] for m in sys.modules} & set(names))
print(loaded("sqlalchemy", "sqlcipher3", "cryptography", "reportlab", "docx", "xlsxwriter", "python_calamine", "pypinyin"))
window.start()
while jobs._running:
    app.processEvents()
print(loaded("reportlab", "docx", "xlsxwriter", "python_calamine"))
print(type(window.centralWidget()).__name__)
"""


def test_the_window_is_painted_before_any_library_of_the_store_loads_and_never_loads_those_for_paper_and_sheets(
    tmp_path,
):
    """House: heavy libraries load when first needed."""
    done = subprocess.run(
        [sys.executable, "-c", PAINT_FIRST, str(tmp_path / "data")],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.stdout.splitlines() == ["[]", "[]", "FirstRunPage"], done.stderr


@pytest.mark.parametrize("level", LEVELS)
def test_the_navigation_holds_the_work_areas_of_the_package_in_order(sample_desk, pack, level):
    """An office above opens on what comes in, a grassroots office on what it fills in."""
    shown = [button.text() for button in sample_desk(level).navigation.buttons]
    areas = [area.title for area in pack.areas if pack.forms_of(area.id)]
    handing = [place.title for place in navigation.handing_in(level)]
    groups = [*areas, *handing] if level == LEVELS[0] else [*handing, *areas]
    assert shown == ["工作台", *groups, "设置与备份", "帮助"]
    assert ("待审" in shown) == (level != LEVELS[0])


def test_every_place_is_reached_by_keyboard_alone(sample_desk, settled, window):
    """Requirement 2: the navigation takes Tab and Space."""
    shell = sample_desk()
    shell.navigation.buttons[0].setFocus()
    for n in range(1, len(shell.navigation.buttons)):
        press(Qt.Key.Key_Tab)
        button = QApplication.focusWidget()
        assert button is shell.navigation.buttons[n]
        if button.place.route.kind in ("area", "settings", "help"):
            press(Qt.Key.Key_Space)
            settled()
            assert shell.route == button.place.route
            assert button.isChecked()
            assert sum(other.isChecked() for other in shell.navigation.buttons) == 1
            button.setFocus()


def test_quick_jump_goes_to_a_form_by_its_initials(sample_desk, window, qtbot):
    sample_desk()
    window.desk.open(Route("help"))
    press(Qt.Key.Key_K, CONTROL)
    dialog = window.findChild(QuickJump)
    qtbot.waitUntil(dialog.line.hasFocus)
    type_text("sz")
    first = dialog.list.item(0).text()
    assert first == "设置与备份"
    press(Qt.Key.Key_Return)
    assert window.desk.route == Route("settings")


def test_quick_jump_lists_every_form_and_page_and_says_when_nothing_fits(
    sample_desk, window, pack, qtbot
):
    sample_desk()
    dialog = QuickJump(pack, window)
    qtbot.addWidget(dialog)
    dialog.show()
    titles = {dialog.list.item(n).text() for n in range(dialog.list.count())}
    assert titles >= {form.title for form in pack.top_forms} | {"工作台", "报送", "帮助"}
    dialog.line.setFocus()
    dialog.line.setText("没有这张表")
    assert dialog._none.isVisible()


def test_a_new_record_is_offered_for_the_forms_that_this_level_writes(
    sample_desk, window, pack, qtbot
):
    sample_desk("county")
    dialog = QuickJump(pack, window, new="county")
    qtbot.addWidget(dialog)
    titles = [dialog.list.item(n).text() for n in range(dialog.list.count())]
    assert titles == [form.title for form in pack.top_forms if "county" in form.writers]


def test_escape_goes_back_to_where_one_came_from(sample_desk, settled):
    shell = sample_desk()
    shell.open(Route("settings"))
    shell.open(Route("help"))
    press(Qt.Key.Key_Escape)
    assert shell.route == Route("settings")
    press(Qt.Key.Key_Escape)
    settled()
    assert shell.route == Route("dashboard")


def test_an_area_opens_its_cards_first_and_then_the_form_used_last(sample_desk, pack):
    shell = sample_desk()
    area = pack.areas[3].id
    form = pack.forms_of(area)[1].id
    assert shell._remembered(Route("area", area=area)) == Route("area", area=area)
    shell._remembered(Route("ledger", form=form))
    assert shell._remembered(Route("area", area=area)) == Route("ledger", form=form)
    overview = Route("area", area=area, text="overview")
    assert shell._remembered(overview) == overview


def test_a_narrow_window_shows_icons_with_their_words_as_tooltips(sample_desk, window):
    shell = sample_desk()
    window.resize(1366, 700)
    assert shell.navigation.width() == theme.px(216)
    window.resize(1100, 700)
    QApplication.processEvents()
    assert shell.navigation.width() == theme.px(56)
    button = shell.navigation.buttons[0]
    assert button.toolTip() == "工作台"
    assert QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name) == "工作台"


def test_a_count_says_what_it_counts(sample_desk, pack):
    """Badges say what they count; colour is not the only signal."""
    panel = sample_desk().navigation
    area = pack.areas[2]
    panel.show_counts({area.id: 3}, "条待更正")
    button = next(button for button in panel.buttons if button.text() == area.title)
    assert button.accessibleName() == f"{area.title}，3 条待更正"
    assert button.toolTip() == "3 条待更正"


def test_the_settings_change_scheme_and_size_at_once_and_are_kept(desk, window, settled):
    """Requirement 21 and 22."""
    shell = desk()
    window.folder = shell.session.store.folder
    shell.open(Route("settings"))
    shell.page.rows["appearance"].chips["dark"].click()
    assert theme.scheme() == "dark"
    window.desk.page.rows["font_size"].chips["largest"].click()
    settled()
    assert theme.scale() == pytest.approx(18 / 14)
    assert window.desk.route == Route("settings")
    assert window.desk.page.rows["font_size"].chips["largest"].isChecked()
    assert "特大" in window.desk.status._right.text()
    from union_desk import settings

    assert settings.load(window.folder) | {"person": ""} == settings.defaults() | {
        "appearance": "dark",
        "font_size": "largest",
        "person": "",
    }


def test_the_keys_stay_on_the_page_when_what_had_them_goes_out_of_sight(desk, settled):
    shell = desk()
    shell.open(Route("ledger", form="visit"))
    settled()
    assert QApplication.focusWidget() is shell.page.bar.search
    for child in shell.page.findChildren(
        QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly
    ):
        child.hide()
    assert QApplication.focusWidget() is shell.page


def test_a_page_that_may_not_be_left_stays_on_top(desk, monkeypatch):
    shell = desk()
    shell.open(Route("settings"))
    monkeypatch.setattr(shell.page, "leaving", lambda: False)
    shell.open(Route("help"))
    assert shell.route == Route("settings")
    assert shell.navigation.buttons[-2].isChecked()


def test_closing_keeps_the_window_while_the_page_may_not_be_left(desk, window, monkeypatch):
    shell = desk()
    shell.open(Route("settings"))
    monkeypatch.setattr(shell.page, "leaving", lambda: False)
    assert not window.close()
    assert window.isVisible()


def test_closing_during_long_work_asks_and_then_cancels_it(desk, window, qtbot):
    desk()

    def work(progress):
        while True:
            progress(0, 0)

    jobs.run(window, work, title="正在打印")
    assert not window.close()
    box = window.findChild(QMessageBox)
    assert box.text() == "“正在打印”还没有做完。"
    [stop] = [button for button in box.buttons() if button.text() == "取消它并关闭"]
    stop.click()
    qtbot.waitUntil(lambda: not window.isVisible())


def test_closing_gives_the_folder_free(desk, window):
    from union_desk.store import opening

    folder = desk().session.store.folder
    assert window.close()
    with opening.open_store(folder, password="secret") as again:
        assert again.unit_name == "市中区总工会"


def test_the_working_period_is_chosen_in_the_head_by_key(sample_desk, settled):
    shell = sample_desk()
    shell.open(Route("print"))
    settled()
    chooser = shell.head.period
    assert chooser.isVisible()
    assert chooser.currentText() == "2012年8月"
    chooser.setFocus()
    press(Qt.Key.Key_Up)
    settled()
    assert shell.session.period("month").id == "2012M07"


def test_the_first_days_of_a_month_still_work_in_the_month_before(office):
    session = office("county")
    session.as_of_given = "2012-09-03"
    assert session.period("month").id == "2012M08"
    session.as_of_given = "2012-09-06"
    assert session.period("month").id == "2012M09"
    session.closed = frozenset({"2012M09"})
    assert session.period("month").id == "2012M10"


def test_a_day_after_the_year_of_the_package_counts_to_its_last_day(office):
    session = office("county")
    session.as_of_given = "2026-11-24"
    assert session.as_of == "2012-12-31"
    assert session.period("month").id == "2012M12"


def test_the_sample_data_open_from_the_first_page_and_lead_back_to_it(window, settled):
    """Requirement 20: a permanent mark, and the way to the real store."""
    window.start()
    settled()
    window.centralWidget().try_demo.click()
    dialog = window.findChild(DemoDialog)
    [county] = [
        button for button in dialog.findChildren(QPushButton) if button.text().startswith("县")
    ]
    county.click()
    settled()
    assert window.session.store.demo
    folder = window.session.store.folder
    shown = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    assert any(text.startswith("示例数据：") for text in shown)
    window.desk.start_own.emit()
    settled()
    assert isinstance(window.centralWidget(), FirstRunPage)
    assert not folder.exists()


def test_the_wheel_changes_no_list_that_lacks_the_focus(qtbot):
    chooser = Chooser("报告期")
    chooser.addItems(["七月", "八月"])
    qtbot.addWidget(chooser)
    with qtbot.waitActive(chooser):
        chooser.show()

    def turn():
        middle = QPointF(chooser.rect().center())
        event = QWheelEvent(
            middle, chooser.mapToGlobal(middle), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(chooser, event)

    chooser.clearFocus()
    turn()
    assert chooser.currentText() == "七月"
    chooser.setFocus()
    turn()
    assert chooser.currentText() == "八月"


def test_the_window_stands_where_it_stood_the_last_time(window, desk, settled, qtbot):
    desk("county")
    window.resize(1100, 640)
    settled()
    window.close()
    again = MainWindow(window.folder, settings.defaults() | {"window": window.settings["window"]})
    qtbot.addWidget(again)
    assert again.height() == 640
    broken = MainWindow(window.folder, settings.defaults() | {"window": "没有意义"})
    qtbot.addWidget(broken)
    assert broken.height() == 740
