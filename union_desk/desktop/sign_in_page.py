"""Signing in: who, and the password that opens the store. Painted before the store opens."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from union_desk.desktop.entrance import Entrance
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.names import names_line
from union_desk.desktop.page import button, label, row


class SignInPage(Entrance):
    """Person and password; unlocking runs in a worker."""

    entered = Signal(str, str)
    """Person, password."""
    demo = Signal()
    forgotten = Signal()

    def __init__(self, folder: str, person: str, logins: tuple[str, ...] = ()) -> None:
        super().__init__("工会填报台", f"数据目录 {folder}")
        self.person = names_line(logins, person)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._person = Labelled("填报人", self.person, required=True)
        self._password = Labelled("口令", self.password, required=True)
        self.body.addWidget(self._person)
        self.body.addWidget(self._password)
        self._caps = label("大写锁定键开着，口令区分大小写。", "warn")
        self._caps.hide()
        self.body.addWidget(self._caps)
        foot = row(gap=8)
        trial = button("先用示例数据试一试", role="link")
        trial.clicked.connect(self.demo)
        self.sign_in = button("登录", role="primary")
        self.sign_in.setDefault(True)
        self.sign_in.clicked.connect(self._sign_in)
        self.forgot = button("忘记口令", role="link")
        self.forgot.clicked.connect(self.forgotten)
        foot.addWidget(trial)
        foot.addStretch(1)
        foot.addWidget(self.forgot)
        foot.addWidget(self.sign_in)
        self.body.addLayout(foot)
        self.person.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self._sign_in)
        self.password.textEdited.connect(self._typed)

    def first_focus(self) -> QWidget:
        """Return the password when the name is known."""
        return self.password if self.person.text() else self.person

    def refuse(self, sentence: str) -> None:
        """Show why the store did not open; the password is to be typed again."""
        self.busy(working=False)
        self._password.set_error(sentence)
        self.password.selectAll()
        self.password.setFocus()

    def busy(self, *, working: bool) -> None:
        """Hold the button while the store is being unlocked."""
        self.sign_in.setEnabled(not working)
        self.sign_in.setText("正在打开…" if working else "登录")

    def _typed(self, text: str) -> None:
        letters = [letter for letter in text if letter.isascii() and letter.isalpha()]
        self._caps.setVisible(len(letters) > 2 and all(letter.isupper() for letter in letters))

    def _sign_in(self) -> None:
        person = self.person.text().strip()
        self._person.set_error("" if person else "请填写填报人姓名。")
        self._password.set_error("" if self.password.text() else "请输入口令。")
        if person and self.password.text():
            self.busy(working=True)
            self.entered.emit(person, self.password.text())
        else:
            (self.password if person else self.person).setFocus()
