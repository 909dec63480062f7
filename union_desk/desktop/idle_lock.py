"""Locks the window when nobody has touched it for a while. What was typed stays and is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from union_desk.desktop import jobs
from union_desk.desktop.lock_page import LockPage

if TYPE_CHECKING:
    from union_desk.desktop.desk import Desk
    from union_desk.desktop.session import Session
    from union_desk.errors import UserError

_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
    }
)


class Window(Protocol):
    """What is locked."""

    settings: dict[str, str]
    session: Session | None
    desk: Desk | None

    def takeCentralWidget(self) -> QWidget | None:
        """Take the face out without dropping it."""

    def show_face(self, face: QWidget) -> None:
        """Put a face in."""

    def sign_out(self) -> None:
        """Close the store and ask who comes next."""


class IdleLock(QObject):
    """Counts the time since the last touch and puts the lock page over the desk."""

    def __init__(self, window: Window, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.lock)
        self._desk: QWidget | None = None
        self._dialogs: list[QDialog] = []
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    @property
    def locked(self) -> bool:
        """Whether the lock page is shown."""
        return self._desk is not None

    def begin(self) -> None:
        """Count from now, as long as the settings say."""
        minutes = int(self._window.settings.get("idle_lock", "15"))
        session = self._window.session
        if minutes and session is not None and not session.store.demo and not self.locked:
            self._timer.start(minutes * 60_000)
        else:
            self._timer.stop()

    def eventFilter(self, _watched: QObject, event: QEvent, /) -> bool:
        """Begin to count anew at every touch."""
        if self._timer.isActive() and event.type() in _TOUCHES:
            self._timer.start()
        return False

    def lock(self) -> None:
        """Keep the draft and hide everything behind the lock page."""
        window = self._window
        if window.session is None or window.desk is None or self.locked:
            return
        self._timer.stop()
        page = window.desk.page
        keep = getattr(getattr(page, "saver", None), "keep", None)
        if keep is not None:
            keep()
        self._dialogs = [
            found
            for found in QApplication.topLevelWidgets()
            if isinstance(found, QDialog) and found.isVisible()
        ]
        for dialog in self._dialogs:
            dialog.hide()
        self._desk = window.takeCentralWidget()
        face = LockPage(window.session.person)
        face.given.connect(lambda word: self._try(face, word))
        face.other.connect(self._leave)
        window.show_face(face)

    def _try(self, face: LockPage, password: str) -> None:
        session = self._window.session
        if session is None:
            return

        def work(_progress: object) -> None:
            from union_desk.store import passwords

            passwords.unlock_screen(session.store, password)

        def refused(error: UserError) -> None:
            face.refuse(f"{error.sentence}{error.step}")

        jobs.run(self, work, lambda _: self._open(), refused)

    def _open(self) -> None:
        desk, self._desk = self._desk, None
        if desk is not None:
            self._window.show_face(desk)
        for dialog in self._dialogs:
            dialog.open()
        self._dialogs = []
        self.begin()

    def _leave(self) -> None:
        """Someone else signs in: the drafts are kept, the store is closed."""
        desk, self._desk = self._desk, None
        for dialog in self._dialogs:
            dialog.deleteLater()
        self._dialogs = []
        if desk is not None:
            desk.deleteLater()
        self._window.sign_out()
