"""Starts the window: first paint first, then the store."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from union_desk import settings
from union_desk.desktop import faults, fonts, theme
from union_desk.desktop.main_window import MainWindow
from union_desk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

NAME = "工会填报台"
_LOOK_FOR_SIGNALS = 500
"""Milliseconds."""


def run(data: Path, demo: str | None = None, given: str = "") -> int:
    """Open the window on the data folder `data`, or on sample data; return the exit code.

    :param demo: ``grassroots``, ``county`` or ``city``: a throw-away store of samples.
    :param given: a bundle file to take in once the store is open.
    """
    choose_input_method(os.environ)
    app = QApplication.instance() or QApplication([NAME])
    if not isinstance(app, QApplication):
        raise TypeError(type(app))
    chosen, trouble = _settings(data)
    dress(app, chosen)
    faults.install()
    window = MainWindow(data, chosen)
    window.given = given
    window.show()
    app.processEvents()
    fonts.load(fonts.THEN)
    if trouble is not None:
        faults.report(trouble, window)
    window.start(demo)
    with _ended_by_signals(window):
        return app.exec()


@contextmanager
def _ended_by_signals(window: MainWindow) -> Iterator[None]:
    """Let Ctrl+C and a request of the system to end close the window in order."""
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
    for name in before:
        signal.signal(name, lambda _number, _frame: window.close())
    # Python looks at signals only between its own instructions: give it some.
    ticking = QTimer(window)
    ticking.timeout.connect(lambda: None)
    ticking.start(_LOOK_FOR_SIGNALS)
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def dress(app: QApplication, chosen: settings.Values) -> None:
    """Give the program its name, fonts, language and look."""
    app.setApplicationName("UnionDesk")
    app.setApplicationDisplayName(NAME)
    fonts.load(fonts.FIRST)
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load("qtbase_zh_CN", folder):
        app.installTranslator(translator)
    size = theme.SIZES[chosen["font_size"]] / theme.BASE_SIZE
    theme.apply(app, chosen["appearance"], size)


def _settings(data: Path) -> tuple[dict[str, str], UserError | None]:
    try:
        return settings.load(data), None
    except UserError as error:
        return settings.defaults(), error


def choose_input_method(environment: MutableMapping[str, str]) -> None:
    """Let fcitx users type Chinese: the wheel brings no fcitx plugin, and fcitx 5 answers ibus."""
    if sys.platform != "linux" or environment.get("QT_IM_MODULE") not in ("fcitx", "fcitx5"):
        return
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    if not list((folder / "platforminputcontexts").glob("*fcitx*")):
        environment["QT_IM_MODULE"] = "ibus"
