"""列设置: which columns a ledger shows, in which order, how wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QWidget

from union_desk.desktop import theme
from union_desk.desktop.page import button, column, label, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.taskpack.definition import Field, Form

_UNSHOWN = frozenset({"attach", "longtext"})
WIDER, NARROWER = 1.25, 0.8


def offered(form: Form) -> list[Field]:
    """Return the fields that a ledger can show."""
    return [item for item in form.fields if item.type not in _UNSHOWN]


class ColumnsDialog(QDialog):
    """A list with check marks; buttons move and widen, nothing needs dragging."""

    chosen = Signal(list, dict)
    """Names in order, and factors by name of columns to be made wider or narrower."""
    reset = Signal()

    def __init__(self, form: Form, shown: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("列设置")
        self._factors: dict[str, float] = {}
        outer = column(self, gap=10, margins=(24, 20, 24, 20))
        words = "打勾的列显示在台账里，从上到下就是从左到右；空格打勾，Alt+↑↓ 移动。"
        outer.addWidget(label(words, "note", wrap=True))
        line = row(gap=12)
        outer.addLayout(line, 1)
        self.list = QListWidget()
        self.list.setAccessibleName("台账的列")
        self.list.setProperty("role", "entries")
        first = [form.by_id[name] for name in shown if name in form.by_id]
        for item in [*first, *(one for one in offered(form) if one not in first)]:
            made = QListWidgetItem(item.label)
            made.setData(Qt.ItemDataRole.UserRole, item.id)
            made.setFlags(made.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            on = item.id in shown
            made.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self.list.addItem(made)
        self.list.setCurrentRow(0)
        line.addWidget(self.list, 1)
        side = column(gap=8)
        for title, act in (
            ("上移", lambda: self.move_by(-1)),
            ("下移", lambda: self.move_by(1)),
            ("加宽", lambda: self._widen(WIDER)),
            ("变窄", lambda: self._widen(NARROWER)),
        ):
            made_button = button(title)
            made_button.clicked.connect(act)
            side.addWidget(made_button)
        side.addStretch(1)
        line.addLayout(side)
        foot = row(gap=8)
        default = button("恢复默认", role="link")
        default.clicked.connect(self._reset)
        foot.addWidget(default)
        foot.addStretch(1)
        away = button("取消")
        away.clicked.connect(self.reject)
        done = button("确定", role="primary")
        done.clicked.connect(self._take)
        foot.addWidget(away)
        foot.addWidget(done)
        outer.addLayout(foot)
        self.said = label("", "error")
        outer.addWidget(self.said)
        self.resize(theme.px(480), min(theme.px(520), 640))

    def move_by(self, way: int) -> None:
        """Move the current column up or down."""
        place = self.list.currentRow()
        if 0 <= place + way < self.list.count():
            item = self.list.takeItem(place)
            self.list.insertItem(place + way, item)
            self.list.setCurrentRow(place + way)

    def _widen(self, factor: float) -> None:
        item = self.list.currentItem()
        if item is not None:
            name = item.data(Qt.ItemDataRole.UserRole)
            self._factors[name] = self._factors.get(name, 1) * factor
            words = "加宽" if self._factors[name] >= 1 else "变窄"
            item.setText(f"{item.text().split('　', 1)[0]}　（{words}）")

    def _take(self) -> None:
        rows = [self.list.item(place) for place in range(self.list.count())]
        names = [
            one.data(Qt.ItemDataRole.UserRole)
            for one in rows
            if one.checkState() == Qt.CheckState.Checked
        ]
        if not names:
            self.said.setText("至少要显示一列。")
            return
        self.chosen.emit(names, self._factors)
        self.accept()

    def _reset(self) -> None:
        self.reset.emit()
        self.accept()
