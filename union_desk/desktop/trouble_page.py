"""What the window shows when it could not start: the sentence, the next step, the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from union_desk.desktop.entrance import Entrance
from union_desk.desktop.page import button, label, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from union_desk.errors import UserError


class TroublePage(Entrance):
    """One refused start."""

    again = Signal()
    demo = Signal()

    def __init__(self, error: UserError) -> None:
        super().__init__("没有打开", "数据没有改动。")
        self.body.addWidget(label(error.sentence, "strong", wrap=True))
        if error.step:
            self.body.addWidget(label(error.step, "second", wrap=True))
        self.body.addWidget(label(f"代码 {error.code}", "hint"))
        foot = row(gap=8)
        trial = button("先用示例数据试一试", role="link")
        trial.clicked.connect(self.demo)
        self._again = button("再试一次", role="primary")
        self._again.clicked.connect(self.again)
        foot.addWidget(trial)
        foot.addStretch(1)
        foot.addWidget(self._again)
        self.body.addLayout(foot)

    def first_focus(self) -> QWidget:
        """Return the button that tries again."""
        return self._again
