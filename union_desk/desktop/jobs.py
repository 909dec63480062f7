"""Long work off the GUI thread: one shape, one runner, progress and 取消.

Work is a plain function that takes ``progress(done, total)``; the callback raises
:class:`~union_desk.errors.Cancelled` once the job is cancelled. Workers never touch widgets:
`done`, `failed` and progress arrive on the GUI thread, and only while the owner lives.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QRunnable, QThreadPool, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from union_desk.desktop import faults
from union_desk.errors import Cancelled, UserError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

T = TypeVar("T")

SHOW_AFTER = 300
"""Milliseconds before progress is shown."""
_REPORT_EVERY = 0.05

_lanes: dict[str, QThreadPool] = {}
_running: set[Job] = set()


class Progress(Protocol):
    """What work calls now and then: how far it is; `total` 0 is unknown."""

    def __call__(self, done: int, total: int, /) -> None: ...  # noqa: D102


class Job(QObject):
    """One piece of work under way; lives on the GUI thread."""

    progressed = Signal(int, int)
    ended = Signal()
    settled = Signal(object, object)
    """For the worker: its result and None, or None and what it raised."""

    def __init__(self, owner: QObject, title: str, outcomes: _Outcomes) -> None:
        super().__init__()
        self.owner = owner
        self.title = title
        self.running = True
        self._outcomes = outcomes
        self._cancelled = threading.Event()
        self._last = 0.0
        # A method of an object of the GUI thread: the worker's signal arrives there, queued.
        self.settled.connect(self._settle)

    def cancel(self) -> None:
        """Ask the work to stop; nothing is half done, and `done` is not called."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether it was asked to stop."""
        return self._cancelled.is_set()

    def progress(self, done: int, total: int, /) -> None:
        """Take the news of the worker; raise Cancelled if asked to stop."""
        if self._cancelled.is_set():
            raise Cancelled
        now = time.monotonic()
        if now - self._last >= _REPORT_EVERY or done >= total > 0:
            self._last = now
            self.progressed.emit(done, total)

    def _settle(self, result: object, error: BaseException | None) -> None:
        _running.discard(self)
        self.running = False
        self.ended.emit()
        wanted = self._outcomes
        if not shiboken6.isValid(self.owner):
            return
        if isinstance(error, Cancelled) or (self.cancelled and error is None):
            if wanted.cancelled is not None:
                wanted.cancelled()
        elif isinstance(error, UserError) and hasattr(error, "agree"):
            self._ask(error)
        elif isinstance(error, UserError):
            self._refused(error)
        elif error is not None:
            faults.unexpected(error, self.owner)
        elif wanted.done is not None:
            wanted.done(result)

    def _ask(self, error: UserError) -> None:
        """Ask whether to do it all the same, or for who else is needed; then it runs again."""
        from union_desk.desktop.second_dialog import SecondDialog
        from union_desk.desktop.void_dialog import VoidDialog

        dialog = (SecondDialog if hasattr(error, "signed") else VoidDialog)(error, self.owner)  # type: ignore[arg-type]
        dialog.accepted.connect(lambda: self._outcomes.again(self, error.agree))  # type: ignore[attr-defined]
        dialog.rejected.connect(lambda: self._declined(error))
        dialog.open()

    def _declined(self, error: UserError) -> None:
        error.declined = True  # type: ignore[attr-defined]
        self._refused(error)
        QTimer.singleShot(0, self.owner, self._give_focus_back)

    def _give_focus_back(self) -> None:
        """Let the keys go to the page again: the button that began the work was grey."""
        if isinstance(self.owner, QWidget) and QApplication.focusWidget() is None:
            self.owner.setFocus()

    def _refused(self, error: UserError) -> None:
        wanted = self._outcomes
        if wanted.failed is not None:
            wanted.failed(error)
        else:
            faults.report(error, self.owner)


@dataclass(frozen=True, slots=True)
class _Outcomes:
    """Who is told how a job ended."""

    done: Callable[[Any], None] | None
    failed: Callable[[UserError], None] | None
    cancelled: Callable[[], None] | None
    again: Callable[[Job, Callable[[], AbstractContextManager[None]]], None]
    """Lets the job run the same work inside what was agreed to."""


class _Task(QRunnable, Generic[T]):
    """Runs the work in a thread of the pool."""

    def __init__(self, job: Job, work: Callable[[Progress], T]) -> None:
        super().__init__()
        self._job = job
        self._work = work

    def run(self) -> None:
        """Do the work and hand over what came of it."""
        job, work = self._job, self._work
        # A task that ends before `start` returns is kept by the pool for good: only its shell.
        del self._job, self._work
        result: object = None
        error: BaseException | None = None
        try:
            job.progress(0, 0)
            result = work(job.progress)
        except Exception as caught:  # noqa: BLE001 - handed to the GUI thread, shown there
            error = caught
        job.settled.emit(result, error)


def run(
    owner: QObject,
    work: Callable[[Progress], T],
    done: Callable[[T], None] | None = None,
    failed: Callable[[UserError], None] | None = None,
    title: str = "",
    *,
    lane: str = "",
    cancelled: Callable[[], None] | None = None,
) -> Job:
    """Run `work` in a worker and hand its result to `done` on the GUI thread.

    :param failed: takes a refused action; without it the sentence is shown.
    :param title: what is under way, shown with progress and 取消 after 0.3 s; empty: silent.
    :param lane: jobs of the same named lane run one after another.
    :param cancelled: called when the work stopped because it was cancelled.
    """
    doing = work

    def again(job: Job, agree: Callable[[], AbstractContextManager[None]]) -> None:
        nonlocal doing
        before = doing

        def agreed(progress: Progress) -> T:
            with agree():
                return before(progress)

        doing = agreed
        _begin(job, doing, lane)

    made = Job(owner, title, _Outcomes(done, failed, cancelled, again))
    _begin(made, work, lane)
    return made


def _begin(job: Job, work: Callable[[Progress], T], lane: str) -> None:
    """Let the work run in a thread; the same job may begin anew after a question."""
    job.running = True
    _running.add(job)
    if job.title and isinstance(job.owner, QWidget):
        QTimer.singleShot(SHOW_AFTER, job, lambda: _show(job))
    _pool(lane).start(_Task(job, work))


def _pool(lane: str) -> QThreadPool:
    pool = _lanes.get(lane)
    if pool is None or not shiboken6.isValid(pool):
        pool = QThreadPool(QCoreApplication.instance())
        pool.setMaxThreadCount(1 if lane else 3)
        _lanes[lane] = pool
    return pool


def _show(job: Job) -> None:
    owner = job.owner
    if job.running and shiboken6.isValid(owner) and isinstance(owner, QWidget):
        from union_desk.desktop.progress_strip import ProgressStrip

        ProgressStrip(owner.window(), job).show()


def busy() -> tuple[Job, ...]:
    """Return the jobs under way that carry a title: work someone waits for."""
    return tuple(job for job in _running if job.title)


def wait_for_all(milliseconds: int = 5000) -> bool:
    """Cancel everything and wait for the workers; return whether all ended in time."""
    for job in tuple(_running):
        job.cancel()
    return all(
        pool.waitForDone(milliseconds) for pool in _lanes.values() if shiboken6.isValid(pool)
    )
