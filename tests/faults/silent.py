"""P11: an exception raised in each of the 11 places is written down and told; the window lives on.

``python -m tests.faults.silent``.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.trial import Result, main
from tests.faults.window import act_as_child, real_window, results_of, settle, write_results


class BrokenError(RuntimeError):
    """What nobody expects."""


class Places:
    """The 11 places, inside the real window."""

    def __init__(self, app, window) -> None:
        self.app, self.window = app, window

    def all(self) -> dict[str, Callable[[], None]]:
        return {
            "slot by signal": self.signal, "slot by click": self.click, "QTimer": self.timer, "event": self.event,
            "paintEvent": self.paint, "QThread.run": self.qthread, "QRunnable.run": self.runnable, "closeEvent": self.close,
            "model data": self.model, "eventFilter": self.filter, "threading.Thread": self.thread,
        }  # fmt: skip

    def signal(self) -> None:
        from PySide6.QtCore import QObject, Signal

        class Sender(QObject):
            sent = Signal()

        sender = Sender(self.window)
        sender.sent.connect(broken)
        sender.sent.emit()

    def click(self) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QPushButton

        button = QPushButton("x", self.window)
        button.clicked.connect(broken)
        button.show()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        button.deleteLater()

    def timer(self) -> None:
        from PySide6.QtCore import QTimer

        QTimer.singleShot(0, broken)

    def event(self) -> None:
        from PySide6.QtCore import QEvent
        from PySide6.QtWidgets import QWidget

        class Widget(QWidget):
            def event(self, event) -> bool:
                if event.type() == QEvent.Type.User:
                    broken()
                return super().event(event)

        self.widget = Widget(self.window)
        self.app.postEvent(self.widget, QEvent(QEvent.Type.User))

    def paint(self) -> None:
        from PySide6.QtWidgets import QWidget

        class Widget(QWidget):
            done = False

            def paintEvent(self, _event) -> None:
                if not self.done:
                    self.done = True
                    broken()

        self.widget = Widget(self.window)
        self.widget.show()
        self.widget.repaint()

    def qthread(self) -> None:
        from PySide6.QtCore import QThread

        class Thread(QThread):
            def run(self) -> None:
                broken()

        self.worker = Thread()
        self.worker.start()
        self.worker.wait()

    def runnable(self) -> None:
        from PySide6.QtCore import QRunnable, QThreadPool

        class Work(QRunnable):
            def run(self) -> None:
                broken()

        QThreadPool.globalInstance().start(Work())
        QThreadPool.globalInstance().waitForDone()

    def close(self) -> None:
        """The page's own leaving fails while the window is asked to close."""
        page = self.window.desk.page
        page.leaving = broken
        try:
            self.window.close()
        finally:
            del page.leaving

    def model(self) -> None:
        from PySide6.QtCore import QAbstractListModel, Qt
        from PySide6.QtWidgets import QListView

        class Model(QAbstractListModel):
            done = False

            def rowCount(self, _parent=None) -> int:
                return 1

            def data(self, _index, role=Qt.ItemDataRole.DisplayRole):
                if role == Qt.ItemDataRole.DisplayRole and not self.done:
                    self.done = True
                    broken()

        view = QListView(self.window)
        self.shown = Model(view)
        view.setModel(self.shown)
        view.show()
        view.repaint()
        self.app.processEvents()
        view.deleteLater()

    def filter(self) -> None:
        from PySide6.QtCore import QEvent, QObject

        class Filter(QObject):
            def eventFilter(self, _watched, event) -> bool:
                if event.type() == QEvent.Type.User:
                    broken()
                return False

        filter_ = Filter(self.window)
        self.window.installEventFilter(filter_)
        self.app.postEvent(self.window, QEvent(QEvent.Type.User))
        self.app.processEvents()
        self.window.removeEventFilter(filter_)

    def thread(self) -> None:
        worker = threading.Thread(target=broken)
        worker.start()
        worker.join()


def broken(*_: object) -> None:
    raise BrokenError("周沫云 511197198001013126")


def _trial(app, window, place: Callable[[], None], log: Path) -> str | None:
    """Raise in one place; return what was not done about it."""
    from union_desk.desktop import faults

    before = log.read_text("utf-8") if log.exists() else ""
    try:
        place()
    except BrokenError as error:
        sys.excepthook(
            type(error), error, error.__traceback__
        )  # the call came from Python: as Qt would
    until = time.monotonic() + 5
    while not faults._shown and time.monotonic() < until:
        app.processEvents()
    settle(app)
    written = (log.read_text("utf-8") if log.exists() else "")[len(before) :]
    told = [dialog.accessibleName() for dialog in faults._shown]
    for dialog in faults._shown[:]:
        dialog.accept()
    app.processEvents()
    if "BrokenError" not in written or "broken" not in written:
        return "not in the log"
    if "周沫云" in written or "3126" in written:
        return "a name or number is in the log"
    if not told or "没有料到" not in told[0]:
        return "not told"
    if not window.isVisible() or window.session is None:
        return "the window is gone"
    return None


def _child(path: str, seed: str) -> None:
    result = Result("P11", "an exception in each of the 11 places, in the real window", int(seed))
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        app, window = real_window(Path(folder) / "place")
        log = window.session.store.folder / "logs" / "crash.log"
        places = Places(app, window)
        for name, place in places.all().items():
            result.trials += 1
            if wrong := _trial(app, window, place, log):
                result.failures.append(f"{name}: {wrong}")
        control = result.control("without the hooks")
        hook, sys.excepthook = sys.excepthook, lambda *_: None
        control.trials += 1
        control.caught += bool(_trial(app, window, places.timer, log))
        sys.excepthook = hook
        window.session.close()
    write_results(path, [result])


def suite(*, size: str = "sample", seed: int = 1) -> list[Result]:
    return results_of("silent", seed)


if __name__ == "__main__":
    if "--child" in sys.argv:
        act_as_child(_child, *sys.argv[2:])
    else:
        main(suite)
