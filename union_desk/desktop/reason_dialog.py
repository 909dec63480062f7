"""Asks for a reason in words: of a 作废, or of a warning that stands at no field."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from union_desk.desktop import theme
from union_desk.desktop.explain_box import SHORTEST, ReasonLine
from union_desk.desktop.page import button, column, label, row


class ReasonDialog(QDialog):
    """A sentence, a line, two buttons."""

    given = Signal(str)

    def __init__(self, title: str, words: str, act: str, parent: QWidget) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        outer = column(self, gap=10, margins=(24, 20, 24, 20))
        outer.addWidget(label(words, wrap=True))
        self.line = ReasonLine()
        self.line.setAccessibleName("原因")
        self.line.setPlaceholderText(f"至少 {SHORTEST} 个字，例如：电话退回")
        self.line.done.connect(self._take)
        self.line.left.connect(self.reject)
        outer.addWidget(self.line)
        self._said = label("", "error")
        outer.addWidget(self._said)
        buttons = row(gap=8)
        buttons.addStretch(1)
        away = button("取消")
        away.clicked.connect(self.reject)
        self.act = button(act, role="primary")
        self.act.clicked.connect(self._take)
        buttons.addWidget(away)
        buttons.addWidget(self.act)
        outer.addLayout(buttons)
        self.setMinimumWidth(theme.px(460))
        self.line.setFocus()

    def _take(self) -> None:
        text = self.line.text().strip()
        if len(text) < SHORTEST:
            self._said.setText(f"请至少写 {SHORTEST} 个字")
            return
        self.accept()
        self.given.emit(text)
