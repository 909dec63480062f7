"""A clerk at the form page: goes to a field, types what stands in the samples, reads what is shown."""

import csv
from functools import lru_cache

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QApplication

from tests.desktop.typing import focused, press, type_text
from union_desk import resources
from union_desk.desktop.attachment_editor import AttachmentEditor
from union_desk.desktop.chips_editor import ChipsEditor
from union_desk.desktop.explain_box import ReasonLine
from union_desk.desktop.navigation import Route
from union_desk.desktop.yes_no_editor import YesNoEditor

KEY, CTRL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@lru_cache
def samples(form):
    """Return the sample rows of a form: text by field id, as files hold it."""
    with (resources.samples() / f"{form}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def rows_below(pack, form, row, detail):
    """Return the sample rows of a detail form that belong to a sample row of its parent."""
    link = pack.forms[detail].parent_field
    keys = (*form.natural_keys, *((form.short_key,) if form.short_key else ()))
    names = {"|".join(row[part] for part in key) for key in keys}
    return [below for below in samples(detail) if below[link] in names]


def level_of(form):
    """Return the lowest level that enters rows of a form."""
    return next(level for level in ("grassroots", "county", "city") if level in form.writers)


def open_form(desk, form, uid=None, **more):
    """Open the form page of a record, or of a new one."""
    desk.open(Route("form", form=form, uid=uid, **more))
    QApplication.processEvents()
    return desk.page


def go_to(page, name):
    """Put the focus into a field as the strip and the contents do."""
    page.body.focus(name)
    return page.body.editor(name)


def type_field(page, name, text, tmp_path):
    """Type `text` into the field that has the focus, whatever its editor, and stay in it."""
    editor = page.body.editor(name)
    if isinstance(editor, AttachmentEditor):
        paste_file(tmp_path / f"{name}.pdf")
    elif isinstance(editor, ChipsEditor):
        press(KEY.Key_Delete)
        for code in filter(None, text.split(";")):
            type_text(code)
    elif isinstance(editor, YesNoEditor):
        press(KEY.Key_Delete)
        type_text(text)
    else:
        press(KEY.Key_A, CTRL)
        press(KEY.Key_Delete)
        type_text(text)


def paste_file(path):
    """Copy a file in the file manager and paste it here."""
    path.write_bytes(PDF)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    QApplication.clipboard().setMimeData(data)
    press(KEY.Key_V, CTRL)


def fill(page, row, tmp_path, *, leave_out=()):
    """Go through the form from the first field to the last by Enter and type a sample row."""
    typed = []
    stops = page.body.stops()
    page.body.focus(stops[0])
    while True:
        name = page.body.has_focus()
        if name is None or name in page.body.grids:
            return typed
        if name not in leave_out and row.get(name) and name not in typed:
            type_field(page, name, row[name], tmp_path)
        typed.append(name)
        on = KEY.Key_Tab if page.form.by_id[name].type == "longtext" else KEY.Key_Return
        press(on)
        if page.body.has_focus() == name:
            raise AssertionError(f"{name} keeps the focus")


def fill_details(page, name, rows):
    """Type sample rows into a detail table, cell by cell, with Enter."""
    grid = page.body.grids[name]
    grid.table.enter(forward=True)
    for row in rows:
        for item in grid.model.fields:
            if item.computed is None:
                if row.get(item.id):
                    type_text(row[item.id])
                press(KEY.Key_Return)
    press(KEY.Key_Return)


def shown_errors(page):
    """Return what stands under the fields, by field."""
    return {
        name: [line.words for line in cell.lines]
        for name, cell in page.body.cells.items()
        if cell.lines
    }


def get(session, form, uid):
    """Return a record as the store has it."""
    from union_desk.store import records

    with session.store.read() as connection:
        return records.get(connection, session.store.tables, form, uid)


def name_of_focus():
    """Return the accessible name of what has the focus."""
    return focused().accessibleName()


def confirm(page, settled, reason="样本数据，已核实无误"):
    """Confirm by keyboard, writing a reason for every warning; return how many were asked for."""
    asked = 0
    press(KEY.Key_Return, CTRL)
    settled()
    while page.entry.base.record_state == "draft" and isinstance(focused(), ReasonLine):
        asked += 1
        type_text(reason)
        press(KEY.Key_Return)
        settled()
        if focused() is page.foot.confirm_button:
            press(KEY.Key_Return)
            settled()
    return asked
