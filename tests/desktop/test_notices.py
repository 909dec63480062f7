"""催报 rides with the next file to the unit that is late, shows on its 工作台, goes when done."""

from contextlib import ExitStack

import pytest
from PySide6.QtCore import Qt

from tests.bundle.offices import COUNTY, GRASS, Offices, build
from tests.desktop.looking import faults_of
from tests.desktop.typing import press
from tests.store.offices import PROPOSAL, confirm, draft
from union_desk.desktop import export_content, told_lines
from union_desk.desktop.navigation import Route
from union_desk.desktop.reminder_dialog import ReminderDialog
from union_desk.desktop.session import Session
from union_desk.store import notices, told
from union_desk.store.notices import MISSING, OVERDUE, Notice

DAY, MONTH = "2012-08-31", "2012M07"
LATE = Notice(GRASS, OVERDUE, "请尽快报送。", due_date="2012-08-05", period=MONTH)


@pytest.fixture(scope="module")
def made(pack, tmp_path_factory):
    folder = tmp_path_factory.mktemp("notices")
    build(folder, pack)
    return folder


@pytest.fixture
def offices(made, tmp_path, monkeypatch):
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    with ExitStack() as stack:
        yield Offices(made, tmp_path, stack)


@pytest.fixture
def enter(window, settled):
    """Open an office in the window on the day of the samples; return the page on top."""

    def at(store, route=None):
        window._enter(Session(store, as_of_given=DAY))
        settled()
        if route is not None:
            window.desk.open(route)
            settled()
        return window.desk.page

    return at


def asked_of(store):
    with store.read() as connection:
        return told.told(connection, store)


def test_a_reminder_rides_with_the_next_file_once_and_is_taken_back_until_then(
    enter, offices, settled, stand, window
):
    county = offices.county
    page = enter(county, Route("filings"))
    page._go_to_period(MONTH)
    settled()
    assert not page.remind_one.isEnabled()
    assert page.remind_one.toolTip() == "先点中一个有逾期的下级单位"
    row = [one.unit.code for one in page.table.model.rows].index(GRASS)
    page.table.units.setCurrentIndex(page.table.model.index(row, 0))

    def reminder(opener):
        opener.click()
        settled()
        return window.findChildren(ReminderDialog)[-1]

    def standing():
        with county.read() as connection:
            return [(one.notice.asks[:3], one.gone) for one in notices.written(connection, county)]

    dialog = reminder(page.remind_one)
    line = dialog.riding
    assert not faults_of(dialog)
    assert not line.back.isVisibleTo(dialog)
    stand(line.add)
    press(Qt.Key.Key_Return)
    settled()
    assert "已附上 1 家的通知" in line.said.text()
    assert (line.add.isVisibleTo(dialog), line.back.hasFocus()) == (False, True)
    press(Qt.Key.Key_Return)
    settled()
    assert (line.said.text()[:4], standing()) == ("已取回。", [])
    assert line.add.hasFocus()
    line.add.click()
    settled()
    dialog.reject()
    dialog = reminder(page.remind)  # all that are late: it has one already
    assert dialog.riding.add.isVisibleTo(dialog) is False
    dialog.reject()
    assert notices.send(county, [LATE]) == []
    assert standing() == [((GRASS, OVERDUE, MONTH), False)]
    assert singly(page.session) == ["退回意见、批复和通知：乐山沫水餐饮管理工会委员会"]
    offices.down("county", "grassroots")
    dialog = reminder(page.remind)
    assert "1 家的通知已随文件写出" in dialog.riding.said.text()
    assert not dialog.riding.back.isVisibleTo(dialog)
    assert singly(page.session) == []
    dialog.reject()
    assert notices.withdraw(county, [one.uid for one in _written(county)]) == 0
    assert [one.notice.text for one in asked_of(offices.grassroots)] == [
        one.notice.text for one in _written(county)
    ]


def singly(session):
    """What 报送 says to be for single units."""
    content = export_content.gather(session, down=True)
    return [words for title, words, _ in content.lines if title == "单独给某个单位"]


def _written(store):
    with store.read() as connection:
        return notices.written(connection, store)


def test_the_unit_sees_who_asks_for_what_is_led_there_and_is_left_alone_once_it_has_sent_it(
    enter, offices, settled
):
    grass = offices.grassroots
    notices.send(offices.county, [LATE])
    offices.down("county", "grassroots")
    page = enter(grass)
    (bar,) = page.told.bars
    assert bar.words.startswith("市中区总工会")
    assert "催报：2012年7月的《" in bar.words
    assert "还没有报，8 月 5 日已截止。" in bar.words
    assert not faults_of(page)
    bar.first_button().click()
    settled()
    assert page.month.period.id == MONTH
    page._state_nil()
    settled()
    assert "都填好了，还没有报送" in page.told.bars[0].words
    offices.up("grassroots", "county")
    page.entered()
    settled()
    assert not page.told.isVisibleTo(page)


def test_what_went_out_before_the_reminder_came_is_asked_for_once_more(offices):
    grass = offices.grassroots
    confirm(grass, draft("proposal", PROPOSAL))
    offices.send("grassroots")  # it never arrives
    notices.send(offices.county, [Notice(GRASS, MISSING, "缺第 1 包。")])
    offices.down("county", "grassroots")
    (one,) = asked_of(grass)
    assert (one.owed, told_lines.way(one, Session(grass)).kind) == ((), "sent")
    assert "发来缺号通知：缺第 1 包。" in told_lines.words(one, grass.pack)
    offices.send("grassroots")
    assert asked_of(grass) == []


def test_a_county_is_reminded_on_its_dashboard(enter, offices, settled, window):
    notices.send(
        offices.city, [Notice(COUNTY, OVERDUE, "请报。", due_date="2012-08-05", period=MONTH)]
    )
    offices.down("city", "county")
    page = enter(offices.county)
    (bar,) = page.told.bars
    assert bar.words.startswith("乐山市总工会")
    form = asked_of(offices.county)[0].owed[0].form
    bar.first_button().click()
    settled()
    assert (window.desk.route.kind, window.desk.route.form) == ("ledger", form)
    assert window.desk.page.wanted.units == (COUNTY,)
