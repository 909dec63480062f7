"""签章登记 and 核对纸质报表 in the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.desktop.entering import confirm, fill, get, go_to, open_form, samples
from tests.desktop.typing import press, replace_text, type_text
from union_desk.desktop import faults
from union_desk.desktop.navigation import Route
from union_desk.desktop.void_dialog import VoidDialog
from union_desk.papers import issuing
from union_desk.papers.subject import Subject
from union_desk.reports import checkcode
from union_desk.store import issued

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def papers_of(desk):
    store = desk.session.store
    with store.read() as connection:
        return issued.papers(connection, store.tables)


@pytest.fixture
def signing(own_desk, settled, pack):
    """The page of a grassroots office with two papers of the month."""
    desk = own_desk("grassroots")
    store = desk.session.store
    names = [report.id for report in pack.reports.values() if report.layout == "targets"]
    for name in (*names, f"{pack.top_forms[3].id}-roster"):
        issuing.issue(store, Subject(name, store.unit, "2012M08", "2012-08-31"))
    desk.open(Route("sign_off"))
    settled()
    return desk


def test_all_papers_are_ticked_and_one_confirmation_signs_them_off(signing, settled):
    page = signing.page
    assert [row.box.isChecked() for row in page.rows] == [True, True]
    assert page.signed.text() == page.sealed.text() == "2012-08-31"
    assert not page.signer.text()
    page.signer.setFocus()
    type_text("周主席")
    page.act.setFocus()
    press(Qt.Key.Key_Space)
    settled()
    assert [(item.state, item.signer, item.signer_post) for item in papers_of(signing)] == [
        ("sealed", "周主席", "主席")
    ] * 2
    assert not any(row.box.isChecked() for row in page.rows)
    assert "周主席 2012-08-31 签字" in "".join(item.text() for item in page.findChildren(QLabel))


def test_nobody_signed_is_told_and_a_proxy_needs_its_ground(signing, settled):
    page = signing.page
    page.act.click()
    settled()
    assert "签字人" in page.said.text()
    page.signer.setText("周主席")
    page.by_proxy.click()
    page.proxy.setText("吴副主席")
    page.act.click()
    assert "依据" in page.said.text()
    page.ground.setText("主席出差，电话授权")
    page.sealed.setFocus()
    replace_text("")
    page.act.setFocus()
    press(Qt.Key.Key_Space)
    settled()
    assert {(item.state, item.proxy, item.sealed_date) for item in papers_of(signing)} == {
        ("signed", "吴副主席", None)
    }


def test_a_date_that_cannot_be_read_is_told(signing, settled):
    page = signing.page
    page.signed.setFocus()
    replace_text("某日")
    page.act.setFocus()
    press(Qt.Key.Key_Space)
    assert "日期" in page.said.text()


def test_the_file_may_go_first(signing, settled):
    page = signing.page
    page.later.click()
    settled()
    assert all(item.later for item in papers_of(signing))
    assert "纸质后补" in page.context


def test_a_scan_is_attached_to_its_paper(signing, settled, tmp_path):
    page = signing.page
    (tmp_path / "盖章页.png").write_bytes(PNG)
    page.attach(page.rows[0].paper, tmp_path / "盖章页.png")
    settled()
    assert "扫描件 1 份" in "".join(item.text() for item in page.findChildren(QLabel))


def test_a_month_without_papers_leads_to_printing(own_desk, settled):
    desk = own_desk("grassroots")
    desk.open(Route("sign_off"))
    settled()
    assert not desk.page.act.isEnabled()
    assert "还没有正式出具" in "".join(item.text() for item in desk.page.findChildren(QLabel))


def test_a_code_is_typed_and_answered_and_a_wrong_one_explained(signing, settled):
    made = papers_of(signing)[0]
    signing.open(Route("paper_check"))
    settled()
    page = signing.page
    assert page.code.hasFocus()
    type_text(checkcode.check_code(made.digest).lower())
    press(Qt.Key.Key_Return)
    settled()
    assert page.verdict.words == "与电子数据一致"
    assert made.serial in page.paper.text()
    type_text("1234")
    press(Qt.Key.Key_Return)
    settled()
    assert "16 位" in page.said.text()
    assert not page.answer.isVisible()
    replace_text("")
    press(Qt.Key.Key_Return)
    assert "请输入" in page.said.text()


def test_a_cell_that_differs_is_named_in_the_window(signing, settled):
    made = papers_of(signing)[0]
    store = signing.session.store
    cells = [list(cell) for cell in made.frozen_cells()]
    row = next(n for n, cell in enumerate(cells) if cell[1] == "target" and cell[2])
    cells[row][2] = "99999.0"
    identity = checkcode.Identity(
        made.report, made.unit, made.period, made.package, made.package_version
    )
    digest = checkcode.digest(identity, ["\t".join(cell) for cell in cells])
    with store.write() as transaction:
        issued.move(transaction, made, "print", cells=issued.packed(cells), digest=digest)
    signing.open(Route("paper_check"))
    settled()
    page = signing.page
    page.code.setText(digest[:16])
    page.act.click()
    settled()
    assert page.verdict.words == "与电子数据不一致"
    place = page.cells.rows.rows[0].cells
    assert "年度目标" in place[0]
    assert place[1] == "99999"


# --- a change that voids what is printed is asked about before it is saved ---------------------------


@pytest.fixture
def printed_member(own_desk, settled, tmp_path):
    """The form page of a confirmed member on an issued roster, with another post typed."""
    desk = own_desk("grassroots")
    page = open_form(desk, "member")
    fill(page, samples("member")[0], tmp_path)
    confirm(page, settled)
    store = desk.session.store
    issuing.issue(store, Subject("R05", store.unit, "2012M08", "2012-08-31"))
    go_to(page, "post")
    replace_text("钳工")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled()
    return desk, page, page.window().findChild(VoidDialog)


def post(page):
    return get(page.session, "member", page.entry.base.uid).values["post"]


def test_the_window_asks_before_a_change_voids_a_paper_and_saves_when_agreed(
    printed_member, settled
):
    desk, page, dialog = printed_member
    (made,) = papers_of(desk)
    assert made.serial in "".join(item.text() for item in dialog.findChildren(QLabel))
    assert (made.state, post(page)) != ("void", "钳工")
    dialog.change.click()
    settled()
    (now,) = papers_of(desk)
    assert (now.state, post(page)) == ("void", "钳工")


def test_not_agreeing_saves_nothing_and_keeps_what_was_typed(printed_member, settled):
    desk, page, dialog = printed_member
    assert dialog.keep.hasFocus()
    dialog.keep.click()
    settled()
    assert papers_of(desk)[0].state == "issued"
    assert post(page) != "钳工"
    assert page.body.editor("post").text() == "钳工"
    assert not faults._shown, "what one has just decided is not told again"
    desk.activateWindow()
    settled()
    go_to(page, "post")
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled()
    again = page.window().findChild(VoidDialog)
    again.change.click()
    settled()
    assert post(page) == "钳工"


def test_after_taking_in_the_page_says_which_own_papers_are_void(own_desk, settled):
    desk = own_desk("county")
    desk.open(Route("inbox"))
    settled()
    page = desk.page
    page.session.store.before_commit.voided.append("R05-511102000013-2012M08-001")
    page._run(lambda _progress: None, lambda _result: None, "正在收取")
    settled()
    assert "R05-511102000013-2012M08-001 已作废" in page.context
