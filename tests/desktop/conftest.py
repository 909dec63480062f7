"""The window as the program starts it: fonts loaded, dressed, nothing left over between tests."""

import os

import pytest

from union_desk import settings
from union_desk.desktop import app as program
from union_desk.desktop import faults, jobs, theme
from union_desk.desktop.main_window import MainWindow

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def dressed(qapp):
    """The application with fonts, language and style sheet, once for all tests."""
    program.dress(qapp, settings.defaults() | {"appearance": "light"})
    return qapp


@pytest.fixture(autouse=True)
def tidy(dressed):
    """Light and standard size before each test; no job and no dialog left after it."""
    if (theme.scheme(), theme.scale()) != ("light", 1.0):
        theme.apply(dressed, "light", 1.0)
    yield
    for dialog in faults._shown[:]:
        dialog.accept()
    faults._waiting.clear()
    assert jobs.wait_for_all(), "a worker is still busy"
    dressed.processEvents()


@pytest.fixture
def window(qtbot, tmp_path):
    """The main window on an empty data folder, the size of the client area of a small screen."""
    made = MainWindow(tmp_path / "data")
    made.resize(1366, 700)
    with qtbot.waitActive(made):
        made.show()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def settled(qtbot):
    """Wait until no job is under way and its result has arrived."""

    def wait():
        qtbot.waitUntil(lambda: not jobs._running, timeout=30_000)

    return wait
