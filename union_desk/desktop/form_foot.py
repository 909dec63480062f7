"""The foot of the form page: the keys at the left, what can be done at the right."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy

from union_desk.desktop import theme
from union_desk.desktop.page import button, label, row

KEYS = "Enter 下一格　Ctrl+S 存草稿　Ctrl+Enter 检查并确认　F1 说明"


class FormFoot(QFrame):
    """One primary button: 检查并确认."""

    save = Signal()
    again = Signal()
    confirm = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "foot")
        self.setFixedHeight(theme.px(58))
        line = row(self, gap=8, margins=(26, 0, 26, 0))
        self.keys = label(KEYS, "small")
        self.keys.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        line.addWidget(self.keys, 1)
        self.save_button = button("存草稿", tip="Ctrl+S")
        self.save_button.clicked.connect(self.save)
        self.again_button = button("存草稿并再登一条", tip="Ctrl+Shift+Enter")
        self.again_button.clicked.connect(self.again)
        self.confirm_button = button("检查并确认", role="primary", icon="check", tip="Ctrl+Enter")
        self.confirm_button.setAutoDefault(True)
        self.confirm_button.clicked.connect(self.confirm)
        for made in (self.save_button, self.again_button, self.confirm_button):
            line.addWidget(made)

    def set_busy(self, *, busy: bool) -> None:
        """Take no second press while the first is at work."""
        for made in (self.save_button, self.again_button, self.confirm_button):
            made.setEnabled(not busy)

    def set_kind(self, *, writes: bool, ledger: bool, draft: bool) -> None:
        """Show what fits: nothing to save on a page that is read only."""
        self.save_button.setVisible(writes)
        self.save_button.setText("存草稿" if draft else "暂存修改")
        self.again_button.setVisible(writes and ledger)
        self.confirm_button.setVisible(writes)
        self.keys.setText(KEYS if writes else "Alt+↑↓ 上一条、下一条　Esc 返回")
