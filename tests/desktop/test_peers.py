"""上下级单位: strips, cards, codes and refusals by clicks and keys, on real stores."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from tests.desktop.typing import type_text
from tests.store.offices import put, rows_of, sheet
from tests.store.test_peers import GRASSROOTS, enter, key
from union_desk import crypto
from union_desk.desktop.navigation import Route
from union_desk.store import enrolment, joining, keyring, peers, resetting, setting_rows

SECOND = "511102400033"


@pytest.fixture
def page(desk, settled):
    """The page of a county that knows nobody and has two units in its directory."""
    shown = desk("county")
    rows = [row for row in rows_of("union_org") if row["union_code"] in (GRASSROOTS, SECOND)]
    assert not put(
        shown.session.store, "union_org", sheet("union_org", *rows), reason="样本"
    ).refused
    shown.open(Route("settings"))
    settled()
    shown.page.peers.click()
    settled()
    return shown.page


@pytest.fixture
def click(settled):
    """Click a button by its words; return the dialog on top."""

    def press(holder, words):
        found = [made for made in holder.findChildren(QPushButton) if made.text() == words]
        QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)
        settled()
        return QApplication.activeModalWidget()

    return press


@pytest.fixture
def again(page, settled):
    """Read the page anew."""

    def again():
        page.entered()
        settled()
        return cells(page)

    return again


def cells(page):
    return [row.cells for row in page.table.rows.rows]


def choose(page, name):
    place = next(
        n for n, item in enumerate(page._shown) if item.name == name or item.origin == name
    )
    page.table.go_to(place)


def peers_of(page, origin):
    with page.session.store.read() as connection:
        return peers.everyone(connection, page.session.store, origin=origin)


def test_the_page_lists_the_parent_and_every_direct_unit_and_prints_the_own_card(page, settled):
    assert [(row[0], row[3]) for row in cells(page)] == [
        ("乐山市总工会", "未核对"), ("乐山沫水餐饮管理工会委员会", "未开通"),
        ("乐山凌云机械制造工会委员会", "未开通"),
    ]  # fmt: skip
    assert [chip.text() for chip in page.filter.chips.values()] == ["全部 3", "待处理 0", "未开通 3", "已核对 0"]  # fmt: skip
    QTest.mouseClick(page.card, Qt.MouseButton.LeftButton)
    settled()
    paper = QApplication.activeModalWidget()
    assert paper.pdf.startswith(b"%PDF")
    paper.accept()
    page.table.clearSelection()
    choose(page, "乐山市总工会")
    QTest.mouseClick(page.codes, Qt.MouseButton.LeftButton)
    dialog = QApplication.activeModalWidget()
    assert not dialog.act.isEnabled()
    dialog.reject()
    settled()


def test_a_new_signing_key_is_made_and_a_key_in_use_revoked_after_a_question(page, click, again):
    with page.session.store.read() as connection:
        before = peers.own(connection, page.session.store).digits
    dialog = click(page, "更换签名钥匙…")
    assert "自动认得" in "".join(made.text() for made in dialog.findChildren(type(page._next)))
    click(dialog, "更换")
    with page.session.store.read() as connection:
        assert peers.own(connection, page.session.store).digits != before
    enter(page.session.store, key(GRASSROOTS))
    again()
    choose(page, GRASSROOTS)
    assert "核对码" in page._digits.text()
    dialog = click(page, "作废…")
    click(dialog, "作废")
    assert peers_of(page, GRASSROOTS)[0].status == "revoked"


def test_strips_are_made_for_the_selected_units_and_shown_to_be_printed(page, click, settled):
    page.table.selectAll()
    assert "选中 3 个" in page._selected.text()
    QTest.mouseClick(page.codes, Qt.MouseButton.LeftButton)
    dialog = QApplication.activeModalWidget()
    assert "60 天" in "".join(made.text() for made in dialog.findChildren(type(page._next)))
    paper = click(dialog, "做开通码条")
    settled()
    assert paper.windowTitle() == "开通码条"
    assert paper.pdf.startswith(b"%PDF")
    paper.accept()
    settled()
    with page.session.store.read() as connection:
        made = enrolment.strips(connection, page.session.store)
    assert {strip.origin for strip in made} == {GRASSROOTS, SECOND}
    assert [row[6].startswith("已发") for row in cells(page)] == [False, True, True]


def test_a_further_computer_of_a_unit_gets_a_strip_of_its_own(page, click, settled):
    enter(page.session.store, key(GRASSROOTS))
    page.entered()
    settled()
    choose(page, GRASSROOTS)
    QTest.mouseClick(page.codes, Qt.MouseButton.LeftButton)
    dialog = QApplication.activeModalWidget()
    dialog.which.setCurrentIndex(1)
    click(dialog, "做开通码条").accept()
    settled()
    with page.session.store.read() as connection:
        assert enrolment.strips(connection, page.session.store)[0].origin == GRASSROOTS + "B"
    assert any(row[1] == GRASSROOTS + "B" and row[3] == "未开通" for row in cells(page))


def test_a_pending_key_is_trusted_by_typing_the_digits_of_the_card(page, click, again):
    waiting = key(GRASSROOTS, "pending", way=None, reason="paper")
    enter(page.session.store, waiting)
    assert [row[3] for row in again()] == ["未核对", "待核对", "未开通"]
    choose(page, GRASSROOTS)
    assert "核对码" in page._next.text()
    assert waiting.digits not in page._next.text() + page._digits.text()
    dialog = click(page, "输核对码…")
    QGuiApplication.clipboard().setText(waiting.digits)
    dialog.digits.setFocus()
    QTest.keyClick(dialog.digits, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert dialog.digits.text() == ""
    type_text("1234 5678 9012")
    click(dialog, "核对")
    assert "不一致" in dialog.said.text()
    dialog.digits.clear()
    dialog.digits.setFocus()
    type_text(waiting.digits.replace("-", " "))
    click(dialog, "核对")
    assert "已见公章" in dialog.said.text()
    dialog.seal.click()
    click(dialog, "核对")
    assert peers_of(page, GRASSROOTS)[0].way == "paper"
    assert page.filter.chips["trusted"].text() == "已核对 1"


def test_a_second_card_is_a_question_with_two_answers(page, click, again):
    known, waiting = key(GRASSROOTS), key(GRASSROOTS, "pending", reason="used")
    enter(page.session.store, known, waiting)
    again()
    choose(page, GRASSROOTS)
    assert "换电脑还是冒充" in page._next.text()
    dialog = click(page, "换电脑：发新的开通码…")
    dialog.reject()
    dialog = click(page, "冒充：拒绝…")
    click(dialog, "拒绝")
    assert sorted(peer.status for peer in peers_of(page, GRASSROOTS)) == ["refused", "trusted"]


def test_a_unit_types_its_code_later(desk, settled, click):
    shown = desk("grassroots")
    shown.open(Route("peers"))
    settled()
    page = shown.page
    assert "开通码" in page._next.text()
    dialog = click(page.window(), "输入开通码…")
    dialog.code.setFocus()
    type_text("k7wq 2m9d")
    click(dialog, "确定")
    assert "16 个字" in dialog.said.text()
    dialog.code.clear()
    dialog.code.setFocus()
    type_text("k7wq 2m9d-xtra 84hj")
    click(dialog, "确定")
    with page.session.store.read() as connection:
        assert joining.waits_for_proof(connection)


def test_a_recovery_key_and_the_answer_to_a_unit_that_forgot_its_password(
    page, click, settled, office, tmp_path
):
    store = page.session.store
    dialog = click(page, "恢复钥匙…")
    dialog.save_to(tmp_path / "key.txt")
    settled()
    with store.read() as connection:
        recipient = setting_rows.read(connection, "recovery_recipient")
    unit = office("grassroots").store
    keyring.write(unit.folder, keyring.look(unit.folder).add_parent(unit.key, recipient, unit.unit))
    request = resetting.ask_parent(unit.folder, "李敏", "brand-new", tmp_path / "request", crypto.Cost(1, 64, 1))  # fmt: skip
    dialog = click(page, "答复重设口令的申请…")
    dialog.take(tmp_path / "key.txt")
    assert "不是重设口令的申请" in dialog.said.text()
    dialog.take(tmp_path / "request")
    assert "乐山沫水餐饮" in dialog.who.text()
    assert request.digits not in dialog.who.text()
    dialog.digits.setFocus()
    type_text(request.digits)
    dialog.read_key(tmp_path / "key.txt")
    dialog.answer_to(tmp_path / "reply")
    settled()
    assert (tmp_path / "reply").stat().st_size > 100


def test_a_clerk_may_look_but_not_decide(page, settled):
    page.session.store.roles = ("clerk",)
    page.entered()
    settled()
    assert [one.text() for one in page.head_buttons()] == ["设置与备份"]
    assert page.acts.count() == 1
