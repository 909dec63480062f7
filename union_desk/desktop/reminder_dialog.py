"""催报: the list to call as text, the way to the official paper, or a notice in the next file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from union_desk.desktop import filing_words
from union_desk.desktop.navigation import Route
from union_desk.desktop.page import button
from union_desk.desktop.riding import Riding
from union_desk.desktop.text_dialog import TextDialog
from union_desk.store.notices import OVERDUE, Notice
from union_desk.taskpack.period import Period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from union_desk.desktop.session import Session
    from union_desk.store.filing_matrix import UnitFilings
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

    def __init__(
        self, session: Session, late: Sequence[UnitFilings], period: str, parent: QWidget
    ) -> None:
        pack, title, day = session.pack, Period.parse(period).title, session.today
        lines = filing_words.reminder(late, pack, title, day)
        hint = "照着打电话，或复制到微信、QQ、邮件里；要盖章的，打印正式的通知单。"
        super().__init__(session, "催报名单", lines, parent, hint)
        self.riding = Riding(session, [
            Notice(
                one.unit.code, OVERDUE, filing_words.notice_words(one, pack, title, day),
                due_date=min(item.due_date for item in one.late(day)), period=period,
            )
            for one in late
        ])  # fmt: skip
        self.body.insertWidget(self.body.count() - 1, self.riding)
        paper = official(session.pack)
        if paper:
            title = session.pack.reports[paper].title
            self.official = button(f"打印{title}", role="link")
            self.official.clicked.connect(lambda: self._go(paper))
            self.foot.insertWidget(0, self.official)

    def _go(self, paper: str) -> None:
        self.accept()
        self.opened.emit(Route("print", text=paper))
