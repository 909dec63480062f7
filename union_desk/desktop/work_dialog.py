"""A small dialog that does one piece of work: fields, a sentence when refused, two buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from union_desk.desktop import jobs, theme
from union_desk.desktop.announce import ANNOUNCER
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import button, column, label, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent

    from union_desk.errors import UserError

SHORTEST = 6


class WorkDialog(QDialog):
    """Subclasses fill `body` and connect `act`; `work` runs in a worker."""

    def __init__(self, title: str, act: str, parent: QWidget | None) -> None:
        super().__init__(parent.window() if parent is not None else None)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        outer = column(self, gap=14, margins=(24, 20, 24, 20))
        self.body: QVBoxLayout = column(gap=14)
        outer.addLayout(self.body)
        self.said = label("", "error", wrap=True)
        self.said.hide()
        outer.addWidget(self.said)
        self.foot = row(gap=8)
        self.foot.addStretch(1)
        self.away = button("取消")
        self.away.clicked.connect(self.reject)
        self.act = button(act, role="primary")
        self.foot.addWidget(self.away)
        self.foot.addWidget(self.act)
        outer.addLayout(self.foot)
        self.setMinimumWidth(theme.px(520))

    def showEvent(self, event: QShowEvent, /) -> None:
        """Take the height that wrapped words need at this width."""
        super().showEvent(event)
        for words in self.findChildren(QLabel):
            if words.wordWrap() and words.text():
                words.setMinimumHeight(words.heightForWidth(words.width()))
        self.adjustSize()

    def secret(self, words: str, *, hint: str = "", required: bool = True) -> QLineEdit:
        """Add a line for a password and return it."""
        line = QLineEdit()
        line.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(Labelled(words, line, required=required, hint=hint))
        return line

    def refuse(self, sentence: str) -> None:
        """Show what is wrong."""
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))
        ANNOUNCER.say(self.said, sentence, urgent=True)
        self.act.setEnabled(True)

    def work(self, do: Callable[[], object], done: Callable[[], object] | None = None) -> None:
        """Do it in a worker; close the dialog after it, or stay and say why not."""
        self.refuse("")
        self.act.setEnabled(False)

        def failed(error: UserError) -> None:
            self.refuse(f"{error.sentence}{error.step}")

        def finished(_result: object) -> None:
            (done or self.accept)()

        jobs.run(self, lambda _progress: do(), finished, failed)


def pair_trouble(word: str, again: str) -> str:
    """Return what is wrong with a new password typed twice, empty if nothing is."""
    if len(word.strip()) < SHORTEST:
        return f"口令至少 {SHORTEST} 位。"
    return "" if word == again else "两次输入的口令不一样，请重新输入。"
