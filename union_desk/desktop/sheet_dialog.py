"""Before a sheet with private fields is saved: masked, or in full for a reason that is kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QRadioButton, QWidget

from union_desk.desktop import theme
from union_desk.desktop.explain_box import SHORTEST, ReasonLine
from union_desk.desktop.page import button, column, label, row


class SheetDialog(QDialog):
    """Two ways and a line for the reason; masked is what is chosen where nothing is."""

    given = Signal(object)
    """The reason for showing all; None: masked."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("另存为 Excel")
        outer = column(self, gap=10, margins=(24, 20, 24, 20))
        outer.addWidget(label(f"“{title}”里有证件号等敏感内容，存成的表格不加密。", wrap=True))
        self.masked = QRadioButton("遮盖敏感内容")
        self.full = QRadioButton("敏感内容写全，原因记入操作记录")
        self.masked.setChecked(True)
        outer.addWidget(self.masked)
        outer.addWidget(self.full)
        self.line = ReasonLine()
        self.line.setAccessibleName("写全的原因")
        self.line.setPlaceholderText(f"至少 {SHORTEST} 个字，例如：发放补助核对账户")
        self.line.setEnabled(False)
        self.line.done.connect(self._take)
        self.line.left.connect(self.reject)
        outer.addWidget(self.line)
        self.said = label("", "error")
        outer.addWidget(self.said)
        self.full.toggled.connect(self._switch)
        buttons = row(gap=8)
        buttons.addStretch(1)
        away = button("取消")
        away.clicked.connect(self.reject)
        self.act = button("选择文件…", role="primary")
        self.act.setDefault(True)
        self.act.clicked.connect(self._take)
        buttons.addWidget(away)
        buttons.addWidget(self.act)
        outer.addLayout(buttons)
        self.setMinimumWidth(theme.px(460))
        self.masked.setFocus()

    def _switch(self, full: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.line.setEnabled(full)
        if full:  # after the arrow key that chose it has moved the focus itself
            QTimer.singleShot(0, self.line, self.line.setFocus)

    def _take(self) -> None:
        reason = self.line.text().strip() if self.full.isChecked() else None
        if reason is not None and len(reason) < SHORTEST:
            self.said.setText(f"请至少写 {SHORTEST} 个字")
            self.line.setFocus()
            return
        self.accept()
        self.given.emit(reason)
