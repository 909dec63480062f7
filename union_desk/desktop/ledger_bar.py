"""The row above a ledger: search, period, chips with counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLineEdit, QPushButton, QSizePolicy, QWidget

from union_desk.desktop import icons, theme
from union_desk.desktop.flow import Flow
from union_desk.desktop.ledger_view import ALL, EDITING, ERRORS, VOIDED
from union_desk.desktop.page import button, column, row
from union_desk.desktop.pill import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QInputMethodEvent, QKeyEvent

    from union_desk.taskpack.period import Period

CHIPS = (
    ALL, "draft", ERRORS, EDITING, "returned", "confirmed", "sent", "received", "archived", VOIDED,
)  # fmt: skip
ALWAYS = (ALL, "draft")
"""Chips that stand there even at 0."""
WAIT = 160
"""Milliseconds after the last key before the search runs."""


class SearchLine(QLineEdit):
    """Searches a moment after the last key; never for half a composed word."""

    wanted = Signal(str)
    down = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.composing = False
        self.setPlaceholderText("搜索名称、编号，或拼音首字母")
        self.setAccessibleName("搜索")
        self.setClearButtonEnabled(True)
        self.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._timer.timeout.connect(lambda: self.wanted.emit(self.text().strip()))
        self.textChanged.connect(self._timer.start)

    def put(self, text: str) -> None:
        """Show a term that is searched already."""
        blocker = QSignalBlocker(self)
        self.setText(text)
        blocker.unblock()

    def inputMethodEvent(self, event: QInputMethodEvent, /) -> None:
        """Remember whether an input method is composing."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """↓ and Enter go to the rows, Esc clears."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.composing:
            if self._timer.isActive():
                self._timer.stop()
                self.wanted.emit(self.text().strip())
            self.down.emit()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class PeriodFilter(QComboBox):
    """All periods, or one; the wheel does nothing unless it has the focus."""

    def __init__(self, periods: tuple[Period, ...]) -> None:
        super().__init__()
        self.setAccessibleName("只看哪一期确认的记录")
        self.setToolTip("只看哪一期确认的记录")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.addItem("全部时段", "")
        for period in periods:
            self.addItem(period.title, period.id)

    def wheelEvent(self, event: object, /) -> None:
        """Leave the wheel to the page unless the chooser has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)  # type: ignore[arg-type]
        else:
            event.ignore()  # type: ignore[attr-defined]


class LedgerBar(QWidget):
    """What one asks the ledger for."""

    searched = Signal(str)
    period_chosen = Signal(str)
    chip_chosen = Signal(str)

    def __init__(self, periods: tuple[Period, ...]) -> None:
        super().__init__()
        outer = column(self, gap=8)
        line = row(gap=8)
        outer.addLayout(line)
        self.search = SearchLine()
        self.search.setMinimumWidth(theme.px(200))
        self.search.setMaximumWidth(theme.px(400))
        self.search.wanted.connect(self.searched)
        line.addWidget(self.search, 1, Qt.AlignmentFlag.AlignTop)
        self.period = PeriodFilter(periods)
        self.period.activated.connect(
            lambda place: self.period_chosen.emit(str(self.period.itemData(place)))
        )
        line.addWidget(self.period, 0, Qt.AlignmentFlag.AlignTop)
        line.addSpacing(theme.px(8))
        self._flow = Flow(gap=8)
        self._flow.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        line.addWidget(self._flow, 2)
        self.setup = button("列设置", role="link", icon="columns", name="列设置、筛选和视图")
        line.addWidget(self.setup, 0, Qt.AlignmentFlag.AlignTop)
        self.chips: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        for name in CHIPS:
            made = button("", role="chip")
            made.setCheckable(True)
            made.clicked.connect(lambda _=False, what=name: self.chip_chosen.emit(what))
            self._group.addButton(made)
            self.chips[name] = made
        self._flow.fill(list(self.chips.values()))

    def show_filters(self, count: int) -> None:
        """Say how many columns are filtered."""
        self.setup.setText(f"列设置（筛选 {count} 列）" if count else "列设置")

    def show_counts(self, counts: Mapping[str, int], chosen: str) -> None:
        """Show the counts; chips without a row are left out unless chosen."""
        for name, made in self.chips.items():
            count = counts.get(name, 0)
            words = {ALL: "全部", VOIDED: "回收站"}.get(name) or WORDS[name]
            made.setText(f"{words} {count:,}")
            made.setAccessibleName(f"{words}，{count} 条")
            made.setVisible(bool(count) or name in ALWAYS or name == chosen)
            made.setChecked(name == chosen)
        self._flow.relay()
