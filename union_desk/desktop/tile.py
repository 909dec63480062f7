"""A tile of the dashboard: a figure that asks for something, and the action."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from union_desk.desktop.page import button, column, label, picture, row


@dataclass(frozen=True, slots=True)
class Due:
    """What waits: icon and its tone, words, figure with its unit, the action and where it leads."""

    icon: str
    tone: str
    words: str
    figure: str
    unit: str
    action: str
    route: object
    detail: str = ""


class Tile(QFrame):
    """Shows one :class:`Due`."""

    chosen = Signal(object)

    def __init__(self, due: Due, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.due = due
        self.setProperty("role", "card")
        spoken = f"{due.words}：{due.figure} {due.unit}"
        self.setAccessibleName(spoken)
        outer = column(self, gap=4, margins=(18, 12, 12, 10))
        top = row(gap=8)
        top.addWidget(picture(due.icon, due.tone, 18))
        top.addWidget(label(due.words, "note"), 1)
        outer.addLayout(top)
        line = row(gap=4)
        outer.addLayout(line)
        self.figure = label(due.figure, "figure")
        line.addWidget(self.figure)
        unit = label(due.unit, "note")
        line.addWidget(unit)
        if due.detail:
            line.addWidget(label(due.detail, "error" if due.tone == "err" else "hint"))
        line.addStretch(1)
        self.action = button(due.action, role="link", name=f"{due.action}：{spoken}")
        self.action.clicked.connect(lambda: self.chosen.emit(due.route))
        line.addWidget(self.action)
        if due.detail:
            self.setToolTip(due.detail)
