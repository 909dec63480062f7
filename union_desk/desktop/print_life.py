"""Above the preview: draft or issued paper, its number, its code, its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from union_desk.desktop.page import button, column, frame, label, row
from union_desk.desktop.paper_words import WordPill, state

if TYPE_CHECKING:
    from union_desk.desktop.papers import Drawn
    from union_desk.store.issued import Issued

STEPS = "已出具 → 已打印 → 已签字 → 已盖章 → 已报送"


class PaperLife(QWidget):
    """One line about the paper shown, and what can be done with it."""

    issue = Signal()
    void = Signal(object)
    full = Signal()
    others = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.paper: Issued | None = None
        outer = column(self, gap=0)
        card = frame("card")
        outer.addWidget(card)
        line = row(card, gap=10, margins=(14, 6, 8, 6))
        self.pill = WordPill()
        line.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignVCenter)
        words = column(gap=0)
        self.number = label("", "strong")
        self.told = label("", "note", wrap=True)
        words.addWidget(self.number)
        words.addWidget(self.told)
        line.addLayout(words, 1)
        self.others_it = button("以前出具的…", role="link", tip="查看或再印，包括已作废的")
        self.others_it.clicked.connect(self.others)
        line.addWidget(self.others_it)
        self.full_it = button("证件号印全…", role="link", tip="写明原因，记入操作记录")
        self.full_it.clicked.connect(self.full)
        line.addWidget(self.full_it)
        self.void_it = button("作废…", role="link")
        self.void_it.clicked.connect(lambda: self.void.emit(self.paper))
        line.addWidget(self.void_it)
        self.issue_it = button(
            "正式出具", icon="check", tip="定下数字，给编号和校验码，可以签字盖章"
        )
        self.issue_it.clicked.connect(self.issue)
        line.addWidget(self.issue_it)
        self.hide()

    def show_paper(self, drawn: Drawn) -> None:
        """Tell of what is shown."""
        self.paper = drawn.issued
        self.setVisible(drawn.about is not None)
        self.full_it.setVisible(drawn.masks)
        self.others_it.setVisible(bool(drawn.others))
        self.others_it.setText(f"以前出具的 {len(drawn.others)} 份…")
        self.void_it.setVisible(self.paper is not None and self.paper.live)
        self.issue_it.setVisible(self.paper is None)
        if self.paper is None:
            self.pill.say("草稿 未报送", "warn")
            self.number.setText("还没有正式出具")
            if drawn.older is not None:
                self.number.setText(f"{drawn.older.serial} 出具以后，数字有了变化")
                self.told.setText("那一份仍然有效；要用新的数字，请重新正式出具")
            else:
                self.told.setText(STEPS)
            return
        from union_desk.reports import checkcode

        self.pill.say(*state(self.paper))
        self.number.setText(self.paper.serial)
        told = [f"校验码 {checkcode.check_code(self.paper.digest)}"]
        if self.paper.void_reason:
            told.append(self.paper.void_reason)
        if self.paper.printed_at:
            told.append(f"打印 {self.paper.printed_at[:10]}")
        if self.paper.signer:
            told.append(f"{self.paper.signer} {self.paper.signed_date} 签字")
        if self.paper.sealed_date:
            told.append(f"{self.paper.sealed_date} 盖章")
        self.told.setText("　".join(told))
