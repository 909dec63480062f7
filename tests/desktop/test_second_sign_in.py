"""第二个人登录确认 in the window: turned on by a click, asked for where it counts, by keys."""

import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from tests.desktop.typing import press, type_text
from tests.store.offices import CHEAP, ask, put
from union_desk.desktop import faults
from union_desk.desktop.navigation import Route
from union_desk.desktop.reason_dialog import ReasonDialog
from union_desk.desktop.second_dialog import SecondDialog
from union_desk.desktop.session import Session
from union_desk.store import opening, passwords

WORD = "wangfang-1"


@pytest.fixture
def two(window, empty_store, tmp_path, settled):
    """A county of two people, one poor worker on file; the page 设置 on top."""
    folder = tmp_path / "data-county"
    shutil.copytree(empty_store("county"), folder)
    store = opening.open_store(folder, password="secret")
    passwords.add_person(store, "王芳", ("admin", "head"), WORD, CHEAP)
    session = Session(store, as_of_given="2012-08-31")
    assert not put(store, "hardship", reason="样本").refused
    window._enter(session)
    window.desk.open(Route("settings"))
    settled()
    yield window.desk
    session.close()


def turn(shown, settled, words):
    found = [made for made in shown.page.people.findChildren(QPushButton) if made.text() == words]
    found[0].click()
    settled()


def erase(shown, settled):
    """Ask for the erasure of the only person on file, with a reason."""
    (uid,) = ask(shown.session.store, "SELECT uid FROM hardship ORDER BY rowid LIMIT 1")[0]
    shown.open(Route("form", form="hardship", uid=uid))
    settled()
    acts = {title: act for title, _, act in shown.page.acts.menu()}
    acts["删除个人信息…"]()
    settled()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ReasonDialog)
    dialog.line.setText("本人书面要求")
    dialog.act.click()
    settled()


def gone(shown):
    return ask(shown.session.store, "SELECT count(*) FROM hardship WHERE deleted = 3")[0][0]


def test_without_it_one_person_is_enough(two, settled):
    erase(two, settled)
    assert gone(two) == 1


def test_the_second_person_signs_in_by_keys_and_the_act_goes_on(two, settled):
    turn(two, settled, "要第二个人确认")
    erase(two, settled)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SecondDialog)
    assert gone(two) == 0
    assert dialog.name.text() == "王芳", "the only one who may"
    assert dialog.password.hasFocus()
    type_text("wrong-word")
    press(Qt.Key.Key_Return)
    settled()
    assert "姓名或口令不对" in dialog.said.text()
    assert gone(two) == 0
    type_text(WORD)
    press(Qt.Key.Key_Return)
    settled()
    assert gone(two) == 1
    (row,) = ask(
        two.session.store,
        "SELECT a.person, v.new FROM audit a JOIN audit_value v USING (n) WHERE a.act = 'second'",
    )
    assert row[0] == "李敏"
    for told in ('"act":"erase"', '"name":"王芳"', '"wrong_before":1'):
        assert told in row[1]


def test_where_nobody_comes_nothing_is_done_and_nothing_more_is_said(two, settled):
    turn(two, settled, "要第二个人确认")
    erase(two, settled)
    QApplication.activeModalWidget().away.click()
    settled()
    assert gone(two) == 0
    assert not faults._shown


def test_it_can_be_turned_off_and_is_turned_on_only_where_somebody_else_is_there(two, settled):
    turn(two, settled, "要第二个人确认")
    turn(two, settled, "不再要")
    assert isinstance(QApplication.activeModalWidget(), SecondDialog)
    type_text(WORD)
    press(Qt.Key.Key_Return)
    settled()
    erase(two, settled)
    assert gone(two) == 1
