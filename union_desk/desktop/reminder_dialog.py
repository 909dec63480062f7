"""催报: the list to call as text, and the way to the official paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from union_desk.desktop.navigation import Route
from union_desk.desktop.page import button
from union_desk.desktop.text_dialog import TextDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from union_desk.desktop.session import Session
    from union_desk.taskpack.definition import TaskPack

FILING = "filing"


def official(pack: TaskPack) -> str:
    """Return the id of the package's notice about filings alone, "" where it has none."""
    fit = (
        one.id for one in pack.reports.values() if one.layout == "slip" and one.forms == (FILING,)
    )
    return next(fit, "")


class ReminderDialog(TextDialog):
    """Who is late with what and how to reach them: copied, saved, printed, or as 催报通知单."""

    opened = Signal(object)

    def __init__(self, session: Session, lines: Sequence[str], parent: QWidget) -> None:
        hint = "照着打电话，或复制到微信、QQ、邮件里；要盖章的，打印正式的通知单。"
        super().__init__(session, "催报名单", lines, parent, hint)
        paper = official(session.pack)
        if paper:
            title = session.pack.reports[paper].title
            self.official = button(f"打印{title}", role="link")
            self.official.clicked.connect(lambda: self._go(paper))
            self.foot.insertWidget(0, self.official)

    def _go(self, paper: str) -> None:
        self.accept()
        self.opened.emit(Route("print", text=paper))
