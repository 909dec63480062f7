"""A letter in three steps: copy address, subject and text; take the file; or open the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout

from union_desk.bundle import mail
from union_desk.desktop import jobs, theme
from union_desk.desktop.page import button, column, label, row

if TYPE_CHECKING:
    from pathlib import Path


class LetterBox(QFrame):
    """Works without a mail program: everything can be copied into a mailbox in the browser."""

    addressed = Signal(str)
    """The address was typed."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "box")
        self.setMinimumWidth(theme.px(640))
        self._body = ""
        self._unit = ""
        self._paths: tuple[Path, ...] = ()
        outer = column(self, gap=8, margins=(20, 12, 16, 12))
        self.address = self._line(outer, "收件邮箱", "复制邮箱", read_only=False)
        self.address.setPlaceholderText("收件单位的邮箱，会记住")
        self.address.editingFinished.connect(self._addressed)
        self.subject = self._line(outer, "主题", "复制主题", read_only=True)
        line = row(gap=8)
        words = "正文已写好：文件名、大小和校验值，没有个人信息。"
        line.addWidget(label(words, "note", wrap=True), 1)
        self.copy_body = button("复制正文", role="link", icon="copy")
        self.copy_body.clicked.connect(lambda: self._copy(self._body, "正文"))
        line.addWidget(self.copy_body)
        outer.addLayout(line)
        line = row(gap=8)
        words = (
            "在网页邮箱里：粘贴上面三样，再把文件夹里的文件拖进附件。有邮件程序的，可直接打开草稿。"
        )
        line.addWidget(label(words, "note", wrap=True), 1)
        self.draft = button("打开邮件草稿", role="link", icon="mail")
        self.draft.clicked.connect(self._open_draft)
        line.addWidget(self.draft)
        outer.addLayout(line)
        self.said = label("", "ok", wrap=True)
        outer.addWidget(self.said)

    def _line(self, outer: QVBoxLayout, words: str, act: str, *, read_only: bool) -> QLineEdit:
        line = row(gap=8)
        name = label(words, "second")
        name.setFixedWidth(theme.px(70))
        line.addWidget(name)
        made = QLineEdit()
        made.setAccessibleName(words)
        made.setReadOnly(read_only)
        line.addWidget(made, 1)
        copy = button(act, role="link", icon="copy")
        copy.clicked.connect(lambda: self._copy(made.text(), words))
        line.addWidget(copy)
        outer.addLayout(line)
        return made

    def show_letter(
        self, paths: tuple[Path, ...], digests: tuple[str, ...], unit_name: str, address: str
    ) -> None:
        """Show the letter for these files."""
        self._paths, self._unit = paths, unit_name
        entries = [
            (path.name, path.stat().st_size, digest)
            for path, digest in zip(paths, digests, strict=True)
        ]
        self._body = mail.text(unit_name, entries, sealed=all(map(mail.is_sealed, paths)))
        self.subject.setText(mail.subject(unit_name, [path.name for path in paths]))
        self.subject.setCursorPosition(0)
        self.address.setText(address)
        largest = max(path.stat().st_size for path in paths)
        warning = mail.too_large(largest)
        theme.mark(self.said, role="warn" if warning else "ok")
        self.said.setText(warning)

    def _copy(self, text: str, what: str) -> None:
        QGuiApplication.clipboard().setText(text)
        theme.mark(self.said, role="ok")
        self.said.setText(f"{what}已复制。")

    def _addressed(self) -> None:
        self.addressed.emit(self.address.text().strip())

    def _open_draft(self) -> None:
        """Write a draft for each file and open the first with the system's mail program."""
        unit, address, body = self._unit, self.address.text(), self._body
        paths = self._paths
        jobs.run(
            self,
            lambda _progress: [mail.write_draft([path], unit, address, body) for path in paths],
            self._drafted,
            title="正在写邮件草稿",
        )

    def _drafted(self, drafts: list[Path]) -> None:
        opened = QDesktopServices.openUrl(QUrl.fromLocalFile(str(drafts[0])))
        theme.mark(self.said, role="ok" if opened else "warn")
        name = drafts[0].name
        self.said.setText(
            f"草稿已写好：{name}。核对后在邮件程序里点发送。"
            if opened
            else f"草稿已写好：{name}，但电脑上没有能打开它的邮件程序，请用网页邮箱。"
        )
