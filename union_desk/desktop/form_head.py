"""The head of the form page: where one is, in which period, whether it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QMenu, QSizePolicy

from union_desk.desktop import icons, theme
from union_desk.desktop.announce import ANNOUNCER
from union_desk.desktop.head import PeriodChooser
from union_desk.desktop.page import button, label, picture, row
from union_desk.desktop.pill import Pill

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from union_desk.taskpack.period import Period


class FormHead(QFrame):
    """Back, title, place in the list, state, period, time of saving, neighbours, more."""

    back = Signal()
    earlier = Signal()
    later = Signal()
    period_chosen = Signal(object)

    def __init__(self, title: str, back: str) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.setFixedHeight(theme.px(54))
        line = row(self, gap=8, margins=(18, 0, 26, 0))
        self.back_button = button(back, role="link", icon="arrow-left", name=f"回到{back}")
        self.back_button.clicked.connect(self.back)
        line.addWidget(self.back_button)
        self.title = label(title, "heading")
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.title.setMinimumWidth(theme.px(60))
        self.title.setToolTip(title)
        line.addWidget(self.title)
        self.place = label("", "second")
        line.addWidget(self.place)
        self.pill = Pill()
        line.addWidget(self.pill)
        line.addStretch(1)
        self._cloud = picture("cloud-check", "ok", 18)
        self._bad = picture("alert-circle-filled", "err", 18)
        self.saved = label("", "note")
        for made in (self._cloud, self._bad, self.saved):
            made.hide()
            line.addWidget(made)
        self.period = PeriodChooser()
        self.period.activated.connect(
            lambda place: self.period_chosen.emit(self.period.itemData(place))
        )
        line.addWidget(self.period)
        self.up = button("上一条", icon="chevron-up", tip="Alt+↑")
        self.up.clicked.connect(self.earlier)
        self.down = button("下一条", icon="chevron-down", tip="Alt+↓")
        self.down.clicked.connect(self.later)
        line.addWidget(self.up)
        line.addWidget(self.down)
        self.more = button("", role="icon", icon="dots-vertical", name="更多操作", tip="更多操作")
        self._menu = QMenu(self)
        self.more.clicked.connect(self._open_menu)
        line.addWidget(self.more)

    def show_place(self, number: int, count: int, *, new: bool, whom: str = "") -> None:
        """Show which record of the list it is, and of which unit where it is not the own one."""
        place = "新登记" if new else f"第 {number} / {count} 条" if number else ""
        self.place.setText(" · ".join(filter(None, (place, whom))))
        for made in (self.up, self.down):
            made.setVisible(count > 0)
        self.up.setEnabled(number > 1 or (new and count > 0))
        self.down.setEnabled(0 < number < count)

    def show_saved(self, words: str, *, failed: bool = False) -> None:
        """Say when it was saved, or that it was not; aloud once a minute at most."""
        if words != self.saved.text():
            ANNOUNCER.say(self.saved, words, urgent=failed)
        self.saved.setText(words)
        theme.mark(self.saved, role="error" if failed else "note")
        self.saved.setVisible(bool(words))
        self._cloud.setVisible(bool(words) and not failed)
        self._bad.setVisible(bool(words) and failed)

    def offer_periods(self, periods: tuple[Period, ...], chosen: Period, hint: str) -> None:
        """Offer the working periods."""
        self.period.offer(periods, chosen)
        self.period.setToolTip(hint)

    def set_actions(self, actions: Sequence[tuple[str, str, Callable[[], object]]]) -> None:
        """Fill the menu: title, shortcut in words, act."""
        self._menu.clear()
        for title, keys, act in actions:
            if not title:
                self._menu.addSeparator()
                continue
            words = f"{title}\t{keys}" if keys else title
            made = self._menu.addAction(words)
            made.triggered.connect(lambda _=False, call=act: call())
        self.more.setIcon(icons.icon("dots-vertical"))

    def _open_menu(self) -> None:
        self._menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
