"""Keys as a person sends them: to whatever has the focus, Chinese through an input method."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def focused() -> QWidget:
    """Return the widget that has the focus; wrong focus must fail a test, so it is asked each time."""
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the focus"
    return widget


def type_text(text: str) -> None:
    """Type `text`: ASCII by key clicks, all else as an input method commits it.

    QTest aborts the process on Chinese; an input method sends two preedits and then a commit.
    """
    ascii_run, other_run = "", ""
    for letter in text:
        if letter.isascii():
            _commit(other_run)
            ascii_run, other_run = ascii_run + letter, ""
        else:
            _click(ascii_run)
            ascii_run, other_run = "", other_run + letter
    _click(ascii_run)
    _commit(other_run)


def compose(text: str) -> None:
    """Show `text` as a preedit that is not committed yet."""
    QApplication.sendEvent(focused(), QInputMethodEvent(text, []))


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press and release one key."""
    QTest.keyClick(focused(), key, modifiers)


def replace_text(text: str) -> None:
    """Select all of the focused field and type over it."""
    press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(Qt.Key.Key_Delete)
    type_text(text)


def _click(text: str) -> None:
    if text:
        QTest.keyClicks(focused(), text)


def _commit(text: str) -> None:
    if not text:
        return
    for preedit in (text[0], text):
        compose(preedit)
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(focused(), event)
