"""The card in the middle of an empty window: opening, first run, signing in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from union_desk.desktop import theme
from union_desk.desktop.logo import Logo
from union_desk.desktop.page import column, frame, label, row, scrolled

WIDTH = 620


class Entrance(QWidget):
    """A page of one card with the mark of the program, a title and a line below it."""

    def __init__(self, title: str, line: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = column(self, gap=0)
        inside = QWidget()
        outer.addWidget(scrolled(inside))
        across = row(inside, gap=0, margins=(16, 16, 16, 16))
        across.addStretch(1)
        down = column(gap=0)
        across.addLayout(down)
        across.addStretch(1)
        down.addStretch(1)
        card = frame("card")
        card.setFixedWidth(theme.px(WIDTH))
        down.addWidget(card)
        down.addStretch(1)
        self.body = column(card, gap=18, margins=(32, 28, 32, 24))
        top = row(gap=16)
        top.addWidget(Logo(56))
        words = column(gap=2)
        words.addStretch(1)
        self.title = label(title, "title")
        self.line = label(line, "note", wrap=True)
        words.addWidget(self.title)
        words.addWidget(self.line)
        words.addStretch(1)
        top.addLayout(words, 1)
        self.body.addLayout(top)

    def first_focus(self) -> QWidget | None:
        """Return the control that takes the keys first."""
        return None


class Opening(Entrance):
    """What is shown while the package and the store are being opened."""

    def __init__(self, line: str = "正在打开…") -> None:
        super().__init__("工会填报台", line)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(line)
        self.body.addWidget(self.bar)

    def advance(self, done: int, total: int) -> None:
        """Show how far it is."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
