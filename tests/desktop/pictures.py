"""Makes the pictures of the help pages from the program itself: ``python -m tests.desktop.pictures``."""

import csv
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from union_desk import resources, settings
from union_desk.desktop import app as program
from union_desk.desktop import jobs
from union_desk.desktop.main_window import MainWindow
from union_desk.desktop.navigation import Route

WIDTH = 820
FORM, SECOND = "visit", "member"


def settle(app: QApplication) -> None:
    """Wait until nothing is under way."""
    end = time.monotonic() + 60
    while jobs._running and time.monotonic() < end:
        app.processEvents()
    for _ in range(10):
        app.processEvents()


def save(window: MainWindow, name: str) -> None:
    """Save the window as a picture of a help page: what stands beside the navigation."""
    mode = Qt.TransformationMode.SmoothTransformation
    shown = window if window.session is None else window.desk._stack.parentWidget()
    picture = shown.grab().scaledToWidth(WIDTH, mode)
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB888)
    image.save(str(resources.help_pages() / "pictures" / f"{name}.png"))


def block(window: MainWindow) -> str:
    """Return sample rows with a few slips, as a spreadsheet program copies them."""
    with (resources.samples() / f"{FORM}.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    form = window.session.pack.forms[FORM]
    rows[0] = [form.by_id[name].label for name in rows[0]]
    for number, row in enumerate(rows[1:]):
        row[4] += f" {number}"
    rows[2][7], rows[3][0] = "一百二", "8月9日"
    return "\n".join("\t".join(row) for row in rows)


def main() -> None:
    """Make all pictures anew."""
    app = QApplication([])
    program.dress(app, settings.defaults() | {"appearance": "light"})
    window = MainWindow(Path(tempfile.mkdtemp()))
    window.resize(1366, 700)
    window.show()
    window.start()
    settle(app)
    save(window, "first")
    window.start("grassroots")
    while window.session is None:
        app.processEvents()
    settle(app)
    save(window, "month")
    window.open(Route("ledger", form=SECOND))
    settle(app)
    save(window, "ledger")
    window.desk.page.open_place(0)
    settle(app)
    save(window, "form")
    window.open(Route("import", form=FORM, text=block(window)))
    settle(app)
    save(window, "paste")
    window.open(Route("form", form=SECOND))
    settle(app)
    page = window.desk.page
    page.body.focus("person_id")
    QTest.keyClicks(app.focusWidget(), "511197197002143127")
    QTest.keyClick(app.focusWidget(), Qt.Key.Key_Return)
    settle(app)
    save(window, "check")
    for name, kind in (("print", "print"), ("send", "export"), ("log", "log")):
        window.open(Route(kind))
        for _ in range(20):  # one job begins the next
            settle(app)
            time.sleep(0.05)
        save(window, name)
    window.close()


if __name__ == "__main__":
    main()
