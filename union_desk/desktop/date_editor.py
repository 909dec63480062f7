"""A date: typed in any usual way, or picked from a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtWidgets import QCalendarWidget, QFrame, QWidget

from union_desk.desktop.line_editor import ENTER, LineEditor
from union_desk.desktop.page import button, column, label, row
from union_desk.taskpack.field_types import Unreadable

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from union_desk.desktop.editor import Reader
    from union_desk.taskpack.definition import Field

_ISO = Qt.DateFormat.ISODate


class Calendar(QFrame):
    """A month to pick a day from; arrows move, Enter takes, Esc closes."""

    picked = Signal(str)

    def __init__(self, owner: QWidget, day: str, today: str) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "card")
        self.setAccessibleName("日历")
        self._today = today
        body = column(self, gap=4, margins=(8, 8, 8, 8))
        self.month = QCalendarWidget()
        self.month.setLocale(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        self.month.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.month.setSelectedDate(QDate.fromString(day or today, _ISO))
        self.month.setAccessibleName("选择日期")
        self.month.activated.connect(self._pick)
        self.month.clicked.connect(self._pick)
        body.addWidget(self.month)
        line = row(gap=8)
        line.addWidget(label("↑↓←→ 移动　Enter 选定", "hint"))
        line.addStretch(1)
        now = button(f"今天 {today[5:]}", role="link")
        now.clicked.connect(lambda: self._pick(QDate.fromString(today, _ISO)))
        line.addWidget(now)
        body.addLayout(line)

    def open_below(self, line: QWidget) -> None:
        """Show below `line`, or above where there is no room."""
        self.adjustSize()
        corner = line.mapToGlobal(QPoint(0, line.height() + 2))
        screen = line.screen().availableGeometry()
        if corner.y() + self.height() > screen.bottom():
            corner = line.mapToGlobal(QPoint(0, -self.height() - 2))
        corner.setX(max(screen.left(), min(corner.x(), screen.right() - self.width())))
        self.move(corner)
        self.show()
        self.month.setFocus(Qt.FocusReason.PopupFocusReason)

    def _pick(self, day: QDate) -> None:
        self.picked.emit(day.toString(_ISO))
        self.close()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter takes the marked day, Esc and F4 close."""
        if event.key() in ENTER:
            self._pick(self.month.selectedDate())
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F4):
            self.close()
        else:
            super().keyPressEvent(event)


class DateEditor(LineEditor):
    """A line for a date; ↑ and ↓ go a day on and back, ``=`` is today."""

    button_icon = "calendar"

    def __init__(self, item: Field, reader: Reader) -> None:
        super().__init__(item, reader)
        self.setPlaceholderText("年-月-日")
        self.calendar: Calendar | None = None

    def set_locked(self, *, locked: bool) -> None:
        """Take no typing, and ask for none."""
        super().set_locked(locked=locked)
        self.setPlaceholderText("" if locked else "年-月-日")

    def open_list(self) -> None:
        """Open the calendar."""
        if self.isReadOnly():
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        value = self.value()
        day = value if isinstance(value, str) else ""
        self.calendar = Calendar(self, day, self.reader.hints.today)
        self.calendar.picked.connect(self._picked)
        self.calendar.destroyed.connect(self._calendar_gone)
        self.calendar.open_below(self)

    def _calendar_gone(self) -> None:
        self.calendar = None

    def _picked(self, day: str) -> None:
        self._put(day, day)
        self.edited.emit()
        self.commit()

    def reading(self) -> str:
        """Say which day was understood where the year was not typed."""
        value = self.value()
        if value is None or isinstance(value, Unreadable):
            return ""
        day = str(value)
        return "" if day[2:4] in self._typed else f"“{self._typed.strip()}”已识别为 {day}"

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """F4 opens the calendar, ↑↓ go by a day."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if not plain or self.composing or self.isReadOnly() or self.hidden:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_F4:
            self.open_list()
        elif step is not None:
            self._step(step)
        else:
            super().keyPressEvent(event)

    def _step(self, days: int) -> None:
        value = self.value()
        if isinstance(value, Unreadable):
            return
        day = QDate.fromString(str(value or self.reader.hints.today), _ISO)
        self.setText(day.addDays(days if value else 0).toString(_ISO))
        self.selectAll()
        self._edited()
