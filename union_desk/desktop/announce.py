"""What a screen reader is told beyond what has the focus: saved, failed, what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Announcer(QObject):
    """The one way to the screen reader; `said` tells every announcement once more."""

    said = Signal(str, bool)
    """The words, and whether they break into what is being read."""

    def say(self, widget: QWidget, words: str, *, urgent: bool = False) -> None:
        """Have words read aloud.

        :param urgent: at once, for what went wrong; else after what is being read.
        """
        if not words:
            return
        event = QAccessibleAnnouncementEvent(widget, words)
        kinds = QAccessible.AnnouncementPoliteness
        event.setPoliteness(kinds.Assertive if urgent else kinds.Polite)
        QAccessible.updateAccessibility(event)
        self.said.emit(words, urgent)


ANNOUNCER = Announcer()
