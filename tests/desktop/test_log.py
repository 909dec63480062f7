"""操作记录: what was done, and taking a whole paste back later than the notice stands."""

import re

from PySide6.QtCore import Qt

from tests.desktop.looking import faults_of, texts
from tests.desktop.typing import press
from tests.store.offices import ask, put
from union_desk import resources
from union_desk.desktop.act_words import TITLES
from union_desk.desktop.navigation import Route

FORM = "visit"


def opened(desk, settled):
    desk.open(Route("log"))
    settled()
    return desk.page


def test_a_paste_is_taken_back_from_the_log_when_its_notice_is_long_gone(own_desk, settled):
    """Requirement 9 and 36; issue: from a list afterwards."""
    desk = own_desk("county")
    put(desk.session.store, FORM, reason="样本说明", period="2012M08")
    page = opened(desk, settled)
    assert faults_of(page) == {}
    said = texts(page)
    assert any(text.startswith("确认 8 条") for text in said)
    assert desk.session.pack.forms[FORM].title in " ".join(said)
    page.back.click()
    settled()
    assert ask(desk.session.store, "SELECT count(*) FROM visit WHERE deleted = 0") == [(0,)]
    assert "撤销" in page.table.rows.rows[0].cells[2] or "作废" in page.table.rows.rows[0].cells[2]
    page.back.click()
    settled()
    assert ask(desk.session.store, "SELECT count(*) FROM visit WHERE deleted = 0") == [(8,)]


def test_what_cannot_be_taken_back_says_so_and_the_ledger_is_a_key_away(own_desk, settled):
    desk = own_desk("county")
    page = opened(desk, settled)
    page.table.setFocus()
    press(Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert "建立数据" in page._name.text()
    assert not page.back.isEnabled()
    assert page._how.text() == "这一步没有新增、修改或删除记录，没有可以撤销的。"
    assert not page.ledger.isVisible()


def test_older_entries_follow_on_a_press(own_desk, settled):
    desk = own_desk("county")
    store = desk.session.store
    for n in range(70):
        with store.write() as transaction:
            from union_desk.store import audit

            audit.note(transaction, "setting", new={"n": n})
    page = opened(desk, settled)
    first = len(page.shown)
    assert page.older.isEnabled()
    page.older.click()
    settled()
    assert len(page.shown) > first
    assert page.table.place() == first
    assert page.shown[-1].first == 1
    assert not page.older.isEnabled()


def test_every_act_of_the_change_log_has_its_words():
    source = resources.folder().parent / "union_desk"
    found = set()
    for path in (
        *source.glob("store/*.py"),
        *source.glob("papers/*.py"),
        *source.glob("bundle/*.py"),
    ):
        text = path.read_text("utf-8")
        found |= set(re.findall(r'\bact="([a-z_]+)"', text))
        found |= set(re.findall(r'audit\.note\(\s*\w+,\s*"([a-z_]+)"', text))
    assert len(found) > 30
    assert found <= set(TITLES)
