"""发还本单位数据包 on the page 上下级单位: what a unit has sent is written once more, as it came."""

import pytest
from PySide6.QtWidgets import QPushButton

from tests import exchange
from tests.desktop.test_peers import choose
from tests.store.offices import DAY, UNITS, new_store, put, rows_of, sheet
from union_desk.bundle import exporting, importing
from union_desk.desktop.navigation import Route

GRASS, NAME, _ = UNITS["grassroots"]


@pytest.fixture
def page(desk, settled, pack, tmp_path):
    """The page of a county that has taken in a bundle of a unit."""
    shown = desk("county")
    county = shown.session.store
    rows = [row for row in rows_of("union_org") if row["union_code"] == GRASS]
    assert not put(county, "union_org", sheet("union_org", *rows), reason="样本").refused
    with new_store(tmp_path / "unit", pack, "grassroots", known_parent=False) as unit:
        exchange.introduce(county, unit)
        put(unit, "member")
        (sent,) = exporting.export(unit, tmp_path, as_of=DAY)
        secret = exchange.own(unit).secret
    shown.sent = exchange.packets(sent.file, secret)
    importing.take_in(county, sent.file)
    shown.open(Route("settings"))
    settled()
    shown.page.peers.click()
    settled()
    shown.page.unit_sent = shown.sent, secret
    return shown.page


def test_a_folder_gets_the_packets_as_they_came(page, settled, tmp_path):
    choose(page, NAME)
    words = [made.text() for made in page.findChildren(QPushButton)]
    assert "发还本单位数据包…" in words
    stick = tmp_path / "stick"
    stick.mkdir()
    (item,) = [item for item in page._shown if item.origin == GRASS]
    page.give_back(item, stick)
    settled()
    (written,) = stick.iterdir()
    sent, secret = page.unit_sent
    assert exchange.packets(written, secret) == sent
    assert "已写入并核对" in page._next.text()
    assert "1 个数据包" in page._next.text()
