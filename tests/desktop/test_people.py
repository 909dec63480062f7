"""设置 → 单位与人员, 恢复单, 离岗交接: by their buttons, on a real store."""

import io

import pypdf
import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from tests.desktop.typing import type_text
from union_desk.crypto import Cost
from union_desk.desktop import faults
from union_desk.desktop.navigation import Route
from union_desk.desktop.notice_bar import NoticeBar
from union_desk.desktop.sign_in_page import SignInPage
from union_desk.store import keyring, opening, passwords, people

CHEAP = Cost(1, 64, 1)


@pytest.fixture
def page(desk, settled):
    """The settings page of a county office of one person."""
    shown = desk("county")
    shown.open(Route("settings"))
    settled()
    return shown.page


@pytest.fixture
def click(settled):
    """Click a button by its words; return the dialog that came up."""

    def press(holder, words):
        found = [
            made
            for made in holder.findChildren(QPushButton)
            if made.text() == words or made.accessibleName() == words
        ]
        found[0].click()
        settled()
        return QApplication.activeModalWidget()

    return press


def fill(line, text):
    line.setFocus()
    type_text(text)


def names(page):
    with page.session.store.read() as connection:
        return [(item.name, item.roles) for item in people.everyone(connection)]


def test_a_person_is_added_changed_and_removed(page, click, settled):
    dialog = click(page.people, "添加人员…")
    fill(dialog.name, "王芳")
    fill(dialog.password, "wangfang")
    fill(dialog.again, "wangfan")
    dialog.act.click()
    assert "不一样" in dialog.said.text()
    dialog.again.setText("wangfang")
    dialog.roles["clerk"].setChecked(False)
    dialog.act.click()
    settled()
    assert "没有选角色" in dialog.said.text()
    dialog.roles["reviewer"].setChecked(True)
    dialog.act.click()
    settled()
    assert names(page)[1] == ("王芳", ("reviewer",))
    dialog = click(page.people, "修改王芳")
    dialog.roles["clerk"].setChecked(True)
    dialog.name.setText("王小芳")
    fill(dialog.password, "again-1")
    fill(dialog.again, "again-1")
    dialog.act.click()
    settled()
    assert names(page)[1] == ("王小芳", ("clerk", "reviewer"))
    assert keyring.look(page.session.store.folder).open("again-1", "王小芳")
    dialog = click(page.people, "停用王小芳")
    dialog.act.click()
    settled()
    assert len(names(page)) == 1


def test_one_changes_ones_own_password(page, click, settled):
    dialog = click(page.people, "修改我的口令…")
    fill(dialog.old, "wrong")
    fill(dialog.password, "brand-new")
    fill(dialog.again, "brand-new")
    dialog.act.click()
    settled()
    assert "原口令不对" in dialog.said.text()
    dialog.old.setText("secret")
    dialog.act.click()
    settled()
    folder = page.session.store.folder
    page.session.store.close()
    opening.open_store(folder, password="brand-new").close()


def test_a_clerk_is_offered_only_what_a_clerk_may_do(page, settled):
    store = page.session.store
    made = passwords.add_person(store, "王芳", ("clerk",), "wangfang", CHEAP)
    store.person_id, store.roles = made.id, made.roles
    page.entered()
    shown = [made.text() for made in page.people.findChildren(QPushButton)]
    assert shown == ["修改我的口令…", "离岗交接…"]
    assert not page.recovery.findChildren(QPushButton)


def test_handing_over_on_one_page_with_a_list_to_sign(window, page, click, settled, tmp_path):
    dialog = click(page.people, "离岗交接…")
    assert "草稿" in dialog.list.toPlainText()
    assert "应报未报" in dialog.list.toPlainText()
    dialog.act.click()
    assert "接收人" in dialog.said.text()
    fill(dialog.name, "赵强")
    fill(dialog.password, "zhaoqiang")
    fill(dialog.again, "zhaoqiang")
    dialog.save_to(tmp_path / "list.pdf")
    text = "".join(
        page.extract_text()
        for page in pypdf.PdfReader(io.BytesIO((tmp_path / "list.pdf").read_bytes())).pages
    )
    for told in ("离岗交接单", "李敏", "赵强", "移交人签字"):
        assert told in text
    dialog.act.click()
    settled()
    assert page.session.person == "赵强"
    assert window.settings["person"] == "赵强"
    assert "赵强" in window.desk.status._right.text()
    assert [name for name, _ in names(page)] == ["赵强"]
    assert keyring.look(page.session.store.folder).logins == ("赵强",)
    assert click(page.people, "更换钥匙…").windowTitle() == "更换数据钥匙"
    QApplication.activeModalWidget().reject()


def test_a_recovery_sheet_is_copied_by_hand_and_its_last_group_typed(page, click, settled):
    assert "还没有恢复单" in text_of(page.recovery)
    dialog = click(page.recovery, "制作恢复单…")
    dialog.act.click()
    settled()
    code = dialog.code.text().replace("\n", "")
    assert keyring.look(page.session.store.folder).open_code(code)
    fill(dialog.group, "AAAA")
    dialog.act.click()
    assert "最后一组" in dialog._group.error
    dialog.group.setText(code[-4:].lower())
    dialog.act.click()
    settled()
    assert passwords.recovery_state(page.session.store).kept
    assert "已在" in text_of(page.recovery)


def test_a_recovery_sheet_is_saved_as_a_file_but_never_into_the_data_folder(
    page, click, settled, tmp_path
):
    dialog = click(page.recovery, "制作恢复单…")
    dialog.act.click()
    settled()
    dialog.save_to(page.session.store.folder / "sheet.pdf")
    (shown,) = faults._shown
    assert "S375" in " ".join(label.text() for label in shown.findChildren(type(dialog.code)))
    shown.accept()
    assert not passwords.recovery_state(page.session.store).kept
    code = dialog.code.text().replace("\n", "")
    dialog.save_to(tmp_path / "sheet.txt")
    settled()
    assert code in (tmp_path / "sheet.txt").read_text("utf-8-sig")
    assert passwords.recovery_state(page.session.store).kept


def text_of(widget):
    from PySide6.QtWidgets import QLabel

    return " ".join(made.text() for made in widget.findChildren(QLabel))


def test_a_week_without_a_recovery_sheet_is_told_in_red_and_leads_to_it(window, office, settled):
    session = office("county")
    session.recovery_late = True
    window._enter(session)
    settled()
    (bar,) = [made for made in window.desk.findChildren(NoticeBar) if "恢复单" in made.words]
    assert bar.isVisible()
    links = {made.text(): made for made in bar.findChildren(QPushButton)}
    links["制作恢复单"].click()
    settled()
    assert window.desk.route.kind == "settings"
    links["以后再做"].click()
    assert not bar.isVisible()


def test_the_key_is_changed_with_a_password_and_the_window_asks_who_comes(
    window, page, click, settled
):
    folder = page.session.store.folder
    window.folder = folder
    before = keyring.look(folder).key_id
    dialog = click(page.people, "更换数据钥匙…")
    fill(dialog.password, "falsch")
    dialog.act.click()
    settled()
    assert "口令不对" in dialog.said.text()
    dialog.password.selectAll()
    fill(dialog.password, "secret")
    dialog.act.click()
    settled()
    assert keyring.look(folder).key_id != before
    told = QApplication.activeModalWidget()
    assert "恢复单已作废" in told.text()
    told.accept()
    assert isinstance(window.centralWidget(), SignInPage)
