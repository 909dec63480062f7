"""Help: the keys, how a month goes, what to say on the phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QLineEdit, QWidget

import union_desk
from union_desk.desktop import faults, theme
from union_desk.desktop.page import Page, button, column, frame, label, row, scrolled

if TYPE_CHECKING:
    from pathlib import Path

    from union_desk.desktop.navigation import Route
    from union_desk.desktop.session import Session

KEYS = (
    ("Enter、Tab", "下一格"),
    ("Shift+Enter、Shift+Tab", "上一格"),
    ("Ctrl+Enter", "检查并确认"),
    ("Ctrl+S", "存草稿"),
    ("Ctrl+Shift+Enter", "存草稿并再登一条"),
    ("Ctrl+N", "新增一条"),
    ("Alt+↑、Alt+↓", "上一条、下一条"),
    ("Alt+1 … Alt+9", "到第几部分"),
    ("F1", "本格说明"),
    ("F4", "打开选项、日历、查找"),
    ("F8、Shift+F8", "下一处、上一处问题"),
    ("Ctrl+D", "同上一条"),
    ("Ctrl+Z、Ctrl+Y", "撤销、重做"),
    ("Ctrl+F", "在台账里查找"),
    ("Ctrl+K", "跳到任何一张表或页面"),
    ("Ctrl+P", "打印"),
    ("Ctrl+/", "全部快捷键"),
    ("Esc", "关闭小窗口；否则返回（草稿已存）"),
)
STEPS = (
    ("录入", "在左边选一项工作，打开表，点“新增”。录一半也不要紧，草稿自动保存。"),
    ("检查并确认", "按 Ctrl+Enter。错误要改好；提醒可以写明原因后通过。"),
    ("汇总与打印", "看进度和汇总表，另存 PDF，打印后签字盖章。"),
    ("报送", "按四步写出报送文件，交给上级工会。"),
)


class HelpPage(Page):
    """Keys, steps and the facts for a call."""

    title = "帮助"

    def __init__(self, session: Session, _route: Route) -> None:
        super().__init__(session)
        self.context = "怎样办一个月的报送，有哪些快捷键，出了问题怎么说"
        outer = column(self, gap=10, margins=(26, 16, 12, 16))
        self.search = QLineEdit()
        self.search.setPlaceholderText("查找快捷键，例如：下一格")
        self.search.setAccessibleName("查找快捷键")
        self.search.setMaximumWidth(theme.px(420))
        self.search.textChanged.connect(self._filter)
        outer.addWidget(self.search)
        holder = QWidget()
        cards = row(holder, gap=14)
        cards.addWidget(self._keys(), 1, Qt.AlignmentFlag.AlignTop)
        side = column(gap=14)
        side.addWidget(self._steps())
        side.addWidget(self._facts())
        side.addStretch(1)
        cards.addLayout(side, 1)
        outer.addWidget(scrolled(holder), 1)

    def first_focus(self) -> QWidget:
        """Return the search line."""
        return self.search

    def _keys(self) -> QWidget:
        card = frame("card")
        body = column(card, gap=10, margins=(20, 16, 20, 20))
        body.addWidget(label("快捷键", "heading"))
        grid = QGridLayout()
        grid.setVerticalSpacing(theme.px(6))
        grid.setHorizontalSpacing(theme.px(16))
        grid.setColumnStretch(1, 1)
        self._rows: list[tuple[str, QLabel, QLabel]] = []
        for n, (keys, words) in enumerate(KEYS):
            left, right = label(keys, "strong"), label(words, wrap=True)
            grid.addWidget(left, n, 0)
            grid.addWidget(right, n, 1)
            self._rows.append((f"{keys} {words}".lower(), left, right))
        body.addLayout(grid)
        self._none = label("没有找到，换个词试试。", "hint")
        self._none.hide()
        body.addWidget(self._none)
        return card

    def _filter(self, text: str) -> None:
        wanted, shown = text.strip().lower(), 0
        for words, left, right in self._rows:
            fits = wanted in words
            shown += fits
            left.setVisible(fits)
            right.setVisible(fits)
        self._none.setVisible(not shown)

    def _steps(self) -> QWidget:
        card = frame("card")
        body = column(card, gap=10, margins=(20, 16, 20, 20))
        body.addWidget(label("一个月怎么办", "heading"))
        for n, (title, words) in enumerate(STEPS, 1):
            body.addWidget(label(f"{n}．{title}", "strong"))
            body.addWidget(label(words, "second", wrap=True))
        return card

    def _facts(self) -> QWidget:
        card = frame("card")
        body = column(card, gap=10, margins=(20, 16, 20, 20))
        body.addWidget(label("求助时告诉对方", "heading"))
        self.facts = facts(self.session, logs=self.session.store.folder / "logs")
        shown = label(self.facts, "second", wrap=True)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        body.addWidget(shown)
        line = row()
        copy = button("复制", icon="clipboard", name="复制求助内容")
        copy.clicked.connect(self._copy)
        self._copied = label("", "ok")
        line.addWidget(copy)
        line.addWidget(self._copied)
        line.addStretch(1)
        body.addLayout(line)
        body.addWidget(label("不含任何个人信息。", "hint"))
        return card

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.facts)
        self._copied.setText("已复制")


def facts(session: Session, logs: Path) -> str:
    """Return what helps the one who is called: versions, unit, last errors; no personal data."""
    pack, store = session.pack, session.store
    lines = [
        f"程序 {union_desk.__version__}",
        f"任务包 {pack.id} {pack.version}",
        f"单位 {store.unit_name}（{store.unit}）",
    ]
    last = faults.last_entries(logs, 12)
    return "\n".join([*lines, f"最近的错误：\n{last}" if last else "最近没有错误"])
