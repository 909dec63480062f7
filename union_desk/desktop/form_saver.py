"""Keeps what is typed: two seconds after a key at the latest, and when a field is left."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from union_desk.desktop import form_store, jobs
from union_desk.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from union_desk.desktop.session import Session
    from union_desk.errors import UserError
    from union_desk.store.drafts import Draft

AFTER = 1500
"""Milliseconds from the first key that is not kept to the keeping."""


class Saver(QObject):
    """Writes drafts one after the other in a worker; never one behind a later act."""

    said = Signal(str, bool)
    """What to show beside the title, and whether it went wrong."""

    def __init__(
        self, owner: QObject, session: Session, snapshot: Callable[[], Draft | None]
    ) -> None:
        super().__init__(owner)
        self._session = session
        self._snapshot = snapshot
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AFTER)
        self._timer.timeout.connect(self.keep)
        self._lock = threading.Lock()
        self._turn = 0
        self._running = False
        self._again = False
        self._kept: Draft | None = None
        self.wrote = False
        """Something was written since the record came on the page."""

    def touch(self) -> None:
        """Something was typed: keep it soon. The first key counts, not the last."""
        if not self._timer.isActive():
            self._timer.start()

    def keep(self) -> None:
        """Keep it now."""
        self._timer.stop()
        if self._running:
            self._again = True
            return
        draft = self._snapshot()
        if draft is None or draft == self._kept:
            return
        self._running, turn = True, self._turn

        def work(_progress: object) -> Draft:
            with self._lock:
                if turn != self._turn:
                    raise Cancelled
                return form_store.keep_draft(self._session, draft)

        def done(_kept: Draft) -> None:
            self._running, self._kept, self.wrote = False, draft, True
            self.said.emit(f"草稿已自动保存 {clock()}", False)  # noqa: FBT003 - Qt's signal
            if self._again:
                self._again = False
                self.keep()

        jobs.run(self, work, done, self._failed, lane="draft", cancelled=self._stopped)

    def _failed(self, error: UserError) -> None:
        self._running = False
        self.said.emit(f"草稿没有保存：{error.sentence}", True)  # noqa: FBT003 - Qt's signal
        self._timer.start()

    def _stopped(self) -> None:
        self._running = False

    def halt(self) -> None:
        """Write nothing any more; wait for the write under way. The next `touch` begins anew."""
        self._timer.stop()
        with self._lock:
            self._turn += 1
        self._again = False
        self._kept = None


def clock() -> str:
    """Return the time of day for people."""
    return datetime.now().strftime("%H:%M")  # noqa: DTZ005 - the clock on the wall
