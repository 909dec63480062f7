"""Asks for whom a 报送册 is made, for which periods, and where it is saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QWidget

from union_desk.desktop import jobs, theme
from union_desk.desktop.chooser import Chooser
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.page import button, column, label, row
from union_desk.desktop.unit_field import UnitField
from union_desk.errors import InputError
from union_desk.taskpack.definition import FILINGS
from union_desk.taskpack.organisation import Unit
from union_desk.taskpack.period import in_year

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.desktop.jobs import Progress
    from union_desk.desktop.session import Session

_NOTHING_OWED = "I565"
_TITLES = {"month": "月报所属期", "quarter": "季报所属期", "year": "年报所属期"}


class BookDialog(QDialog):
    """Unit, a period for each filing kind; one book, or one for each unit directly below."""

    made = Signal(str)
    """What was written, in words."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("做报送册")
        self._session = session
        self._units = _units(session)
        self._below = [unit for unit in self._units if unit.parent == session.unit]
        outer = column(self, gap=10, margins=(24, 20, 24, 20))
        words = "报送册装着一个单位要报的全部表，带下拉框、说明和填好的示例行，在 Excel、WPS 里填。"
        outer.addWidget(label(words, "note", wrap=True))
        self.unit = UnitField(self._units)
        self._unit = Labelled("给哪个单位", self.unit, required=True)
        outer.addWidget(self._unit)
        line = row(gap=12)
        self.periods: dict[str, Chooser] = {}
        for kind in FILINGS:
            chooser = Chooser(_TITLES[kind])
            for one in in_year(session.pack, kind):
                chooser.addItem(one.title, one.id)
            chooser.setCurrentIndex(max(chooser.findData(session.period(kind).id), 0))
            self.periods[kind] = chooser
            line.addWidget(Labelled(_TITLES[kind], chooser))
        outer.addLayout(line)
        outer.addLayout(self._acts())
        self.setMinimumWidth(theme.px(600))
        if len(self._units) == 1:
            self.unit.setText(self._units[0].name)
            self.unit.settle()
        self.unit.setFocus()

    def _acts(self) -> QHBoxLayout:
        line = row(gap=8)
        self.every = button(f"给直接下级各做一本（{len(self._below)} 个）…")
        self.every.setVisible(bool(self._below))
        self.every.clicked.connect(self._ask_folder)
        line.addWidget(self.every)
        line.addStretch(1)
        away = button("取消")
        away.clicked.connect(self.reject)
        self.act = button("另存为 Excel…", role="primary")
        self.act.clicked.connect(self._ask_file)
        line.addWidget(away)
        line.addWidget(self.act)
        return line

    def chosen(self) -> dict[str, str]:
        """Return the chosen periods by filing kind."""
        return {kind: str(made.currentData()) for kind, made in self.periods.items()}

    def _ask_file(self) -> None:
        unit = self.unit.unit
        if unit is None:
            self._unit.set_error("请从名单里选一个单位")
            self.unit.setFocus()
            return
        name, _ = QFileDialog.getSaveFileName(
            self, "另存为 Excel", str(Path.home() / _name(unit)), "Excel 表格 (*.xlsx)"
        )
        if name:
            self.write({Path(name): unit})

    def _ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "报送册存到哪个文件夹", str(Path.home()))
        if name:
            self.write({Path(name) / _name(unit): unit for unit in self._below})

    def write(self, files: Mapping[Path, Unit]) -> None:
        """Write books in a worker; a unit that owes nothing is left out if there are others."""
        session, chosen = self._session, self.chosen()

        def work(progress: Progress) -> int:
            return _write(session, files, chosen, progress)

        def done(count: int) -> None:
            one = next(iter(files)).name
            self.made.emit(f"已存为 {one}" if len(files) == 1 else f"已写 {count} 本报送册")
            self.accept()

        jobs.run(self, work, done, title="正在写报送册")


def _name(unit: Unit) -> str:
    return f"报送册-{unit.name}.xlsx"


def _units(session: Session) -> Sequence[Unit]:
    """Return the own unit, those below it and those it files for."""
    from union_desk.store import units

    store = session.store
    with store.read() as connection:
        known = units.of_store(connection, store)
    codes = known.subtree(store.unit) | {entry.code for entry in known.filed_by(store.unit)}
    entries = [known.by_code[code] for code in sorted(codes) if code in known.by_code]
    return [Unit(one.code, one.name, one.parent, one.level) for one in entries]


def _write(
    session: Session, files: Mapping[Path, Unit], chosen: Mapping[str, str], progress: Progress
) -> int:
    from union_desk.excel import report_book
    from union_desk.store import report_books

    count = 0
    for number, (path, unit) in enumerate(files.items()):
        progress(number, len(files))
        try:
            plan = report_books.plan(
                session.store, unit.code, chosen, as_of=session.as_of, day=session.today
            )
        except InputError as error:
            if error.code != _NOTHING_OWED or len(files) == 1:
                raise
            continue
        report_book.write_book(plan, session.pack, path)
        count += 1
    return count
