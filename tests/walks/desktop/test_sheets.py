"""Fifty rows from a spreadsheet, five cells of them wrong; find, edit many, take it back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.desktop.entering import samples
from tests.desktop.typing import press, type_text
from tests.store.offices import ask
from tests.walks.desktop.clicking import Hand
from union_desk.desktop.bulk_dialog import BulkDialog
from union_desk.desktop.chooser import Chooser
from union_desk.desktop.navigation import Route
from union_desk.desktop.rule_dialog import RuleDialog
from union_desk.desktop.undo_notice import UndoNotice

FORM, ROWS = "visit", 50
CTRL = Qt.KeyboardModifier.ControlModifier
SLIPS = {3: ("workers", "一百二"), 11: ("visit_date", "2012-13-01"), 20: ("mode", "随便"),
         33: ("workers", "许多"), 47: ("visit_date", "前天")}  # fmt: skip


def block(pack):
    """Return fifty visits as they lie on the clipboard."""
    form, lines = pack.forms[FORM], []
    names = list(samples(FORM)[0])
    lines.append("\t".join(form.by_id[name].label for name in names))
    for number in range(ROWS):
        row = dict(samples(FORM)[number % 8])
        row["place"], row["visit_date"] = f"第 {number} 处", f"2012-08-{number % 28 + 1:02}"
        if number in SLIPS:
            name, text = SLIPS[number]
            row[name] = text
        lines.append("\t".join(row[name] for name in names))
    return "\n".join(lines)


@pytest.fixture
def desk(own_desk, settled):
    made = own_desk("county")
    made.open(Route("ledger", form=FORM))
    settled()
    return made


def explain(desk, hand, settled):
    """Give each rule that warns its reason, by its first common one."""
    hand.click(desk.page.explain)
    dialog = desk.findChild(RuleDialog)
    for made in list(dialog.rows):
        hand.click(made.explain)
        made.box.line.setText("样本数据，已逐条核实")
        made.box.take()
        settled()


def test_fifty_rows_with_five_bad_cells_are_pasted_mended_found_edited_and_taken_back(
    desk, settled, pack, qtbot
):
    """Requirements 9, 11, 29."""
    store, hand = desk.session.store, Hand(settled)
    QApplication.clipboard().setText(block(pack))
    desk.page.table.setFocus() if desk.page.table.isVisible() else desk.page.bar.search.setFocus()
    desk.page.acts.paste()
    settled()
    preview = desk.page
    if preview.checked.warnings:
        explain(desk, hand, settled)
    bad = [place for place, verdict in preview.checked.verdicts.items() if verdict.state == "bad"]
    assert bad == sorted(SLIPS)
    desk.activateWindow()
    preview.table.setFocus()
    qtbot.waitUntil(preview.table.hasFocus)
    preview.table.go_to(preview.model.first_bad())
    for letter in "120":
        type_text(letter)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not preview._timer.isActive())
    settled()
    hand.click(preview.take)
    assert ask(store, f"SELECT record_state, count(*) FROM {FORM} GROUP BY 1 ORDER BY 1") == [
        ("confirmed", 46), ("draft", 4),
    ]  # fmt: skip
    page = desk.page
    desk.findChild(UndoNotice).close_notice()
    page.bar.search.setFocus()
    type_text("第 4")
    press(Qt.Key.Key_Return)
    settled()
    found = page.view.count
    assert 0 < found < ROWS
    page.table.setFocus()
    press(Qt.Key.Key_A, CTRL)
    hand.click(page.edit)
    dialog = desk.findChild(BulkDialog)
    chooser = dialog.findChild(Chooser)
    chooser.setCurrentIndex(chooser.findData("duty"))
    settled()
    dialog.activateWindow()
    dialog.editor.setFocus()
    qtbot.waitUntil(dialog.editor.hasFocus)
    type_text("副主席")
    qtbot.waitUntil(lambda: not dialog._timer.isActive())
    settled()
    if dialog.found.warnings:
        for code in {one.code for one in dialog.found.warnings}:
            dialog.explanations[code] = "样本数据，已逐条核实"
        dialog.try_it()
        settled()
    hand.click(dialog.act)
    changed = f"SELECT count(*) FROM {FORM} WHERE duty = '副主席'"
    assert ask(store, changed) == [(found,)]
    hand.click(desk.findChild(UndoNotice).undo_button)
    assert ask(store, changed) == [(0,)]
