"""应报: makes a form due, optional or 不适用 for one unit from a period on, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from union_desk.desktop import jobs, theme, unit_notes
from union_desk.desktop.chooser import Chooser
from union_desk.desktop.explain_box import SHORTEST, ReasonLine
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import button, column, label, row
from union_desk.taskpack.period import in_year

if TYPE_CHECKING:
    from union_desk.desktop.session import Session
    from union_desk.store.filing_matrix import UnitFilings


class DutyDialog(QDialog):
    """Duty, first period, reason."""

    changed = Signal()

    def __init__(
        self, session: Session, unit: UnitFilings, form: str, period: str, parent: QWidget
    ) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("改应报")
        self._session, self._unit, self._form = session, unit.unit.code, form
        definition = session.pack.forms[form]
        outer = column(self, gap=10, margins=(24, 20, 24, 20))
        outer.addWidget(label(f"{unit.unit.name}：《{definition.title}》", "strong", wrap=True))
        self.duty = Chooser("应报")
        for code, words in unit_notes.DUTIES.items():
            self.duty.addItem(words, code)
        filing = unit.filings.get(form)
        self.duty.setCurrentIndex(self.duty.findData(filing.duty if filing else "none"))
        outer.addWidget(Labelled("应报", self.duty))
        self.since = Chooser("自某期起")
        for one in in_year(session.pack, definition.filing):
            self.since.addItem(one.title, one.id)
        self.since.setCurrentIndex(max(self.since.findData(period), 0))
        outer.addWidget(Labelled("自某期起", self.since))
        self.reason = ReasonLine()
        self.reason.setAccessibleName("原因")
        self.reason.setPlaceholderText("例如：这个单位没有在档困难职工")
        self.reason.done.connect(self._take)
        self.reason.left.connect(self.reject)
        self._reason = Labelled("原因", self.reason)
        outer.addWidget(self._reason)
        line = row(gap=8)
        line.addStretch(1)
        away = button("取消")
        away.clicked.connect(self.reject)
        act = button("改应报", role="primary")
        act.clicked.connect(self._take)
        line.addWidget(away)
        line.addWidget(act)
        outer.addLayout(line)
        self.setMinimumWidth(theme.px(480))
        self.duty.setFocus()

    def _take(self) -> None:
        reason = self.reason.text().strip()
        if len(reason) < SHORTEST:
            self._reason.set_error(f"请至少写 {SHORTEST} 个字")
            self.reason.setFocus()
            return
        session, unit, form = self._session, self._unit, self._form
        duty, since = str(self.duty.currentData()), str(self.since.currentData())

        def done(_result: object) -> None:
            self.changed.emit()
            self.accept()

        jobs.run(
            self,
            lambda _p: unit_notes.change_duty(session, unit, form, duty, since, reason),
            done,
            lane="write",
        )
