"""报送记录: every file, its way and its receipt; written once more in one click; printed."""

import shutil

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.bundle.test_exporting import put
from tests.desktop.looking import faults_of
from tests.desktop.test_export import words
from tests.desktop.typing import press
from tests.exchange import packets, trust_parent
from union_desk.bundle import delivery, exporting
from union_desk.bundle.delivery import Target
from union_desk.desktop import slips
from union_desk.desktop.export_page import DONE
from union_desk.desktop.navigation import Route
from union_desk.desktop.paper_dialog import PaperDialog
from union_desk.desktop.session import Session
from union_desk.store import opening

DAY = "2012-08-31"


@pytest.fixture(scope="module")
def template(tmp_path_factory, empty_store):
    """The folder of a county that handed two files over, by stick and by mail."""
    folder = tmp_path_factory.mktemp("sent") / "data"
    shutil.copytree(empty_store("county"), folder)
    to = tmp_path_factory.mktemp("files")
    with opening.open_store(folder, password="secret") as store:
        put(store, "union_org")
        trust_parent(store)
        for way, carrier in (("stick", "王芳"), ("mail", None)):
            delivery.hand_over(store, Target(way, to, None, carrier), 1000, as_of=DAY)
    return folder


@pytest.fixture
def sent(window, template, settled, tmp_path):
    """The window of that county, its page 报送记录 on top; on the computer it always was on."""
    folder = tmp_path / "data-county"
    shutil.copytree(template, folder)
    session = Session(opening.open_store(folder, password="secret"), as_of_given=DAY)
    window._enter(session)
    window.desk.open(Route("sent"))
    settled()
    yield window.desk
    session.close()


def cells(page, row=0):
    return page.table.rows.rows[row].cells


def test_every_file_is_listed_with_its_way_its_carrier_and_that_no_receipt_came(sent):
    """Requirement 17."""
    page = sent.page
    assert page.table.rows.rowCount() == 2
    assert [cells(page, n)[3] for n in (0, 1)] == ["电子邮件", "U 盘"]
    assert cells(page, 1)[4] == "王芳"
    assert {cells(page, n)[6] for n in (0, 1)} == {"已写出"}
    assert cells(page)[2] == "乐山市总工会"
    told = words(page)
    assert "已写入并核对" in told
    assert "还没有回执" in told
    assert QApplication.focusWidget() is page.table
    press(Qt.Key.Key_Down)
    assert page._name.text().startswith(cells(page, 1)[1])


def test_a_file_turns_green_only_when_a_receipt_names_all_its_packets(sent, settled):
    """Requirement 17."""
    page, store = sent.page, sent.session.store
    with store.write() as tx:
        tx.connection.execute(sa.update(tx.tables.packet).values(acked=1))
    page.entered()
    settled()
    assert {row.cells[6] for row in page.table.rows.rows} == {"市已收"}
    assert {row.tone for row in page.table.rows.rows} == {"ok"}
    assert "签名核对过" in words(page)
    with store.write() as tx:
        table = tx.tables.form["union_org"]
        tx.connection.execute(sa.update(table).values(record_state="returned"))
    page.entered()
    settled()
    assert {row.cells[6] for row in page.table.rows.rows} == {"被退回"}
    page.filter.chips["received"].click()
    assert page.table.rows.rowCount() == 0
    assert not page.again.isEnabled()
    page.filter.chips["returned"].click()
    assert page.table.rows.rowCount() == 2


def test_one_click_writes_once_more_by_the_way_used_last(sent, settled, tmp_path, window):
    """Requirement 17."""
    to = tmp_path / "to"
    to.mkdir()
    window.settings |= {"export_way": "folder", "export_folder": str(to)}
    sent.page.again.click()
    settled()
    assert sent.page.steps.step == DONE
    [written] = to.glob("*.udsync")
    assert packets(written)


def test_the_slip_and_the_list_print(sent, settled, tmp_path):
    page = sent.page
    page.slip.click()
    settled()
    [dialog] = [d for d in page.window().findChildren(PaperDialog) if d.isVisible()]
    assert dialog.pdf.startswith(b"%PDF")
    assert faults_of(dialog) == {}
    dialog.save_to(tmp_path / "slip")
    assert (tmp_path / "slip.pdf").read_bytes() == dialog.pdf
    dialog.accept()
    assert slips.register(sent.session).startswith(b"%PDF")


def test_an_office_that_sent_nothing_is_shown_the_way(own_desk, settled):
    shell = own_desk("county")
    shell.open(Route("sent"))
    settled()
    assert "还没有报送过" in words(shell.page)
    gone = []
    shell.page.opened.disconnect(shell.open)
    shell.page.opened.connect(gone.append)
    press(Qt.Key.Key_Space)
    assert gone == [Route("export")]


def test_what_was_sent_down_is_written_again_downward(sent, settled, tmp_path):
    exporting.export(sent.session.store, tmp_path, reader="children", as_of=DAY)
    page = sent.page
    page.entered()
    settled()
    assert cells(page)[2] == "各下级单位"
    page.again.click()
    settled()
    assert sent.page.down
