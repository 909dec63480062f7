"""A small paper on the screen: look at it, save it, open it where it can be printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from union_desk import files
from union_desk.desktop import faults, theme
from union_desk.desktop.page import button, column, label, row
from union_desk.desktop.pdf_preview import PdfPreview
from union_desk.errors import UserError

if TYPE_CHECKING:
    from union_desk.desktop.session import Session


class PaperDialog(QDialog):
    """One PDF that needs no seal."""

    def __init__(self, session: Session, title: str, name: str, parent: QWidget) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._session = session
        self._name = name
        self.pdf = b""
        self.resize(min(theme.px(760), 1280), min(theme.px(640), 660))
        outer = column(self, gap=12, margins=(20, 16, 20, 16))
        self.preview = PdfPreview()
        outer.addWidget(self.preview, 1)
        self.said = label("", "ok", wrap=True)
        foot = row(gap=8)
        foot.addWidget(self.said, 1)
        away = button("关闭")
        away.clicked.connect(self.accept)
        self.elsewhere = button("用系统程序打开", icon="external-link")
        self.elsewhere.clicked.connect(self._open)
        self.save = button("另存 PDF", role="primary", icon="device-floppy")
        self.save.clicked.connect(self._ask_where)
        for made in (away, self.elsewhere, self.save):
            foot.addWidget(made)
        outer.addLayout(foot)
        self._allow(ready=False)
        self.preview.say("正在生成…")

    def show_pdf(self, pdf: bytes) -> None:
        """Show the paper."""
        self.pdf = pdf
        self.preview.show_pdf(pdf, ())
        self._allow(ready=True)
        self.save.setFocus()

    def _allow(self, *, ready: bool) -> None:
        self.save.setEnabled(ready)
        self.elsewhere.setEnabled(ready)

    def _ask_where(self) -> None:
        start = str(Path.home() / self._name)
        chosen, _ = QFileDialog.getSaveFileName(self, "另存 PDF", start, "PDF (*.pdf)")
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the paper to `path`."""
        if path.suffix.lower() != ".pdf":
            path = path.with_name(path.name + ".pdf")
        try:
            files.write_durable(path, self.pdf, mode=0o644)
        except UserError as error:
            faults.report(error, self)
            return
        self.said.setText(f"已另存为 {path}")

    def _open(self) -> None:
        path = self._session.store.folder / "tmp" / self._name
        try:
            files.private_folder(path.parent)
            files.write_durable(path, self.pdf)
        except UserError as error:
            faults.report(error, self)
            return
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.said.setText("电脑上没有能打开 PDF 的程序，请用“另存 PDF”拿到别的电脑上打印。")
