"""A card of 办理本月: number, title, state in words, one action; folded to a line once done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QBoxLayout, QFrame, QSizePolicy, QWidget

from union_desk.desktop import icons, theme
from union_desk.desktop.page import button, column, label, row

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from union_desk.desktop.month_steps import Step

_CIRCLE = 28
_TAB = Qt.FocusPolicy.TabFocus


class StepNumber(QWidget):
    """A numbered circle, a tick once the step is done."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self._done = self._next = False
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return the size of the circle."""
        return QSize(theme.px(_CIRCLE), theme.px(_CIRCLE))

    def show_state(self, *, done: bool, following: bool) -> None:
        """Show whether the step is done, or the next to do."""
        self._done, self._next = done, following
        self.update()

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Paint the circle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = "okt" if self._done else "btn" if self._next else "track"
        painter.setBrush(theme.color(ground))
        painter.drawEllipse(circle)
        if self._done:
            inset = circle.width() * 0.2
            icons.draw(painter, "check", "ok", circle.adjusted(inset, inset, -inset, -inset))
            return
        painter.setPen(Qt.GlobalColor.white if self._next else theme.color("text2"))
        painter.setFont(theme.font(bold=True))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))


class MonthCard(QFrame):
    """One step of the month."""

    acted = Signal(int)
    """The action of the step with this number."""

    def __init__(self, number: int, title: str) -> None:
        super().__init__()
        self.number = number
        self.step: Step | None = None
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._outer = column(self, gap=8)
        line = row(gap=12)
        self._outer.addLayout(line)
        self._circle = StepNumber(number)
        line.addWidget(self._circle, 0, Qt.AlignmentFlag.AlignTop)
        self._words = words = column(gap=2)
        self.title = label(title, "strong")
        self.words = label("正在清点…", "note", wrap=True)
        words.addWidget(self.title)
        words.addWidget(self.words)
        line.addLayout(words, 1)
        self.button = button("", role="secondary")
        self.button.setAutoDefault(True)
        self.button.clicked.connect(lambda: self.acted.emit(self.number))
        self.button.hide()
        line.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._body: QWidget | None = None
        self._fold(done=False)

    def show_step(self, step: Step, *, following: bool) -> None:
        """Show the state of the step; the one that follows holds the primary button."""
        self.step = step
        self.words.setText(step.words)
        theme.mark(self.words, role=step.tone)
        self.button.setText(step.action)
        self.button.setAccessibleName(f"第 {step.number} 步，{step.title}：{step.action}")
        role = "primary" if following else "link" if step.done else "secondary"
        theme.mark(self.button, role=role)
        self.button.setVisible(bool(step.action))
        self._circle.show_state(done=step.done, following=following)
        state = "已办" if step.done else "下一步" if following else "未办"
        self.setAccessibleName(f"第 {step.number} 步，{step.title}，{state}：{step.words}")
        self._fold(done=step.done)

    def show_body(self, body: QWidget | None) -> None:
        """Put something below the line, or nothing."""
        if self._body is not None:
            self._outer.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._body = body
        if body is not None:
            self._outer.addWidget(body)

    def stops(self) -> list[QWidget]:
        """Return what Tab stops at, as it is read: the action, then what stands below it."""
        if self._body is None:
            return [self.button]
        below = [one for one in self._body.findChildren(QWidget) if one.focusPolicy() & _TAB]
        return [self.button, *below]

    def _fold(self, *, done: bool) -> None:
        """Put title and words into one line once the step is done."""
        way = QBoxLayout.Direction.LeftToRight if done else QBoxLayout.Direction.TopToBottom
        self._words.setDirection(way)
        self._words.setSpacing(theme.px(16 if done else 2))
        self._words.setStretch(1, 1 if done else 0)
        self.title.setMinimumHeight(theme.px(_CIRCLE) if done else 0)
        high = theme.px(6 if done else 12)
        self._outer.setContentsMargins(theme.px(16), high, theme.px(16), high)
