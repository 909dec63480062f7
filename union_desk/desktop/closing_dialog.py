"""结账 and 准许补报: closing a period for all below, and letting one unit in until a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from union_desk.desktop.dashboard_words import day_words
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import label
from union_desk.desktop.work_dialog import WorkDialog
from union_desk.taskpack.definition import Field
from union_desk.taskpack.field_types import Hints, Unreadable, parse
from union_desk.taskpack.period import Period

if TYPE_CHECKING:
    from union_desk.desktop.session import Session
    from union_desk.store.closing import Closing
    from union_desk.store.units import UnitEntry

_WEEK, _SHORTEST = 7, 4
_DAY = Field("until", "准许到", "date")


def closed_words(state: Closing, name: str) -> str:
    """Say who closed a period and who is let in."""
    said = f"{name}{day_words(state.day)}结账：不再确认，以后的改动是更正。"
    if state.let_in:
        until = max(day for _, day in state.let_in)
        said += f"准许补报 {len(state.let_in)} 个单位，最晚到{day_words(until)}。"
    return said


class CloseDialog(WorkDialog):
    """Says what closing means and who has not filed, then closes or opens again."""

    changed = Signal()

    def __init__(
        self, session: Session, period: str, state: Closing, missing: int, parent: QWidget
    ) -> None:
        word = "重新打开" if state.closed else "结账"
        super().__init__(word, word, parent)
        self._session, self._period, self._closed = session, period, state.closed
        title = Period.parse(period).title
        self.body.addWidget(label(f"{word}：{title}", "strong"))
        if state.closed:
            words = "重新打开以后，各单位又可以确认这一期的记录。结账时的数字留着，可以对照。"
            self.body.addWidget(label(words, wrap=True))
        else:
            words = (
                "结账以后，本单位和全部下级不再确认这一期的记录；现在的数字定下来，"
                "以后的改动都显示为更正。随下一个通知文件到下级。"
            )
            self.body.addWidget(label(words, wrap=True))
            if missing:
                late = f"还有 {missing} 个单位没有报齐，可以先催报，或结账后准许个别单位补报。"
                self.body.addWidget(label(late, "warn", wrap=True))
        self.act.clicked.connect(self._take)
        unfinished = missing and not state.closed  # Enter by habit must not close for all below
        (self.away if unfinished else self.act).setFocus()

    def _take(self) -> None:
        from union_desk.store import closing

        session, period = self._session, self._period
        if self._closed:
            self.work(lambda: closing.reopen(session.store, period), self._done)
        else:
            self.work(lambda: closing.close(session.store, period, session.today), self._done)

    def _done(self) -> None:
        self.accept()
        self.changed.emit()


class LetInDialog(WorkDialog):
    """Until when one unit may still confirm in a closed period, and why."""

    changed = Signal()

    def __init__(self, session: Session, unit: UnitEntry, period: str, parent: QWidget) -> None:
        super().__init__("准许补报", "准许补报", parent)
        self._session, self._unit, self._period = session, unit.code, period
        about = f"{unit.name}：{Period.parse(period).title}"
        self.body.addWidget(label(about, "strong", wrap=True))
        day = dt.date.fromisoformat(session.today) + dt.timedelta(days=_WEEK)
        self.day = QLineEdit(day.isoformat())
        self._day = Labelled("准许到", self.day, required=True, hint="当天有效，过后自动锁上")
        self.body.addWidget(self._day)
        self.reason = QLineEdit()
        self._reason = Labelled("原因", self.reason, required=True)
        self.body.addWidget(self._reason)
        self.act.clicked.connect(self._take)
        self.reason.setFocus()

    def _take(self) -> None:
        from union_desk.store import closing

        session, today = self._session, self._session.today
        day = parse(_DAY, self.day.text(), Hints(year=int(today[:4]), today=today))
        wrong = isinstance(day, Unreadable) or day is None
        self._day.set_error("请写日期，例如 2012-09-12" if wrong else "")
        reason = self.reason.text().strip()
        self._reason.set_error("" if len(reason) >= _SHORTEST else f"请至少写 {_SHORTEST} 个字")
        if wrong or len(reason) < _SHORTEST:
            return
        unit, period = self._unit, self._period
        self.work(
            lambda: closing.let_in(session.store, unit, period, str(day), reason, today),
            self._done,
        )

    def _done(self) -> None:
        self.accept()
        self.changed.emit()
