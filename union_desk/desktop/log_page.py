"""操作记录: what was done here, one line for each act, the newest first.

What came in by one act is taken back by one, later than the notice stands, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.desktop import jobs
from union_desk.desktop.act_words import about, why_not, words
from union_desk.desktop.backup_words import local
from union_desk.desktop.navigation import Route
from union_desk.desktop.page import Page, button, column, frame, label, row
from union_desk.desktop.row_table import Column, Row, RowTable
from union_desk.desktop.undo_notice import UndoNotice

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from union_desk.desktop.jobs import Progress
    from union_desk.desktop.session import Session
    from union_desk.store.log_book import Done

COUNT = 60
_COLUMNS = (
    Column("时间", 150),
    Column("人员", 90),
    Column("操作", 220, weight=3),
    Column("表", 200, weight=3),
    Column("原因", 120, weight=2),
)
_HOW = {
    "undo": "撤销后，新增的记录进回收站，改过的变回原来的样子。已经报送或后来又改过的不能撤销。",
    "restore": "恢复后，记录回到台账里。",
}
_ACTS = {"undo": "撤销这一步", "restore": "恢复这些记录", "": "撤销这一步"}


class LogPage(Page):
    """A table of acts; below it the one the cursor stands on, and what takes it back."""

    title = "操作记录"

    def __init__(self, session: Session, _route: Route) -> None:
        super().__init__(session)
        self.context = "谁在什么时候做了什么；整批录入的可以整批撤销"
        self.shown: list[Done] = []
        outer = column(self, gap=12, margins=(26, 14, 26, 16))
        card = frame("card")
        inner = column(card, gap=0, margins=(1, 1, 1, 1))
        self.table = RowTable("操作记录", _COLUMNS)
        self.table.moved.connect(self._show_one)
        inner.addWidget(self.table)
        outer.addWidget(card, 1)
        outer.addWidget(self._one())
        self.older = button("更早的", icon="history")
        self.older.clicked.connect(self._read_older)

    def head_buttons(self) -> list[QWidget]:
        """Return the way back and 更早的."""
        return [self.way_to("设置与备份", Route("settings")), self.older]

    def first_focus(self) -> QWidget:
        """Return the table."""
        return self.table

    def _one(self) -> QWidget:
        card = frame("card")
        inner = column(card, gap=6, margins=(20, 12, 20, 12))
        line = row(gap=8)
        self._name = label("", "strong", wrap=True)
        line.addWidget(self._name, 1)
        self.ledger = button("看台账")
        self.ledger.clicked.connect(self._open)
        line.addWidget(self.ledger)
        self.back = button(_ACTS["undo"], role="primary", icon="arrow-back-up")
        self.back.clicked.connect(self._take_back)
        line.addWidget(self.back)
        inner.addLayout(line)
        self._how = label("", "note", wrap=True)
        inner.addWidget(self._how)
        return card

    # --- what is shown ---------------------------------------------------------------------

    def entered(self) -> None:
        """Read the newest entries anew."""
        self._read(None)

    def _read_older(self) -> None:
        self._read(self.shown[-1].first if self.shown else None)

    def _read(self, before: int | None) -> None:
        session = self.session

        def work(_progress: Progress) -> list[Done]:
            from union_desk.store import log_book

            with session.store.read() as connection:
                return log_book.newest(connection, before, COUNT)

        def show(found: list[Done]) -> None:
            place = len(self.shown) if before is not None else 0
            self.shown = [*(self.shown if before is not None else []), *found]
            self.older.setEnabled(bool(self.shown) and self.shown[-1].first > 1)
            self.table.show_rows([self._row(item) for item in self.shown])
            self.table.go_to(place)

        jobs.run(self, work, show)

    def _row(self, done: Done) -> Row:
        forms = self.session.store.tables.forms
        cells = (
            local(done.at), done.person, words(done, forms), about(done, forms), done.reason or "",
        )  # fmt: skip
        return Row(cells)

    def _item(self) -> Done | None:
        place = self.table.place()
        return self.shown[place] if 0 <= place < len(self.shown) else None

    def _show_one(self, _place: int) -> None:
        from union_desk.store import log_book

        done = self._item()
        tables = self.session.store.tables
        way = log_book.way_back(tables, done) if done is not None else ""
        self.back.setEnabled(bool(way))
        self.back.setText(_ACTS[way])
        self.back.setAccessibleName(_ACTS[way])
        self.ledger.setVisible(self._form(done) is not None)
        if done is None:
            self._name.setText("")
            self._how.setText("")
            return
        told = (local(done.at), done.person, words(done, tables.forms), about(done, tables.forms))
        self._name.setText("　".join(part for part in told if part))
        self._how.setText(_HOW.get(way) or why_not(done, tables.forms))

    def _form(self, done: Done | None) -> str | None:
        form = done.form if done is not None else None
        known = self.session.pack.forms.get(form or "")
        return form if known is not None and known.kind != "detail" else None

    # --- acts ------------------------------------------------------------------------------

    def _open(self) -> None:
        form = self._form(self._item())
        if form is not None:
            self.opened.emit(Route("ledger", form=form))

    def _take_back(self) -> None:
        done, session = self._item(), self.session
        if done is None:
            return

        def work(_progress: Progress) -> int:
            from union_desk.store import log_book

            with session.store.write() as transaction:
                return log_book.take_back(transaction, done)

        def finished(count: int) -> None:
            UndoNotice.say(self.window(), f"已撤销，{count:,} 条记录变回原来的样子")
            self.changed.emit()
            self.entered()

        jobs.run(self, work, finished, title="正在撤销", lane="write")
