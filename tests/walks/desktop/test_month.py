"""A month of a grassroots office from 办理本月 to the file in its folder; clicks are counted."""

import shutil

import pytest
from PySide6.QtCore import Qt

from tests.desktop.typing import focused, press, type_text
from tests.exchange import trust_parent
from tests.store.offices import ask, put
from tests.walks.desktop.clicking import Hand
from union_desk.desktop.month_page import NIL, PRINT, SEAL, SEND
from union_desk.desktop.print_dialog import PrintDialog
from union_desk.desktop.session import Session
from union_desk.store import opening

DAY, PERIOD = "2012-08-31", "2012M08"
NIL_MONTH, PREPARED_MONTH = 10, 20
"""Clicks that a month may take at most."""


@pytest.fixture
def enter(window, empty_store, tmp_path, settled, monkeypatch):
    """Open the window of a grassroots office whose parent is known; last month went to a folder."""
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "outside"))
    folder = tmp_path / "data-grassroots"
    shutil.copytree(empty_store("grassroots"), folder)
    opened = []

    def begin(fill=lambda store: None):
        store = opening.open_store(folder, password="secret")
        trust_parent(store)
        fill(store)
        (tmp_path / "报送").mkdir()
        window.settings |= {"export_way": "folder", "export_folder": str(tmp_path / "报送")}
        opened.append(Session(store, as_of_given=DAY))
        window._enter(opened[-1])
        settled()
        return window

    yield begin
    for session in opened:
        session.close()


def go_through(window, hand, settled):
    """Print, sign off and send; return the clicks it took in all."""
    desk = window.desk
    hand.click(desk.page.cards[PRINT - 1].button)
    dialog = window.findChild(PrintDialog)
    hand.click(dialog.elsewhere)
    hand.click(desk.page.cards[SEAL - 1].button)
    sign_off = desk.page
    if not sign_off.signer.text():
        window.activateWindow()
        sign_off.signer.setFocus()
        settled()
        type_text("周沫云")
    hand.click(sign_off.act)
    hand.click(desk.navigation.buttons[0])
    assert desk.page.cards[SEAL - 1].step.done
    hand.click(desk.page.cards[SEND - 1].button)
    export = desk.page
    while export.steps.step < len(export.steps._titles) - 1:
        hand.click(export.next)
    return hand.clicks


def test_a_month_without_anything_takes_ten_clicks(enter, settled, tmp_path):
    """Requirement 31."""
    window = enter()
    hand = Hand(settled)
    hand.click(window.desk.page.cards[NIL - 1].button)
    assert go_through(window, hand, settled) <= NIL_MONTH
    assert list((tmp_path / "报送").iterdir())
    store = window.session.store
    states = {row[0] for row in ask(store, "SELECT state FROM filing WHERE deleted = 0")}
    assert states == {"nil"}
    assert ask(store, "SELECT count(*) FROM packet") != [(0,)]


def test_a_month_whose_records_are_confirmed_takes_twenty_clicks(enter, settled, tmp_path):
    """Requirement 31."""

    def fill(store):
        put(store, "visit", reason="样本说明", period=PERIOD)
        put(store, "employment", reason="样本说明", period=PERIOD)

    window = enter(fill)
    hand = Hand(settled)
    hand.click(window.desk.page.cards[NIL - 1].button)
    assert go_through(window, hand, settled) <= PREPARED_MONTH
    store = window.session.store
    sent = ask(store, "SELECT count(*) FROM visit WHERE record_state = 'sent'")
    assert sent == [(8,)]
    window.desk.open(window.desk.route.__class__("dashboard"))
    settled()
    assert "已写出" in window.desk.page.cards[SEND - 1].step.words


def test_the_month_goes_by_keys_alone(enter, settled):
    """The next step has the focus: Space does it."""
    window = enter()
    page = window.desk.page
    assert focused() is page.cards[NIL - 1].button
    press(Qt.Key.Key_Space)
    settled()
    assert page.cards[NIL - 1].step.done
