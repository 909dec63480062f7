"""The program on a real display, telling on its output what has the focus: for test_real_window."""

import sys
import tempfile
from pathlib import Path

from PySide6.QtWidgets import QApplication

from union_desk import settings
from union_desk.desktop import app as program
from union_desk.desktop.main_window import MainWindow


def main() -> None:
    """Open the sample of a grassroots office; say each change of the focus and of the page."""
    app = QApplication(sys.argv)
    program.dress(app, settings.defaults() | {"appearance": "light"})
    window = MainWindow(Path(tempfile.mkdtemp()))

    def say(_old: object, new: object) -> None:
        name = new.accessibleName() if new is not None else ""
        kind = window.desk.route.kind if window.desk is not None else ""
        form = (window.desk.route.form or "") if window.desk is not None else ""
        text = new.text() if hasattr(new, "text") else ""
        print(f"{kind}\t{form}\t{type(new).__name__}\t{name}\t{text}", flush=True)

    app.focusChanged.connect(say)
    window.show()
    window.start("grassroots")
    sys.exit(app.exec())


if __name__ == "__main__":
    main()
