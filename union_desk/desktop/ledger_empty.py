"""What a ledger says when it has no row to show, and what one can do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from union_desk.desktop.area_page import writers
from union_desk.desktop.ledger_view import ALL
from union_desk.desktop.page import button, clear, column, label, picture, row
from union_desk.desktop.pill import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from union_desk.desktop.ledger_view import View
    from union_desk.taskpack.definition import Form

Action = tuple[str, str, str]
"""(what it does, its words, its role)."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why nothing is there, and what to do: the icon, two lines, actions."""

    icon: str
    title: str
    words: str
    actions: tuple[Action, ...]


def why(view: View, form: Form, *, writes: bool) -> Nothing:
    """Return what to say about an empty ledger.

    :param writes: this level enters rows of the form.
    """
    wanted = view.wanted
    ever = bool(view.counts[ALL])
    if wanted.search:
        term = wanted.search
        actions: list[Action] = [("clear", "清除搜索", "secondary")]
        if wanted.period or wanted.chip != ALL:
            actions.append(("everywhere", "在全部时段中查找", "secondary"))
        if writes and form.kind == "ledger":
            actions.append(("register", f"＋ 登记“{term}”", "primary"))
        words = "换个关键词，或清除筛选条件"
        words += "；也可以直接登记这一条。" if writes else "。"
        return Nothing("file-search", f"没有找到“{term}”的登记", words, tuple(actions))
    if wanted.chip == "voided":
        return Nothing("trash", "回收站是空的", "删除的草稿和作废的记录在这里，可以恢复。",
                       (("everything", "回到全部", "secondary"),))  # fmt: skip
    if ever:
        what = f"“{WORDS[wanted.chip]}”的记录" if wanted.chip != ALL else "记录"
        words = "换一个时段，或看全部。"
        return Nothing("file-search", f"这里没有{what}", words,
                       (("everything", "看全部", "secondary"),))  # fmt: skip
    if not writes:
        words = f"本表由{writers(form)}填报，收到报送后显示在这里。"
        return Nothing("inbox", "还没有收到记录", words, ())
    if form.kind == "sheet":
        words = "每期一张；填好一期，下一期会带出上期的数。"
        return Nothing("clipboard", "还没有填过", words, (("new", "填写本期", "primary"),))
    words = "可以逐条登记；本期确实没有发生的，报送时选零报。"
    return Nothing("clipboard", "还没有登记", words, (("new", "＋ 新增登记", "primary"),))


class EmptyLedger(QWidget):
    """An icon, a sentence, what to try, and the next action."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._body = column(self, gap=8)
        self.has_primary = False
        self.first: QWidget | None = None

    def tell(self, nothing: Nothing) -> None:
        """Show why nothing is there."""
        clear(self._body)
        self._body.addStretch(1)
        self._body.addWidget(picture(nothing.icon, "line2", 72), 0, Qt.AlignmentFlag.AlignHCenter)
        self._body.addSpacing(8)
        title = label(nothing.title, "heading")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body.addWidget(title)
        words = label(nothing.words, "second")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body.addWidget(words)
        line = row(gap=8)
        line.addStretch(1)
        self.first = None
        for what, text, role in nothing.actions:
            made = button(text, role=role)
            made.setAutoDefault(True)
            made.clicked.connect(self._asks(what))
            line.addWidget(made)
            self.first = made
        line.addStretch(1)
        self._body.addSpacing(4)
        self._body.addLayout(line)
        self._body.addStretch(1)
        self.has_primary = any(role == "primary" for _, _, role in nothing.actions)

    def _asks(self, what: str) -> Callable[[], None]:
        return lambda: self.asked.emit(what)
