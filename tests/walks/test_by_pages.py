"""Three offices by their pages: sent by the wizard, taken in from sticks, returned, mended, received.

A folder stands for the stick that is carried from desk to desk. The figures at the city are those
of the unit, and the city has the unit's own signature on what the county passed on.
"""

from contextlib import ExitStack

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.bundle.offices import GRASS, Offices, build
from tests.desktop.conftest import dressed, settled, tidy, window
from tests.desktop.entering import confirm, go_to
from tests.desktop.test_export import words
from tests.desktop.typing import press, replace_text
from tests.store.offices import DAY, ask, get, put
from union_desk import crypto
from union_desk.bundle import drives
from union_desk.bundle.drives import Drive
from union_desk.desktop.export_page import CHECK, DONE, TARGET
from union_desk.desktop.navigation import Route
from union_desk.desktop.return_dialog import ReturnDialog
from union_desk.desktop.session import Session
from union_desk.store import peers, received

__all__ = ["dressed", "settled", "tidy", "window"]
MEMBERS = "SELECT uid, name, person_id, join_date FROM member ORDER BY uid"


@pytest.fixture
def offices(pack, tmp_path, monkeypatch):
    """A city, a county and a grassroots unit that know one another."""
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    build(tmp_path / "made", pack)
    with ExitStack() as stack:
        yield Offices(tmp_path / "made", tmp_path, stack)


class Clerk:
    """Sits down at the desk of one office after another, the stick in hand."""

    def __init__(self, window, offices, settled, stick, in_now):
        self.window, self.offices, self.settled = window, offices, settled
        self.stick, self.in_now = stick, in_now

    def at(self, level, kind, **more):
        """Open a page of an office."""
        self.in_now.clear()
        self.window._enter(Session(getattr(self.offices, level), as_of_given=DAY))
        self.window.activateWindow()  # a dialog may have been on top
        self.window.desk.open(Route(kind, **more))
        self.settled()
        return self.window.desk.page

    def send(self, level, *, down=False):
        """Walk through 报送 by the space bar, onto the stick."""
        page = self.at(level, "export")
        if down and not page.down:
            page.content.chips[1].click()
            self.settled()
        self.in_now.append(Drive(self.stick, "", "工会", "vfat", 1 << 30))
        for step in (CHECK, TARGET):
            press(Qt.Key.Key_Space)
            self.settled()
            assert page.steps.step == step, words(page)
        page.copy.setChecked(False)
        page.target.cards["stick"].setChecked(True)
        page.target.drives.look()
        self.settled()
        page.next.setFocus()
        press(Qt.Key.Key_Space)
        self.settled()
        assert page.steps.step == DONE
        assert "核对无误" in words(page.done)

    def take(self, level):
        """Put the stick in on 收件 or 装入."""
        page = self.at(level, "inbox")
        page.station._timer.stop()
        self.in_now.append(Drive(self.stick, "", "工会", "vfat", 1 << 30))
        page.station.look()
        self.settled()
        self.settled()
        return words(page.station)

    def sent_state(self, level):
        """What 报送记录 says of the newest file to the parent."""
        page = self.at(level, "sent")
        parent = page.session.store.parent
        item, row = next(
            (item, row)
            for item, row in zip(page._shown, page.table.rows.rows, strict=True)
            if item.reader == parent
        )
        assert item.verified
        return row.cells[6]


@pytest.fixture
def clerk(window, offices, settled, tmp_path, monkeypatch):
    in_now = []
    monkeypatch.setattr(drives, "found", lambda: tuple(in_now))
    stick = tmp_path / "stick"
    stick.mkdir()
    yield Clerk(window, offices, settled, stick, in_now)
    window.session = None


def test_records_go_up_come_back_with_a_remark_go_up_mended_and_every_file_turns_green(
    clerk, offices, settled
):
    unit, county, city = offices.grassroots, offices.county, offices.city
    put(unit, "member")
    clerk.send("grassroots")
    assert clerk.sent_state("grassroots") == "已写出"
    told = clerk.take("county")
    assert "已装入" in told
    assert "写回 1 个文件，已核对" in told
    assert ask(county, MEMBERS) == ask(unit, MEMBERS)
    assert "已装入" in clerk.take("grassroots")
    assert clerk.sent_state("grassroots") == "县已收"

    page = clerk.at("county", "review")
    page.table.setFocus()
    uid = page.model.items[0].uid
    press(Qt.Key.Key_R)
    settled()
    dialog = page.window().findChild(ReturnDialog)
    dialog.text.setFocus()
    replace_text("姓名请核对身份证")
    dialog.place.setCurrentIndex(dialog.place.findData("name"))
    dialog.act.click()
    settled()
    clerk.send("county", down=True)
    assert "已装入" in clerk.take("grassroots")
    assert get(unit, "member", uid).record_state == "returned"
    assert clerk.sent_state("grassroots") == "被退回"

    page = clerk.at("grassroots", "form", form="member", uid=uid)
    assert "被退回：姓名请核对身份证" in page.notice.words
    said = [(line.level, line.words) for line in page.body.cells["name"].lines]
    assert ("returned", "上级意见：姓名请核对身份证") in said
    go_to(page, "name")
    replace_text("周沫云")
    confirm(page, settled)
    assert get(unit, "member", uid).values["name"] == "周沫云"
    clerk.send("grassroots")
    assert "写回" in clerk.take("county")
    assert get(county, "member", uid).values["name"] == "周沫云"
    clerk.take("grassroots")
    assert clerk.sent_state("grassroots") == "县已收"

    clerk.send("county")
    told = clerk.take("city")
    assert "市中区总工会、乐山沫水餐饮管理工会委员会：装入" in told
    assert "写回 1 个文件，已核对" in told
    assert ask(city, MEMBERS) == ask(unit, MEMBERS)
    with city.read() as connection:
        publics = {peer.sign_public for peer in peers.everyone(connection, city, origin=GRASS)}
        passed = [
            item
            for item in received.arrivals(connection, city, received.APPLIED)
            if item.origin == GRASS and item.n
        ]
    assert passed
    assert {crypto.signed_by(item.signature) for item in passed} <= publics
    assert "已装入" in clerk.take("county")
    assert clerk.sent_state("county") == "市已收"
    clerk.send("county", down=True)
    clerk.take("grassroots")
    assert clerk.sent_state("grassroots") == "市已收"
    QApplication.processEvents()
