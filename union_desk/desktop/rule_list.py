"""Findings by rule: errors with a jump, warnings explained once for all records of the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from union_desk.desktop.explain_box import ExplainBox
from union_desk.desktop.page import button, column, label, picture, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.store.full_check import RuleFindings
    from union_desk.taskpack.definition import TaskPack

MOST = 12
"""Rules shown at once; the rest follows as these are done."""
_EXAMPLES = 2


class RuleRow(QFrame):
    """One rule: its sentence, the first findings, what can be done."""

    opened = Signal(object)
    """The rule: go to its records."""
    explained = Signal(object, str)
    """The rule and the reason for all its records."""

    def __init__(self, rule: RuleFindings, pack: TaskPack) -> None:
        super().__init__()
        self.rule = rule
        self.setProperty("role", "row")
        outer = column(self, gap=4, margins=(0, 8, 0, 8))
        line = row(gap=10)
        outer.addLayout(line)
        error = rule.level == "error"
        icon = ("alert-circle-filled", "err") if error else ("alert-triangle-filled", "warn")
        line.addWidget(picture(*icon, 18))
        title, count = pack.forms[rule.form].title, len(rule.findings)
        words = column(gap=2)
        words.addWidget(label(f"《{title}》{rule.sentence}（{count} 条）", wrap=True))
        examples = "；".join(item.message for item in rule.findings[:_EXAMPLES])
        if examples != rule.sentence:
            words.addWidget(label(f"例：{examples}", "note", wrap=True))
        line.addLayout(words, 1)
        self.go = button("去更正" if error else "看记录", role="link",
                         name=f"打开记录：{rule.sentence}")  # fmt: skip
        self.go.clicked.connect(lambda: self.opened.emit(rule))
        line.addWidget(self.go)
        self.explain = button("写说明", name=f"写审核说明：{rule.sentence}")
        self.explain.clicked.connect(self._open_box)
        self.explain.setVisible(not error)
        line.addWidget(self.explain)
        self.box: ExplainBox | None = None

    def _open_box(self) -> None:
        if self.box is None:
            self.box = ExplainBox(self)
            self.box.accepted.connect(lambda _code, text: self.explained.emit(self.rule, text))
            self.box.dismissed.connect(self._close_box)
            layout = self.layout()
            if layout is not None:
                layout.addWidget(self.box)
                count = len(self.rule.findings)
                layout.addWidget(label(f"这条说明用于本规则全部 {count} 条。", "hint"))
        self.box.offer(self.rule.code, self.rule.reasons, "")
        self.box.show()
        self.box.line.setFocus()

    def _close_box(self) -> None:
        if self.box is not None:
            self.box.hide()
        self.explain.setFocus()


class RuleList(QWidget):
    """The rules of a run, errors first."""

    opened = Signal(object)
    explained = Signal(object, str)

    def __init__(self, rules: Sequence[RuleFindings], pack: TaskPack) -> None:
        super().__init__()
        outer = column(self, gap=0, margins=(40, 0, 0, 0))
        self.rows = [RuleRow(rule, pack) for rule in rules[:MOST]]
        for made in self.rows:
            made.opened.connect(self.opened)
            made.explained.connect(self.explained)
            outer.addWidget(made)
        if len(rules) > MOST:
            outer.addWidget(label(f"还有 {len(rules) - MOST} 条规则，处理完上面的再看。", "note"))
