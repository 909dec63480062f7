"""报告变化: what has changed of a row that another office writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from union_desk.desktop import theme
from union_desk.desktop.chooser import Chooser
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import label
from union_desk.desktop.work_dialog import WorkDialog

if TYPE_CHECKING:
    from union_desk.store.changes import Change
    from union_desk.taskpack.definition import TaskPack

_KINDS = "system_change"
_OPEN, _DONE, _REFUSED = "等上级处理", "上级已改", "上级没有改"


class ChangeDialog(WorkDialog):
    """What kind of change, the new value, a few words."""

    given = Signal(str, str, str)
    """Kind, new value, words."""

    def __init__(self, pack: TaskPack, name: str, parent: QWidget) -> None:
        super().__init__("报告变化", "报告", parent)
        words = f"“{name}”由上级填报。报告的变化随下一次报送交给上级，由上级核实、修改。"
        self.body.addWidget(label(words, "note", wrap=True))
        self.kind = Chooser("变化")
        for item in pack.system_lists[_KINDS].items:
            self.kind.addItem(item.label, item.code)
        self.body.addWidget(Labelled("变化", self.kind, required=True))
        self.value = QLineEdit()
        self.value.setPlaceholderText("新名称、新人数、迁往何处")
        self.body.addWidget(Labelled("变化后的值", self.value))
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(theme.px(76))
        self._text = Labelled("情况说明", self.text)
        self.body.addWidget(self._text)
        self.act.clicked.connect(self._take)
        self.kind.setFocus()

    def _take(self) -> None:
        value, text = self.value.text().strip(), self.text.toPlainText().strip()
        if not value and not text:
            self._text.set_error("请写变化后的值，或说明情况")
            self.value.setFocus()
            return
        self.accept()
        self.given.emit(str(self.kind.currentData()), value, text)


def what(change: Change, pack: TaskPack) -> str:
    """Return a report in a few words: 更名：某某公司（已换执照）."""
    kind = pack.system_lists[_KINDS].label(change.kind)
    said = "：".join(filter(None, (kind, change.value)))
    return f"{said}（{change.text}）" if change.text else said


def became(change: Change) -> str:
    """Return what became of a report."""
    if not change.verdict:
        return _OPEN
    from union_desk.store import changes

    words = _DONE if change.verdict == changes.DONE else _REFUSED
    return f"{words}：{change.outcome}" if change.outcome else words
