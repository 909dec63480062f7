"""The place where files come in: sticks in a queue, files, folders, a folder that is watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout

from union_desk.bundle import drives
from union_desk.desktop import jobs, theme
from union_desk.desktop.page import button, clear, column, elided, label, picture, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtGui import QHideEvent, QShowEvent

    from union_desk.bundle.drives import Drive

EVERY = 2000
"""Milliseconds between two looks at the sticks and the watched folder."""
_ICONS = {
    "plain": ("usb", "text2"),
    "busy": ("hourglass-empty", "primary"),
    "ok": ("circle-check-filled", "ok"),
    "warn": ("alert-triangle-filled", "warn"),
}


class Station(QFrame):
    """Says what it waits for, what it does, and how it went."""

    inserted = Signal(object)
    """A stick that was not in before."""
    arrived = Signal(object)
    """Files that are new in the watched folder and no longer grow."""

    def __init__(self, invitation: str, words: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setMinimumHeight(theme.px(112))
        self._invitation = (invitation, words)
        line = row(self, gap=20, margins=(22, 14, 20, 14))
        self._mark = column()
        line.addLayout(self._mark)
        middle = column(gap=4)
        middle.addStretch(1)
        self.title = elided("", "title")
        self.words = label("", "note", wrap=True)
        middle.addWidget(self.title)
        middle.addWidget(self.words)
        self._acts = row(gap=8)
        middle.addLayout(self._acts)
        middle.addStretch(1)
        line.addLayout(middle, 1)
        line.addLayout(self._choices())
        self.busy = False
        self.watched: Path | None = None
        self._known: set[Path] | None = None
        self._sizes: dict[Path, int] = {}
        self._told: set[Path] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.look)
        self.invite()

    def _choices(self) -> QVBoxLayout:
        right = column(gap=8)
        self.queue = QCheckBox("插入 U 盘自动收取")
        self.queue.setAccessibleName(self.queue.text())
        self.queue.setChecked(True)
        right.addWidget(self.queue)
        line = row(gap=8)
        self.files = button("选择文件…", role="primary", icon="inbox")
        self.folder = button("选择文件夹…", icon="folder-open")
        self.watch = button("监视文件夹…", icon="eye")
        for made in (self.watch, self.folder, self.files):
            line.addWidget(made)
        right.addLayout(line)
        return right

    # --- what it says ----------------------------------------------------------------------

    def invite(self) -> None:
        """Wait for the next one."""
        words = self._invitation[1]
        if self.watched is not None:
            words = f"正在监视 {self.watched}，新来的文件自动装入。"
        self.say("plain", self._invitation[0], words)

    def say(
        self,
        tone: str,
        title: str,
        words: str,
        acts: Sequence[tuple[str, Callable[[], object]]] = (),
    ) -> None:
        """Show a state; `acts` are what can be done about it."""
        clear(self._mark)
        icon, color = _ICONS[tone]
        self._mark.addStretch(1)
        self._mark.addWidget(picture(icon, color, 48))
        self._mark.addStretch(1)
        self.title.setText(title)
        self.words.setText(words)
        clear(self._acts)
        for what, act in acts:
            made = button(what)
            made.clicked.connect(lambda _=False, call=act: call())
            self._acts.addWidget(made)
        self._acts.addStretch(1)
        self.setAccessibleName(f"{title}。{words}")

    # --- looking ---------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent, /) -> None:
        """Look as long as the page is on top."""
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent, /) -> None:
        """Stop looking."""
        self._timer.stop()
        super().hideEvent(event)

    def look(self) -> None:
        """Look which sticks are in and what the watched folder holds, off the GUI thread."""
        if self.busy:
            return
        watched = self.watched
        if self.queue.isChecked():
            jobs.run(self, lambda _progress: drives.found(), self.show_drives)
        if watched is not None:
            jobs.run(self, lambda _progress: _bundles(watched), self._show_files)

    def show_drives(self, found: tuple[Drive, ...]) -> None:
        """Take note of the sticks; one that was not in before is taken in."""
        if self.busy:
            return
        now = {drive.root for drive in found}
        known = self._known or set()
        fresh = [drive for drive in found if drive.root not in known]
        self._known = now & known
        if fresh:
            self._known.add(fresh[0].root)  # the others at the next look: one at a time
            self.inserted.emit(fresh[0])

    def _show_files(self, sizes: dict[Path, int]) -> None:
        """Take in files whose length did not change since the last look."""
        if self.busy:
            return
        ready = [
            path
            for path, size in sizes.items()
            if path not in self._told and self._sizes.get(path) == size
        ]
        self._sizes = sizes
        self._told = (self._told & sizes.keys()) | set(ready)
        if ready:
            self.arrived.emit(ready)

    def watch_folder(self, folder: Path | None) -> None:
        """Watch a folder; what lies in it now is taken in, too."""
        self.watched = folder
        self._sizes, self._told = {}, set()
        self.watch.setText("监视文件夹…" if folder is None else "停止监视")
        self.watch.setAccessibleName(self.watch.text())
        self.invite()


def _bundles(folder: Path) -> dict[Path, int]:
    from union_desk import files
    from union_desk.bundle import importing

    if not files.is_folder(str(folder)):
        return {}
    return {path: path.stat().st_size for path in importing.expand(folder)}
