"""The real window on a real store, in a process of its own, as the suites of the desktop need it."""

import json
import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

from tests.faults.trial import Result

ROOT = Path(__file__).parents[2]


def child(module: str, *arguments: object, **more) -> subprocess.Popen:
    """Start a module of this package as the process with the window."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.faults.{module}", "--child", *map(str, arguments)], env=environment, cwd=ROOT, **more
    )  # fmt: skip


def results_of(module: str, *arguments: object) -> list[Result]:
    """Run a suite whose child finds the results by itself."""
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        path = Path(folder) / "found.json"
        process = child(
            module, path, *arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        told, _ = process.communicate()
        if not path.exists():
            raise RuntimeError(f"{module} ended with {process.returncode}: {told[-2000:]}")
        return [_result(item) for item in json.loads(path.read_text("utf-8"))]


def act_as_child(act, *arguments: str) -> None:
    """Be the child: the window's hooks must not hide what goes wrong in the suite itself."""
    try:
        act(*arguments)
    except BaseException:
        traceback.print_exc()
        sys.stdout.flush()
        os._exit(3)
    os._exit(0)


def write_results(path: str, results: list[Result]) -> None:
    told = [
        {**vars(item), "controls": [vars(control) for control in item.controls]} for item in results
    ]
    Path(path).write_text(json.dumps(told, ensure_ascii=False), "utf-8")


def _result(told: dict) -> Result:
    controls = told.pop("controls")
    result = Result(**told)
    for item in controls:
        vars(result.control(item["name"])).update(item)
    return result


def real_window(folder: Path, level: str = "grassroots"):
    """Return the window as the program starts it, at the desk of a new store of an office."""
    from PySide6.QtWidgets import QApplication

    from tests.faults import scene
    from union_desk import settings
    from union_desk.desktop import app as program
    from union_desk.desktop import faults
    from union_desk.desktop.main_window import MainWindow
    from union_desk.desktop.session import Session

    app = QApplication.instance() or QApplication(["工会填报台"])
    program.dress(app, settings.defaults() | {"appearance": "light"})
    faults.install()
    window = MainWindow(scene.data(folder))
    window.resize(1366, 700)
    window.show()
    os.environ["UNION_DESK_STATE"] = str(folder / "state")
    store = scene.opened(folder) if scene.data(folder).exists() else scene.create(folder, level)
    window._enter(Session(store, as_of_given="2012-08-31"))
    settle(app)
    window.activateWindow()
    app.processEvents()
    return app, window


def settle(app) -> None:
    """Let every job end, its news arrive, and what was thrown away go: in an event loop, as at work.

    Spinning in ``processEvents`` beside busy workers leaves 3 KB a job that no window ever leaves.
    """
    from PySide6.QtCore import QEventLoop, QTimer

    from union_desk.desktop import jobs

    loop = QEventLoop()

    def look() -> None:
        if jobs._running:
            QTimer.singleShot(1, look)
        else:
            loop.quit()

    QTimer.singleShot(0, look)
    loop.exec()
    app.processEvents()
