"""忘记口令: the ways that are left, and the one that is taken here, by the recovery sheet."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from union_desk.desktop.entrance import Entrance
from union_desk.desktop.labelled import Labelled, all_right
from union_desk.desktop.names import names_line
from union_desk.desktop.page import button, label, row

SHORTEST = 6


class ForgottenPage(Entrance):
    """Name of an administrator, the code of the recovery sheet, a new password twice."""

    given = Signal(str, str, str)
    """Person, code, new password."""
    back = Signal()
    parent_asked = Signal()
    """There is no recovery sheet: the parent is to help."""

    def __init__(self, logins: tuple[str, ...], person: str, *, helped: bool = False) -> None:
        super().__init__("忘记口令", "用恢复单给管理员设新口令，数据不会丢。")
        words = "单位有另一位管理员时，请他登录后在“单位与人员”里设新口令，不用恢复单。"
        self.body.addWidget(label(words, "second", wrap=True))
        self.person = names_line(logins, person)
        self._person = Labelled("管理员", self.person, required=True)
        self.code = QLineEdit()
        self._code = Labelled(
            "恢复码", self.code, required=True, hint="恢复单上的 28 个字，横线和大小写随意"
        )
        self.password, self.again = QLineEdit(), QLineEdit()
        for made in (self.password, self.again):
            made.setEchoMode(QLineEdit.EchoMode.Password)
        self._password = Labelled(
            "新口令", self.password, required=True, hint=f"至少 {SHORTEST} 位"
        )
        self._again = Labelled("再输一次", self.again, required=True)
        self.body.addWidget(self._person)
        self.body.addWidget(self._code)
        pair = row(gap=20)
        pair.addWidget(self._password)
        pair.addWidget(self._again)
        self.body.addLayout(pair)
        foot = row(gap=8)
        away = button("返回登录", role="link")
        away.clicked.connect(self.back)
        self.act = button("设新口令并登录", role="primary")
        self.act.setDefault(True)
        self.act.clicked.connect(self._give)
        foot.addWidget(away)
        self.ask = button("没有恢复单：请上级协助…", role="link")
        self.ask.clicked.connect(self.parent_asked)
        self.ask.setVisible(helped)
        foot.addWidget(self.ask)
        foot.addStretch(1)
        foot.addWidget(self.act)
        self.body.addLayout(foot)
        for made in (self.person, self.code, self.password, self.again):
            made.returnPressed.connect(self.focusNextChild)

    def first_focus(self) -> QWidget:
        """Return the code when the name is known."""
        return self.code if self.person.text() else self.person

    def refuse(self, sentence: str) -> None:
        """Show why it was not done."""
        self.busy(working=False)
        self._code.set_error(sentence)
        self.code.setFocus()

    def busy(self, *, working: bool) -> None:
        """Hold the button while the store is being opened."""
        self.act.setEnabled(not working)
        self.act.setText("正在打开…" if working else "设新口令并登录")

    def _give(self) -> None:
        word, again = self.password.text(), self.again.text()
        checks = (
            (self._person, "" if self.person.text().strip() else "请填写管理员的姓名。"),
            (self._code, "" if self.code.text().strip() else "请输入恢复单上的恢复码。"),
            (self._password, "" if len(word) >= SHORTEST else f"口令至少 {SHORTEST} 位。"),
            (self._again, "" if word == again else "两次输入的口令不一样，请重新输入。"),
        )
        if not all_right(checks):
            return
        self.busy(working=True)
        self.given.emit(self.person.text().strip(), self.code.text(), word)
