"""Help inside the program: ten short pages with pictures, the keys, a slip for the phone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from tests.desktop.looking import FORBIDDEN, faults_of, texts
from tests.desktop.typing import press, type_text
from union_desk.desktop import help_slip, help_texts
from union_desk.desktop.navigation import Route
from union_desk.desktop.text_dialog import TextDialog


@pytest.fixture
def page(sample_desk, settled):
    desk = sample_desk("grassroots")
    desk.open(Route("help"))
    settled()
    return desk.page


def titles(page):
    return [page.list.item(n).text() for n in range(page.list.count())]


def test_there_are_ten_short_pages_with_pictures_of_the_program(dressed):
    pages = help_texts.pages()
    assert len(pages) == 10
    assert all(sum(len(block.words) for block in text.blocks) < 500 for text in pages)
    shown = [block.picture for text in pages for block in text.blocks if block.picture]
    assert len(shown) >= 9
    assert all(QPixmap(str(path)).width() >= 640 for path in shown)


def test_no_page_says_a_word_that_never_stands_in_the_window():
    """Requirement 38."""
    said = "".join(block.words for text in help_texts.pages() for block in text.blocks)
    assert not [word for word in FORBIDDEN if word in said]


def test_a_word_leads_to_its_page_and_to_its_keys(page):
    """Requirement 30."""
    page.search.setFocus()
    type_text("零报")
    assert "办理本月" in titles(page)
    assert "打印和签章" not in titles(page)
    page.search.setText("下一格")
    assert titles(page)[-1] == "快捷键"
    page.search.setText("没有这个词")
    assert titles(page) == []
    assert "换个词" in "".join(texts(page))


def test_every_page_looks_well(page, window):
    for n in range(page.list.count()):
        page.list.setCurrentRow(n)
        for _ in range(8):  # nested layouts ask for each other
            QApplication.processEvents()
        window.grab()
        assert faults_of(window) == {}, page.list.item(n).text()


def test_the_keys_open_by_their_own_key(page, window, settled):
    window.desk.open(Route("dashboard"))
    settled()
    window.activateWindow()
    window.desk.page.add.setFocus()
    press(Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    settled()
    assert window.desk.page.list.currentItem().text() == "快捷键"


def test_the_slip_is_copied_and_holds_no_personal_data(page, window):
    """Requirement 38."""
    page.slip.click()
    dialog = window.findChild(TextDialog)
    dialog.copy.click()
    said = QApplication.clipboard().text()
    assert page.session.pack.id in said
    assert page.session.person not in said
    dialog.reject()


def test_of_an_error_only_its_kind_and_place_are_told():
    log = (
        "2012-08-31T10:00 U990\n"
        'Traceback (most recent call last):\n  File "/home/limin/desk/form_page.py", line 12, in load\n'
        "    raise ValueError(name)\nValueError: 苏小雨 511102198001010017\n"
    )
    assert help_slip.places(log) == [
        "2012-08-31T10:00", "  form_page.py 第 12 行 load", "  ValueError",
    ]  # fmt: skip
