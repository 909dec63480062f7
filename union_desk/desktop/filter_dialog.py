"""按列筛选: some values, a range, or what is not filled in, of any column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QWidget

from union_desk.desktop import theme
from union_desk.desktop.chooser import Chooser
from union_desk.desktop.flow import Flow
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.line_editor import NUMBERS
from union_desk.desktop.page import button, clear, column, label, row
from union_desk.taskpack.field_types import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.editor import Reader
    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.record import Value

_RANGED = frozenset({"date", *NUMBERS})
_LISTED = frozenset({"choice", "bool"})


def filterable(form: Form) -> list[Field]:
    """Return the fields a ledger can be filtered by."""
    return [item for item in form.fields if item.type in _RANGED | _LISTED or item.type == "ref"]


class FilterDialog(QDialog):
    """One column at a time."""

    chosen = Signal(str, object)
    """A field, and some values, a range, or None for what is not filled in."""
    cleared = Signal()

    def __init__(self, form: Form, reader: Reader, parent: QWidget) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("按列筛选")
        self._form, self._reader = form, reader
        outer = column(self, gap=10, margins=(24, 20, 24, 20))
        self.field = Chooser("哪一列")
        for item in filterable(form):
            self.field.addItem(item.label, item.id)
        self.field.currentIndexChanged.connect(self._show_field)
        outer.addWidget(Labelled("哪一列", self.field))
        self._body = column(gap=8)
        outer.addLayout(self._body)
        self.empty = _box("只看没有填的")
        outer.addWidget(self.empty)
        self.said = label("", "error", wrap=True)
        outer.addWidget(self.said)
        outer.addStretch(1)
        foot = row(gap=8)
        all_ = button("清除筛选", role="link")
        all_.clicked.connect(self._clear)
        foot.addWidget(all_)
        foot.addStretch(1)
        away = button("取消")
        away.clicked.connect(self.reject)
        done = button("筛选", role="primary")
        done.clicked.connect(self._take)
        foot.addWidget(away)
        foot.addWidget(done)
        outer.addLayout(foot)
        self.boxes: dict[Value, QCheckBox] = {}
        self.low, self.high = QLineEdit(), QLineEdit()
        self.setMinimumWidth(theme.px(480))
        self._show_field()

    @property
    def _item(self) -> Field:
        return self._form.by_id[str(self.field.currentData())]

    def _show_field(self) -> None:
        clear(self._body)
        self.boxes = {}
        item = self._item
        if item.type in _LISTED:
            values: Sequence[tuple[Value, str]] = (
                [(1, "是"), (0, "否")]
                if item.type == "bool"
                else [(code.code, code.label) for code in self._reader.codes(item)]
            )
            flow = Flow(gap=8)
            for value, words in values:
                self.boxes[value] = _box(words)
            flow.fill(list(self.boxes.values()))
            self._body.addWidget(flow)
        elif item.type in _RANGED:
            self.low, self.high = QLineEdit(), QLineEdit()
            line = row(gap=8)
            line.addWidget(Labelled("从", self.low))
            line.addWidget(Labelled("到", self.high))
            self._body.addLayout(line)

    def _take(self) -> None:
        from union_desk.store.listing import Range

        item = self._item
        value: object = None
        if not self.empty.isChecked():
            if self.boxes:
                value = tuple(one for one, box in self.boxes.items() if box.isChecked())
                if not value:
                    self.said.setText("请至少选一项。")
                    return
            elif item.type in _RANGED:
                ends = [self._reader.read(item, line.text()) for line in (self.low, self.high)]
                bad = next((end for end in ends if isinstance(end, Unreadable)), None)
                if bad is not None:
                    self.said.setText(f"“{bad.text}”：{bad.message}")
                    return
                low, high = (None if isinstance(end, Unreadable) else end for end in ends)
                if low is None and high is None:
                    self.said.setText("请填起止，至少一头。")
                    return
                value = Range(low, high)
            else:
                self.said.setText("这一列可以只看没有填的；找文字请用搜索。")
                return
        self.chosen.emit(item.id, value)
        self.accept()

    def _clear(self) -> None:
        self.cleared.emit()
        self.accept()


def _box(words: str) -> QCheckBox:
    made = QCheckBox(words)
    made.setAccessibleName(words)
    return made
