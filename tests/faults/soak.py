"""P12: forms opened, typed into and left, ledgers filtered, again and again: memory stays.

``python -m tests.faults.soak --forms 1000`` (10,000 for the long run).
"""

import gc
import os
import random
import sys
import tempfile
from pathlib import Path

import psutil

from tests.faults.trial import Result, main
from tests.faults.window import act_as_child, real_window, results_of, settle, write_results

LIMIT = 20 << 20
_EVERY, _FIRST = 10, 4
"""One ledger is filtered for so many forms; so many before anything is measured."""


class Soak:
    """Opens forms one after the other, as a clerk does all day."""

    def __init__(self, folder: Path, drawn: random.Random) -> None:
        self.app, self.window = real_window(folder)
        self.drawn = drawn
        session = self.window.session
        self.forms = [form.id for form in session.pack.top_forms if session.level in form.writers]
        self.process = psutil.Process(os.getpid())

    def one(self, form: str = "") -> None:
        """Open a form, type into its first field, go back to the first page."""
        from PySide6.QtTest import QTest

        from union_desk.desktop.navigation import Route

        desk, form = self.window.desk, form or self.drawn.choice(self.forms)
        desk.open(Route("form", form=form, uid=self._begun(form)))
        self.app.processEvents()
        page = desk.page
        page.body.focus(page.body.stops()[0])
        focused = self.app.focusWidget()
        if focused is not None:
            QTest.keyClicks(focused, "12")
        desk.open(Route("dashboard"))
        settle(self.app)

    def filtered(self, number: int) -> None:
        """Open a ledger, look for something, choose a chip and a column, go back."""
        from union_desk.desktop.ledger_bar import ALWAYS
        from union_desk.desktop.navigation import Route

        desk, form = self.window.desk, self.drawn.choice(self.forms)
        desk.open(Route("ledger", form=form))
        settle(self.app)
        page = desk.page
        page.bar.search.setText(str(number % 10))
        page.bar.search.down.emit()
        settle(self.app)
        page.bar.chips[ALWAYS[number % 2]].click()
        settle(self.app)
        page.sort_by(page.form.fields[0].id)
        settle(self.app)
        page.bar.search.setText("")
        desk.open(Route("dashboard"))
        settle(self.app)

    def _begun(self, form: str) -> str | None:
        """The draft of a form that was begun first: the store must not grow, for its lists would."""
        with self.window.session.store.read() as connection:
            statement = f'SELECT uid FROM "{form}" WHERE deleted = 0 ORDER BY rowid LIMIT 1'
            return connection.exec_driver_sql(statement).scalar()

    def measure(self) -> tuple[int, int]:
        """Return bytes in memory and widgets."""
        gc.collect()
        self.app.processEvents()
        return self.process.memory_info().rss, len(self.app.allWidgets())


def _child(path: str, seed: str, forms: str) -> None:
    result = Result(
        "P12",
        f"{forms} forms opened, typed into, left, a tenth as many ledgers filtered: below +20 MiB",
        int(seed),
    )
    control = result.control("pages that are kept")
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        soak = Soak(Path(folder) / "place", random.Random(int(seed)))
        for form in soak.forms:
            soak.one(form)
        for number in range(_FIRST):
            soak.filtered(number)
        before = half = soak.measure()
        for number in range(int(forms)):
            soak.one()
            if number % _EVERY == 0:
                soak.filtered(number)
            result.trials += 1
            if number + 1 == int(forms) // 2:
                half = soak.measure()
        after = soak.measure()
        if after[0] - before[0] > LIMIT:
            result.failures.append(f"{(after[0] - before[0]) >> 20} MiB more")
        if after[1] > before[1] + 200:
            result.failures.append(f"{after[1] - before[1]} widgets more")
        grown, late = (after[0] - before[0]) / 2**20, (after[0] - half[0]) / 2**20
        result.method += f" (measured {grown:+.1f} MiB, {late:+.1f} of them in the second half, {after[1] - before[1]:+} widgets)"
        control.trials = 1
        control.caught = int(_kept(soak) > 200)
        soak.window.session.close()
    write_results(path, [result])


def _kept(soak: Soak) -> int:
    """Open forms whose pages are never thrown away; return how many widgets that left."""
    from PySide6.QtWidgets import QWidget

    before = soak.measure()[1]
    throw_away, QWidget.deleteLater = QWidget.deleteLater, lambda _: None
    try:
        for _ in range(10):
            soak.one()
    finally:
        QWidget.deleteLater = throw_away
    return soak.measure()[1] - before


def suite(*, size: str = "sample", seed: int = 1, forms: int = 0) -> list[Result]:
    return results_of("soak", seed, forms or {"sample": 20, "full": 1000}[size])


if __name__ == "__main__":
    if "--child" in sys.argv:
        act_as_child(_child, *sys.argv[2:])
    else:
        main(suite, forms=0)
