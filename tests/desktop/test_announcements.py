"""What is told to a screen reader: requirement 23, and section 10 of the design of the window."""

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from tests.desktop.entering import CTRL, KEY, go_to, open_form
from tests.desktop.typing import press, type_text
from union_desk.desktop.announce import ANNOUNCER
from union_desk.desktop.notice_bar import NoticeBar
from union_desk.desktop.undo_notice import UndoNotice


@pytest.fixture
def heard():
    """Every announcement: words, and whether it is urgent."""
    told = []
    ANNOUNCER.said.connect(lambda words, urgent: told.append((words, urgent)))
    yield told
    ANNOUNCER.said.disconnect()


def test_an_error_is_read_out_when_the_focus_leaves_and_described_at_its_field(
    desk_of, settled, heard
):
    page = open_form(desk_of("county"), "enterprise")
    editor = go_to(page, "employees")
    type_text("许多")
    press(KEY.Key_Tab)
    settled()
    told = [words for words, urgent in heard if urgent]
    label = page.form.by_id["employees"].label
    assert any(words.startswith(f"{label}：") for words in told)
    spoken = QAccessible.queryAccessibleInterface(editor)
    assert spoken.text(QAccessible.Text.Name).startswith(label)
    assert spoken.text(QAccessible.Text.Description)
    before = len(heard)
    press(KEY.Key_Tab)
    assert not [words for words, _ in heard[before:] if words.startswith(f"{label}：")]


def test_saving_is_told_once_and_politely(desk_of, settled, heard):
    page = open_form(desk_of("county"), "enterprise")
    go_to(page, page.form.name_field)
    type_text("Taoci")
    press(KEY.Key_S, CTRL)
    settled()
    saved = [(words, urgent) for words, urgent in heard if "保存" in words or "已存" in words]
    assert saved
    assert not any(urgent for _, urgent in saved)


def test_a_notice_is_told_and_what_went_wrong_breaks_in(window, heard):
    UndoNotice.say(window, "已存为 名册.xlsx").close_notice()
    bar = NoticeBar()
    bar.say("没有写成。", tone="error")
    bar.say("被退回，请改好。", tone="warn")
    bar.deleteLater()
    assert heard == [("已存为 名册.xlsx", False), ("没有写成。", True), ("被退回，请改好。", False)]


@pytest.mark.parametrize("form", ["member", "hardship"])
def test_every_field_of_a_form_has_its_label_as_its_name_and_a_role(desk_of, form):
    page = open_form(desk_of("grassroots"), form)
    QApplication.processEvents()
    for name, cell in page.body.cells.items():
        spoken = QAccessible.queryAccessibleInterface(cell.editor)
        assert cell.item.label in spoken.text(QAccessible.Text.Name), name
        assert spoken.role() != QAccessible.Role.NoRole, name
