"""Asks before an answer makes other fields superfluous: what would be cleared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QWidget

from union_desk.desktop import theme
from union_desk.desktop.page import button, column, label, row

if TYPE_CHECKING:
    from collections.abc import Sequence


class ClearDialog(QDialog):
    """Lists the values with 清除 and 不改; Esc is 不改."""

    decided = Signal(bool)
    """True: clear them."""

    def __init__(self, name: str, values: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("这些内容将不再需要")
        outer = column(self, gap=10, margins=(24, 20, 24, 20))
        words = f"“{name}”这样填以后，下面 {len(values)} 项就不用填了："
        outer.addWidget(label(words, "strong", wrap=True))
        for title, value in values:
            line = row(gap=12)
            first = label(title, "second")
            first.setMinimumWidth(theme.px(130))
            line.addWidget(first)
            line.addWidget(label(value, wrap=True), 1)
            outer.addLayout(line)
        outer.addWidget(label("清除后可按 Ctrl+Z 找回。", "hint"))
        line = row(gap=8)
        line.addStretch(1)
        self.keep = button("不改")
        self.keep.clicked.connect(self.reject)
        self.clear = button("清除", role="primary")
        self.clear.clicked.connect(self.accept)
        for made in (self.keep, self.clear):
            made.setAutoDefault(True)
            line.addWidget(made)
        outer.addLayout(line)
        self.setMinimumWidth(theme.px(440))
        self.clear.setFocus()
        self.finished.connect(lambda result: self.decided.emit(bool(result)))
