"""Beside the record on the page: the periods before, pins, remarks of a return, a likely twin."""

import pytest
from PySide6.QtCore import Qt

from tests.desktop.entering import go_to, open_form, samples, type_field
from tests.desktop.typing import press
from tests.store.offices import put
from union_desk.desktop.form_beside import PINNED, TWIN
from union_desk.desktop.navigation import Route
from union_desk.taskpack.period import Period
from union_desk.taskpack.record import Table

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(own_desk):
    return own_desk("grassroots")


def typed(page, name, text, tmp_path, settled):
    go_to(page, name)
    type_field(page, name, text, tmp_path)
    press(Qt.Key.Key_Return)
    settled()


def test_a_pinned_field_is_carried_over_until_it_is_let_go(desk, settled, tmp_path):
    """Requirement 24."""
    page = open_form(desk, "member")
    typed(page, "name", "苏小雨", tmp_path, settled)
    typed(page, "post", "车工", tmp_path, settled)
    go_to(page, "post")
    assert page.side.pin.text() == "固定：下一条沿用"
    press(Qt.Key.Key_D, CTRL | SHIFT)
    settled()
    assert page.side.pin.text() == "取消固定"
    press(Qt.Key.Key_Return, CTRL | SHIFT)
    settled()
    assert page.entry.new
    assert page.entry.values["post"] == "车工"
    assert page.entry.values["name"] is None
    assert page.body.cells["post"]._note == PINNED
    desk.open(Route("dashboard"))
    page = open_form(desk, "member")
    assert page.beside.pins == ["post"]
    go_to(page, "post")
    page.side.pin.click()
    settled()
    assert page.beside.pins == []


def test_a_likely_twin_is_told_while_one_types_and_opened_by_one_click(desk, settled, tmp_path):
    """Requirement 25: it never blocks."""
    row = samples("member")[0]
    store = desk.session.store
    put(store, "member", Table("member", list(row), [list(row.values())]), reason="样本说明",
        drafts=True)  # fmt: skip
    page = open_form(desk, "member")
    typed(page, "person_id", row["person_id"], tmp_path, settled)
    assert page.notice.words.startswith(TWIN)
    assert page.foot.confirm_button.isEnabled()
    other = store.tables.form["member"]
    page.notice.first_button().click()
    settled()
    with store.read() as connection:
        uid = connection.execute(other.select()).mappings().first()["uid"]
    assert desk.page.entry.base.uid == uid


def test_the_remark_of_a_return_stands_at_its_field(desk, settled):
    """Requirement 17."""
    store = desk.session.store
    put(store, "visit", reason="样本说明", period="2012M08")
    with store.write() as transaction:
        connection = transaction.connection
        connection.exec_driver_sql("UPDATE visit SET record_state = 'returned' WHERE rowid = 1")
        uid = connection.exec_driver_sql("SELECT uid FROM visit WHERE rowid = 1").scalar()
    note = {
        "record": uid, "form": "visit", "field": "workers", "text": "与签到表不符，请核对",
        "reviewer": "王科", "date": "2012-08-30",
    }  # fmt: skip
    done = put(store, "return_note", Table("return_note", list(note), [list(note.values())]),
               reason="退回")  # fmt: skip
    if done.refused:
        pytest.fail(done.findings[0].message)
    page = open_form(desk, "visit", uid)
    settled()
    lines = [(line.level, line.words) for line in page.body.cells["workers"].lines]
    assert ("returned", "上级意见：与签到表不符，请核对") in lines


def test_a_sheet_shows_the_period_before_and_the_same_of_last_year(desk, settled, pack, tmp_path):
    form = next(
        one for one in pack.top_forms if one.kind == "sheet" and "grassroots" in one.writers
    )
    row = dict(samples(form.id)[0])
    row = {name: text for name, text in row.items() if name not in ("unit", "period")}
    before = "2012Q2"
    done = put(desk.session.store, form.id, Table(form.id, list(row), [list(row.values())]),
               reason="样本说明", period=before)  # fmt: skip
    if done.refused:
        pytest.fail(done.findings[0].message)
    desk.session.choose(Period.parse("2012Q3"))
    page = open_form(desk, form.id)
    number = next(name for name in page.body.stops()
                  if form.by_id[name].type == "int" and row.get(name))  # fmt: skip
    go_to(page, number)
    settled()
    title, value = page.beside.words(page.form.by_id[number])[0]
    assert title == "上期（2012年第二季度）"
    assert value.replace(",", "") == row[number]
    assert page.side.others()[0] == value
