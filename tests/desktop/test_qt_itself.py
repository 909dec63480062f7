"""What the program relies on in Qt, asked again of the version that is installed."""

import gc
import sys

from PySide6.QtWidgets import QLineEdit


def test_twenty_thousand_calls_lose_no_reference_to_none(qtbot):
    """PySide6 6.12.0 on Python 3.11 loses one each call and aborts at zero."""
    line = QLineEdit()
    qtbot.addWidget(line)
    gc.collect()
    before = sys.getrefcount(None)
    for n in range(20_000):
        line.setText(str(n))
    assert sys.getrefcount(None) >= before - 200
