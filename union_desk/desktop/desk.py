"""The desk: navigation, head, the page on top, the status strip. Shown once a store is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from union_desk.desktop import backup_words, pages, theme
from union_desk.desktop.head import Head
from union_desk.desktop.navigation import Route
from union_desk.desktop.navigation_panel import NavigationPanel
from union_desk.desktop.notice_bar import NoticeBar
from union_desk.desktop.page import button, column, frame, label, picture, row
from union_desk.desktop.status_strip import StatusStrip

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from union_desk.desktop.page import Page
    from union_desk.desktop.session import Session

_STEPS_BACK = 20
_MANY = 400
"""Pages after which the style rules of those gone are forgotten."""
NARROW_BELOW = 1280
"""Effective width (pixels over scale) below which the navigation shows icons alone."""


class Desk(QWidget):
    """Holds the page on top and takes routes from everywhere."""

    year_chosen = Signal()
    """Another year is worked in: everything is to be built anew."""
    start_own = Signal()
    """From the banner of the sample data: set up the real store."""
    changed = Signal()
    """Rows were written on a page."""

    def __init__(self, session: Session, size: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.route = Route("dashboard")
        self.page: Page | None = None
        self.last_forms: dict[str, str] = {}
        self._before: list[Route] = []
        self._gone = 0
        """Pages thrown away so far."""
        outer = column(self, gap=0)
        middle = row(gap=0)
        outer.addLayout(middle, 1)
        self.navigation = NavigationPanel(session)
        self.navigation.chosen.connect(self.open)
        middle.addWidget(self.navigation)
        right = QWidget()
        right.setProperty("role", "page")
        right.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._right = column(right, gap=0)
        middle.addWidget(right, 1)
        if session.store.demo:
            self._right.addWidget(self._banner())
        elif session.recovery_late:
            words = "还没有恢复单：忘记口令时可能打不开数据。"
            self._right.addWidget(self._reminder(words, "制作恢复单"))
        self._overdue: NoticeBar | None = None
        if session.backup_overdue and session.level != "grassroots":  # there the month says so
            words = f"{backup_words.OVERDUE}：这台电脑坏了，数据就没有了。"
            self._overdue = self._reminder(words, "去备份")
            self._right.addWidget(self._overdue)
        self.head = Head(session)
        self.head.chosen.connect(self.open)
        self.head.period_chosen.connect(self._choose_period)
        self.head.unit_chosen.connect(self._choose_unit)
        self._right.addWidget(self.head)
        self._stack = QStackedWidget()
        self._right.addWidget(self._stack, 1)
        self.status = StatusStrip(session, size)
        outer.addWidget(self.status)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        """Keep the keys on the page when it hides what had them: Qt goes on to what is around."""
        page = self.page
        if page is None or old is None or new is None or not shiboken6.isValid(old):
            return
        gone = page.isAncestorOf(old) and not old.isVisible()
        if gone and self.isAncestorOf(new) and new is not page and not page.isAncestorOf(new):
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def open(self, route: Route) -> None:
        """Go to `route` unless the page on top must stay (it says why itself)."""
        if route.kind == "new":
            self.choose_form()
            return
        if route.kind == "year":
            self.year_chosen.emit()
            return
        if self.page is not None and not self.page.leaving():
            self.navigation.point_at(self.route)
            return
        if self.page is not None and route != self.route:
            self._before = [*self._before[-_STEPS_BACK:], self.route]
        self._show(self._remembered(route))

    def back(self) -> None:
        """Go to where one came from; from there to the dashboard."""
        if self.page is not None and not self.page.leaving():
            return
        self._show(self._before.pop() if self._before else Route("dashboard"))

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Take the keys that no page has taken: Esc back, Ctrl+P print, Ctrl+N a new record."""
        if event.key() == Qt.Key.Key_Escape:
            self.back()
        elif event.matches(QKeySequence.StandardKey.Print):
            self.open(Route("print"))
        elif event.matches(QKeySequence.StandardKey.New):
            self.choose_form()
        else:
            super().keyPressEvent(event)

    def choose_form(self) -> None:
        """Ask for which form a new record is, by a few letters."""
        from union_desk.desktop.quick_jump import QuickJump

        dialog = QuickJump(self.session.pack, self.window(), new=self.session.level)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self.open)
        dialog.open()

    def _remembered(self, route: Route) -> Route:
        """Return the last used form of an area instead of its overview."""
        if route.kind == "ledger" and route.form is not None:
            self.last_forms[self.session.pack.forms[route.form].area] = route.form
        elif route.kind == "area" and route.area is not None:
            if route.text:
                self.last_forms.pop(route.area, None)
            elif route.area in self.last_forms:
                return Route("ledger", form=self.last_forms[route.area])
        return route

    def _show(self, route: Route) -> None:
        page = pages.build(self.session, route)
        old, self.page, self.route = self.page, page, route
        page.opened.connect(self.open)
        page.head_changed.connect(lambda: self._head_changed(page))
        page.changed.connect(self.changed)
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        self.head.setVisible(not page.own_head)
        page.entered()
        if not page.own_head:
            self.head.show_page(page, route)
        self.navigation.point_at(route)
        self.setWindowTitle(page.title)
        if old is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
            self._gone += 1
            if self._gone % _MANY == 0:
                QTimer.singleShot(0, self, theme.forget_gone)
        target = page.first_focus()
        ready = target is not None and target.isEnabled()
        (target if target is not None and ready else page).setFocus(Qt.FocusReason.OtherFocusReason)

    def _head_changed(self, page: Page) -> None:
        if page is self.page and not page.own_head:
            self.head.refresh(page)

    def _choose_unit(self, code: str) -> None:
        self.session.fill_in_for(code)
        self.open(self.route)

    def _choose_period(self, period: object) -> None:
        self.session.choose(period)  # type: ignore[arg-type]
        if self.page is not None:
            self.page.entered()
            self.head.refresh(self.page)

    def _reminder(self, words: str, act: str) -> NoticeBar:
        """Return a red line that leads to the settings: no recovery sheet, no second backup."""
        made = NoticeBar()
        actions = ((act, lambda: self.open(Route("settings"))), ("以后再做", made.hide))
        made.say(words, tone="error", actions=actions)
        return made

    def backed_up(self) -> None:
        """Say at the foot and above the page what is known of backups now."""
        self.status.say()
        if self._overdue is not None and not self.status.overdue:
            self._overdue.hide()

    def _banner(self) -> QWidget:
        made = frame("banner")
        line = row(made, gap=8, margins=(26, 4, 18, 4))
        line.addWidget(picture("info-circle", "warn", 16))
        line.addWidget(label("示例数据：可以随便试，关闭后不保留，不能报送。", "caution"), 1)
        start = button("建立本单位的正式数据", role="link")
        start.clicked.connect(self.start_own)
        line.addWidget(start)
        return made

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Show the navigation as icons when the window is narrow for its font size."""
        narrow = self.width() / theme.scale() < NARROW_BELOW
        self.navigation.set_narrow(narrow=narrow)
        super().resizeEvent(event)
