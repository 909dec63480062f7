"""保存期满: records that hold personal data for longer than their form says, and their erasure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractItemView, QWidget

from union_desk import workflow
from union_desk.desktop import jobs
from union_desk.desktop.navigation import Route
from union_desk.desktop.nothing import Nothing, NothingHere
from union_desk.desktop.page import Page, button, column, frame, label, row
from union_desk.desktop.reason_dialog import ReasonDialog
from union_desk.desktop.row_table import Column, Row, RowTable
from union_desk.desktop.undo_notice import UndoNotice

if TYPE_CHECKING:
    from union_desk.desktop.session import Session
    from union_desk.store.erasing import Erased
    from union_desk.store.retention import Overdue

COLUMNS = (
    Column("表", 240, 2), Column("姓名、名称", 200, 2), Column("起算日", 120),
    Column("期满日", 120), Column("谁能删除", 160, 1),
)  # fmt: skip
_NONE = "没有超过保存期的记录"
_MOST_TITLES = 4
_SOME = "下面 {} 条已超过任务包定的保存期。不会自动删除：请逐条看过，不再需要的删除其中的个人信息。"
_FOR_GOOD = (
    "所选 {} 条的内容、附件和操作记录里的值都删掉，只留下何时由谁填报，不能撤销；"
    "已报送的随下一个报送文件删掉。"
)


class KeepingPage(Page):
    """One row for each record; Enter opens it, 删除 erases the chosen ones for a reason."""

    title = "保存期满的个人信息"

    def __init__(self, session: Session, _route: Route) -> None:
        super().__init__(session)
        self.context = "个人信息保护法：保存期限为实现目的所必要的最短时间"
        self.found: list[Overdue] = []
        outer = column(self, gap=12, margins=(26, 14, 26, 14))
        self.said = label("", "second", wrap=True)
        outer.addWidget(self.said)
        card = frame("card")
        body = column(card, gap=0, margins=(1, 1, 1, 1))
        self.table = RowTable("保存期满的记录", COLUMNS)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.opened.connect(self._open)
        body.addWidget(self.table)
        self.nothing = NothingHere()
        self.nothing.hide()
        body.addWidget(self.nothing)
        outer.addWidget(card, 1)
        line = row(gap=8)
        self.how = label("Ctrl+A 全选，Ctrl 加单击选几条；Enter 打开这一条", "note")
        line.addWidget(self.how)
        line.addStretch(1)
        self.erase = button("删除所选的个人信息…", role="danger")
        self.erase.clicked.connect(self._ask)
        line.addWidget(self.erase)
        outer.addLayout(line)

    def head_buttons(self) -> list[QWidget]:
        """Return the way back."""
        return [self.way_to("设置与备份", Route("settings"))]

    def first_focus(self) -> QWidget:
        """Return the rows."""
        return self.table

    def entered(self) -> None:
        """Look for them as of today."""
        from union_desk.store import retention

        session = self.session

        def work(_progress: jobs.Progress) -> list[Overdue]:
            with session.store.read() as connection:
                return retention.overdue(connection, session.store, session.today)

        jobs.run(self, work, self._show)

    def _show(self, found: list[Overdue]) -> None:
        self.found = found
        forms = self.session.pack.forms
        self.table.show_rows([
            Row((
                forms[item.form].title, item.name, item.since, item.until,
                "本单位" if item.own else "填报单位",
            ))
            for item in found
        ])  # fmt: skip
        self.said.setText(_SOME.format(len(found)))
        if not found:
            self.nothing.tell(Nothing("circle-check-filled", _NONE, self._periods()))
        self.nothing.setVisible(not found)
        for one in (self.said, self.table, self.how):
            one.setVisible(bool(found))
        store = self.session.store
        may = not store.demo and workflow.allowed("erase", store.roles)
        self.erase.setVisible(may and any(item.own for item in found))

    def _periods(self) -> str:
        """Return which forms are kept for how many years, a line for each number of years."""
        from union_desk.store import retention

        store = self.session.store
        titles: dict[int, list[str]] = {}
        for form in store.pack.top_forms:
            titles.setdefault(retention.years_of(store, form), []).append(f"《{form.title}》")
        lines = ["到期的会列在这里，不会自动删除。"]
        for years in sorted(titles.keys() - {0}):
            some, count = titles[years][:_MOST_TITLES], len(titles[years])
            more = f"等 {count} 张表" if count > len(some) else ""
            lines.append(f"保存 {years} 年：{''.join(some)}{more}")
        return "\n".join(lines)

    def _open(self, place: int) -> None:
        item = self.found[place]
        self.opened.emit(Route("form", form=item.form, uid=item.uid))

    def chosen(self) -> list[tuple[str, str]]:
        """Return form and id of the chosen records that can be erased here."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [(self.found[n].form, self.found[n].uid) for n in rows if self.found[n].own]

    def _ask(self) -> None:
        chosen = self.chosen()
        if not chosen:
            self.said.setText("请先选要删除的记录；别的单位填报的，由填报单位删除。")
            return
        dialog = ReasonDialog("删除个人信息", _FOR_GOOD.format(len(chosen)), "全部删除", self)
        dialog.line.setText("保存期满")
        dialog.given.connect(lambda reason: self._erase(chosen, reason))
        dialog.open()

    def _erase(self, chosen: list[tuple[str, str]], reason: str) -> None:
        from union_desk.store import erasing

        store = self.session.store

        def done(made: Erased) -> None:
            words = f"已删除 {made.records} 条记录里的个人信息；备份里的最迟到 {made.until} 清完。"
            UndoNotice.say(self.window(), words)
            self.entered()

        jobs.run(
            self, lambda _progress: erasing.erase(store, chosen, reason), done,
            title="正在删除个人信息", lane="write",
        )  # fmt: skip
