"""Asks for a short name."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from union_desk.desktop import theme
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import button, column, row

LONGEST = 20


class NameDialog(QDialog):
    """One line, two buttons."""

    given = Signal(str)

    def __init__(self, title: str, words: str, example: str, parent: QWidget) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        outer = column(self, gap=10, margins=(24, 20, 24, 20))
        self.line = QLineEdit()
        self.line.setPlaceholderText(example)
        self.line.returnPressed.connect(self._take)
        self._labelled = Labelled(words, self.line)
        outer.addWidget(self._labelled)
        foot = row(gap=8)
        foot.addStretch(1)
        away = button("取消")
        away.clicked.connect(self.reject)
        done = button("确定", role="primary")
        done.clicked.connect(self._take)
        foot.addWidget(away)
        foot.addWidget(done)
        outer.addLayout(foot)
        self.setMinimumWidth(theme.px(400))
        self.line.setFocus()

    def _take(self) -> None:
        name = self.line.text().strip()
        if not 0 < len(name) <= LONGEST:
            self._labelled.set_error(f"请写 1 到 {LONGEST} 个字")
            return
        self.accept()
        self.given.emit(name)
