"""The backup nobody has to think of: caught up after a start, made before the window closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QObject

from union_desk.desktop import faults, jobs

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from union_desk.desktop.desk import Desk
    from union_desk.desktop.session import Session
    from union_desk.errors import UserError


def begin(desk: Desk, session: Session) -> None:
    """Make the ballast, look for room, make up for a backup that the last run did not come to."""
    from union_desk.store import upkeep

    store = session.store
    if store.demo:
        return

    def work(_progress: jobs.Progress) -> list[str]:
        told = upkeep.begin(store)
        upkeep.catch_up(store)
        return told

    def done(told: list[str]) -> None:
        desk.status.say(told)

    jobs.run(desk, work, done, lane="write")


class BeforeClosing(QObject):
    """Makes today's backup, if it is due, before its window closes."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._busy = False
        self._told = False

    def may_close(self, session: Session) -> bool:
        """Make the backup while the window stays alive; return whether it may close now.

        A backup that fails is told once and does not hold anyone back.
        """
        from union_desk.store import upkeep

        if self._busy or not upkeep.due(session.store):
            return not self._busy
        self._busy = True
        loop = QEventLoop(self)
        refused: list[UserError] = []

        def done(error: UserError | None) -> None:
            if error is not None:
                refused.append(error)

        job = jobs.run(
            self._window, lambda progress: upkeep.end(session.store, progress), done,
            title="正在做今天的备份", lane="write",
        )  # fmt: skip
        job.ended.connect(loop.quit)
        loop.exec()
        self._busy = False
        if refused and not self._told:
            self._told = True
            faults.report(refused[0], self._window)
            return False
        return True
