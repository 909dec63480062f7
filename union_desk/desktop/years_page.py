"""年度结转: the years of a store, what of last year goes on or is copied, both side by side."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from union_desk import indicators
from union_desk.desktop import jobs, theme
from union_desk.desktop.dashboard_tabs import home_tabs
from union_desk.desktop.navigation import Route
from union_desk.desktop.page import Page, button, clear, column, frame, label, row, scrolled
from union_desk.desktop.row_table import ROW, Column, Row, RowTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.session import Session
    from union_desk.indicators import Progress
    from union_desk.store.carry_over import Carried
    from union_desk.store.years import Beside

    Found = tuple[tuple[Carried, ...], tuple[Beside, ...]]

LANE = "write"
FORMS = (
    Column("报表、台账", 260, 2), Column("结转", 100), Column("上年记录", 90, right=True),
    Column("本年记录", 90, right=True), Column("与上年相比", 300, 3),
)  # fmt: skip
FIGURES = (
    Column("指标", 280, 3), Column("本年至今", 110, 1, right=True),
    Column("上年同期", 110, 1, right=True), Column("上年全年", 110, 1, right=True),
    Column("比上年同期", 120, 1, right=True), Column("本年目标", 110, 1, right=True),
)  # fmt: skip
NONE = indicators.NO_VALUE
_HOW = "延续的接着用；存为草稿的，装入上年后逐条核对、确认；从空开始的不带。"
_ALONE = "没有上年的任务包，没有可以结转的；本年各表从空开始登记。"


def form_row(item: Carried) -> Row:
    """Return one form: what becomes of it, how many records, which fields came and went."""
    from union_desk.store.carry_over import TITLES

    told = ["本年新增的表"] if item.new else []
    told += [f"新增：{'、'.join(item.added)}"] if item.added else []
    told += [f"不再填：{'、'.join(item.dropped)}"] if item.dropped else []
    last = NONE if item.new else f"{item.last:,}"
    return Row((item.form.title, TITLES[item.how], last, f"{item.now:,}", "；".join(told)))


def figure_row(item: Beside) -> Row:
    """Return one indicator of this year beside last year."""
    now, then = item.now, item.same_day
    target = NONE if now.target is None else indicators.target_figure(now)
    return Row((
        now.title, _figure(now), _figure(then), _figure(item.whole), _change(now, then), target,
    ))  # fmt: skip


def _figure(item: Progress | None) -> str:
    return NONE if item is None else indicators.figure(item)


def _change(now: Progress, then: Progress | None) -> str:
    if then is None or now.value is None or then.value is None:
        return NONE
    more = now.value - then.value
    if now.rate:
        return f"{more:+.1f} 点"
    sign = "+" if more > 0 else ""
    return f"{sign}{indicators.amount(more, money=now.money)}"


class YearsPage(Page):
    """Which year is worked in; what the new one takes from the one before."""

    title = "工作台"

    def __init__(self, session: Session, _route: Route) -> None:
        super().__init__(session)
        self.context = f"{session.pack.year} 年度 · {session.pack.document}"
        self.plan: tuple[Carried, ...] = ()
        outer = column(self, gap=0, margins=(26, 14, 12, 14))
        holder = QWidget()
        inner = column(holder, gap=12)
        outer.addWidget(scrolled(holder))
        inner.addWidget(self._year_card())
        self.forms = RowTable("年度结转", FORMS)
        self.take = button("装入上年", name="把所选的表上年的记录存为草稿")
        self.take.clicked.connect(self._take)
        self.forms.moved.connect(self._allow)
        self.hint = label("", "note", wrap=True)
        inner.addWidget(self._card("年度结转", self.hint, self.forms, self.take))
        self.figures = RowTable("与上年核对", FIGURES)
        words = label("两年各按本年度的任务包计算。", "note", wrap=True)
        self._beside = self._card("与上年核对", words, self.figures, None)
        inner.addWidget(self._beside)
        inner.addStretch(1)

    def _year_card(self) -> QWidget:
        card = frame("card")
        line = row(card, gap=10, margins=(20, 12, 20, 12))
        line.addWidget(label("正在办理的年度", "heading"))
        self.years = row(gap=8)
        line.addLayout(self.years)
        line.addWidget(label("各年度都可以继续登记、核对、打印。", "note"))
        line.addStretch(1)
        return card

    def _card(self, title: str, hint: QWidget, table: RowTable, act: QWidget | None) -> QWidget:
        card = frame("card")
        body = column(card, gap=8, margins=(20, 14, 20, 14))
        head = row(gap=12)
        head.addWidget(label(title, "heading"), 1)
        if act is not None:
            head.addWidget(act)
        body.addLayout(head)
        body.addWidget(hint)
        body.addWidget(table)
        return card

    def tabs(self) -> Sequence[tuple[str, Route]]:
        """Return the tabs of the 工作台."""
        return home_tabs(self.session)

    def first_focus(self) -> QWidget | None:
        """Return the forms, where there is a year before."""
        return self.forms if self.forms.isVisibleTo(self) else None

    def entered(self) -> None:
        """Look at both years anew."""
        from union_desk.store import carry_over, years

        session = self.session
        clear(self.years)
        alone = years.before(session.store) is None
        self.hint.setText(_ALONE if alone else _HOW)
        for shown in (self.forms, self.take, self._beside):
            shown.setVisible(not alone)
        for pack in years.packages(session.store):
            here = pack is session.pack
            made = button(f"{pack.year} 年", role="primary" if here else "secondary")
            made.setEnabled(not here)
            made.clicked.connect(partial(self.work_in, pack.id))
            self.years.addWidget(made)

        def work(_progress: jobs.Progress) -> Found:
            with session.store.read() as connection:
                return (
                    carry_over.plan(connection, session.store),
                    years.beside(connection, session.store, session.as_of),
                )

        jobs.run(self, work, lambda found: self._show(*found))

    def _show(self, plan: tuple[Carried, ...], beside: tuple[Beside, ...]) -> None:
        self.plan = plan
        self.forms.show_rows([form_row(item) for item in plan])
        self.figures.show_rows([figure_row(item) for item in beside])
        for table in (self.forms, self.figures):
            table.setFixedHeight(theme.px(ROW) * (table.rows.rowCount() + 1) + 2)
        self._allow(self.forms.place())

    def _allow(self, place: int) -> None:
        from union_desk.store.carry_over import COPY

        item = self.plan[place] if 0 <= place < len(self.plan) else None
        can = item is not None and item.how == COPY and self.session.writes(item.form)
        self.take.setEnabled(can and item is not None and item.last > 0)

    def _take(self) -> None:
        from union_desk.store import carry_over

        session, form = self.session, self.plan[self.forms.place()].form.id

        def work(_progress: jobs.Progress) -> int:
            return carry_over.copy_last_year(session.store, form, session.as_of)

        def done(_count: int) -> None:
            self.changed.emit()
            self.opened.emit(Route("ledger", form=form, text="drafts"))

        jobs.run(self, work, done, lane=LANE)

    def work_in(self, ident: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's
        """Work in another year from now on."""
        self.session.work_in(ident)
        self.opened.emit(Route("year"))
