"""The one place that shows errors, and the hooks that catch what nobody expected.

A refused action (:class:`UserError`) is a sentence, the next step and a code. Anything else is
a bug: it goes into the crash log with its call stack but without values, and the window
shows a plain sentence and lives on.
"""

from __future__ import annotations

import atexit
import faulthandler
import logging
import sys
import threading
from collections import deque
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QThread,
    QTimer,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from union_desk.crash_log import LOG, described
from union_desk.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import TextIO

_waiting: deque[tuple[UserError, QWidget | None]] = deque(maxlen=20)
_shown: list[QDialog] = []


class _Messenger(QObject):
    """Carries an unexpected error from any thread to the GUI thread."""

    caught = Signal(object)


_messenger: list[_Messenger] = []
_crash_file: list[TextIO] = []


class BugError(UserError):
    """Something the program did not expect (D7xx)."""


def report(error: UserError, parent: QObject | None = None) -> None:
    """Show a refused action: what, the next step, the code. One dialog at a time.

    What a person has just decided not to do is not told again.
    """
    if getattr(error, "declined", False):
        return
    owner = parent.window() if isinstance(parent, QWidget) else QApplication.activeWindow()
    if any(error.code == other.code for other, _ in _waiting):
        return
    _waiting.append((error, owner))
    if not _shown:
        _show_next()


def unexpected(error: BaseException, parent: QObject | None = None) -> None:
    """Log what nobody expected and say so in a sentence; the program goes on."""
    LOG.error("%s", described(error))
    report(
        BugError(
            "D701",
            "程序遇到了没有料到的问题，刚才这一步可能没有做完。",
            "已录入的内容都保留着，请再试一次；如果再次出现，请把“帮助”里的错误记录交给技术人员。",
        ),
        parent,
    )


def install(folder: Path | None = None) -> None:
    """Catch what escapes from slots, timers and threads; `folder` takes the logs."""
    if not _messenger:
        carrier = _Messenger()
        carrier.caught.connect(unexpected)
        _messenger.append(carrier)
    sys.excepthook = _caught
    threading.excepthook = _caught_in_thread
    qInstallMessageHandler(_qt_said)
    if folder is not None:
        log_to(folder)


def log_to(folder: Path) -> None:
    """Write the crash log into `folder`, at most half a megabyte in two files."""
    from logging.handlers import RotatingFileHandler

    folder.mkdir(parents=True, exist_ok=True)
    for handler in LOG.handlers[:]:
        LOG.removeHandler(handler)
        handler.close()
    handler = RotatingFileHandler(
        folder / "crash.log", maxBytes=250_000, backupCount=1, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    LOG.addHandler(handler)
    LOG.propagate = False
    _let_go()
    _crash_file[:] = [(folder / "fault.log").open("a", encoding="utf-8")]
    faulthandler.enable(_crash_file[0])


@atexit.register
def _let_go() -> None:
    """Close the file for crashes in machine code: at the end nobody else would."""
    if _crash_file:
        faulthandler.disable()
        _crash_file.pop().close()


def last_entries(folder: Path, lines: int = 40) -> str:
    """Return the end of the crash log, for the one who asks for help."""
    path = folder / "crash.log"
    if not path.exists():
        return ""
    return "\n".join(path.read_text("utf-8", "replace").splitlines()[-lines:])


def _caught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None, /
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _pass_on(error)


def _caught_in_thread(args: threading.ExceptHookArgs, /) -> None:
    if args.exc_value is not None:
        _pass_on(args.exc_value)


def _pass_on(error: BaseException) -> None:
    app = QApplication.instance()
    if app is None or not _messenger:
        LOG.error("%s", described(error))
    elif QThread.currentThread() is app.thread():
        # Not from inside the handler that failed: a paint event must end first.
        QTimer.singleShot(0, lambda: _tell(error))
    else:
        _messenger[0].caught.emit(error)


def _tell(error: BaseException) -> None:
    if isinstance(error, UserError):
        report(error)
    else:
        unexpected(error)


def _qt_said(kind: QtMsgType, _context: QMessageLogContext, message: str, /) -> None:
    if "propagateSizeHints" in message:
        return
    level = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
    }.get(kind, logging.ERROR)
    LOG.log(level, "Qt: %s", message)


def _show_next() -> None:
    from union_desk.desktop.fault_dialog import FaultDialog

    if not _waiting:
        return
    error, owner = _waiting.popleft()
    dialog = FaultDialog(error, owner)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _shown.append(dialog)
    dialog.finished.connect(_closed)
    dialog.destroyed.connect(_gone)
    dialog.open()


def _gone() -> None:
    """Go on where the window that a dialog belonged to was closed under it."""
    _shown[:] = [dialog for dialog in _shown if shiboken6.isValid(dialog)]
    if not _shown:
        _show_next()


def _closed(_result: int) -> None:
    _shown.clear()
    _show_next()
