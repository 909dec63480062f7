"""The backup nobody has to think of: caught up after a start, made before the window closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop

from union_desk.desktop import faults, jobs

if TYPE_CHECKING:
    from union_desk.desktop.desk import Desk
    from union_desk.desktop.main_window import MainWindow
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


def before_closing(window: MainWindow, session: Session) -> bool:
    """Make today's backup if it is due; return whether the window may close now.

    The window stays alive meanwhile. A backup that fails is told and does not hold anyone back.
    """
    from union_desk.store import upkeep

    if window.closing or not upkeep.due(session.store):
        return not window.closing
    window.closing = True
    loop = QEventLoop(window)
    refused: list[UserError] = []

    def done(error: UserError | None) -> None:
        if error is not None:
            refused.append(error)

    job = jobs.run(
        window, lambda progress: upkeep.end(session.store, progress), done,
        title="正在做今天的备份", lane="write",
    )  # fmt: skip
    job.ended.connect(loop.quit)
    loop.exec()
    window.closing = False
    if refused and not window.told:
        window.told = True
        faults.report(refused[0], window)
        return False
    return True
