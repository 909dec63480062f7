"""操作记录 of one record: who did what when, each changed field with its old and new value."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from union_desk.desktop import jobs, theme
from union_desk.desktop.act_words import TITLES
from union_desk.desktop.page import button, column, label, row
from union_desk.taskpack import field_types

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from union_desk.desktop.session import Session
    from union_desk.store.audit import Entry
    from union_desk.taskpack.definition import Form, TaskPack

HEADS = ("时间", "人员", "操作", "项目", "原值", "新值", "原因")
_HEAD_LABELS = {"unit": "填报单位", "period": "报告期"}


def lines(entries: Sequence[Entry], form: Form, pack: TaskPack) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table, one for each field that changed."""
    for entry in entries:
        fixed = (_local(entry.at), entry.person, TITLES.get(entry.act, entry.act))
        changes = list(_changes(entry, form, pack)) or [("", "", "")]
        for place, change in enumerate(changes):
            yield (*fixed, *change, (entry.reason or "") if place == 0 else "")


def _changes(entry: Entry, form: Form, pack: TaskPack) -> Iterator[tuple[str, str, str]]:
    if entry.act == "reveal":
        item = form.by_id.get(str(entry.new.get("field", "")))
        yield (item.label if item else "", "", "")
        return
    for name in dict.fromkeys((*entry.old, *entry.new)):
        base, _, part = name.partition("__")
        if name == "details":
            yield ("明细", f"{_rows(entry.old)} 行", f"{_rows(entry.new)} 行")
        elif name in _HEAD_LABELS:
            yield (_HEAD_LABELS[name], str(entry.old.get(name) or ""),
                   str(entry.new.get(name) or ""))  # fmt: skip
        elif base in form.by_id and (form.by_id[base].type != "ref" or part == "label"):
            old, new = entry.old.get(name), entry.new.get(name)
            yield (
                form.by_id[base].label,
                _shown(form, base, old, pack),
                _shown(form, base, new, pack),
            )


def _rows(values: Mapping[str, object]) -> int:
    details = values.get("details")
    return sum(map(len, details.values())) if isinstance(details, dict) else 0


def _shown(form: Form, field: str, value: object, pack: TaskPack) -> str:
    item = form.by_id[field]
    if value is None or not isinstance(value, str | int | float):
        return ""
    private = item.sensitivity >= field_types.SENSITIVE
    if item.type == "ref":
        return field_types.HIDDEN if private else str(value)
    return field_types.format_value(item, value, pack, masked=private)


def _local(at: str) -> str:
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")


def show(owner: QWidget, session: Session, form: Form, uid: str) -> None:
    """Read in a worker who did what to a record, and show it."""

    def read(_progress: object) -> list[tuple[str, ...]]:
        from union_desk.store import audit

        with session.store.read() as connection:
            return list(lines(audit.history(connection, uid), form, session.pack))

    jobs.run(owner, read, lambda found: HistoryDialog(form.title, found, owner).open())


class HistoryDialog(QDialog):
    """A table, the newest last; nothing in it can be changed."""

    def __init__(self, title: str, found: Sequence[tuple[str, ...]], parent: QWidget) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("操作记录")
        outer = column(self, gap=12, margins=(20, 16, 20, 16))
        outer.addWidget(
            label(f"{title}：共 {len(found)} 条，证件号等敏感内容不显示全部。", wrap=True)
        )
        self.table = QTableWidget(len(found), len(HEADS))
        self.table.setAccessibleName("操作记录")
        self.table.setHorizontalHeaderLabels(list(HEADS))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        for place, cells in enumerate(found):
            for number, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(place, number, item)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        for number, width in enumerate((130, 80, 90, 150, 150, 150)):
            self.table.setColumnWidth(number, theme.px(width))
        outer.addWidget(self.table, 1)
        foot = row()
        foot.addStretch(1)
        done = button("关闭", role="primary")
        done.clicked.connect(self.accept)
        foot.addWidget(done)
        outer.addLayout(foot)
        self.resize(theme.px(900), theme.px(420))
