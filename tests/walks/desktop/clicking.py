"""A hand on the mouse that counts its clicks and can press only what is there to be pressed."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea


class Hand:
    """Clicks and counts."""

    def __init__(self, settled):
        self.clicks = 0
        self._settled = settled

    def click(self, widget):
        """Scroll to a widget if need be, click into its middle, wait until all is done."""
        assert widget.isVisible(), f"not to be seen: {widget.accessibleName()}"
        assert widget.isEnabled(), f"cannot be pressed: {widget.accessibleName()}"
        self._bring_into_sight(widget)
        spot = widget.rect().center()
        hit = widget.window().childAt(widget.mapTo(widget.window(), spot))
        assert hit is widget or widget.isAncestorOf(hit), f"covered: {widget.accessibleName()}"
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=spot)
        self.clicks += 1
        self._settled()

    @staticmethod
    def _bring_into_sight(widget):
        """Turn the wheel: what is scrolled away is a turn, no click."""
        parent = widget.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                inside = parent.widget()
                top = widget.mapTo(inside, QPoint(0, 0)).y()
                bar = parent.verticalScrollBar()
                if not bar.value() <= top <= bar.value() + parent.viewport().height() - 40:
                    bar.setValue(top - 40)
                QApplication.processEvents()
            parent = parent.parentWidget()
