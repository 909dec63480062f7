"""The screen is locked: who works here types the password to go on where they were."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from union_desk.desktop.entrance import Entrance
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import button, row


class LockPage(Entrance):
    """One password; or someone else signs in."""

    given = Signal(str)
    other = Signal()

    def __init__(self, person: str) -> None:
        super().__init__("已锁定", f"{person}，录入的内容都已存为草稿。输入口令继续。")
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._password = Labelled("口令", self.password, required=True)
        self.body.addWidget(self._password)
        foot = row(gap=8)
        other = button("换人登录", role="link")
        other.clicked.connect(self.other)
        self.act = button("继续", role="primary")
        self.act.setDefault(True)
        self.act.clicked.connect(self._give)
        foot.addWidget(other)
        foot.addStretch(1)
        foot.addWidget(self.act)
        self.body.addLayout(foot)
        self.password.returnPressed.connect(self._give)

    def first_focus(self) -> QWidget:
        """Return the password."""
        return self.password

    def refuse(self, sentence: str) -> None:
        """Show why it stays locked."""
        self.busy(working=False)
        self._password.set_error(sentence)
        self.password.selectAll()
        self.password.setFocus()

    def busy(self, *, working: bool) -> None:
        """Hold the button while the password is looked at."""
        self.act.setEnabled(not working)

    def _give(self) -> None:
        if not self.password.text():
            self.refuse("请输入口令。")
            return
        self.busy(working=True)
        self.given.emit(self.password.text())
