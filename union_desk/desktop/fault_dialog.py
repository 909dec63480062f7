"""The dialog that shows one refused action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from union_desk.desktop import theme
from union_desk.desktop.page import button, column, label, picture, row

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from union_desk.errors import UserError


class FaultDialog(QDialog):
    """What is wrong, what to do, and the code to read out on the phone."""

    def __init__(self, error: UserError, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("没有办成")
        self.setAccessibleName(error.sentence)
        self.setAccessibleDescription(error.step)
        outer = column(self, gap=16, margins=(24, 24, 24, 20))
        top = row(gap=14)
        outer.addLayout(top)
        mark = picture("alert-circle-filled", "err", 28)
        words = column(gap=8)
        top.addWidget(mark)
        top.addLayout(words, 1)
        self._wrapped = [label(error.sentence, "strong", wrap=True)]
        if error.step:
            self._wrapped.append(label(error.step, "second", wrap=True))
        for line in self._wrapped:
            words.addWidget(line)
        words.addWidget(label(f"代码 {error.code}", "hint"))
        top.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
        foot = row()
        foot.addStretch(1)
        self.confirm = button("知道了", role="primary")
        self.confirm.setDefault(True)
        self.confirm.clicked.connect(self.accept)
        foot.addWidget(self.confirm)
        outer.addLayout(foot)
        self.setFixedWidth(theme.px(460))
        self.confirm.setFocus()

    def showEvent(self, event: QShowEvent, /) -> None:
        """Take the height that the wrapped words need at this width."""
        super().showEvent(event)
        for line in self._wrapped:
            line.setMinimumHeight(line.heightForWidth(line.width()))
        self.adjustSize()
