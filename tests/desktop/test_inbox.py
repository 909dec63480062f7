"""收件 and 装入 by clicks, with real offices, real files and folders that stand for sticks."""

from contextlib import ExitStack

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from tests.bundle.crafting import bundle, craft, visit
from tests.bundle.offices import GRASS, Offices, build
from tests.desktop.looking import faults_of
from tests.desktop.test_export import words
from tests.exchange import packets
from tests.store.offices import DAY, ask, put, rows_of, sheet
from union_desk.bundle import drives
from union_desk.bundle.drives import Drive
from union_desk.desktop.inbox_page import ALL, HELD, TODAY, WAITING
from union_desk.desktop.navigation import Route
from union_desk.desktop.riding import Riding
from union_desk.desktop.session import Session
from union_desk.desktop.text_dialog import TextDialog
from union_desk.errors import FileError
from union_desk.taskpack.record import new_uid


@pytest.fixture(scope="module")
def made(pack, tmp_path_factory):
    """The data folders of a city, a county and a grassroots unit that know one another."""
    folder = tmp_path_factory.mktemp("three") / "made"
    build(folder, pack)
    return folder


@pytest.fixture(scope="module")
def offices(made, tmp_path_factory):
    """Copies of the three offices that all tests of the module work on."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNION_DESK_STATE", str(tmp_path_factory.mktemp("state")))
        yield Offices(made, tmp_path_factory.mktemp("shared"), stack)


@pytest.fixture
def fresh(made, tmp_path, monkeypatch):
    """Copies of their own, for packets made by hand."""
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    with ExitStack() as stack:
        yield Offices(made, tmp_path, stack)


def more(store):
    """One more confirmed record that is due."""
    row = rows_of("visit")[0] | {"visitor": f"周沫云{new_uid()[-6:]}"}
    assert not put(store, "visit", sheet("visit", row), reason="样本").refused


def visits(store):
    return ask(store, "SELECT count(*) FROM visit WHERE record_state <> 'draft'")[0][0]


@pytest.fixture
def sticks(monkeypatch):
    """The sticks that are in: folders that stand for them."""
    found = []
    monkeypatch.setattr(drives, "found", lambda: tuple(found))
    return found


@pytest.fixture
def inbox(window, offices, sticks, settled):
    """The page of an office of a level, its timer never waited for."""

    def enter(level="county", among=offices):
        window._enter(Session(getattr(among, level), as_of_given=DAY))
        window.desk.open(Route("inbox"))
        settled()
        window.desk.page.station._timer.stop()  # what is shown late starts it
        return window.desk.page

    yield enter
    settled()
    window.session = None


def plug(page, sticks, folder, settled):
    """Put a stick in and let the page look."""
    sticks.append(Drive(folder, "", folder.name, "vfat", 1 << 30))
    page.station.look()
    settled()
    settled()


def chip(page, name):
    page.filter.chips[name].click()
    return [row.cells for row in page.table.rows.rows]


def sum_up(cells):
    return sum(int(cells[n].replace(",", "") or 0) for n in (4, 5, 6, 7))


# Sticks in a queue ---------------------------------------------------------------------------


def test_a_clean_stick_of_a_known_unit_is_taken_in_answered_and_verified_without_a_click(
    inbox, offices, sticks, settled
):
    """Requirement 32."""
    more(offices.grassroots)
    stick = offices.send("grassroots")
    (stick / "union-desk").mkdir()
    for path in list(stick.glob("*.udsync")):
        path.rename(stick / "union-desk" / f"{path.stem}(1).udsync")
    page = inbox("county")
    assert "插入 U 盘" in page.station.title.text()
    before = visits(offices.county)
    plug(page, sticks, stick, settled)
    told = words(page.station)
    assert page.station.title.text().startswith("已装入。")
    assert "乐山沫水餐饮管理工会委员会：装入" in told
    assert "写回 1 个文件，已核对" in told
    assert "请用“安全删除硬件”后拔出，再插下一个" in told
    assert not page.station.busy
    assert visits(offices.county) == before + 1
    [answer] = (stick / "union-desk").glob(f"{offices.county.origin}-*.udsync")
    assert any(".all." in name for name in packets(answer))
    applied = [row for row in chip(page, TODAY) if row[8] == "已装入"]
    assert "2012年8月" in [row[3] for row in applied]
    assert all(row[1] == "乐山沫水餐饮管理工会委员会" for row in applied)
    assert any(row[2].startswith("报送数据 第 ") for row in applied)
    total = sum(map(sum_up, applied))
    assert total > 0
    assert f"{total:,} 行 = 新增" in page._sums.text()
    # the same stick again: its files are known, and the answer on it is not taken for another's
    sticks.clear()
    page.station.look()
    settled()
    plug(page, sticks, stick, settled)
    assert "这些都已经装入过" in words(page.station)
    assert visits(offices.county) == before + 1
    # the unit takes the answer in by its own page, writes nothing to the stick: its file is green
    there = sorted(stick.rglob("*"))
    sticks.clear()
    page = inbox("grassroots")
    assert page.title == "装入"
    plug(page, sticks, stick, settled)
    assert "市中区总工会：装入" in words(page.station)
    assert sorted(stick.rglob("*")) == there
    assert ask(offices.grassroots, "SELECT min(acked) FROM packet WHERE n > 0") == [(1,)]


def test_a_stick_with_something_wrong_stops_at_the_outcome_and_nothing_is_written(
    inbox, offices, sticks, settled
):
    more(offices.grassroots)
    stick = offices.send("grassroots")
    [path] = stick.glob("*.udsync")
    path.write_bytes(path.read_bytes()[:-100])
    page = inbox("county")
    plug(page, sticks, stick, settled)
    told = words(page.station)
    assert "1 个没有装入" in told
    assert "没有写回任何文件" in told
    assert not (stick / "union-desk").exists()
    assert page.filter.key == HELD
    assert "不完整或已损坏" in words(page.detail)
    by_name = {made.text(): made for made in page.station.findChildren(QPushButton)}
    by_name["下一个"].click()
    assert "插入 U 盘" in page.station.title.text()


def test_sticks_without_a_file_for_this_office_or_that_cannot_be_read_are_told(
    inbox, offices, sticks, settled
):
    more(offices.county)
    stick = offices.send("county")
    (stick / "照片.jpg").write_bytes(b"x")
    page = inbox("grassroots")
    held = len(chip(page, HELD))
    plug(page, sticks, stick, settled)
    assert "没有给本单位的报送文件" in words(page.station)
    assert len(chip(page, HELD)) == held
    broken = FileError("F163", "U 盘读不出来。", "请重新插好。")
    page.take([stick])
    settled()
    assert "没有给本单位的报送文件" in words(page.station)
    assert len(chip(page, HELD)) == held
    sticks[:] = [Drive(offices.stick(), trouble=broken)]
    page.station.look()
    settled()
    assert "请重新插好" in words(page.station)


def test_an_answer_that_does_not_fit_is_told_and_a_queue_that_is_off_takes_nothing(
    inbox, offices, sticks, settled, monkeypatch
):
    more(offices.grassroots)
    stick = offices.send("grassroots")
    page = inbox("county")
    before = visits(offices.county)
    page.station.queue.click()
    plug(page, sticks, stick, settled)
    assert visits(offices.county) == before
    page.station.queue.click()
    monkeypatch.setattr(drives, "look", lambda root, device="": Drive(root, free=10))
    page.station.look()
    settled()
    settled()
    told = words(page.station)
    assert "回执没有写回" in told
    assert "空间不够" in told
    assert visits(offices.county) > before


# Files and folders ---------------------------------------------------------------------------


def test_a_folder_of_attachments_a_dropped_file_and_one_given_at_the_start_are_taken_in(
    inbox, offices, settled, window
):
    """Requirement 32."""
    unit, before = offices.grassroots, visits(offices.county)
    more(unit)
    folder = offices.send("grassroots")
    more(unit)
    for path in offices.send("grassroots").glob("*.udsync"):
        path.rename(folder / "附件 (2).udsync")
    (folder / "note.txt").write_text("不是报送文件")
    page = inbox("county")
    page.take([folder])
    settled()
    assert visits(offices.county) >= before + 2
    rows = [row.cells for row in page.table.rows.rows]
    page.table.go_to([row[8] for row in rows].index("已装入"))
    assert "附件" in words(page.detail) or "udsync" in words(page.detail)
    more(unit)
    [path] = offices.send("grassroots").glob("*.udsync")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0))
    enter = QDragEnterEvent(QPointF(9, 9).toPoint(), *how)
    QApplication.sendEvent(page, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(page, QDropEvent(QPointF(9, 9), *how))
    settled()
    assert "已装入" in words(page.station)
    more(unit)
    [path] = offices.send("grassroots").glob("*.udsync")
    window.given = str(path)
    window._enter(window.session)
    settled()
    settled()
    assert "已装入" in words(window.desk.page.station)
    assert visits(offices.county) >= before + 4


def test_a_watched_folder_takes_in_what_comes_once_it_no_longer_grows(inbox, offices, settled):
    more(offices.grassroots)
    page = inbox("county")
    before = len(chip(page, ALL))
    folder = offices.stick()
    page.station.watch_folder(folder)
    assert str(folder) in words(page.station)
    [path] = offices.send("grassroots").glob("*.udsync")
    content = path.read_bytes()
    target = folder / "from-mail.udsync"
    for part in (content[:500], content):
        target.write_bytes(part)
        page.station.look()
        settled()
    assert len(chip(page, ALL)) == before
    page.station.look()
    settled()
    settled()
    assert len(chip(page, ALL)) > before
    assert "已装入" in words(page.station)
    page.station.watch.click()
    assert page.station.watched is None


# What did not come in -------------------------------------------------------------------------


def test_each_outcome_is_told_with_its_reason_its_next_step_and_a_notice_of_what_is_missing(
    inbox, fresh, settled, pack, tmp_path
):
    unit, county = fresh.grassroots, fresh.county
    first = craft(unit, tables={"visit": [visit(pack, unit)]})
    other = craft(unit, tables={"visit": [visit(pack, unit)]})
    second = craft(unit, tables={"visit": [visit(pack, unit)]}, after=first)
    third = craft(unit, tables={"visit": [visit(pack, unit)]}, after=second)
    page = inbox("county", fresh)
    for packet in (first, first, third, other):
        page.take([bundle(fresh.stick(), packet, to=county)])
        settled()
    (tmp_path / "letter.udsync").write_text("not a bundle")
    page.take([tmp_path / "letter.udsync"])
    settled()
    assert page.filter.key == HELD
    assert [row[8] for row in chip(page, ALL)] == [
        "未装入（有问题）", "两台电脑的数据不一致", "等待缺号", "已有", "已装入",
    ]  # fmt: skip
    page.table.go_to(1)
    assert "是不是有两台电脑在报送" in words(page.detail)
    assert "已装入的那一份：李敏，2012-08-31" in words(page.detail)
    assert "没有装入的一份：李敏，2012-08-31" in words(page.detail)
    assert page.detail.again.isHidden()
    for name in (TODAY, HELD, WAITING):
        [row, *_] = chip(page, name)
        for _ in range(6):
            QApplication.processEvents()
        assert faults_of(page) == {}
    assert row[8] == "等待缺号"
    assert "缺第 2 包" in words(page.detail)
    page.detail.notice.click()
    [dialog] = page.window().findChildren(TextDialog)
    text = dialog.text.toPlainText()
    assert "乐山沫水餐饮管理工会委员会" in text
    assert "缺第 2 包" in text
    assert "再写一份" in text
    assert "李敏" not in text
    assert faults_of(dialog) == {}
    settled()
    [riding] = dialog.findChildren(Riding)
    riding.add.click()
    settled()
    [(kind, to, said)] = ask(county, "SELECT kind, unit, text FROM notice")
    assert (kind, to, said[:20]) == ("missing", unit.unit, "你单位报送的数据包有缺号：缺第 2 包。")
    assert riding.said.text() == "已附上 1 家的通知，等下一次写出给下级的文件。"
    dialog.reject()
    page.take([bundle(fresh.stick(), second, to=county)])
    settled()
    assert chip(page, WAITING) == []
    assert ask(county, "SELECT count(*) FROM visit") == [(3,)]


def test_a_unit_that_is_not_known_yet_waits_and_leads_to_its_key(
    inbox, fresh, sticks, settled, window
):
    with fresh.county.write() as tx:
        tx.connection.exec_driver_sql("DELETE FROM peer WHERE unit = ?", (GRASS,))
    more(fresh.grassroots)
    page = inbox("county", fresh)
    assert page.detail.isHidden()
    assert "下级的 U 盘插上就收" in words(page.nothing)
    page.filter.chips[WAITING].click()
    settled()
    assert "没有在等的数据包" in words(page.nothing)
    plug(page, sticks, fresh.send("grassroots"), settled)
    assert "没有写回任何文件" in words(page.station)
    [badge] = [b for b in window.desk.navigation.buttons if b.text() == "收件"]
    assert badge.accessibleName() == "收件，2 个在等待或没有装入"
    rows = chip(page, TODAY)
    assert [row[8] for row in rows] == ["等待", "等待"]
    assert page.detail.again.isHidden()
    page.detail.peers.click()
    settled()
    assert window.desk.page.title == "上下级单位"
    item = window.desk.page._shown[window.desk.page.table.place()]
    assert (item.unit, item.status) == (GRASS, "pending")


def test_a_refused_file_is_kept_tried_again_and_removed_only_when_asked(
    inbox, offices, settled, tmp_path
):
    path = tmp_path / "letter.udsync"
    path.write_text("not a bundle")
    page = inbox("county")
    before = len(chip(page, HELD))
    page.take([path])
    settled()
    assert len(chip(page, HELD)) == before + 1
    assert "不是报送文件" in words(page.detail)
    page.detail.again.click()
    settled()
    assert len(chip(page, HELD)) == before + 1
    page.detail.drop.click()
    [box] = page.findChildren(QMessageBox)
    assert "不影响已装入的数据" in box.informativeText()
    [gone] = [made for made in box.buttons() if made.text() == "移除"]
    gone.click()
    settled()
    assert len(chip(page, HELD)) == before
