"""The photo of a filled paper beside the fields, to type from; it is looked at and not kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QFileDialog

from union_desk import files
from union_desk.desktop import faults, photos, theme
from union_desk.desktop.page import button
from union_desk.desktop.picture_view import PictureView
from union_desk.errors import FileError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage

    from union_desk.desktop.form_page import FormPage

_LARGEST = 64 << 20
_SHARPEST = 4000
"""Pixels of the long edge: handwriting is to be read."""
_KINDS = "照片 (*.jpg *.jpeg *.png)"
WIDTH = 420


class PaperPhoto(QObject):
    """Shows and puts away the photo; while it is there the pane of the page is not."""

    def __init__(self, page: FormPage) -> None:
        super().__init__(page)
        self.page = page
        self.view: PictureView | None = None

    def act(self) -> tuple[str, str, Callable[[], object]]:
        """Return the entry of the menu: title, keys, act."""
        if self.view is not None:
            return ("收起纸质照片", "", self.put_away)
        return ("对照纸质照片…", "", self.choose)

    def choose(self) -> None:
        """Take an image from the clipboard, else ask for a file."""
        image = QApplication.clipboard().image()
        if not image.isNull():
            self.show("剪贴板里的图片", image)
            return
        name, _ = QFileDialog.getOpenFileName(self.page, "纸质表的照片", str(Path.home()), _KINDS)
        if name:
            self.open_file(Path(name))

    def open_file(self, path: Path) -> None:
        """Show a file; say so where it is no picture."""
        try:
            image = photos.opened(files.read_file(path, limit=_LARGEST), _SHARPEST)
            if image.isNull():
                raise FileError(
                    "F190", f"{path.name} 不是能看的照片。", "请选 .jpg 或 .png 的照片。"
                )
        except UserError as error:
            faults.report(error, self.page)
            return
        self.show(path.name, image)

    def show(self, name: str, image: QImage) -> None:
        """Put the photo at the right of the fields, which stand in two columns then."""
        self.put_away()
        page = self.page
        self.view = PictureView(name, image)
        self.view.setMinimumWidth(theme.px(WIDTH))
        away = button("", role="icon", icon="x", name="收起照片", tip="收起照片")
        away.clicked.connect(self.put_away)
        self.view.tools.addWidget(away)
        page.middle.addWidget(self.view, 2)
        page.fit()
        page.head.set_actions(page.acts.menu())

    def put_away(self) -> None:
        """Take the photo off the page."""
        if self.view is not None:
            self.view.hide()
            self.view.deleteLater()
            self.view = None
            self.page.fit()
            self.page.head.set_actions(self.page.acts.menu())
