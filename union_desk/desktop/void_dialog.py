"""Asks before a change is saved that voids papers: they are signed perhaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from union_desk.desktop import theme
from union_desk.desktop.page import button, column, label, row

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from union_desk.errors import UserError

MOST = 8


class VoidDialog(QDialog):
    """The papers that would be void, 不改 and 照样改."""

    def __init__(self, error: UserError, owner: QObject) -> None:
        super().__init__(owner.window() if isinstance(owner, QWidget) else None)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("已印出的报表将作废")
        outer = column(self, gap=10, margins=(24, 20, 24, 20))
        outer.addWidget(label(error.sentence, "strong", wrap=True))
        serials: tuple[str, ...] = getattr(error, "serials", ())
        for serial in serials[:MOST]:
            outer.addWidget(label(serial, "note"))
        outer.addWidget(label(error.step, wrap=True))
        line = row(gap=8)
        line.addStretch(1)
        self.keep = button("不改")
        self.keep.clicked.connect(self.reject)
        self.change = button("照样改，报表作废", role="danger")
        self.change.clicked.connect(self.accept)
        for made in (self.keep, self.change):
            made.setAutoDefault(True)
            line.addWidget(made)
        outer.addLayout(line)
        self.setMinimumWidth(theme.px(460))
        self.keep.setFocus()
