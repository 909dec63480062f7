"""The dashboard: what is due, and how far the year's targets are reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from union_desk import indicators
from union_desk.desktop import jobs, theme, told_lines
from union_desk.desktop.dashboard_tabs import home_tabs
from union_desk.desktop.dashboard_words import SOON, day_words
from union_desk.desktop.filing_words import LATE
from union_desk.desktop.legend import Legend
from union_desk.desktop.navigation import Route
from union_desk.desktop.page import Page, button, clear, column, frame, label, row, scrolled
from union_desk.desktop.progress_list import ProgressList
from union_desk.desktop.tile import Due, Tile
from union_desk.desktop.told_lines import ToldLines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.figures import Deadline, Figures
    from union_desk.desktop.session import Session
    from union_desk.store.told import Told

_FEWEST_ACROSS = 3
"""Fewer tiles than this leave room at the right instead of growing wide."""
_WAITING = (
    ("errors", "alert-circle-filled", "err", "有错误待更正", "查看"),
    ("returned", "arrow-back-up", "warn", "上级退回待更正", "查看"),
    ("drafts", "file-pencil", "primary", "没有完成的草稿", "继续填写"),
)
"""What may wait, most urgent first: icon, tone, words, action."""


def tiles(figures: Figures) -> list[Due]:
    """Return what is due, most urgent first; nothing for what does not wait."""
    found = []
    if figures.late_own:
        late, words = f"{figures.late_own:,}", "已过期还没有报送的表"
        found.append(
            Due("alert-circle-filled", "err", words, late, "张次", "去报送", Route("export"))
        )
    if figures.deadline is not None:
        found.append(_deadline(figures.deadline))
    for what, icon, tone, words, action in _WAITING:
        number = getattr(figures.waiting, what)
        if number:
            route = figures.waiting.most(what)
            found.append(Due(icon, tone, words, f"{number:,}", "条", action, route))
    if figures.late_below:
        late, words = f"{figures.late_below:,}", "下级逾期未报"
        found.append(
            Due("inbox", "warn", words, late, "张次", "看报送情况", Route("filings", text=LATE))
        )
    return found


def _deadline(deadline: Deadline) -> Due:
    from union_desk.taskpack.period import Period

    names = "、".join(
        title.split("年", 1)[1] or title
        for title in (Period.parse(period).title for period in deadline.periods)
    )
    soon = deadline.left <= SOON
    detail = "今天截止" if not deadline.left else f"只剩 {deadline.left} 天" if soon else ""
    words = f"距{names}报送截止（{day_words(deadline.day)}）"
    return Due(
        "calendar-due", "err" if soon else "warn", words, str(deadline.left), "天", "去报送",
        Route("export"), detail,
    )  # fmt: skip


class DashboardPage(Page):
    """Tiles above, targets below; every figure says to which day it counts."""

    title = "工作台"

    def __init__(self, session: Session, _route: Route) -> None:
        super().__init__(session)
        self.context = f"{session.pack.year} 年度 · 数据截至 {day_words(session.as_of)}"
        outer = column(self, gap=0, margins=(26, 16, 12, 16))
        holder = QWidget()
        inner = column(holder, gap=14)
        outer.addWidget(scrolled(holder))
        self._tiles = QWidget()
        self._tile_row = row(self._tiles, gap=12)
        self.told = ToldLines(session.pack, session.level)
        self.told.chosen.connect(self._follow)
        inner.addWidget(self.told)
        inner.addWidget(self._tiles)
        self._tiles.hide()
        card = frame("card")
        body = column(card, gap=0, margins=(12, 16, 12, 16))
        head = row(gap=12, margins=(8, 0, 8, 0))
        head.addWidget(label("年度目标进度", "heading"))
        head.addStretch(1)
        head.addWidget(Legend())
        body.addLayout(head)
        self._state = label("正在汇总…", "note", wrap=True)
        self._state.setContentsMargins(theme.px(8), theme.px(16), 0, theme.px(16))
        body.addWidget(self._state)
        self.progress = ProgressList()
        self.progress.opened.connect(self._open_indicator)
        body.addWidget(self.progress)
        inner.addWidget(card)
        inner.addStretch(1)
        self.add = button("登记一条", role="primary", icon="plus")
        self.add.clicked.connect(lambda: self.opened.emit(Route("new")))
        self._print = button("打印汇总表", icon="printer")
        self._print.clicked.connect(lambda: self.opened.emit(Route("print")))

    def tabs(self) -> Sequence[tuple[str, Route]]:
        """Return the tabs of the 工作台."""
        return home_tabs(self.session)

    def head_buttons(self) -> list[QWidget]:
        """Return 打印汇总表 and 登记一条."""
        return [self._print, self.add]

    def first_focus(self) -> QWidget:
        """Return 登记一条."""
        return self.add

    def entered(self) -> None:
        """Gather the figures anew."""
        from union_desk.desktop import figures

        jobs.run(self, lambda _progress: figures.gather(self.session), self._show)

    def _show(self, found: Figures) -> None:
        self._state.setVisible(not found.progress)
        self._state.setText("任务包里没有指标。")
        self.progress.show_progress(self.session.pack, found.progress)
        pace = indicators.elapsed(self.session.pack, self.session.as_of)
        self.context = (
            f"{self.session.pack.year} 年度 · 数据截至 {day_words(self.session.as_of)}"
            f" · 应报 {found.owed:,} 张次，已报 {found.there:,} 张次 · 年度时间已过 {pace:.0f}%"
        )
        self.head_changed.emit()
        self.told.show_all(found.told)
        clear(self._tile_row)
        due = tiles(found)
        for item in due[:4]:
            made = Tile(item)
            made.chosen.connect(self.opened)
            self._tile_row.addWidget(made, 1)
        if len(due) < _FEWEST_ACROSS:
            self._tile_row.addStretch(_FEWEST_ACROSS - len(due))
        self._tiles.setVisible(bool(due))

    def _follow(self, one: Told) -> None:
        """Go where it is done what an office above asks."""
        self.opened.emit(told_lines.way(one, self.session))

    def _open_indicator(self, name: str) -> None:
        from union_desk.desktop import figure_rows
        from union_desk.store.behind import Asked

        asked = Asked(name, as_of=self.session.as_of)
        self.opened.emit(figure_rows.route(self.session.pack, asked))
