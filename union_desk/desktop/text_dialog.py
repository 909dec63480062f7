"""A text to be read out, copied into a message, or printed as a paper of the office."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QPlainTextEdit, QWidget

from union_desk import files
from union_desk.desktop import faults, jobs, theme
from union_desk.desktop.page import button, column, label, row
from union_desk.desktop.paper_dialog import PaperDialog
from union_desk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.session import Session


class TextDialog(QDialog):
    """Lines of text with 复制 and 打印."""

    def __init__(
        self, session: Session, title: str, lines: Sequence[str], parent: QWidget, hint: str = ""
    ) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._session, self._title, self._lines = session, title, tuple(lines)
        self.body = outer = column(self, gap=10, margins=(24, 20, 24, 20))
        outer.addWidget(label(title, "heading"))
        if hint:
            outer.addWidget(label(hint, "note", wrap=True))
        self.text = QPlainTextEdit("\n".join(lines))
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(title)
        outer.addWidget(self.text, 1)
        self.foot = line = row(gap=8)
        self.said = label("", "ok")
        line.addWidget(self.said, 1)
        away = button("关闭")
        away.clicked.connect(self.reject)
        self.paper = button("打印…", icon="printer")
        self.paper.clicked.connect(self._print)
        self.keep = button("另存…", icon="device-floppy")
        self.keep.clicked.connect(self._ask_where)
        self.copy = button("复制", role="primary")
        self.copy.clicked.connect(self._copy)
        for made in (away, self.keep, self.paper, self.copy):
            made.setAutoDefault(True)
            line.addWidget(made)
        outer.addLayout(line)
        self.resize(theme.px(820), min(theme.px(480), 640))
        self.copy.setFocus()

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.text.toPlainText())
        self.said.setText("已复制，可以粘贴到微信、QQ 或邮件里")

    def _ask_where(self) -> None:
        start = str(Path.home() / f"{self._title}.txt")
        chosen, _ = QFileDialog.getSaveFileName(self, f"另存{self._title}", start, "文字 (*.txt)")
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the text as a file that any program reads."""
        try:
            text = "\r\n".join((*self._lines, ""))
            files.write_durable(path, text.encode("utf-8-sig"), mode=0o644)
        except UserError as error:
            faults.report(error, self)
            return
        self.said.setText(f"已写到 {path.name}")

    def _print(self) -> None:
        from union_desk.reports import office_paper
        from union_desk.store import transaction

        store = self._session.store
        paper = office_paper.OfficePaper(
            self._title, store.unit, store.unit_name, transaction.now(),
            paragraphs=tuple(line for line in self._lines if line),
        )  # fmt: skip
        shown = PaperDialog(self._session, self._title, f"{self._title}.pdf", self)
        shown.open()
        jobs.run(shown, lambda _progress: office_paper.render(paper), shown.show_pdf)
