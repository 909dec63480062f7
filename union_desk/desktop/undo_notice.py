"""A notice at the foot of the window with 撤销: ten seconds and more to take an act back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QWidget

from union_desk.desktop import jobs, theme
from union_desk.desktop.announce import ANNOUNCER
from union_desk.desktop.page import button, label, picture, row

if TYPE_CHECKING:
    from collections.abc import Callable


SECONDS = 15
"""How long the notice stands; the design asks for ten at least."""


class UndoNotice(QFrame):
    """Stands over the foot of a window until it is used, closed or its time is over.

    :param undo: plain work for a worker, or a function of the GUI where `then` is None.
    :param then: called once the work is done.
    """

    def __init__(
        self,
        window: QWidget,
        words: str,
        undo: Callable[[], object],
        then: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(window)
        for other in window.findChildren(UndoNotice):
            if other is not self:
                other.close_notice()
        self._undo, self._then = undo, then
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(words)
        line = row(self, gap=8, margins=(16, 6, 8, 6))
        line.addWidget(picture("circle-check-filled", "ok", 18))
        line.addWidget(label(words))
        self.undo_button = button("撤销", role="link", icon="arrow-back-up", tip="Ctrl+Shift+U")
        self.undo_button.clicked.connect(self.take_back)
        line.addWidget(self.undo_button)
        away = button("", role="icon", icon="x", name="关闭提示")
        away.clicked.connect(self.close_notice)
        line.addWidget(away)
        self._shortcut = QShortcut(QKeySequence("Ctrl+Shift+U"), window, self.take_back)
        window.installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.close_notice)
        self._timer.start(SECONDS * 1000)
        self._place()
        self.show()
        self.raise_()
        ANNOUNCER.say(self, words)

    @staticmethod
    def say(window: QWidget, words: str) -> UndoNotice:
        """Say what was done where there is nothing to take back."""
        made = UndoNotice(window, words, lambda: None)
        made.undo_button.hide()
        made._place()
        return made

    def take_back(self) -> None:
        """Undo, once."""
        undo, then = self._undo, self._then
        window = self.window()
        self.close_notice()
        if then is None:
            undo()
            return

        def done(_result: object) -> None:
            then()

        jobs.run(window, lambda _progress: undo(), done, lane="write")

    def close_notice(self) -> None:
        """Go."""
        self._timer.stop()
        self._shortcut.setEnabled(False)
        self._shortcut.deleteLater()
        self.hide()
        self.deleteLater()

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        self.adjustSize()
        left = (window.width() - self.width()) // 2
        self.move(left, window.height() - self.height() - theme.px(96))

    def eventFilter(self, _watched: QObject, event: QEvent, /) -> bool:
        """Stay in place when the window changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False


def refresh_desk(widget: QWidget | None) -> Callable[[], None]:
    """Return what shows the page on top anew, whichever it is then, with the counts around it."""
    while widget is not None and not hasattr(widget, "choose_form"):
        widget = widget.parentWidget()
    desk = widget

    def refresh() -> None:
        if desk is not None and shiboken6.isValid(desk):
            desk.changed.emit()  # type: ignore[attr-defined]
            desk.page.entered()  # type: ignore[attr-defined]

    return refresh
