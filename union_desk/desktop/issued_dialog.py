"""All that was issued about one paper: numbers, days, states; one is looked at or printed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from union_desk.desktop import theme
from union_desk.desktop.page import label
from union_desk.desktop.paper_words import state
from union_desk.desktop.row_table import Column, Row, RowTable
from union_desk.desktop.work_dialog import WorkDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from union_desk.store.issued import Issued

_COLUMNS = (
    Column("编号", 290), Column("出具日期", 110), Column("状态", 120, pill=True),
    Column("作废原因", 200, weight=1),
)  # fmt: skip
_MOST_SHOWN = 7


class IssuedDialog(WorkDialog):
    """The newest first; Enter or 查看 shows one."""

    chosen = Signal(object)

    def __init__(self, papers: Sequence[Issued], parent: QWidget) -> None:
        super().__init__("以前出具的", "查看", parent)
        self.papers = tuple(papers)
        words = "印出来与当时一模一样；已作废的每页带“作废”字样。"
        self.body.addWidget(label(words, "note", wrap=True))
        self.table = RowTable("以前出具的报表", _COLUMNS)
        rows = []
        for paper in self.papers:
            pill, tone = state(paper)
            cells = (paper.serial, paper.issued_at[:10], pill, paper.void_reason or "")
            rows.append(Row(cells, tone))
        self.table.show_rows(rows)
        self.table.setMinimumHeight(theme.px(42 * (min(len(rows), _MOST_SHOWN) + 1)))
        self.table.opened.connect(self._take)
        self.body.addWidget(self.table)
        self.act.clicked.connect(lambda: self._take(self.table.place()))
        self.setMinimumWidth(theme.px(780))
        self.table.setFocus()

    def _take(self, place: int) -> None:
        if 0 <= place < len(self.papers):
            self.accept()
            self.chosen.emit(self.papers[place])
