"""Masked fields on the form, and the record's history in the window."""

import csv

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.desktop.typing import press, type_text
from tests.store.offices import draft, run
from union_desk import resources
from union_desk.desktop import editors, form_access
from union_desk.desktop.editor import Reader
from union_desk.desktop.history_dialog import HistoryDialog
from union_desk.desktop.navigation import Route
from union_desk.store import intake, records
from union_desk.taskpack.definition import Field
from union_desk.taskpack.field_types import HIDDEN, SENSITIVE, Hints
from union_desk.taskpack.record import Table

FORM = "member"


@pytest.fixture
def page(desk, settled):
    """The form page on the first kept record of a register of persons."""
    shown = desk("county")
    store = shown.session.store
    with (resources.samples() / f"{FORM}.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    place = header.index("unit") if "unit" in header else None
    if place is not None:
        for row in rows:
            row[place] = store.unit
    done = intake.put(
        store, FORM, Table(FORM, header, rows[:1]), as_of="2012-08-31", reason="样本", drafts=True
    )
    assert done.added + done.drafts == 1, done.findings
    with store.read() as connection:
        uid = connection.exec_driver_sql(f"SELECT uid FROM {FORM}").scalar()
    shown.open(Route("form", form=FORM, uid=uid))
    settled()
    return shown.page


@pytest.fixture
def editor(page):
    made = page.body.editor("person_id")
    page.body.ensure_visible("person_id") if hasattr(page.body, "ensure_visible") else None
    return made


def reveals(page):
    with page.session.store.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT a.uid, v.new FROM audit a JOIN audit_value v ON v.n = a.n WHERE a.act = 'reveal'"
        ).all()
    return [tuple(row) for row in rows]


def test_a_kept_id_number_stays_masked_under_the_cursor_and_nothing_is_written_down(page, editor):
    assert "*" in editor.text()
    editor.setFocus()
    assert "*" in editor.text()
    assert reveals(page) == []


def test_it_is_shown_once_that_is_written_down_and_until_the_page_is_left(page, editor):
    number = editor.draft()["person_id"]
    editor.setFocus()
    press(Qt.Key.Key_F4)
    assert editor.text() == number
    assert reveals(page) == [(page.entry.base.uid, '{"field":"person_id"}')]
    press(Qt.Key.Key_Tab)
    assert editor.text() == number
    assert editor.draft()["person_id"] == number
    page.load(page.entry.base.uid)
    QApplication.processEvents()


def test_typing_over_a_masked_number_replaces_all_of_it(page, editor):
    editor.setFocus()
    type_text("5")
    assert editor.text() == "5"
    assert reveals(page) == []


def test_leaving_a_masked_field_changes_nothing(page, editor):
    number = editor.draft()["person_id"]
    editor.setFocus()
    press(Qt.Key.Key_Tab)
    assert editor.draft()["person_id"] == number
    assert not page.entry.dirty


def test_who_may_not_see_it_is_told_so(page, editor):
    from union_desk.desktop import faults

    page.session.store.roles = ("admin",)
    editor.setFocus()
    press(Qt.Key.Key_F4)
    assert "*" in editor.text()
    assert faults._shown
    assert reveals(page) == []


def test_the_history_of_a_record_names_who_when_old_and_new_and_masks_what_is_private(
    page, editor, settled
):
    name = page.body.editor("name")
    name.setFocus()
    name.selectAll()
    type_text("王大毛")
    editor.setFocus()
    type_text("511197199408116135")
    press(Qt.Key.Key_Tab)
    page.acts.save()
    settled()
    page.acts.show_history()
    settled()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, HistoryDialog)
    cells = [
        [dialog.table.item(line, place).text() for place in range(7)]
        for line in range(dialog.table.rowCount())
    ]
    shown = " ".join(" ".join(line) for line in cells)
    dialog.accept()
    assert all(line[1] == "李敏" for line in cells)
    assert "511197199408116135" not in shown
    if page.entry.base.record_state == "draft":
        assert "王大毛" in shown


def test_id_numbers_in_a_detail_table_are_masked_and_shown_with_a_row_in_the_log(desk, settled):
    shown = desk("county")
    store = shown.session.store
    parent, detail = "hardship", "hardship_family"
    with (resources.samples() / f"{parent}.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    with (resources.samples() / f"{detail}.csv").open(encoding="utf-8-sig", newline="") as file:
        inner, *members = csv.reader(file)
    tables = {detail: Table(detail, inner, members)}
    done = intake.put(
        store,
        parent,
        Table(parent, header, rows),
        tables,
        as_of="2012-08-31",
        reason="样本",
        drafts=True,
    )
    assert done.added + done.drafts, done.findings
    with store.read() as connection:
        uid, number = connection.exec_driver_sql(
            f"SELECT parent, person_id FROM {detail} WHERE person_id IS NOT NULL LIMIT 1"
        ).one()
        row = connection.exec_driver_sql(
            f"SELECT position FROM {detail} WHERE parent = ? AND person_id = ?", (uid, number)
        ).scalar()
    shown.open(Route("form", form=parent, uid=uid))
    settled()
    page = shown.page
    table = page.body.grids[detail].table
    model = table.model()
    column = next(
        place
        for place in range(model.columnCount())
        if model.item(model.index(0, place)).id == "person_id"
    )
    places = [
        line for line in range(model.rowCount()) if "*" in str(model.index(line, column).data())
    ]
    assert places, row
    table.setFocus()
    table.open_cell(model.index(places[0], column))
    editor = table.open_editor()
    assert "*" in editor.text()
    press(Qt.Key.Key_F4)
    assert "*" not in editor.text()
    assert reveals(page) == [(uid, '{"field":"person_id"}')]


@pytest.fixture
def poor(desk, settled):
    """The form page on a kept record of the form with most sensitive fields, and its form."""
    shown = desk("grassroots")
    form = max(
        (form for form in shown.session.pack.top_forms if "grassroots" in form.writers),
        key=lambda form: sum(item.sensitivity >= SENSITIVE for item in form.fields),
    )
    values = {item.id: answer(shown.session.pack, item) for item in form.fields}
    record = draft(form.id, {key: value for key, value in values.items() if value is not None})
    store = shown.session.store
    with store.write() as tx:
        records.put_draft(tx, record, run(store, tx.connection))
    shown.open(Route("form", form=form.id, uid=record.uid))
    settled()
    return shown.page, record


def answer(pack, item):
    if item.computed is not None or item.decided_by is not None:
        return None
    if item.type in ("choice", "multi"):
        return (item.choices or tuple(code.code for code in pack.codes(item).items))[0]
    return {
        "text": "张三", "longtext": "一段话", "money": 120_000, "int": 3, "bool": 1,
        "person_id": "511197197002143126", "date": "2012-08-01", "phone": "13900002000",
    }.get(item.type)  # fmt: skip


def test_every_sensitive_field_of_a_kept_record_is_hidden_whatever_its_type(poor):
    page, record = poor
    seen = set()
    for item in page.form.fields:
        if item.sensitivity < SENSITIVE or item.id not in record.values:
            continue
        editor = page.body.editor(item.id)
        assert editor.hidden, item.id
        shown = editor.text() if hasattr(editor, "text") else editor.accessibleName()
        assert HIDDEN in shown or "*" in shown, item.id
        assert editor.cells() == {item.id: record.values[item.id]}
        seen.add(item.type)
    assert {"choice", "multi", "bool", "money", "person_id"} <= seen
    assert not page.entry.dirty
    assert reveals(page) == []


def test_each_is_shown_by_f4_with_its_row_and_nothing_is_changed_by_it(poor):
    page, record = poor
    fields = [
        item
        for item in page.form.fields
        if item.sensitivity >= SENSITIVE and item.id in record.values
    ]
    for item in fields:
        editor = page.body.editor(item.id)
        editor.setFocus()
        if item.type in ("bool", "multi"):
            type_text("1")
            assert editor.cells() == {item.id: record.values[item.id]}
        press(Qt.Key.Key_F4)
        assert not editor.hidden, item.id
        assert editor.cells() == {item.id: record.values[item.id]}
    assert [uid for uid, _ in reveals(page)] == [record.uid] * len(fields)
    assert not page.entry.dirty


def test_what_is_being_typed_into_a_new_record_is_not_hidden(poor, settled):
    page, _ = poor
    shown = page.window().desk
    shown.open(Route("form", form=page.form.id))
    settled()
    page = shown.page
    item = next(x for x in page.form.fields if x.type == "money" and x.sensitivity >= SENSITIVE)
    editor = page.body.editor(item.id)
    editor.setFocus()
    type_text("1200")
    press(Qt.Key.Key_Tab)
    assert editor.text() == "1,200.00"


def test_a_long_text_is_hidden_and_shown_by_a_click(dressed, pack, qtbot):
    asked = []
    item = Field("story", "事由", "longtext", sensitivity=SENSITIVE)
    reader = Reader(pack, Hints(), reveal=lambda field: not asked.append(field.id))
    editor = editors.make(item, reader)
    qtbot.addWidget(editor)
    editor.set_cells({"story": "家里的事"})
    editor.set_locked(locked=False)
    assert editor.toPlainText() == HIDDEN
    assert editor.isReadOnly()
    assert editor.cells() == {"story": "家里的事"}
    editor.show()
    qtbot.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton)
    assert asked == ["story"]
    assert editor.toPlainText() == "家里的事"
    assert not editor.isReadOnly()
    editor.restore({"story": "改过"})
    assert editor.toPlainText() == "改过"


def test_a_list_shows_nothing_of_sensitive_values_not_even_whom_they_are_about(pack):
    reader = Reader(pack, Hints())
    assert reader.shown(Field("a", "额", "money", sensitivity=SENSITIVE), 5, masked=True) == HIDDEN
    who = Field("h", "谁", "ref", form="member", sensitivity=SENSITIVE)
    assert form_access.shown(reader, who, {"h": "x", "h__label": "张三"}) == HIDDEN
