"""Asks for the reasons of warnings, rule by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from union_desk.desktop import theme
from union_desk.desktop.page import button, column, label, row, scrolled
from union_desk.desktop.rule_list import RuleRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.store.full_check import RuleFindings
    from union_desk.taskpack.definition import TaskPack


class RuleDialog(QDialog):
    """One row a rule; each goes as it is explained."""

    explained = Signal(object, str)

    def __init__(self, rules: Sequence[RuleFindings], pack: TaskPack, parent: QWidget) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("审核说明")
        outer = column(self, gap=10, margins=(24, 20, 24, 20))
        words = "这些警告要写明原因才能确认；一条说明用于本规则的全部行。"
        outer.addWidget(label(words, wrap=True))
        holder = QWidget()
        inner = column(holder, gap=0)
        self.rows = [RuleRow(rule, pack) for rule in rules]
        for made in self.rows:
            made.go.hide()
            made.explained.connect(self._take)
            inner.addWidget(made)
        inner.addStretch(1)
        outer.addWidget(scrolled(holder), 1)
        line = row()
        line.addStretch(1)
        done = button("完成", role="primary")
        done.clicked.connect(self.accept)
        line.addWidget(done)
        outer.addLayout(line)
        self.resize(theme.px(720), min(theme.px(460), 620))

    def _take(self, rule: RuleFindings, text: str) -> None:
        self.explained.emit(rule, text)
        for made in self.rows:
            made.setHidden(made.isHidden() or made.rule is rule)
        if all(made.isHidden() for made in self.rows):
            self.accept()
