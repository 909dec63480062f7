"""用系统程序打开: a paper goes to the program that the computer opens PDF files with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from union_desk import files
from union_desk.desktop import faults
from union_desk.errors import UserError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from union_desk.store.transaction import Store


def open_pdf(store: Store, name: str, pdf: bytes, owner: QWidget) -> None:
    """Write a paper into the folder of passing files, deleted at the end, and have it opened."""
    path = store.folder / "tmp" / name
    try:
        files.private_folder(path.parent)
        files.write_durable(path, pdf)
    except UserError as error:
        faults.report(error, owner)
        return
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        no_program = UserError(
            "D711", "电脑上没有能打开 PDF 的程序。", "请用“另存 PDF”保存后拿到别的电脑上打印。"
        )
        faults.report(no_program, owner)
