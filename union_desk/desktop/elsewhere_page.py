"""The data folder lies on a stick, a network drive, in a cloud folder: copy it to this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from union_desk.desktop.entrance import Entrance
from union_desk.desktop.page import button, label, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from union_desk.errors import UserError


class ElsewherePage(Entrance):
    """Why it is not opened there, and the copy that can be."""

    copied = Signal(object)
    """The folder to copy to was chosen."""
    again = Signal()
    demo = Signal()

    def __init__(self, error: UserError, target: Path, refused: str = "") -> None:
        super().__init__("数据不在本机硬盘上", "数据没有改动。")
        self.body.addWidget(label(error.sentence, "strong", wrap=True))
        told = f"可以整个复制到本机的“{target}”，逐个文件核对，以后从那里打开；原来的不动。"
        self.body.addWidget(label(told, "second", wrap=True))
        self.body.addWidget(label(f"代码 {error.code}", "hint"))
        self.said = label(refused, "error", wrap=True)
        self.said.setVisible(bool(refused))
        self.body.addWidget(self.said)
        foot = row(gap=8)
        trial = button("先用示例数据试一试", role="link")
        trial.clicked.connect(self.demo)
        again = button("再试一次")
        again.clicked.connect(self.again)
        other = button("复制到别处…")
        other.clicked.connect(self._choose)
        self.here = button("复制到本机", role="primary")
        self.here.clicked.connect(lambda: self.copied.emit(target))
        foot.addWidget(trial)
        foot.addStretch(1)
        for made in (again, other, self.here):
            foot.addWidget(made)
        self.body.addLayout(foot)

    def _choose(self) -> None:
        place = QFileDialog.getExistingDirectory(self, "复制到本机的哪个文件夹（空的）")
        if place:
            self.copied.emit(Path(place))

    def first_focus(self) -> QWidget:
        """Return the button that copies."""
        return self.here
