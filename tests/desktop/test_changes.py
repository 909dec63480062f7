"""报告变化 in the window: offered on a row that others write, listed and answered above."""

import pytest
from PySide6.QtWidgets import QPushButton

from tests.desktop.entering import open_form
from tests.desktop.looking import faults_of
from union_desk.desktop import waiting
from union_desk.desktop.change_dialog import ChangeDialog, became
from union_desk.desktop.form_beside import REPORT
from union_desk.desktop.navigation import Route
from union_desk.store import changes
from union_desk.store.layout import layout
from union_desk.store.notes import new_head
from union_desk.store.writing import Write, write_rows

COUNTY, UNIT = "511102000013", "511102400017"


@pytest.fixture
def row(own_desk):
    """A desk and the uid of an enterprise that another office wrote, by making it so."""

    def make(level, origin):
        desk = own_desk(level)
        store = desk.session.store
        with store.write() as transaction:
            head = new_head(transaction, COUNTY, "2012M08") | {"origin": origin}
            cells = {"name": "乐山沫水餐饮管理有限公司", "uscc": "91511102MA0T00011M"} | head
            made = layout(transaction.tables, "enterprise")
            write = Write(tuple(cells.get(name) for name in made.columns))
            write_rows(transaction, "enterprise", [write], act="confirm")
        return desk, str(head["uid"])

    return make


def test_a_change_is_reported_from_the_page_of_a_row_that_is_read_only(row, settled):
    desk, uid = row("grassroots", COUNTY)
    page = open_form(desk, "enterprise", uid)
    settled()
    assert REPORT in [title for title, _, _ in page.acts.menu()]
    assert page.notice.words.startswith("这条记录由市中区总工会填报")
    page.notice.first_button().click()
    dialog = desk.window().findChild(ChangeDialog)
    settled()
    assert not faults_of(dialog)
    dialog.act.click()
    assert dialog._text.error
    dialog.kind.setCurrentIndex(dialog.kind.findData("renamed"))
    dialog.value.setText("沫水饮食有限公司")
    dialog.act.click()
    settled()
    assert "更名：沫水饮食有限公司，等上级处理" in desk.page.notice.words
    store = desk.session.store
    with store.read() as connection:
        (told,) = changes.of_record(connection, store, uid)
    assert (told.kind, told.who, told.unit) == ("renamed", store.person, UNIT)


def test_the_office_that_writes_the_row_sees_the_report_and_answers_it(row, settled):
    desk, uid = row("county", COUNTY)
    store = desk.session.store
    with store.write() as transaction:
        said = {"form": "enterprise", "record": uid, "kind": "staff", "value": "120 人",
                "who": "王某", "date": "2012-08-30"}  # fmt: skip
        head = new_head(transaction, UNIT, "2012M08") | {"origin": UNIT}
        made = layout(transaction.tables, changes.FORM)
        row_ = tuple(head.get(name, said.get(name)) for name in made.columns)
        write_rows(transaction, changes.FORM, [Write(row_)], act="confirm")
    desk.open(Route("changes"))
    settled()
    page = desk.page
    assert [one.record for one in page.waiting] == [uid]
    found = waiting.count(desk.session)
    assert (found.places["review"], found.tabs) == (1, {"changes": 1})
    desk.head.show_counts(found.tabs)
    tabs = [made.text() for made in desk.head.findChildren(QPushButton) if made.isCheckable()]
    assert tabs == ["待审记录", "由本级确定", "报告变化 1"]
    assert page.table.rows.rows[0].cells[2] == "人数：120 人"
    assert not faults_of(page)
    page.decide(page.waiting[0], "已改为 120 人", done=True)
    settled()
    assert page.waiting == []
    found = waiting.count(desk.session)
    assert (found.places["review"], found.tabs) == (0, {"changes": 0})
    desk.head.show_counts(found.tabs)
    assert "报告变化" in [made.text() for made in desk.head.findChildren(QPushButton)]
    assert page.nothing.isVisible()
    assert not page.open.isVisible()
    with store.read() as connection:
        (told,) = changes.of_record(connection, store, uid)
    assert became(told) == "上级已改：已改为 120 人"
