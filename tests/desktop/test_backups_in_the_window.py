"""Backups, restore, the drill, a damaged folder and the hold, as the window offers them."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton

from tests.desktop.looking import faults_of
from tests.exchange import trust_parent
from tests.store.offices import draft, put, save
from union_desk.bundle import drives
from union_desk.desktop import backup_card, backup_words, faults, recovery
from union_desk.desktop import opening as desktop_opening
from union_desk.desktop.damage_page import DamagePage
from union_desk.desktop.desk import Desk
from union_desk.desktop.navigation import Route
from union_desk.desktop.restore_dialog import RestoreDialog
from union_desk.desktop.sign_in_page import SignInPage
from union_desk.errors import DamageError
from union_desk.store import backup_file, backups, counter, holds, opening, received, setting_rows

PASSWORD = "secret"


@pytest.fixture(autouse=True)
def own_computer(tmp_path, monkeypatch):
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "outside"))


@pytest.fixture
def at_work(desk, window, settled):
    """The window on a county's store with one draft; its settings page on top."""
    desk("county")
    window.folder = window.session.store.folder
    save(window.session.store, draft("visit", {}))
    window.open(Route("settings"))
    settled()
    return window


def card(window):
    return window.desk.page.backups


def kept(window):
    return backups.kept(window.session.store).kept


def boxes(window):
    return window.findChildren(QMessageBox)


def test_a_backup_by_one_click_is_shown_with_time_and_place(at_work, settled):
    assert card(at_work)._last.text() == "还没有"
    card(at_work).buttons["立即备份"].click()
    settled()
    assert len(kept(at_work)) == 1
    assert kept(at_work)[0].path.name in card(at_work).said.text()
    assert str(kept(at_work)[0].path.parent) in card(at_work)._last.text()


def test_a_second_place_takes_a_backup_at_once_and_one_that_is_gone_is_told(
    at_work, settled, tmp_path
):
    card(at_work).choose_second(tmp_path / "disk")
    settled()
    assert len(list((tmp_path / "disk").glob("*.udbak"))) == 1
    assert str(tmp_path / "disk") in card(at_work)._second.text()
    for path in (tmp_path / "disk").glob("*.udbak"):
        path.unlink()
    (tmp_path / "disk" / "sealed").rmdir()
    (tmp_path / "disk").rmdir()
    card(at_work).back_up()
    settled()
    assert faults._shown, "the own backup stands, the missing place is told"
    assert len(kept(at_work)) == 1


def test_the_drill_says_that_the_newest_backup_opens(at_work, settled):
    card(at_work).back_up()
    settled()
    card(at_work).run_drill(PASSWORD)
    settled()
    assert "演练成功" in card(at_work).said.text()
    card(at_work).run_drill("wrong")
    settled()
    assert faults._shown


def test_examining_the_data_says_all_is_well_or_what_is_not(at_work, settled):
    card(at_work).buttons["检查数据"].click()
    settled()
    assert "数据完好" in card(at_work).said.text()
    with at_work.session.store.write() as tx:
        tx.connection.exec_driver_sql("UPDATE visit SET created_by = '别人'")
    card(at_work).examine()
    settled()
    assert "发现 1 个问题" in card(at_work).said.text()


def test_one_file_for_a_new_computer(at_work, settled, tmp_path):
    card(at_work).hand_over(tmp_path / "stick")
    settled()
    assert [path.stem.rsplit("-", 1)[1] for path in (tmp_path / "stick").glob("*.udbak")] == [
        "handover"
    ]
    assert "新电脑" in card(at_work).said.text()


def test_sample_data_have_no_backup_buttons(window, settled, qtbot):
    window.start_demo("grassroots")
    settled()
    window.open(Route("settings"))
    buttons = card(window).buttons
    assert [words for words, made in buttons.items() if made.isEnabled()] == ["打开数据目录"]


def dialog_of(window):
    return window.findChildren(RestoreDialog)[0]


def test_restoring_is_one_dialog_that_says_what_goes_and_checks_first(at_work, settled, qtbot):
    """Requirement 19: end to end."""
    store = at_work.session.store
    card(at_work).back_up()
    settled()
    save(store, draft("visit", {}))
    card(at_work).buttons["恢复备份…"].click()
    settled()
    dialog = dialog_of(at_work)
    assert dialog.list.count() == 1
    assert "1 条记录" in dialog.list.item(0).text()
    assert "1 条记录、1 处" in dialog.told.text()
    dialog.act.click()
    assert "请输入口令" in dialog._password.error
    dialog.password.setText("wrong")
    dialog.act.click()
    settled()
    assert "口令不对" in dialog._password.error
    assert isinstance(at_work.centralWidget(), Desk)
    dialog.password.setText(PASSWORD)
    dialog.act.click()
    settled()
    qtbot.waitUntil(lambda: isinstance(at_work.centralWidget(), SignInPage))
    settled()
    told = boxes(at_work)[0].text()
    assert "salvage/" in told
    assert "报送已暂停" in told
    boxes(at_work)[0].accept()
    page = at_work.centralWidget()
    page.entered.emit("李敏", PASSWORD)
    settled()
    store = at_work.session.store
    with store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM visit").scalar() == 1


def test_a_backup_from_elsewhere_is_put_on_the_list_and_rubbish_is_told(
    at_work, settled, tmp_path, qtbot
):
    made = backups.make(at_work.session.store, "command", to=tmp_path / "stick")
    dialog = RestoreDialog(at_work.folder, at_work, at_work.session.store)
    dialog.open()
    settled()
    assert "没有可用的备份" in dialog.told.text()
    assert not dialog.act.isEnabled()
    dialog.take(Path(made.file))
    settled()
    assert dialog.list.count() == 1
    assert dialog.act.isEnabled()
    (tmp_path / "x.udbak").write_text("x")
    dialog.take(tmp_path / "x.udbak")
    settled()
    assert faults._shown
    dialog.reject()
    qtbot.waitUntil(lambda: not faults._shown)


# A damaged folder ---------------------------------------------------------------------------


@pytest.fixture
def damaged(at_work, settled):
    """The window before a store whose first page is lost; a backup lies beside it."""
    backups.make(at_work.session.store, "command")
    at_work.leave_session()
    content = (at_work.folder / "store.db").read_bytes()
    (at_work.folder / "store.db").write_bytes(bytes(4096) + content[4096:])
    at_work.start()
    settled()
    at_work.centralWidget().entered.emit("李敏", PASSWORD)
    settled()
    return at_work


def test_a_damaged_store_never_blocks_the_start_and_offers_the_newest_backup(
    damaged, settled, qtbot
):
    page = damaged.centralWidget()
    assert isinstance(page, DamagePage)
    before = (damaged.folder / "store.db").read_bytes()
    page.to_backup.click()
    settled()
    assert (damaged.folder / "store.db").read_bytes() == before
    dialog = dialog_of(damaged)
    dialog.password.setText(PASSWORD)
    dialog.act.click()
    settled()
    qtbot.waitUntil(lambda: isinstance(damaged.centralWidget(), SignInPage))
    settled()
    boxes(damaged)[0].accept()
    assert any((damaged.folder / "salvage").rglob("store.db"))
    with opening.open_store(damaged.folder, password=PASSWORD) as store, store.read() as connection:
        assert holds.current(connection).why == holds.RESTORED


def test_what_cannot_be_salvaged_is_told_on_the_same_page(damaged, settled, qtbot):
    page = damaged.centralWidget()
    page.to_salvage.click()
    assert "请输入口令" in page._field.error
    page.password.setText(PASSWORD)
    page.to_salvage.click()
    settled()
    qtbot.waitUntil(lambda: isinstance(damaged.centralWidget(), DamagePage))
    assert damaged.centralWidget() is not page


def test_salvage_from_the_window_brings_the_records_and_lists_what_is_lost(at_work, settled, qtbot):
    at_work.leave_session()
    recovery.offer(at_work, DamageError("S999", "坏了。"))
    settled()
    page = at_work.centralWidget()
    page.password.setText(PASSWORD)
    page.to_salvage.click()
    settled()
    qtbot.waitUntil(lambda: isinstance(at_work.centralWidget(), SignInPage))
    settled()
    assert "没有发现缺少的记录" in boxes(at_work)[0].text()
    boxes(at_work)[0].accept()


# On hold ------------------------------------------------------------------------------------


def held(window, why, settled):
    store = window.session.store
    with store.write() as tx:
        holds.put(tx, why, "2012-08-31T08:00:00Z")
    window.open(Route("export"))
    settled()
    return window.desk.page


def test_after_a_restore_the_page_of_sending_waits_for_the_decision(at_work, settled):
    page = held(at_work, holds.RESTORED, settled)
    assert page.hold.isVisible()
    assert "恢复" in page.hold._why.text()
    assert not page.next.isEnabled()
    page.hold.go_on.click()
    settled()
    assert not page.hold.isVisible()
    with at_work.session.store.read() as connection:
        assert holds.current(connection) is None
    assert counter.read(at_work.session.store.store_id) == {}


def test_a_store_from_another_computer_is_asked_about_there(at_work, settled):
    page = held(at_work, holds.MOVED, settled)
    assert page.hold.same.isVisible()
    assert not page.hold.go_on.isVisible()
    page.hold.other.click()
    settled()
    assert page.hold.hold.why == holds.COPY
    assert "“发还本单位数据包”" in page.hold.first.accessibleDescription()
    page.hold.stop.click()
    [box] = page.findChildren(QMessageBox)
    assert "只能从备份恢复" in box.informativeText()
    assert page.hold.hold.why == holds.COPY
    [stop] = [made for made in box.buttons() if made.text() == "本机停用"]
    stop.click()
    settled()
    assert page.hold.hold.why == holds.RETIRED
    assert not page.hold.go_on.isVisible()
    page.hold.restore.click()
    settled()
    assert at_work.desk.page.title == "设置与备份"


def test_after_a_restore_the_receipt_of_the_parent_may_be_taken_in_first(at_work, settled):
    page = held(at_work, holds.RESTORED, settled)
    page.hold.first.click()
    settled()
    assert at_work.desk.page.title == "收件"


def test_both_sides_are_named_with_number_person_and_day(at_work, settled):
    store = at_work.session.store
    page = held(at_work, holds.LATER, settled)
    assert "还没有报送过" in page.hold.here.accessibleName()
    assert "还不知道报送到哪里" in page.hold.there.accessibleName()
    with store.write() as tx:
        came_back = received.Arrival(
            "ab", store.origin, "up", "c0ffee" * 5 + "c0", 7, "x", "", 1, outcome="applied",
            made_at="2012-08-30T04:00:00Z", made_by="王红",
        )  # fmt: skip
        received.note(tx, came_back)
    page.entered()
    settled()
    told = page.hold.there.accessibleName()
    for words in ("报送到第 7 包", "王红，2012-08-30", "期次 c0ffee", "1 个数据包已装入"):
        assert words in told
    assert faults_of(page) == {}


def test_the_same_computer_goes_on_at_once(at_work, settled):
    page = held(at_work, holds.MOVED, settled)
    page.hold.same.click()
    settled()
    assert not page.hold.isVisible()


# On the stick -------------------------------------------------------------------------------


@pytest.fixture
def sending(at_work, settled, tmp_path, monkeypatch):
    """The page of sending, with a folder for a stick chosen and something to send."""
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(drives, "found", lambda: (drives.look(stick),))
    put(at_work.session.store, "union_org", reason="样本")
    trust_parent(at_work.session.store)
    at_work.open(Route("export"))
    settled()
    page = at_work.desk.page
    page.next.click()
    settled()
    page.next.click()
    settled()
    assert page.copy.isVisible()
    assert page.copy.isChecked()
    return page, stick


def facts(page):
    return "\n".join(label.text() for label in page.done.findChildren(QLabel))


def test_sending_to_a_stick_leaves_an_encrypted_backup_there(sending, settled):
    page, stick = sending
    page.next.click()
    settled()
    [path] = (stick / "union-desk" / "backups").glob("*.udbak")
    assert backup_file.read(path).why == "stick"
    assert "留了一份加密备份" in facts(page)


def test_a_stick_backup_that_fails_does_not_undo_the_sending(sending, settled):
    page, stick = sending
    (stick / "union-desk").mkdir(exist_ok=True)
    (stick / "union-desk" / "backups").write_text("in the way")
    page.next.click()
    settled()
    assert list(stick.glob("union-desk/*.udsync"))
    assert "报送的文件不受影响" in facts(page)


def test_a_stick_backup_is_not_made_without_the_tick(sending, settled):
    page, stick = sending
    page.copy.click()
    page.next.click()
    settled()
    assert not (stick / "union-desk" / "backups").exists()


# Without being asked ------------------------------------------------------------------------


def test_closing_the_window_after_a_change_leaves_the_backup_of_the_day(at_work):
    folder = at_work.folder
    assert at_work.close()
    assert [path.stem.rsplit("-", 1)[1] for path in (folder / "backups").glob("*.udbak")] == [
        "daily"
    ]


def test_a_backup_of_the_day_that_fails_is_told_once_and_holds_nobody_back(at_work):
    place = at_work.folder / "backups"
    place.rmdir()
    place.write_text("in the way")
    assert not at_work.close()
    assert faults._shown
    assert at_work.close()


def test_fourteen_days_without_a_second_place_are_red_everywhere_until_one_has_a_backup(
    at_work, settled, tmp_path
):
    store = at_work.session.store
    with store.write() as tx:
        setting_rows.write(tx.connection, "created_at", "2012-01-01T00:00:00Z")
    made = desktop_opening._session(store)
    assert made.backup_overdue
    at_work._enter(made)
    settled()
    desk = at_work.desk
    assert desk.status._alarm.isVisible()
    assert desk.status._alarm.text() == backup_words.OVERDUE
    assert desk.status._alarm.property("role") == "error"
    assert desk._overdue.isVisible()
    desk._overdue.findChildren(QPushButton)[0].click()
    settled()
    assert card(at_work)._overdue.isVisible()
    card(at_work).choose_second(tmp_path / "disk")
    settled()
    assert not card(at_work)._overdue.isVisible()
    assert not desk.status._alarm.isVisible()
    assert not desk._overdue.isVisible()


def test_the_foot_of_the_window_says_when_and_where_the_last_backup_was_made(at_work, settled):
    assert "还没有备份" in at_work.desk.status._left.text()
    backups.make(at_work.session.store, "command")
    card(at_work).refresh()
    told = at_work.desk.status._left.text()
    assert "最近备份" in told
    assert str(at_work.session.store.folder / "backups") in told


def test_the_second_place_can_be_given_up_and_its_backups_stay(at_work, settled, tmp_path):
    assert not card(at_work).buttons[backup_card.NO_SECOND].isVisible()
    card(at_work).choose_second(tmp_path / "disk")
    settled()
    card(at_work).buttons[backup_card.NO_SECOND].click()
    settled()
    assert "没有设置" in card(at_work)._second.text()
    assert not card(at_work).buttons[backup_card.NO_SECOND].isVisible()
    assert list((tmp_path / "disk").glob("*.udbak"))
