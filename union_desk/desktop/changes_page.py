"""报告变化: what units report of rows that this office writes; it changes them or says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.desktop import change_dialog, jobs
from union_desk.desktop.navigation import Route, review_tabs
from union_desk.desktop.nothing import Nothing, NothingHere
from union_desk.desktop.page import Page, button, column, frame, label, row
from union_desk.desktop.reason_dialog import ReasonDialog
from union_desk.desktop.row_table import Column, Row, RowTable
from union_desk.desktop.undo_notice import UndoNotice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from union_desk.desktop.session import Session
    from union_desk.store.changes import Change

_COLUMNS = (
    Column("记录", 200, weight=3),
    Column("表", 130, weight=1),
    Column("报告的变化", 220, weight=3),
    Column("报告单位", 180, weight=2),
    Column("报告人", 84),
    Column("日期", 100),
)
_NOTHING = Nothing(
    "file-search", "没有等答复的变化", "下级报告的变化随报送文件到来，会列在这里。",
    (("inbox", "去收件", "secondary"),),
)  # fmt: skip


class ChangesPage(Page):
    """One row a report; the record is opened, then the report is answered."""

    title = "待审"

    def __init__(self, session: Session, _route: Route) -> None:
        super().__init__(session)
        self.context = "下级对由本级填报的记录报告的变化：打开记录改好，再答复"
        self.waiting: Sequence[Change] = ()
        outer = column(self, gap=10, margins=(26, 16, 26, 14))
        card = frame("card")
        inner = column(card, gap=0, margins=(1, 1, 1, 1))
        self.nothing = NothingHere()
        self.nothing.tell(_NOTHING)
        self.nothing.asked.connect(lambda kind: self.opened.emit(Route(kind)))
        self.nothing.hide()
        inner.addWidget(self.nothing, 1)
        self.table = RowTable("下级报告的变化", _COLUMNS)
        self.table.opened.connect(lambda _place: self.open_record())
        inner.addWidget(self.table, 1)
        self._foot = foot = frame("tablefoot")
        line = row(foot, gap=8, margins=(16, 8, 16, 8))
        self.count = label("", "note")
        line.addWidget(self.count, 1)
        self.refuse = button("不改…")
        self.refuse.clicked.connect(lambda: self._ask(done=False))
        self.done = button("已改好…")
        self.done.clicked.connect(lambda: self._ask(done=True))
        self.open = button("打开记录", role="primary", icon="external-link")
        self.open.clicked.connect(self.open_record)
        for one in (self.refuse, self.done, self.open):
            one.setAutoDefault(True)
            line.addWidget(one)
        inner.addWidget(foot)
        outer.addWidget(card, 1)

    def tabs(self) -> Sequence[tuple[str, Route]]:
        """Return the tabs of 待审."""
        return review_tabs()

    def first_focus(self) -> QWidget:
        """Return the table."""
        return self.table

    def entered(self) -> None:
        """Read the reports anew."""
        from union_desk.store import changes

        store = self.session.store

        def read(_progress: object) -> Sequence[Change]:
            with store.read() as connection:
                return changes.waiting(connection, store)

        jobs.run(self, read, self._show)

    def _show(self, found: Sequence[Change]) -> None:
        self.waiting = found
        pack = self.session.pack
        self.table.show_rows([
            Row((one.name, pack.forms[one.form].title, change_dialog.what(one, pack),
                 one.unit_name, one.who, one.date))
            for one in found
        ])  # fmt: skip
        self.table.setVisible(bool(found))
        self.nothing.setVisible(not found)
        self.count.setText(f"{len(found)} 条等处理" if found else "")
        self._foot.setVisible(bool(found))

    def chosen(self) -> Change | None:
        """Return the report under the cursor."""
        place = self.table.place()
        return self.waiting[place] if 0 <= place < len(self.waiting) else None

    def open_record(self) -> None:
        """Open the record that the report is about."""
        one = self.chosen()
        if one is not None:
            self.opened.emit(Route("form", form=one.form, uid=one.record))

    def _ask(self, *, done: bool) -> None:
        one = self.chosen()
        if one is None:
            return
        title = "已改好" if done else "不改"
        words = f"答复{one.unit_name}：怎样改的。" if done else f"答复{one.unit_name}：为什么不改。"
        dialog = ReasonDialog(title, words, "答复", self)
        dialog.given.connect(lambda text: self.decide(one, text, done=done))
        dialog.open()

    def decide(self, one: Change, text: str, *, done: bool) -> None:
        """Answer a report in a worker."""
        from union_desk.store import changes

        session, window = self.session, self.window()

        def work(_progress: object) -> None:
            changes.decide(session.store, one, done=done, outcome=text, day=session.as_of)

        def answered(_result: object) -> None:
            self.changed.emit()
            self.entered()
            UndoNotice.say(window, "已答复，随下一次给下级的文件带回")

        jobs.run(self, work, answered, lane="write")
