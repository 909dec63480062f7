"""After a call: the day by which the unit will file, and why it has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from union_desk.desktop import unit_notes
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import label
from union_desk.desktop.work_dialog import WorkDialog
from union_desk.taskpack.definition import Field
from union_desk.taskpack.field_types import Hints, Unreadable, parse

if TYPE_CHECKING:
    from union_desk.desktop.session import Session
    from union_desk.store.units import UnitEntry

_DAY = Field("promise", "承诺报齐日期", "date")


class ContactDialog(WorkDialog):
    """What a unit said on the phone."""

    changed = Signal()

    def __init__(self, session: Session, unit: UnitEntry, parent: QWidget) -> None:
        super().__init__("记一次联系", "记下", parent)
        self._session, self._unit = session, unit
        reach = " ".join(filter(None, (unit.contact, unit.phone))) or "没有登记联系人"
        self.body.addWidget(label(f"{unit.name}　{reach}", "strong", wrap=True))
        self.promise = QLineEdit(unit.promise or "")
        self._promise = Labelled("说哪一天报齐", self.promise, hint="例如 9-5；没有说的不填")
        self.body.addWidget(self._promise)
        self.reason = QLineEdit(unit.late_reason or "")
        self.body.addWidget(Labelled("没有报的原因", self.reason))
        self.act.clicked.connect(self._take)
        self.promise.setFocus()

    def _take(self) -> None:
        session, unit, today = self._session, self._unit, self._session.today
        day = parse(_DAY, self.promise.text(), Hints(year=int(today[:4]), today=today))
        if isinstance(day, Unreadable):
            self._promise.set_error(day.message)
            return
        said, reason = str(day or ""), self.reason.text().strip()
        self.work(lambda: unit_notes.note_contact(session, unit, said, reason), self._done)

    def _done(self) -> None:
        self.accept()
        self.changed.emit()
