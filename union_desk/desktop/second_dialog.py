"""第二个人登录确认: someone else types name and password beside the person at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from union_desk import workflow
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.names import names_line
from union_desk.desktop.page import label
from union_desk.desktop.work_dialog import WorkDialog

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from union_desk.store.second import SecondNeededError


class SecondDialog(WorkDialog):
    """Name and password; accepted once they are right and the role fits."""

    def __init__(self, error: SecondNeededError, owner: QObject) -> None:
        front = owner if isinstance(owner, QWidget) else QApplication.activeWindow()
        super().__init__("第二个人登录确认", "确认", front)
        self._error = error
        store, act = error.store, error.act
        told = f"{workflow.ACTS[act].title}要两个人：现在是“{store.person}”在操作，"
        words = f"请另一位{workflow.who_confirms(act)}登录确认。只管这一次，记入操作记录。"
        self.body.addWidget(label(told + words, wrap=True))
        self.name: QLineEdit = names_line(self._others(), "")
        self.body.addWidget(Labelled("姓名", self.name, required=True))
        self.password = self.secret("口令")
        self.name.returnPressed.connect(self.password.setFocus)
        self.act.clicked.connect(self._sign)
        self.act.setDefault(True)
        (self.password if self.name.text() else self.name).setFocus()

    def _others(self) -> tuple[str, ...]:
        """Return who may confirm: no one but those with a role for it, and not the one at work."""
        from union_desk.store import people

        store, act = self._error.store, self._error.act
        with store.read() as connection:
            found = people.everyone(connection)
        return tuple(
            item.name
            for item in found
            if item.id != store.person_id and workflow.confirms(act, item.roles)
        )

    def _sign(self) -> None:
        name, word = self.name.text(), self.password.text()
        if not name.strip() or not word:
            self.refuse("请输入姓名和口令。")
            return
        self.work(lambda: self._check(name, word))

    def _check(self, name: str, word: str) -> None:
        from union_desk.store import second

        error = self._error
        error.signed = second.sign(error.store, error.act, name, word)

    def refuse(self, sentence: str) -> None:
        """Show what is wrong; the password is to be typed again."""
        super().refuse(sentence)
        if sentence:
            self.password.selectAll()
            self.password.setFocus()
