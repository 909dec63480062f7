"""A bar that says in which state the page is, with what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QLineEdit, QSizePolicy

from union_desk.desktop import theme
from union_desk.desktop.announce import ANNOUNCER
from union_desk.desktop.page import button, clear, label, picture, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Action = tuple[str, Callable[[], object]]

_ICONS = {
    "info": ("info-circle", "primary"),
    "warn": ("alert-triangle-filled", "warn"),
    "ok": ("circle-check-filled", "ok"),
    "error": ("alert-circle-filled", "err"),
}


class NoticeBar(QFrame):
    """One sentence, an optional line to write a reason in, buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "strip")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._line = row(self, gap=8, margins=(16, 5, 8, 5))
        self.words = ""
        self.reason: QLineEdit | None = None
        self.hide()

    def say(
        self, words: str, *, tone: str = "info", actions: Sequence[Action] = (), reason: str = ""
    ) -> None:
        """Show a sentence; `reason` is the label of a line to write in."""
        clear(self._line)
        self.words = words
        self.reason = None
        theme.mark(self, tone=tone if tone != "error" else "")
        icon, color = _ICONS[tone]
        self._line.addWidget(picture(icon, color, 18))
        self._line.addWidget(label(words, wrap=True), 1)
        self.setAccessibleName(words)
        if reason:
            self.reason = QLineEdit()
            self.reason.setPlaceholderText(reason)
            self.reason.setAccessibleName(reason)
            self.reason.setMinimumWidth(theme.px(260))
            self._line.addWidget(self.reason, 1)
        for title, act in actions:
            made = button(title, role="link")
            made.setAutoDefault(True)
            made.clicked.connect(lambda _=False, call=act: call())
            self._line.addWidget(made)
        self.show()
        ANNOUNCER.say(self, words, urgent=tone == "error")

    def first_button(self) -> object:
        """Return the first thing that takes the focus."""
        for place in range(self._line.count()):
            item = self._line.itemAt(place)
            widget = item.widget() if item is not None else None
            if widget is not None and widget.focusPolicy():
                return widget
        return None

    def quiet(self) -> None:
        """Say nothing."""
        if self.words:
            clear(self._line)
            self.words = ""
            self.reason = None
        self.hide()
