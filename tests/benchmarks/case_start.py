"""From the start of the process to the first painted window, against an empty window."""

from __future__ import annotations

import os
import time
from pathlib import Path

import psutil

TITLE = "cold start to first painted window"
GOAL = "≤ 1.5"
ROWS = 20_000


def prepare(folder: Path) -> None:
    from tests.benchmarks import stores

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    stores.full(folder, ROWS)


def _since_start() -> float:
    return time.time() - psutil.Process().create_time()


def floor(folder: Path) -> float:
    from PySide6.QtWidgets import QApplication, QWidget

    app = QApplication([])
    window = QWidget()
    window.resize(1366, 768)
    window.show()
    app.processEvents()
    return _since_start()


def ours(folder: Path) -> float:
    from PySide6.QtWidgets import QApplication

    from union_desk.desktop import app as desk
    from union_desk.desktop.main_window import MainWindow

    application = QApplication([])
    place = folder / f"store-{ROWS}"
    chosen, _ = desk._settings(place)
    desk.dress(application, chosen)
    window = MainWindow(place, chosen)
    window.resize(1366, 768)
    window.show()
    application.processEvents()
    return _since_start()
