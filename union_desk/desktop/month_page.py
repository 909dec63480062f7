"""办理本月: six steps from the last drafts to the sending; the first page at grassroots."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from union_desk.desktop import jobs, theme, told_lines
from union_desk.desktop.dashboard_tabs import home_tabs
from union_desk.desktop.flow import Flow
from union_desk.desktop.month_card import MonthCard
from union_desk.desktop.month_steps import BLOCKING, KIND_WORDS, count_of, deadline, steps
from union_desk.desktop.navigation import Route
from union_desk.desktop.notice_bar import NoticeBar
from union_desk.desktop.page import Page, button, column, elided, frame, label, row, scrolled
from union_desk.desktop.rule_list import RuleList
from union_desk.desktop.told_lines import ToldLines
from union_desk.desktop.undo_notice import UndoNotice, refresh_desk
from union_desk.taskpack.period import Period, containing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from union_desk.desktop.month_figures import Month
    from union_desk.desktop.session import Session
    from union_desk.store.full_check import RuleFindings
    from union_desk.store.told import Told

TITLES = ("草稿与退回", "零报", "全审与说明", "打印本月全套", "签章登记", "报送")
PENDING, NIL, CHECKS, PRINT, SEAL, SEND = range(1, 7)
MOST_REMARKS = 3
SECOND_PLACE = "已有 14 天没有在第二处留备份：硬盘一坏，数据就没有了。"
LANE = "write"


class MonthPage(Page):
    """The month of a grassroots office, from top to bottom."""

    title = "工作台"
    period_kind = "month"

    for_units = True

    def __init__(self, session: Session, _route: Route) -> None:
        super().__init__(session)
        self.context = session.store.unit_name
        self.month: Month | None = None
        self.rules: tuple[RuleFindings, ...] | None = None
        self._checking: jobs.Job | None = None
        outer = column(self, gap=10, margins=(26, 12, 12, 14))
        self.notice = NoticeBar()
        outer.addWidget(self.notice)
        holder = QWidget()
        inner = column(holder, gap=8)
        inner.addWidget(self._top())
        self.told = ToldLines(session.pack, session.level)
        self.told.chosen.connect(self._follow)
        inner.addWidget(self.told)
        self.units = Flow(gap=8)
        self.units.hide()
        inner.addWidget(self.units)
        self.cards = [MonthCard(number, title) for number, title in enumerate(TITLES, 1)]
        for card in self.cards:
            card.acted.connect(self._act)
            inner.addWidget(card)
        inner.addStretch(1)
        outer.addWidget(scrolled(holder), 1)
        self.add = button("登记一条", icon="plus", tip="Ctrl+N")
        self.add.clicked.connect(lambda: self.opened.emit(Route("new")))

    def _top(self) -> QWidget:
        made = frame("clear")
        line = row(made, gap=16, margins=(2, 0, 2, 2))
        self.name = label("", "heading")
        line.addWidget(self.name)
        self.deadline = label("", "note")
        line.addWidget(self.deadline)
        self.backup = elided("", "note")
        self.backup.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.backup, 1)
        return made

    def tabs(self) -> Sequence[tuple[str, Route]]:
        """Return 办理本月 and 目标进度."""
        return home_tabs(self.session)

    def head_buttons(self) -> list[QWidget]:
        """Return 登记一条."""
        return [self.add]

    def first_focus(self) -> QWidget:
        """Return 登记一条 until the steps are known."""
        return self.add

    def entered(self) -> None:
        """Gather the month anew."""
        from union_desk.desktop import month_figures

        jobs.run(self, lambda _progress: month_figures.gather(self.session), self._show_month)

    # --- what is shown -----------------------------------------------------------------------

    def _show_month(self, month: Month) -> None:
        self.month = month
        self.name.setText(month.period.title)
        words, tone = deadline(month)
        self.deadline.setText(words)
        theme.mark(self.deadline, role=tone)
        self._say_backup(month)
        self.told.show_all(month.told)
        self._show_units(month)
        self.rules = None
        self._show_steps()
        self._check()

    def _show_units(self, month: Month) -> None:
        """Show a line for each unit that one fills in for; a click goes on with that one."""
        links = []
        for one in month.lines:
            here = one.code == self.session.about
            made = button(one.words, role="chip", name=f"办理{one.name}")
            made.setCheckable(True)
            made.setChecked(here)
            made.clicked.connect(lambda _=False, code=one.code: self._fill_in_for(code))
            links.append(made)
        self.units.fill(links)
        self.units.setVisible(bool(links))
        names = {one.code: one.name for one in month.lines}
        self.context = names.get(self.session.about, self.session.store.unit_name)
        self.head_changed.emit()

    def _fill_in_for(self, code: str) -> None:
        self.session.fill_in_for(code)
        self.entered()

    def _say_backup(self, month: Month) -> None:
        from union_desk.desktop.backup_words import when_and_where

        store = self.session.store
        made = month.backup
        last = f"上次备份 {when_and_where(made)}" if made else "还没有备份"
        self.backup.setText("示例数据，不用备份" if store.demo else last)
        if month.second_overdue:
            self.notice.say(
                SECOND_PLACE,
                tone="error",
                actions=[("去备份", lambda: self.opened.emit(Route("settings")))],
            )
        else:
            self.notice.quiet()

    def _show_steps(self) -> None:
        if self.month is None:
            return
        known = steps(self.month, self.session.pack, self.rules)
        following = next((step.number for step in known if not step.done and step.action), 0)
        for card, step in zip(self.cards, known, strict=True):
            card.show_step(step, following=step.number == following)
            card.button.setEnabled(not self.month.closed)
        self.cards[PENDING - 1].show_body(self._pending_list())
        self.cards[CHECKS - 1].show_body(self._rule_list())
        self._order_stops()
        focused = self.focusWidget()
        asked = QApplication.activeModalWidget() is not None  # Ctrl+K while the month is gathered
        free = not asked and self.isVisible()
        if following and free and (focused is None or focused in (self, self.add)):
            self.cards[following - 1].button.setFocus()

    def _order_stops(self) -> None:
        """Let Tab go from card to card as they are read: what is shown anew came last."""
        stops = [stop for card in self.cards for stop in card.stops()]
        for one, following in pairwise(stops):
            QWidget.setTabOrder(one, following)

    def _pending_list(self) -> QWidget | None:
        """Return what is pending: one line a kind, a link a form."""
        month, pack = self.month, self.session.pack
        if month is None or not month.pending:
            return None
        made = QWidget()
        lines = column(made, gap=2, margins=(40, 0, 0, 0))
        for kind in (kind for kind in KIND_WORDS if kind in month.pending):
            line = row(gap=8)
            name = label(KIND_WORDS[kind], "note")
            name.setFixedWidth(theme.px(76))
            line.addWidget(name, 0, Qt.AlignmentFlag.AlignVCenter)
            links = Flow(gap=4)
            links.fill(
                [
                    self._link(f"{pack.forms[form].title} {len(uids)} 条", kind, form, uids)
                    for form, uids in month.pending[kind].items()
                ]
            )
            line.addWidget(links, 1)
            lines.addLayout(line)
        for remark in list(dict.fromkeys(month.remarks.values()))[:MOST_REMARKS]:
            lines.addWidget(label(f"上级意见：{remark}", "warn", wrap=True))
        return made

    def _link(self, words: str, kind: str, form: str, uids: Sequence[str]) -> QWidget:
        made = button(words, role="link", name=f"{KIND_WORDS[kind]}：{words}")
        made.clicked.connect(lambda: self._open(form, uids))
        return made

    def _rule_list(self) -> QWidget | None:
        if not self.rules:
            return None
        made = RuleList(self.rules, self.session.pack)
        made.opened.connect(self._open_rule)
        made.explained.connect(self._explain)
        return made

    def _follow(self, one: Told) -> None:
        """Go where it is done what an office above asks: its month, or another page."""
        if not one.owed:
            self.opened.emit(told_lines.way(one, self.session))
            return
        asked = Period.parse(one.notice.period)
        self.session.choose(containing("month", asked.last_day))
        self.session.fill_in_for(self.session.unit)
        self.setFocus()
        self.head_changed.emit()
        self.entered()

    # --- acts --------------------------------------------------------------------------------

    def _act(self, number: int) -> None:
        acts: dict[int, Callable[[], None]] = {
            PENDING: self._go_on,
            NIL: self._state_nil,
            CHECKS: self._check,
            PRINT: self._print,
            SEAL: lambda: self.opened.emit(Route("sign_off")),
            SEND: lambda: self.opened.emit(Route("export")),
        }
        acts[number]()

    def _print(self) -> None:
        """Issue and print the month's papers by one job."""
        from union_desk.desktop import print_acts

        print_acts.print_month(self, self.session, self.entered)

    def _open(self, form: str, order: Sequence[str]) -> None:
        self.opened.emit(Route("form", form=form, uid=order[0], order=tuple(order)))

    def _go_on(self) -> None:
        """Open what is pending, the most urgent first, one after another over all forms."""
        if self.month is None:
            return
        kinds = BLOCKING if count_of(self.month, BLOCKING) else tuple(KIND_WORDS)
        queue = {
            uid: form
            for kind in kinds
            for form, uids in self.month.pending.get(kind, {}).items()
            for uid in uids
        }
        order, forms = tuple(queue), tuple(queue.values())
        if order:
            first = Route("form", form=forms[0], uid=order[0], order=order, forms=forms)
            self.opened.emit(first)

    def _state_nil(self) -> None:
        """State in one act that the other owed forms hold nothing this time, with an undo."""
        from union_desk.store import nil_filings

        if self.month is None:
            return
        store, missing = self.session.store, self.month.missing

        def state(_progress: object) -> list[str]:
            with store.write() as transaction:
                return nil_filings.state(transaction, missing)

        def take_back(uids: list[str]) -> None:
            with store.write() as transaction:
                nil_filings.withdraw(transaction, uids)

        def done(uids: list[str]) -> None:
            words = f"已作零报 {len(uids)} 张表；以后登记了记录，零报自动取消"
            window, refresh = self.window(), refresh_desk(self)
            refresh()
            UndoNotice(window, words, lambda: take_back(uids), refresh)

        jobs.run(self, state, done, lane=LANE)

    def _check(self) -> None:
        """Check all records in a worker."""
        from union_desk.store import full_check

        if self._checking is not None:
            self._checking.cancel()
        session = self.session
        self.rules = None
        self._show_steps()

        def done(found: tuple[RuleFindings, ...]) -> None:
            self._checking = None
            self.rules = found
            self._show_steps()

        self._checking = jobs.run(
            self,
            lambda progress: full_check.findings(session.store, session.as_of, progress),
            done,
        )

    def _explain(self, rule: RuleFindings, text: str) -> None:
        from union_desk.store import full_check

        store = self.session.store

        def write(_progress: object) -> int:
            with store.write() as transaction:
                return full_check.explain(transaction, rule.findings, text)

        def done(count: int) -> None:
            UndoNotice.say(self.window(), f"已说明 {count} 条")
            self.changed.emit()
            self.entered()

        jobs.run(self, write, done, lane=LANE)

    def _open_rule(self, rule: RuleFindings) -> None:
        """Open the records of a rule; a detail row's finding leads to its record."""
        form = self.session.pack.forms[rule.form]
        uids = dict.fromkeys(item.record for item in rule.findings if item.record)
        if form.detail_of is None:
            self._open(form.id, list(uids))
        else:
            self.opened.emit(Route("ledger", form=form.detail_of))

    def leaving(self) -> bool:
        """Stop the checks."""
        if self._checking is not None:
            self._checking.cancel()
            self._checking = None
        return True
