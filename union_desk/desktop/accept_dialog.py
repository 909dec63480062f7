"""一次接收: the units without anything unusual, and a random sample of their records to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from union_desk.desktop import theme
from union_desk.desktop.page import label
from union_desk.desktop.work_dialog import WorkDialog
from union_desk.store.reviews import SAMPLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from union_desk.store.reviews import Sender, Waiting
    from union_desk.taskpack.definition import TaskPack


class AcceptDialog(WorkDialog):
    """Enter accepts all of them; a double click or Enter on the sample opens a record."""

    accepted_all = Signal()
    looked_at = Signal(object)
    """A record of the sample."""

    def __init__(
        self,
        senders: Sequence[Sender],
        sample: Sequence[Waiting],
        names: Mapping[str, str],
        pack: TaskPack,
        parent: QWidget,
    ) -> None:
        count = sum(len(sender.records) for sender in senders)
        super().__init__("一次接收", f"接收 {len(senders)} 家 {count:,} 条", parent)
        self._sample = tuple(sample)
        words = "这些单位的记录没有错误、没有警告、没有更正，数字与上期、上年相比没有大的变化："
        self.body.addWidget(label(words, wrap=True))
        told = (f"{one.unit.name}　{len(one.records)} 条" for one in senders)
        self.units = _list("没有异常的单位", told)
        self.body.addWidget(self.units)
        share = f"{SAMPLE:.0%}"
        words = f"随机抽出 {share}，共 {len(sample)} 条，双击或回车打开看："
        self.body.addWidget(label(words, wrap=True))
        told = (f"{pack.forms[one.form].title}　{names.get(one.uid, '')}" for one in sample)
        self.sample = _list("抽出来看的记录", told)
        self.sample.itemActivated.connect(lambda _item: self._look())
        self.body.addWidget(self.sample)
        self.act.clicked.connect(self._take)
        self.act.setFocus()

    def _look(self) -> None:
        place = self.sample.currentRow()
        if 0 <= place < len(self._sample):
            self.reject()
            self.looked_at.emit(self._sample[place])

    def _take(self) -> None:
        self.accept()
        self.accepted_all.emit()


def _list(name: str, words: Iterable[str]) -> QListWidget:
    made = QListWidget()
    made.setProperty("role", "framed")
    made.setAccessibleName(name)
    made.setFixedHeight(theme.px(132))
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    for text in words:
        entry = QListWidgetItem(text)
        entry.setSizeHint(QSize(0, theme.px(32)))
        made.addItem(entry)
    return made
