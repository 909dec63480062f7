"""What a list says that has nothing to show: why, and what one can do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from union_desk.desktop import theme
from union_desk.desktop.page import button, clear, column, label, picture, row

if TYPE_CHECKING:
    from collections.abc import Callable

Action = tuple[str, str, str]
"""(what it does, its words, its role)."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why nothing is there, and what to do: the icon, a title, words of one line or two."""

    icon: str
    title: str
    words: str
    actions: tuple[Action, ...] = ()


class NothingHere(QWidget):
    """An icon, a sentence, what to try, and the next action."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._body = column(self, gap=8)
        self.has_primary = False
        self.first: QWidget | None = None

    def tell(self, nothing: Nothing) -> None:
        """Show why nothing is there."""
        clear(self._body)
        self._body.addStretch(1)
        self._body.addWidget(picture(nothing.icon, "line2", 72), 0, Qt.AlignmentFlag.AlignHCenter)
        self._body.addSpacing(theme.px(4))
        middle = Qt.AlignmentFlag.AlignHCenter
        self._body.addWidget(label(nothing.title, "heading"), 0, middle)
        words = label(nothing.words, "second")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body.addWidget(words, 0, middle)
        line = row(gap=8)
        line.addStretch(1)
        self.first = None
        for what, text, role in nothing.actions:
            made = button(text, role=role)
            made.setAutoDefault(True)
            made.clicked.connect(self._asks(what))
            line.addWidget(made)
            self.first = made
        line.addStretch(1)
        self._body.addSpacing(theme.px(4))
        self._body.addLayout(line)
        self._body.addStretch(1)
        self.has_primary = any(role == "primary" for _, _, role in nothing.actions)

    def _asks(self, what: str) -> Callable[[], None]:
        return lambda: self.asked.emit(what)
