"""The pane at the right of the form: contents, help of the field, the record before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QWidget

from union_desk.desktop import icons, theme
from union_desk.desktop.page import button, column, frame, label, picture, row, scrolled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QEnterEvent, QPaintEvent

WIDTH = 226
MOST_OTHERS = 2
"""Other records whose value is shown beside a field: two periods, or the record before."""


class ContentsRow(QAbstractButton):
    """A section in the contents: its title, how much is wrong, whether one is in it."""

    def __init__(self, title: str, number: int) -> None:
        super().__init__()
        self.setText(title)
        self._errors = self._warnings = 0
        self._done = False
        self._current = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(f"{title}（Alt+{number}）" if number <= 9 else title)
        self.setAccessibleName(title)

    def show_state(self, errors: int, warnings: int, *, done: bool) -> None:
        """Show counts, or a tick where all that is asked is filled."""
        if (errors, warnings, done) != (self._errors, self._warnings, self._done):
            self._errors, self._warnings, self._done = errors, warnings, done
            said = (
                f"，{errors} 处需要更正"
                if errors
                else f"，{warnings} 处需要说明"
                if warnings
                else ""
            )
            self.setAccessibleName(self.text() + (said or ("，已填完" if done else "")))
            self.update()

    def set_current(self, *, current: bool) -> None:
        """Mark the section that has the focus."""
        if current != self._current:
            self._current = current
            self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a row."""
        return QSize(theme.px(160), theme.px(34))

    def enterEvent(self, event: QEnterEvent, /) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Draw the row."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(self.rect())
        if self._current or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("primaryt" if self._current else "track"))
            painter.drawRoundedRect(place, theme.px(6), theme.px(6))
        right = self._paint_mark(painter, place)
        painter.setFont(theme.font(bold=self._current))
        painter.setPen(theme.color("primary" if self._current else "text2"))
        room = place.adjusted(theme.px(12), 0, -right - theme.px(4), 0)
        words = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, round(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_mark(self, painter: QPainter, place: QRectF) -> int:
        count = self._errors or self._warnings
        if count:
            tone = "err" if self._errors else "warn"
            side = theme.px(22)
            box = QRectF(place.right() - side - theme.px(8), 0, side, side)
            box.moveTop((place.height() - side) / 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(f"{tone}t"))
            painter.drawEllipse(box)
            painter.setPen(theme.color(tone))
            painter.setFont(theme.font(12, bold=True))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(count))
            return side + theme.px(10)
        if self._done:
            side = theme.px(16)
            top = (place.height() - side) / 2
            mark = QRectF(place.right() - side - theme.px(11), top, side, side)
            icons.draw(painter, "check", "ok", mark)
            return side + theme.px(14)
        return theme.px(4)


class FormSide(QFrame):
    """Contents, 本格说明, 上一条."""

    section_chosen = Signal(int)
    pin_asked = Signal()
    """Carry the field with the focus over to the next record, or stop."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self.setFixedWidth(theme.px(WIDTH))
        self.setProperty("role", "clear")
        inside = QWidget()
        body = column(inside, gap=2, margins=(0, 0, 0, 0))
        outer = column(self, gap=0)
        outer.addWidget(scrolled(inside))
        body.addWidget(label("本表目录", "small"))
        body.addSpacing(theme.px(4))
        self.rows = [ContentsRow(title, n) for n, title in enumerate(titles, 1)]
        for n, made in enumerate(self.rows):
            made.clicked.connect(lambda _=False, place=n: self.section_chosen.emit(place))
            body.addWidget(made)
        body.addSpacing(theme.px(12))
        card = frame("box")
        words = column(card, gap=6, margins=(14, 12, 14, 14))
        top = row(gap=8)
        top.addWidget(picture("help", "primary", 18))
        self._field = label("本格说明", "strong", wrap=True)
        top.addWidget(self._field, 1)
        words.addLayout(top)
        self._help = label("光标移到哪一格，这里就说明哪一格。", "second", wrap=True)
        words.addWidget(self._help)
        self._rules = label("", "note", wrap=True)
        words.addWidget(self._rules)
        self._others = [
            (label("", "hint", wrap=True), label("", "second", wrap=True))
            for _ in range(MOST_OTHERS)
        ]
        for pair in self._others:
            for one in pair:
                words.addWidget(one)
        self.pin = button("", role="link", icon="lock")
        self.pin.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.pin.clicked.connect(self.pin_asked)
        words.addWidget(self.pin)
        body.addWidget(card)
        body.addStretch(1)
        self.explain("", "", "", ())
        self.offer_pin(pinned=None)

    def explain(
        self, name: str, help_text: str, rules: str, others: Sequence[tuple[str, str]]
    ) -> None:
        """Show the help of a field, its rules in words, and what other records hold there."""
        self._field.setText(f"本格说明：{name}" if name else "本格说明")
        self._help.setText(help_text or "光标移到哪一格，这里就说明哪一格。")
        self._rules.setText(rules)
        self._rules.setVisible(bool(rules))
        for place, pair in enumerate(self._others):
            told = others[place] if place < len(others) else None
            for number, made in enumerate(pair):
                made.setText(told[number] if told else "")
                made.setVisible(told is not None)

    def others(self) -> list[str]:
        """Return what is shown of other records."""
        return [value.text() for _, value in self._others if value.text()]

    def offer_pin(self, *, pinned: bool | None) -> None:
        """Offer to carry the field over to the next record, or to stop; None: neither."""
        self.pin.setVisible(pinned is not None)
        words = "取消固定" if pinned else "固定：下一条沿用"
        self.pin.setText(words)
        self.pin.setAccessibleName(words)
        self.pin.setToolTip("Ctrl+Shift+D")

    def mark_section(self, number: int) -> None:
        """Mark the section that has the focus."""
        for n, made in enumerate(self.rows):
            made.set_current(current=n == number)
