"""Asks what a unit is to change when records go back to it: the remark, the field, until when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from union_desk.desktop import theme
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import label
from union_desk.desktop.work_dialog import WorkDialog
from union_desk.taskpack.definition import Field
from union_desk.taskpack.field_types import Hints, Unreadable, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.store.reviews import Waiting
    from union_desk.taskpack.definition import TaskPack

_WEEK = 7
CALLED = "（已电话告知）"
_DAY = Field("due_date", "限期", "date")


class ReturnDialog(WorkDialog):
    """The remark stands at the field in the unit's form; findings are offered as its words."""

    given = Signal(str, str, str)
    """Remark, field id or "", date or ""."""

    def __init__(
        self, items: Sequence[Waiting], pack: TaskPack, today: str, parent: QWidget
    ) -> None:
        super().__init__("退回", "退回", parent)
        self._today = today
        forms = {item.form for item in items}
        self.body.addWidget(label(f"退回 {len(items)} 条记录。填报单位收到后在表上看到意见。"))
        self.text = QPlainTextEdit("；".join(_told(items)))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(theme.px(96))
        self.body.addWidget(Labelled("意见", self.text, required=True, hint="要改什么、怎么改"))
        self.place = QComboBox()
        self.place.addItem("整条记录", "")
        if len(forms) == 1:
            for item in pack.forms[forms.pop()].fields:
                self.place.addItem(item.label, item.id)
        fields = {finding.field for item in items for finding in item.findings if finding.field}
        if len(items) == 1 and len(fields) == 1:
            self.place.setCurrentIndex(max(self.place.findData(fields.pop()), 0))
        self.body.addWidget(Labelled("哪一格", self.place))
        due = dt.date.fromisoformat(today) + dt.timedelta(days=_WEEK)
        self.due = QLineEdit(due.isoformat())
        self._due = Labelled("限期", self.due, hint="请在哪一天前改好再报；可以不填")
        self.body.addWidget(self._due)
        self.called = QCheckBox("已打电话告诉填报单位，它改好报来就自动了结")
        self.body.addWidget(self.called)
        self.act.clicked.connect(self._take)
        self.text.setFocus()

    def _take(self) -> None:
        text = self.text.toPlainText().strip()
        day = parse(_DAY, self.due.text(), Hints(year=int(self._today[:4]), today=self._today))
        if not text:
            self.refuse("请写明要改什么、怎么改。")
            return
        if isinstance(day, Unreadable):
            self._due.set_error(day.message)
            return
        self.accept()
        text += CALLED if self.called.isChecked() else ""
        self.given.emit(text, str(self.place.currentData() or ""), str(day or ""))


def _told(items: Sequence[Waiting]) -> list[str]:
    """Return the sentences of the errors, each once."""
    return list(
        dict.fromkeys(
            finding.message
            for item in items
            for finding in item.findings
            if finding.level == "error"
        )
    )
