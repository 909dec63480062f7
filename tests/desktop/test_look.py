"""Every page of the window, light and dark, in three sizes, as on a screen of 1366 x 768."""

import pytest
from PySide6.QtWidgets import QApplication

from tests.desktop.looking import faults_of, texts
from union_desk.desktop import theme
from union_desk.desktop.demo_dialog import DemoDialog
from union_desk.desktop.fault_dialog import FaultDialog
from union_desk.desktop.first_run_page import FirstRunPage
from union_desk.desktop.main_window import DEMO_TITLES
from union_desk.desktop.navigation import Route
from union_desk.desktop.quick_jump import QuickJump
from union_desk.desktop.sign_in_page import SignInPage
from union_desk.desktop.trouble_page import TroublePage
from union_desk.errors import StoreError

LOOKS = [(scheme, size) for scheme in ("light", "dark") for size in theme.SIZES]
KINDS = (
    "dashboard",
    "filings",
    "targets",
    "shares",
    "area",
    "print",
    "sign_off",
    "paper_check",
    "export",
    "sent",
    "log",
    "inbox",
    "settings",
    "help",
    "peers",
    "units",
    "deciding",
    "review",
    "keeping",
)


@pytest.fixture(params=LOOKS, ids="-".join)
def look(request, dressed):
    """Each scheme and size."""
    scheme, size = request.param
    theme.apply(dressed, scheme, theme.SIZES[size] / theme.BASE_SIZE)
    return request.param


def check(root):
    for _ in range(8):  # nested layouts ask for each other
        QApplication.processEvents()
    root.window().grab()
    assert faults_of(root) == {}


def test_no_page_cuts_overlaps_or_leaves_unnamed_and_all_fit_the_screen(
    look, window, sample_desk, settled, pack
):
    """Requirements 1, 21, 22, 23, 38."""
    shell = sample_desk("county")
    for kind in KINDS:
        area = pack.areas[3].id if kind == "area" else None
        shell.open(Route(kind, area=area))
        settled()
        check(window)
        least = window.minimumSizeHint()
        assert (least.width() <= 1366, least.height() <= 700) == (True, True), (kind, least)


def test_the_unfolded_indicators_and_every_area_look_well_too(window, sample_desk, settled, pack):
    shell = sample_desk("city")
    shell.page.progress._fold.click()
    check(window)
    assert len(shell.page.progress.rows) == len(pack.indicators)
    for area in pack.areas:
        shell.open(Route("area", area=area.id))
        settled()
        check(window)


def test_the_entrance_looks_well_with_and_without_errors(look, window, pack):
    page = FirstRunPage(pack, window.folder, "standard")
    window._show_face(page)
    check(window)
    page._list(listed=False)
    page._more.show()
    page.begin.click()
    check(window)
    sign_in = SignInPage("/home/u/data", "李敏")
    window._show_face(sign_in)
    sign_in.refuse("口令不对。请看清大小写再输一次。")
    check(window)
    window._show_face(
        TroublePage(StoreError("S325", "数据文件已损坏。", "请不要继续填写，用最近的备份恢复。"))
    )
    check(window)


def test_dialogs_look_well(look, qtbot, pack):
    for dialog in (
        DemoDialog(DEMO_TITLES),
        QuickJump(pack),
        FaultDialog(
            StoreError("S320", "磁盘已满，本次修改没有保存。", "请腾出磁盘空间后再保存一次。")
        ),
    ):
        qtbot.addWidget(dialog)
        dialog.show()
        check(dialog)
        assert dialog.width() <= 1366
        assert dialog.height() <= 700


def test_the_words_of_the_product_are_used(sample_desk, window):
    said = "\n".join(texts(sample_desk("county")))
    assert "报送" in said
    assert "还差" in said or "差 " in said or "已达标" in said


def test_what_moves_takes_the_focus_in_reading_order(sample_desk, settled, window):
    """Requirement 23: focus order is reading order on the dashboard: tiles, then rows, top to bottom."""
    from PySide6.QtCore import QPoint

    shell = sample_desk("county")
    rows = shell.page.progress.rows
    tops = [row.mapTo(window, QPoint(0, 0)).y() for row in rows]
    assert tops == sorted(tops)
