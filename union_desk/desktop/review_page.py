"""待审: one queue over all units, worst first; Enter accepts, R returns, one step for the rest."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from union_desk.desktop import jobs, theme
from union_desk.desktop.dashboard_words import day_words
from union_desk.desktop.navigation import Route, review_tabs
from union_desk.desktop.nothing import Nothing, NothingHere
from union_desk.desktop.page import Page, button, column, frame, label, row
from union_desk.desktop.review_compared import ComparedTable
from union_desk.desktop.review_table import ReviewModel, ReviewTable
from union_desk.desktop.undo_notice import UndoNotice, refresh_desk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from union_desk.desktop.session import Session
    from union_desk.store.reviews import Sender, Waiting

LANE = "write"
MOST_TOLD = 6


_NOTHING = Nothing(
    "file-search",
    "没有待审的记录",
    "下级单位报来的记录都看过了；新收到的会出现在这里。",
    (("inbox", "去收件", "secondary"),),
)


class ReviewPage(Page):
    """Left the units, right what the chosen one sent."""

    title = "待审"

    def __init__(self, session: Session, _route: Route) -> None:
        super().__init__(session)
        self.context = "正在检查…"
        self.senders: tuple[Sender, ...] = ()
        self._names: Mapping[str, str] = {}
        self._place = 0
        outer = row(self, gap=14, margins=(26, 16, 24, 16))
        self._cards = (self._left(), self._right())
        for card, share in zip(self._cards, (0, 1), strict=True):
            outer.addWidget(card, share)
        self.nothing = frame("card")
        none = NothingHere()
        none.tell(_NOTHING)
        none.asked.connect(lambda kind: self.opened.emit(Route(kind)))
        column(self.nothing).addWidget(none)
        self.nothing.hide()
        outer.addWidget(self.nothing, 1)
        self.rest = button("一次接收", role="primary", icon="check")
        self.rest.clicked.connect(self._accept_rest)
        self.rest.hide()

    def _left(self) -> QWidget:
        card = frame("card")
        card.setFixedWidth(theme.px(256))
        inner = column(card, gap=8, margins=(12, 16, 6, 12))
        self.units = QListWidget()
        self.units.setProperty("role", "entries")
        self.units.setAccessibleName("报送单位")
        self.units.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.units.currentRowChanged.connect(self._choose)
        heading = label("报送单位", "heading")
        heading.setContentsMargins(theme.px(8), 0, 0, 0)
        inner.addWidget(heading)
        inner.addWidget(self.units)
        return card

    def _right(self) -> QWidget:
        card = frame("card")
        inner = column(card, gap=10, margins=(20, 16, 20, 16))
        self.heading = label("", "heading")
        self.words = label("", "note", wrap=True)
        inner.addWidget(self.heading)
        inner.addWidget(self.words)
        for words in (self.heading, self.words):
            words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.model = ReviewModel(self.session.pack)
        self.table = ReviewTable(self.model)
        self.table.accepted.connect(self._accept)
        self.table.returned.connect(self._ask_return)
        self.table.opened.connect(self._open)
        self.table.whole.connect(self._accept_whole)
        self.table.stepped.connect(self._step)
        self.table.selectionModel().currentRowChanged.connect(self._show_detail)
        self.compared = ComparedTable(self.session.pack)
        self.views = QStackedWidget()
        self.views.addWidget(self.table)
        self.views.addWidget(self.compared)
        inner.addLayout(self._chips())
        inner.addWidget(self.views, 1)
        self.detail = label("", "note", wrap=True)
        inner.addWidget(self.detail)
        tools = row(gap=8)
        self.accept = button("接收", icon="check", tip="Enter")
        self.accept.clicked.connect(self._accept)
        self.back = button("退回…", icon="arrow-back-up", tip="R")
        self.back.clicked.connect(self._ask_return)
        self.open = button("打开记录", role="link", icon="external-link")
        self.open.clicked.connect(lambda: self._open(self.table.currentIndex().row()))
        self.same = button("选中整张表", role="link", tip="F")
        self.same.clicked.connect(self.table.mark_form)
        self.whole = button("接收这家全部", role="quiet", tip="A")
        self.whole.clicked.connect(self._accept_whole)
        for made in (self.accept, self.back, self.open, self.same):
            tools.addWidget(made)
        tools.addStretch(1)
        tools.addWidget(self.whole)
        inner.addLayout(tools)
        inner.addStretch()
        return card

    def _chips(self) -> QHBoxLayout:
        line = row(gap=8)
        group = QButtonGroup(self)
        self.chips: list[QPushButton] = []
        for place in range(self.views.count()):
            made = button("", role="chip")
            made.setCheckable(True)
            made.setChecked(not place)
            made.clicked.connect(lambda _=False, one=place: self._see(one))
            group.addButton(made)
            line.addWidget(made)
            self.chips.append(made)
        line.addStretch(1)
        self.keys = label("回车 接收　R 退回　A 全部　N/P 下一家", "hint")
        line.addWidget(self.keys)
        return line

    # --- the page ----------------------------------------------------------------------------

    def tabs(self) -> Sequence[tuple[str, Route]]:
        """Return the tabs of 待审."""
        return review_tabs()

    def head_buttons(self) -> list[QWidget]:
        """Return 一次接收."""
        return [self.rest]

    def first_focus(self) -> QWidget:
        """Return the table."""
        return self.table

    def entered(self) -> None:
        """Check what waits anew."""
        from union_desk.store import reviews

        store, as_of = self.session.store, self.session.as_of

        def work(progress: jobs.Progress) -> tuple[tuple[Sender, ...], Mapping[str, str]]:
            found = reviews.queue(store, as_of, progress)
            items = [item for sender in found for item in sender.records]
            with store.read() as connection:
                return found, reviews.names(connection, store, items)

        jobs.run(self, work, self._show, title="正在检查收到的记录")

    def _show(self, found: tuple[tuple[Sender, ...], Mapping[str, str]]) -> None:
        self.senders, self._names = found
        count = sum(len(sender.records) for sender in self.senders)
        day = day_words(self.session.as_of)
        self.context = f"{len(self.senders)} 家单位 · {count:,} 条待审 · 按 {day} 检查"
        self.head_changed.emit()
        calm = self.calm
        self.rest.setText(f"一次接收无异常的 {len(calm)} 家")
        self.rest.setVisible(bool(calm))
        chosen = max(self.units.currentRow(), 0)
        self.units.blockSignals(True)  # noqa: FBT003 - Qt's own
        self.units.clear()
        for sender in self.senders:
            entry = QListWidgetItem(f"{sender.unit.name}\n{_state(sender)}")
            entry.setToolTip(sender.unit.name)
            entry.setSizeHint(QSize(theme.px(210), theme.px(58)))
            self.units.addItem(entry)
        self.units.blockSignals(False)  # noqa: FBT003 - Qt's own
        for card in self._cards:
            card.setVisible(bool(self.senders))
        self.nothing.setVisible(not self.senders)
        if self.senders:
            self.units.setCurrentRow(min(chosen, len(self.senders) - 1))
            self._choose(self.units.currentRow())
            return
        self.detail.clear()
        self.model.show_items((), {})

    @property
    def calm(self) -> list[Sender]:
        """The units without anything unusual."""
        return [sender for sender in self.senders if not sender.unusual]

    @property
    def chosen(self) -> Sender:
        """The unit that is shown."""
        return self.senders[self.units.currentRow()]

    def _choose(self, place: int) -> None:
        if not 0 <= place < len(self.senders):
            return
        sender, pack = self.senders[place], self.session.pack
        self.heading.setText(sender.unit.name)
        told = "，".join(f"{pack.forms[form].title} {n}" for form, n in sender.counts.items())
        who = " ".join(filter(None, (sender.unit.contact, sender.unit.phone)))
        self.words.setText("　".join(filter(None, (told, _around(sender), who))))
        self.compared.show_figures(sender.figures)
        self.chips[0].setText(f"待审记录 {len(sender.records):,}")
        more = f"，{sender.outliers} 项变化大" if sender.outliers else ""
        self.chips[1].setText(f"与上期、上年对照{more}")
        self.model.show_items(sender.records, self._names)
        self.table.go_to(self._place)
        self._place = 0
        self._show_detail()

    def _show_detail(self, *_: object) -> None:
        here = self.table.currentIndex()
        if not here.isValid():
            self.detail.clear()
            return
        item = self.model.items[here.row()]
        told = [
            finding.message + (f"　说明：{finding.explained}" if finding.explained else "")
            for finding in item.findings
            if finding.level != "hint"
        ]
        more = f"……另有 {len(told) - MOST_TOLD} 处" if len(told) > MOST_TOLD else ""
        if item.corrected:
            told.insert(0, f"更正：第 {item.rev} 次报来，前后的值见打开后的修改记录")
        self.detail.setText("\n".join(told[:MOST_TOLD]) + more)

    def _see(self, place: int) -> None:
        """Show the records, or the figures beside those of before."""
        self.views.setCurrentIndex(place)
        self.chips[place].setChecked(True)
        for made in (self.accept, self.back, self.open, self.same, self.detail):
            made.setVisible(not place)
        (self.compared if place else self.table).setFocus()

    def _step(self, places: int) -> None:
        """Go to the next unit or the one before."""
        wanted = self.units.currentRow() + places
        if 0 <= wanted < self.units.count():
            self.units.setCurrentRow(wanted)

    def _open(self, place: int) -> None:
        if 0 <= place < len(self.model.items):
            item = self.model.items[place]
            order = tuple(one.uid for one in self.model.items if one.form == item.form)
            self.opened.emit(Route("form", form=item.form, uid=item.uid, order=order))

    # --- verdicts ----------------------------------------------------------------------------

    def _marked(self) -> list[Waiting]:
        return [self.model.items[place] for place in self.table.places()]

    def _accept(self) -> None:
        self._accept_items(self._marked())

    def _accept_whole(self) -> None:
        if self.senders:
            self._accept_items(self.chosen.records)

    def _accept_rest(self) -> None:
        """Show who is accepted in one step, and a random sample to look at before."""
        from union_desk.desktop.accept_dialog import AcceptDialog
        from union_desk.store import reviews

        calm = self.calm
        items = [item for sender in calm for item in sender.records]
        sample = reviews.sample(calm, secrets.randbits(32))
        dialog = AcceptDialog(calm, sample, self._names, self.session.pack, self)
        dialog.accepted_all.connect(lambda: self._accept_items(items))
        dialog.looked_at.connect(
            lambda one: self.opened.emit(Route("form", form=one.form, uid=one.uid))
        )
        dialog.open()

    def _accept_items(self, items: Sequence[Waiting]) -> None:
        from union_desk.store import reviews

        store, day = self.session.store, self.session.today
        self._judge(items, "接收", lambda: reviews.accept(store, items, day))

    def _ask_return(self) -> None:
        from union_desk.desktop.return_dialog import ReturnDialog

        items = self._marked()
        if not items:
            return
        dialog = ReturnDialog(items, self.session.pack, self.session.today, self)
        dialog.given.connect(lambda text, place, due: self._give_back(items, text, place, due))
        dialog.open()

    def _give_back(self, items: Sequence[Waiting], text: str, place: str, due: str) -> None:
        from union_desk.store import reviews

        store, day = self.session.store, self.session.today
        self._judge(
            items,
            "退回",
            lambda: reviews.give_back(store, items, text, day, field_id=place, due=due),
        )

    def _judge(self, items: Sequence[Waiting], word: str, work: Callable[[], int]) -> None:
        from union_desk.store import reviews

        if not items:
            return
        store, window, refresh = self.session.store, self.window(), refresh_desk(self)
        self._place = self.table.places()[0] if self.table.places() else 0

        def done(count: int) -> None:
            words = f"已{word} {count} 条"
            UndoNotice(window, words, lambda: reviews.take_back(store, items, "撤销"), refresh)
            refresh()

        jobs.run(self, lambda _progress: work(), done, title=f"正在{word}", lane=LANE)


def _around(sender: Sender) -> str:
    """Say what else is open about a unit: overdue filings, papers still to come."""
    told = [f"逾期未报 {sender.late} 张次"] if sender.late else []
    told += [f"纸质待补 {sender.awaited} 份"] if sender.awaited else []
    return "，".join(told)


def _state(sender: Sender) -> str:
    """Say what a unit's records are like."""
    told = [f"{len(sender.records)} 条"]
    told += [
        f"{words} {count}"
        for words, count in (
            ("错误", sender.errors),
            ("警告", sender.explained),
            ("更正", sender.corrected),
            ("变化大", sender.outliers),
        )
        if count
    ]
    return " · ".join(told if len(told) > 1 else [*told, "无异常"])
