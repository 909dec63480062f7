"""Signing in by person, forgotten passwords, the locked screen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.desktop.typing import press, type_text
from union_desk.crypto import Cost
from union_desk.desktop.desk import Desk
from union_desk.desktop.forgotten_page import ForgottenPage
from union_desk.desktop.lock_page import LockPage
from union_desk.desktop.names import names_line
from union_desk.desktop.sign_in_page import SignInPage
from union_desk.store import escrow, joining, keyring, opening, passwords, resetting

CHEAP = Cost(1, 64, 1)
WORD = "secret-1"


@pytest.fixture
def two_people(window, pack):
    """A closed store of two people in the window's folder; the recovery code of its sheet."""
    with opening.create(
        window.folder, pack, unit="511181000014", name="峨眉山市总工会", level="county", parent="511100000010",
        password=WORD, person="李敏", cost=CHEAP,
    ) as store:  # fmt: skip
        passwords.add_person(store, "王芳", ("clerk",), "wangfang-2", CHEAP)
        return passwords.new_recovery_code(store, CHEAP)


@pytest.fixture
def sign_in(window, two_people, settled):
    window.start()
    settled()
    page = window.centralWidget()
    assert isinstance(page, SignInPage)
    return page


def log(window):
    with window.session.store.read() as connection:
        return connection.exec_driver_sql(
            "SELECT act, person FROM audit ORDER BY n DESC LIMIT 1"
        ).one()


def test_each_signs_in_with_a_name_and_a_password_of_their_own_and_it_is_logged(
    window, sign_in, settled
):
    assert QApplication.focusWidget() is sign_in.person
    type_text("王芳")
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_Return)
    type_text(WORD)
    press(Qt.Key.Key_Return)
    settled()
    assert "口令不对" in sign_in._password.error
    type_text("wangfang-2")
    press(Qt.Key.Key_Return)
    settled()
    assert isinstance(window.centralWidget(), Desk)
    assert (window.session.person, window.session.store.roles) == ("王芳", ("clerk",))
    assert tuple(log(window)) == ("login", "王芳")


def test_a_forgotten_password_is_set_anew_by_the_recovery_sheet(
    window, sign_in, two_people, settled
):
    sign_in.forgot.click()
    page = window.centralWidget()
    assert isinstance(page, ForgottenPage)
    page.act.click()
    assert page._person.error
    assert page._code.error
    assert page._password.error
    page.person.setText("李敏")
    page.code.setFocus()
    type_text("AAAA")
    for line, word in ((page.password, "brand-new-3"), (page.again, "brand-new-4")):
        line.setFocus()
        type_text(word)
    page.act.click()
    assert "不一样" in page._again.error
    page.again.setText("brand-new-3")
    page.act.click()
    settled()
    assert "28" in page._code.error
    page.code.setText(two_people.lower().replace("-", " "))
    page.act.click()
    settled()
    assert isinstance(window.centralWidget(), Desk)
    folder = window.session.store.folder
    window.close()
    opening.open_store(folder, password="brand-new-3").close()


def test_without_a_recovery_sheet_the_parent_helps_by_two_files(
    window, sign_in, settled, office, tmp_path
):
    sign_in.forgot.click()
    assert not window.centralWidget().ask.isVisibleTo(window)
    secret = escrow.new_recovery_key()
    ring = keyring.look(window.folder)
    held, _ = ring.open(WORD, "李敏")
    keyring.write(window.folder, ring.add_parent(held, secret.recipient, "511181000014"))
    window.start()
    settled()
    window.centralWidget().forgot.click()
    window.centralWidget().ask.click()
    page = window.centralWidget()
    page.write_to(tmp_path / "request")
    assert "至少" in page._password.error
    page.person.setText("李敏")
    for line in (page.password, page.again):
        line.setFocus()
        type_text("brand-new-5")
    page.write_to(tmp_path / "request")
    settled()
    upper = office("city").store
    content = (tmp_path / "request").read_bytes()
    resetting.answer(upper, content, page.digits.text(), secret.secret, tmp_path / "reply")
    page.take_from(tmp_path / "request")
    settled()
    assert "答复不是" in page._password.error
    page.take_from(tmp_path / "reply")
    settled()
    assert isinstance(window.centralWidget(), Desk)
    with window.session.store.read() as connection:
        assert joining.waits_for_code(connection)


def test_from_the_forgotten_password_one_comes_back_to_signing_in(window, sign_in):
    sign_in.forgot.click()
    window.centralWidget().back.emit()
    assert isinstance(window.centralWidget(), SignInPage)


def test_the_known_names_are_offered_and_the_only_one_stands_there(qtbot):
    for logins, remembered, shown in (
        (("李敏",), "", "李敏"),
        (("李敏", "王芳"), "王芳", "王芳"),
        (("李敏", "王芳"), "旧人", ""),
        ((), "旧人", "旧人"),
    ):
        line = names_line(logins, remembered)
        qtbot.addWidget(line)
        assert line.text() == shown
        assert line.completer().model().rowCount() == len(logins)


# --- the locked screen --------------------------------------------------------------------------------


def test_an_idle_window_locks_keeps_the_desk_and_opens_for_its_person_alone(window, desk, settled):
    shown = desk("county")
    assert window.idle._timer.isActive()
    assert window.idle._timer.interval() == 15 * 60_000
    window.idle._timer.timeout.emit()
    face = window.centralWidget()
    assert isinstance(face, LockPage)
    assert window.idle.locked
    assert not shown.isVisible()
    window._jump()
    assert QApplication.activeModalWidget() is None
    face.act.click()
    assert "请输入口令" in face._password.error
    type_text("wrong")
    press(Qt.Key.Key_Return)
    settled()
    assert "口令不对" in face._password.error
    type_text("secret")
    press(Qt.Key.Key_Return)
    settled()
    assert window.centralWidget() is shown
    assert not window.idle.locked


def test_an_open_dialog_is_hidden_while_the_window_is_locked(window, desk, settled):
    desk("county")
    window._jump()
    dialog = QApplication.activeModalWidget()
    window.idle.lock()
    assert not dialog.isVisible()
    window.centralWidget().given.emit("secret")
    settled()
    assert dialog.isVisible()
    dialog.close()


def test_someone_else_may_sign_in_on_a_locked_window(window, desk, settled):
    desk("county")
    folder = window.folder = window.session.store.folder
    window.idle.lock()
    window.centralWidget().other.emit()
    settled()
    assert isinstance(window.centralWidget(), SignInPage)
    assert not window.idle.locked
    opening.open_store(folder, password="secret").close()


@pytest.mark.parametrize(("minutes", "active"), [("5", True), ("0", False)])
def test_the_time_until_the_lock_is_a_setting(window, desk, minutes, active):
    desk("county")
    window.change_settings({"idle_lock": minutes})
    assert window.idle._timer.isActive() == active


def test_what_was_typed_before_the_lock_is_still_there(window, desk, settled, pack):
    from union_desk.desktop.navigation import Route

    shown = desk("county")
    form = next(
        form for form in pack.top_forms if form.kind == "ledger" and "county" in form.writers
    )
    shown.open(Route("form", form=form.id))
    settled()
    page = shown.page
    name = next(name for name in page.body.cells if page.form.by_id[name].type == "text")
    page.body.editor(name).setFocus()
    type_text("还没有存")
    window.idle.lock()
    window.centralWidget().given.emit("secret")
    settled()
    assert window.desk.page is page
    assert page.body.editor(name).draft()[name] == "还没有存"
