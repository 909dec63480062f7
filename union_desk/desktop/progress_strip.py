"""The strip at the foot of the window that tells how far long work is, with 取消."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QProgressBar, QWidget

from union_desk.desktop import theme
from union_desk.desktop.page import button, frame, label, row

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance


class Tracked(Protocol):
    """Work under way, as the runner keeps it."""

    title: str
    progressed: SignalInstance
    ended: SignalInstance

    def cancel(self) -> None: ...  # noqa: D102


_ABOVE = 104
"""Pixels from the lower edge: the foot of a table and the search line of a preview stay free."""


class ProgressStrip(QWidget):
    """Title, bar and 取消 of one job, over the lower right of the window."""

    def __init__(self, window: QWidget, job: Tracked) -> None:
        super().__init__(window)
        self._job = job
        self.window_below = window
        outer = row(self)
        card = frame("card")
        outer.addWidget(card)
        line = row(card, gap=12, margins=(16, 8, 8, 8))
        self._text = label(job.title)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setFixedWidth(theme.px(180))
        self._bar.setAccessibleName(job.title)
        self._cancel = button("取消", role="link", name=f"取消：{job.title}")
        self._cancel.clicked.connect(self._stop)
        for widget in (self._text, self._bar, self._cancel):
            line.addWidget(widget)
        job.progressed.connect(self._advance)
        job.ended.connect(self.deleteLater)
        window.installEventFilter(self)
        self._place()

    def _advance(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def _stop(self) -> None:
        self._cancel.setEnabled(False)
        self._text.setText("正在取消…")
        self._place()
        self._job.cancel()

    def _place(self) -> None:
        self.adjustSize()
        window = self.window_below
        self.move(
            window.width() - self.width() - theme.px(24),
            window.height() - self.height() - theme.px(_ABOVE),
        )
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Keep to the corner when the window changes its size."""
        if event.type() == QEvent.Type.Resize and watched is self.window_below:
            self._place()
        return False
