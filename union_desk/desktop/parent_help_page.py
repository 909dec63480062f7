"""请上级协助重设口令: a request file for the parent, later its reply; works once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from union_desk.desktop import jobs
from union_desk.desktop.entrance import Entrance
from union_desk.desktop.forgotten_page import SHORTEST
from union_desk.desktop.labelled import Labelled, all_right
from union_desk.desktop.names import names_line
from union_desk.desktop.page import button, label, row
from union_desk.errors import UserError

if TYPE_CHECKING:
    from union_desk.store.resetting import Request

_LIMIT = 1 << 16


class ParentHelpPage(Entrance):
    """Who, and a new password; the request with its 核对码; the reply."""

    replied = Signal(str, object, str)
    """Person, content of the reply, new password."""
    back = Signal()

    def __init__(self, folder: Path, logins: tuple[str, ...], person: str) -> None:
        super().__init__("请上级协助重设口令", "写一个申请文件交给上级，拿回答复就能登录。")
        self._folder = folder
        self.person = names_line(logins, person)
        self._person = Labelled("姓名", self.person, required=True)
        self.password, self.again = QLineEdit(), QLineEdit()
        for made in (self.password, self.again):
            made.setEchoMode(QLineEdit.EchoMode.Password)
        hint = f"至少 {SHORTEST} 位；拿到答复后要再输一次"
        self._password = Labelled("新口令", self.password, required=True, hint=hint)
        self._again = Labelled("再输一次", self.again, required=True)
        self.body.addWidget(self._person)
        pair = row(gap=20)
        pair.addWidget(self._password)
        pair.addWidget(self._again)
        self.body.addLayout(pair)
        self.said = label("", wrap=True)
        self.digits = label("", "title")
        self.digits.setAccessibleName("核对码")
        for words in (self.said, self.digits):
            words.hide()
            self.body.addWidget(words)
        self.body.addLayout(self._foot())
        for line in (self.person, self.password, self.again):
            line.returnPressed.connect(self.focusNextChild)

    def _foot(self) -> QHBoxLayout:
        foot = row(gap=8)
        away = button("返回登录", role="link")
        away.clicked.connect(self.back)
        self.write = button("写申请文件…")
        self.write.clicked.connect(self._ask_where)
        self.take = button("装入答复…", role="primary")
        self.take.clicked.connect(self._ask_which)
        foot.addWidget(away)
        foot.addStretch(1)
        foot.addWidget(self.write)
        foot.addWidget(self.take)
        return foot

    def first_focus(self) -> QWidget:
        """Return the password when the name is known."""
        return self.password if self.person.text() else self.person

    def refuse(self, sentence: str) -> None:
        """Show why it was not done."""
        self.busy(working=False)
        self._password.set_error(sentence)
        self.password.setFocus()

    def busy(self, *, working: bool) -> None:
        """Hold the buttons while something is being done."""
        self.write.setEnabled(not working)
        self.take.setEnabled(not working)

    def _ready(self) -> bool:
        word, again = self.password.text(), self.again.text()
        checks = (
            (self._person, "" if self.person.text().strip() else "请填写姓名，与平时登录时一样。"),
            (self._password, "" if len(word) >= SHORTEST else f"口令至少 {SHORTEST} 位。"),
            (self._again, "" if word == again else "两次输入的口令不一样，请重新输入。"),
        )
        return all_right(checks)

    def _ask_where(self) -> None:
        if self._ready():
            start = str(Path.home() / "重设口令申请.udreset")
            chosen, _ = QFileDialog.getSaveFileName(self, "写申请文件", start)
            if chosen:
                self.write_to(Path(chosen))

    def write_to(self, path: Path) -> None:
        """Write the request; an earlier one is void."""
        if not self._ready():
            return
        person, word = self.person.text().strip(), self.password.text()
        self.busy(working=True)

        def work(_progress: jobs.Progress) -> Request:
            from union_desk.store import resetting

            return resetting.ask_parent(self._folder, person, word, path)

        def failed(error: UserError) -> None:
            self.refuse(f"{error.sentence}{error.step}")

        jobs.run(self, work, lambda request: self._written(request, path), failed)

    def _written(self, request: Request, path: Path) -> None:
        self.busy(working=False)
        self.said.setText(
            f"申请已写到 {path}，请交给上级（U 盘、邮件都可以）。上级打电话来时，念下面的核对码。"
            "拿到答复文件后，在这里输入同一个新口令，装入答复。"
        )
        self.digits.setText(request.digits)
        self.said.show()
        self.digits.show()
        self.take.setFocus()

    def _ask_which(self) -> None:
        if self._ready():
            chosen, _ = QFileDialog.getOpenFileName(self, "装入答复", str(Path.home()))
            if chosen:
                self.take_from(Path(chosen))

    def take_from(self, path: Path) -> None:
        """Read the parent's reply and sign in by it."""
        from union_desk import files

        if not self._ready():
            return
        try:
            content = files.read_file(path, limit=_LIMIT)
        except UserError as error:
            self.refuse(f"{error.sentence}{error.step}")
            return
        self.busy(working=True)
        self.replied.emit(self.person.text().strip(), content, self.password.text())
