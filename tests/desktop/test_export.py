import email
import email.policy
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from tests.bundle.test_exporting import put
from tests.desktop.looking import texts
from tests.desktop.typing import press, type_text
from tests.exchange import packets, trust_parent
from tests.store.offices import draft, rows_of, save, sheet
from tests.store.offices import put as put_sheet
from union_desk.bundle import drives, mail
from union_desk.bundle.drives import Drive
from union_desk.crypto import Cost
from union_desk.desktop import faults
from union_desk.desktop.export_page import CHECK, CONTENT, DONE, TARGET
from union_desk.desktop.navigation import Route
from union_desk.desktop.print_dialog import PrintDialog
from union_desk.desktop.second_dialog import SecondDialog
from union_desk.desktop.session import Session
from union_desk.errors import FileError
from union_desk.papers import covering
from union_desk.store import backup_file, opening, passwords, rights, slips

DAY = "2012-08-31"


def words(widget):
    return "\n".join(
        label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)
    )


@pytest.fixture(scope="module")
def template(tmp_path_factory, empty_store):
    """The folder of a county that has confirmed records, a draft, its parent's keys."""
    folder = tmp_path_factory.mktemp("sending") / "data"
    shutil.copytree(empty_store("county"), folder)
    with opening.open_store(folder, password="secret") as store:
        put(store, "union_org")
        put(store, "aid")
        save(store, draft("visit", {}))
        trust_parent(store)
    return folder


@pytest.fixture
def filled(window, template, settled, tmp_path, monkeypatch):
    """The window of that county, its page 报送 on top; on a computer of its own."""
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "outside"))
    folder = tmp_path / "data-county"
    shutil.copytree(template, folder)
    session = Session(opening.open_store(folder, password="secret"), as_of_given=DAY)
    window._enter(session)
    window.desk.open(Route("export"))
    settled()
    yield window.desk
    session.close()


@pytest.fixture
def sticks(monkeypatch):
    """The sticks that are in: folders that stand for them."""
    found = []
    monkeypatch.setattr(drives, "found", lambda: tuple(found))
    return found


def plug(sticks, folder, **facts):
    folder.mkdir(exist_ok=True)
    looked = drives.look(folder)
    sticks.append(Drive(folder, "", folder.name, "vfat", looked.free, **facts))
    return folder


def to_target(page, settled):
    page.next.click()
    settled()
    page.next.click()
    page.target.drives.look()
    settled()


def drafts_opened(monkeypatch):
    """Take the place of the system's programs; return what they were asked to open."""
    opened = []
    place = "union_desk.desktop.{}.QDesktopServices.openUrl"
    for module in ("export_letter", "export_done"):
        monkeypatch.setattr(
            place.format(module), lambda url: opened.append(url.toLocalFile()) or True
        )
    return opened


def test_sending_by_keyboard_writes_to_the_stick_and_reads_it_back(
    filled, sticks, settled, tmp_path
):
    """Requirement 14."""
    page, store = filled.page, filled.session.store
    stick = plug(sticks, tmp_path / "KINGSTON")
    assert "乐山市总工会" in page.context
    assert QApplication.focusWidget() is page.next
    press(Qt.Key.Key_Space)
    settled()
    assert page.steps.step == CHECK
    assert "纸质报表还没有打印盖章" in words(page.check)
    press(Qt.Key.Key_Space)
    assert page.steps.step == TARGET
    page.target.drives.again.click()
    settled()
    page.next.setFocus()
    press(Qt.Key.Key_Space)
    settled()
    assert page.steps.step == DONE
    [written] = (stick / "union-desk").glob("*.udsync")
    assert packets(written)
    told = words(page.done)
    assert "已写入 U 盘，并核对无误" in told
    assert written.name in told
    assert "只有乐山市总工会能打开" in told
    assert "请用“安全删除硬件”后再拔出" in told
    assert "可安全拔出" not in told.replace("系统没有弹出", "")
    assert QApplication.focusWidget() is page.next
    with store.read() as connection:
        from union_desk.store import outbox

        assert outbox.due_counts(connection, store) == {}


def test_the_first_step_counts_by_form_and_says_what_stays_here_and_why(filled):
    told = words(filled.page.content)
    assert "草稿不报送" in told
    assert "还是草稿，检查并确认后再报送" in told
    assert filled.page._known.due == 16


def test_back_keeps_what_was_chosen(filled, settled, tmp_path):
    page = filled.page
    page.next.click()
    settled()
    page.next.click()
    page.target.take_folder(tmp_path)
    page.target.carrier.setText("王芳")
    page.back.click()
    assert page.steps.step == CHECK
    page.next.click()
    assert (page.target.way, page.target.target().folder) == ("folder", tmp_path)
    assert page.target.target().carrier == "王芳"
    assert page.next.isEnabled()


def test_a_folder_that_is_gone_is_told_and_nothing_is_half_done(filled, settled, tmp_path):
    """Requirement 15."""
    page = filled.page
    page.next.click()
    settled()
    page.next.click()
    gone = tmp_path / "gone"
    gone.mkdir()
    page.target.take_folder(gone)
    gone.rmdir()
    page.next.click()
    settled()
    assert page.steps.step == TARGET
    assert "gone" in faults._shown[0].accessibleName()


def test_without_a_stick_or_with_several_the_page_says_what_to_do(
    filled, sticks, settled, tmp_path
):
    """Requirement 15."""
    page = filled.page
    to_target(page, settled)
    assert not page.next.isEnabled()
    assert "没有找到 U 盘" in page._hint.text()
    assert "移动硬盘" in words(page.target.drives)
    plug(sticks, tmp_path / "A")
    plug(sticks, tmp_path / "B")
    page.target.drives.again.click()
    settled()
    assert not page.next.isEnabled()
    assert "选定写到哪一个" in page._hint.text()
    first = page.target.drives.first_focus()
    first.setFocus()
    press(Qt.Key.Key_Space)
    assert page.next.isEnabled()
    assert page.target.target().folder == tmp_path / "A"


def test_a_stick_that_cannot_be_written_to_is_shown_with_the_reason(
    filled, sticks, settled, tmp_path
):
    page = filled.page
    plug(sticks, tmp_path / "locked", trouble=FileError("F162", "U 盘是写保护的。", "请换一个。"))
    to_target(page, settled)
    told = words(page.target.drives)
    assert "不能写入" in told
    assert "写保护" in told
    assert not page.next.isEnabled()
    assert "都不能写入" in page._hint.text()


def test_a_full_stick_is_told_before_anything_is_written(
    filled, sticks, settled, tmp_path, monkeypatch
):
    page = filled.page
    stick = plug(sticks, tmp_path / "full")
    to_target(page, settled)
    monkeypatch.setattr(drives, "look", lambda root, device="": Drive(root, free=10))
    page.next.click()
    settled()
    assert page.steps.step == TARGET
    assert "空间不够：需要" in faults._shown[0].accessibleName()
    assert not list(stick.rglob("*.udsync"))


def test_a_stick_pulled_out_before_writing_is_told_by_that_and_the_choice_stays(
    filled, sticks, settled, tmp_path
):
    page = filled.page
    place = plug(sticks, tmp_path / "stick")
    to_target(page, settled)
    assert page.next.isEnabled()
    place.rmdir()
    page.next.click()
    settled()
    [dialog] = faults._shown
    told = "\n".join(texts(dialog))
    assert "已拔出，文件没有写完" in told
    assert "请重新插好 U 盘，再写一次" in told
    assert "F138" in told
    assert page.steps.step == TARGET
    assert page.target.way == "stick"


def test_cancel_while_writing_leaves_no_half_file_and_keeps_the_choice(filled, settled, tmp_path):
    page = filled.page
    page.next.click()
    settled()
    page.next.click()
    page.target.take_folder(tmp_path / "to")
    (tmp_path / "to").mkdir()
    page.target.take_folder(tmp_path / "to")
    page.next.click()
    assert page.steps.step == DONE
    assert not page.leaving()
    page.cancel.click()
    settled()
    assert page.leaving()
    assert page.steps.step in (TARGET, DONE)
    left = list((tmp_path / "to").iterdir())
    assert all(path.suffix == ".udsync" and packets(path) for path in left)
    assert page.target.way == "folder"


def test_the_letter_can_be_copied_and_its_draft_opened_without_a_person_in_it(
    filled, settled, tmp_path, monkeypatch
):
    """Requirement 16."""
    opened = drafts_opened(monkeypatch)
    page = filled.page
    page.next.click()
    settled()
    page.next.click()
    page.target.cards["mail"].click()
    page.target.folder.take(tmp_path)
    assert page.target.way == "mail"
    page.next.click()
    settled()
    letter = page.done.letter
    assert letter.isVisible()
    letter.address.setFocus()
    type_text("zgh@example.cn")
    press(Qt.Key.Key_Tab)
    by_name = {made.text(): made for made in letter.findChildren(QPushButton)}
    clipboard = QGuiApplication.clipboard()
    by_name["复制邮箱"].click()
    assert clipboard.text() == "zgh@example.cn"
    by_name["复制主题"].click()
    assert clipboard.text().startswith("市中区总工会报送文件 511102000013-")
    by_name["复制正文"].click()
    body = clipboard.text()
    assert "校验值" in body
    assert "已加密" in body
    assert "李敏" not in body
    letter.draft.click()
    settled()
    [written] = tmp_path.glob("*.udsync")
    [draft] = tmp_path.glob("*.eml")
    assert opened == [str(draft)]
    made = email.message_from_bytes(draft.read_bytes(), policy=email.policy.default)
    assert made["To"] == "zgh@example.cn"
    assert "李敏" not in draft.read_text("utf-8")
    assert [part.get_content() for part in made.iter_attachments()] == [written.read_bytes()]


def test_a_letter_that_is_too_large_is_warned_of_and_cut_into_volumes(filled, settled, monkeypatch):
    page = filled.page
    page._known = page._known.__class__(*[
        getattr(page._known, name) if name != "size" else 30 << 20
        for name in page._known.__slots__
    ])  # fmt: skip
    page.target.show_content(page._known, down=False)
    page._go(TARGET)
    page.target.cards["mail"].click()
    told = words(page.target)
    assert "超过 20 MB" in told
    assert page.target.volumes.isVisible()
    assert page.target.volume() == mail.VOLUME
    page.target.volumes.click()
    assert page.target.volume() is None
    assert page.next.isEnabled()
    page.target.cards["folder"].click()
    assert page.target.volume() is None


def test_the_file_for_a_chat_lies_on_the_clipboard_as_a_file(filled, settled, tmp_path):
    """Requirement 16."""
    page = filled.page
    page.next.click()
    settled()
    page.next.click()
    page.target.cards["chat"].click()
    page.target.folder.take(tmp_path / "own" / "folder")
    page.next.click()
    settled()
    [written] = (tmp_path / "own" / "folder").glob("*.udsync")
    data = QGuiApplication.clipboard().mimeData()
    assert [Path(url.toLocalFile()) for url in data.urls()] == [written]
    assert bytes(data.data("x-special/gnome-copied-files")).startswith(b"copy\nfile://")
    assert "Ctrl+V" in words(page.done)


def test_the_way_used_last_is_offered_first(filled, settled, tmp_path, window):
    page = filled.page
    page.next.click()
    settled()
    page.next.click()
    page.target.cards["chat"].click()
    page.target.folder.take(tmp_path)
    page.next.click()
    settled()
    assert window.settings["export_way"] == "chat"
    filled.open(Route("export"))
    settled()
    assert filled.page.target.way == "chat"
    assert filled.page.target.target().folder == tmp_path


def test_a_backup_goes_to_the_same_stick_unless_it_is_unticked(filled, sticks, settled, tmp_path):
    page = filled.page
    stick = plug(sticks, tmp_path / "stick")
    to_target(page, settled)
    assert page.copy.isVisible()
    assert page.copy.isChecked()
    page.next.click()
    settled()
    [made] = (stick / "union-desk" / "backups").glob("*.udbak")
    assert backup_file.read(made).why == "stick"
    assert "留了一份加密备份" in words(page.done)


def test_an_office_that_does_not_know_its_parent_yet_is_told_what_to_do(desk, settled):
    shell = desk("county")
    put(shell.session.store, "union_org")
    shell.open(Route("export"))
    settled()
    assert not shell.page.next.isEnabled()
    assert "还没有核对过上级工会的身份" in words(shell.page)


def test_a_county_with_units_below_sends_down(filled, settled, tmp_path):
    page = filled.page
    page.content.chips[1].click()
    settled()
    assert "还没有开通的单位" in words(page.content)
    page.next.click()
    page.next.click()
    assert page.steps.step == TARGET
    assert "怎样交下去" in words(page.target)
    page.target.take_folder(tmp_path)
    page.next.click()
    settled()
    [written] = tmp_path.glob("*.udsync")
    assert any(".all." in name for name in packets(written))
    assert not mail.is_sealed(written)
    assert "各下级单位" in words(page.done)


def test_after_sending_there_is_nothing_left_and_the_page_says_so(filled, settled, tmp_path):
    page = filled.page
    page.next.click()
    settled()
    page.next.click()
    page.target.take_folder(tmp_path)
    page.next.click()
    settled()
    filled.open(Route("export"))
    settled()
    again = filled.page
    assert again._known.due == 0
    assert again._known.repeated == 2
    assert "还没有回执的 2 个数据包" in words(again.content)


def test_an_office_without_records_or_without_a_parent_is_told_why_it_cannot_send(desk, settled):
    shell = desk("county")
    shell.open(Route("export"))
    settled()
    assert not shell.page.next.isEnabled()
    assert "没有要报送的记录" in words(shell.page)


def test_the_city_has_no_parent_and_sends_down_alone(desk, settled):
    shell = desk("city")
    shell.open(Route("export"))
    settled()
    assert shell.page.down
    assert "下发哪些内容" in words(shell.page)
    assert not any(chip.isVisible() for chip in shell.page.content.chips)


def test_sample_data_cannot_be_sent(sample_desk, settled):
    """Requirement 20: marked, and unable to send."""
    shell = sample_desk("county")
    shell.open(Route("export"))
    settled()
    page = shell.page
    assert page.steps.step == CONTENT
    assert not page.next.isEnabled()
    assert "示例数据，不能报送" in words(page)


def test_errors_block_sending_and_lead_to_the_record(filled, settled, pack):
    from union_desk.checks import Finding

    page = filled.page
    page.next.click()
    settled()
    form = pack.top_forms[0].id
    wrong = Finding(form, "uid-1", None, None, None, "X", "error", "会员人数不得大于职工人数。")
    page._show_findings([wrong])
    assert not page.next.isEnabled()
    assert "有 1 处错误" in page._hint.text()
    gone = []
    page.opened.disconnect(filled.open)
    page.opened.connect(gone.append)
    [go] = [b for b in page.check.findChildren(type(page.next)) if b.text() == "查看"]
    go.click()
    assert gone == [Route("form", form=form, uid="uid-1")]


def test_where_it_takes_two_people_the_second_signs_in_and_the_same_writing_goes_on(
    filled, settled, tmp_path
):
    page, store = filled.page, filled.session.store
    passwords.add_person(store, "王芳", ("head",), "wangfang-1", Cost(1, 64, 1))
    rights.turn_second(store, on=True)
    place = tmp_path / "out"
    place.mkdir()
    to_target(page, settled)
    page.target.take_folder(place)
    page.next.click()
    settled()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SecondDialog)
    assert not list(place.iterdir())
    type_text("wangfang-1")
    press(Qt.Key.Key_Return)
    settled()
    assert len(list(place.glob("*.udsync"))) == 1
    assert page.job is None
    assert "已写入并核对" in words(page.done)


def test_a_cover_that_is_behind_is_asked_about_and_issued_anew_on_the_spot(filled, settled):
    page, session = filled.page, filled.session
    page.next.click()
    settled()
    assert page.check.cover.isHidden()
    before = covering.reissue(session.store, session.period("month"), DAY)
    row = rows_of("visit")[0] | {"visitor": "周沫云"}
    assert not put_sheet(session.store, "visit", sheet("visit", row), reason="样本").refused
    page.entered()
    settled()
    page.next.click()
    settled()
    told = page.check.cover.words
    assert f"封面 {before.serial} 印出以后又确认了 1 条" in told
    assert "原来那一份作废" in told
    page.check.cover.first_button().click()
    settled()
    dialog = page.window().findChild(PrintDialog)
    assert dialog is not None
    dialog.reject()
    settled()
    with session.store.read() as connection:
        now = slips.pending(connection, session.store)
    assert now.serial != before.serial
    assert now.serial in words(page.content)
