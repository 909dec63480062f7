"""The head of a page: title, context, the working period, buttons; the forms of an area as tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QPushButton, QWidget

from union_desk.desktop import theme
from union_desk.desktop.chooser import Chooser
from union_desk.desktop.page import Page, button, clear, column, elided, row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.desktop.navigation import Route
    from union_desk.desktop.session import Session
    from union_desk.taskpack.period import Period

PERIOD_HINT = "工作报告期：新确认的记录记入这一期。指标按业务日期统计，不按本期。"


class PeriodChooser(Chooser):
    """The working period of a filing kind."""

    def __init__(self) -> None:
        super().__init__("工作报告期")
        self.setToolTip(PERIOD_HINT)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def offer(self, periods: tuple[Period, ...], chosen: Period) -> None:
        """Offer these periods without telling anyone."""
        blocker = QSignalBlocker(self)
        self.clear()
        for period in periods:
            self.addItem(period.title, period)
        self.setCurrentIndex(next((n for n, p in enumerate(periods) if p.id == chosen.id), -1))
        blocker.unblock()


class UnitChooser(Chooser):
    """Whom one fills in for; tinted when it is not the own unit."""

    def __init__(self) -> None:
        super().__init__("为哪个单位填报")
        self.setToolTip("为哪个单位填报：新登记的记录、零报和打印都是这个单位的")
        self.setMaximumWidth(theme.px(260))
        self.hide()

    def offer(self, units: Mapping[str, str], chosen: str) -> None:
        """Offer these units, the own one first, without telling anyone; one alone is no choice."""
        blocker = QSignalBlocker(self)
        self.clear()
        for code, name in units.items():
            self.addItem(name, code)
        self.setCurrentIndex(max(self.findData(chosen), 0))
        blocker.unblock()
        theme.mark(self, state="other" if self.currentIndex() else "")
        self.setVisible(len(units) > 1)


class Head(QWidget):
    """Shows what a page says about itself."""

    chosen = Signal(object)
    """A route: a tab was chosen."""
    period_chosen = Signal(object)
    unit_chosen = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        outer = column(self, gap=0, margins=(26, 20, 26, 0))
        line = row(gap=8)
        outer.addLayout(line)
        words = column(gap=3)
        line.addLayout(words, 1)
        self.title = elided("", "title")
        self.context = elided("", "context")
        words.addWidget(self.title)
        words.addWidget(self.context)
        self.unit = UnitChooser()
        self.unit.activated.connect(lambda _n: self.unit_chosen.emit(self.unit.currentData()))
        line.addWidget(self.unit)
        self.period = PeriodChooser()
        self.period.activated.connect(self._period_changed)
        line.addWidget(self.period)
        self._buttons = row(gap=8)
        line.addLayout(self._buttons)
        self._tabs = QWidget()
        self._tab_row = row(self._tabs, gap=20, margins=(0, 8, 0, 0))
        outer.addWidget(self._tabs)
        self._group = QButtonGroup(self._tabs)
        self._entries: list[tuple[QPushButton, str, str]] = []
        self._counts: Mapping[str, int] = {}

    def show_page(self, page: Page, route: Route) -> None:
        """Take over title, context, buttons and tabs of `page`."""
        self.refresh(page)
        clear(self._buttons)
        for made in page.head_buttons():
            self._buttons.addWidget(made)
        self._show_tabs(page, route)

    def refresh(self, page: Page) -> None:
        """Take over title, context and period of `page`."""
        self.title.setText(page.title)
        self.context.setText(page.context)
        self.unit.hide()
        if page.for_units:
            self.unit.offer(self._session.fills_in_for(), self._session.about)
        kind = page.period_kind
        self.period.setVisible(kind is not None)
        if kind is not None:
            from union_desk.taskpack import period

            pack = self._session.pack
            self.period.offer(period.in_year(pack, kind), self._session.period(kind))

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show at the tabs, by the kind of their route, how many things wait there."""
        self._counts = counts
        for made, title, kind in self._entries:
            made.setText(f"{title} {counts[kind]}" if counts.get(kind) else title)

    def _period_changed(self, index: int) -> None:
        self.period_chosen.emit(self.period.itemData(index))

    def _show_tabs(self, page: Page, route: Route) -> None:
        clear(self._tab_row)
        self._entries = []
        entries = page.tabs()
        self._tabs.setVisible(bool(entries))
        if not entries:
            return
        for title, target in entries:
            made = button(title, role="tab")
            made.setCheckable(True)
            same = target.kind == route.kind or (target.kind, route.kind) == ("ledger", "import")
            made.setChecked(target.form == route.form and same)
            made.clicked.connect(lambda _checked=False, where=target: self.chosen.emit(where))
            self._group.addButton(made)
            self._tab_row.addWidget(made)
            self._entries.append((made, title, target.kind))
        self.show_counts(self._counts)
        self._tab_row.addStretch(1)
        self._tabs.setMinimumHeight(theme.px(46))
