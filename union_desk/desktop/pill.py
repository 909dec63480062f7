"""Pills: the state of a record as a word with a dot on a tint, for labels and for tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from union_desk import workflow
from union_desk.desktop import icons, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

HEIGHT, DOT, SIDE = 24, 6, 10
TONES = {
    "draft": ("text2", "track"),
    "errors": ("err", "errt"),
    "confirmed": ("ok", "okt"),
    "sent": ("primary", "primaryt"),
    "received": ("ok", "okt"),
    "returned": ("warn", "warnt"),
    "archived": ("text2", "track"),
    "editing": ("text2", "track"),
    "voided": ("text2", "track"),
}
"""State or mark -> colour of the word and of its ground."""
WORDS = {**workflow.RECORD_STATES, "errors": "有错误", "editing": "修改中", "voided": "已作废"}


def width_of(state: str) -> int:
    """Return how wide a pill is."""
    return words_width(WORDS[state])


def words_width(words: str) -> int:
    """Return how wide a pill with these words is."""
    metrics = QFontMetrics(theme.font(12))
    return metrics.horizontalAdvance(words) + theme.px(2 * SIDE + DOT + 6)


def draw(painter: QPainter, state: str, left: float, middle: float) -> int:
    """Draw a pill with its left end and its middle there; return its width."""
    return draw_words(painter, WORDS[state], TONES[state], left, middle, ticked=state == "received")


def draw_words(
    painter: QPainter,
    words: str,
    tones: tuple[str, str],
    left: float,
    middle: float,
    *,
    ticked: bool = False,
) -> int:
    """Draw a pill with any words in the tones of word and ground; return its width."""
    tone, ground = tones
    height, width = theme.px(HEIGHT), words_width(words)
    box = QRectF(left, middle - height / 2, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(ground))
    painter.drawRoundedRect(box, height / 2, height / 2)
    dot = theme.px(DOT)
    if ticked:
        side = theme.px(12)
        icons.draw(
            painter, "check", tone, QRectF(left + theme.px(7), middle - side / 2, side, side)
        )
    else:
        painter.setBrush(theme.color(tone))
        painter.drawEllipse(QPointF(left + theme.px(SIDE) + dot / 2, middle), dot / 2, dot / 2)
    painter.setPen(theme.color(tone))
    painter.setFont(theme.font(12))
    inside = box.adjusted(theme.px(SIDE + DOT + 5), 0, 0, 0)
    painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
    painter.restore()
    return width


class Pill(QWidget):
    """The pills of one record side by side."""

    def __init__(self) -> None:
        super().__init__()
        self._states: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_states(self, *states: str) -> None:
        """Show these states and marks."""
        self._states = states
        self.setAccessibleName("状态：" + "、".join(WORDS[state] for state in states))
        self.setToolTip("、".join(WORDS[state] for state in states))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for all."""
        width = sum(width_of(state) + theme.px(6) for state in self._states)
        return QSize(width, theme.px(HEIGHT))

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Draw one after the other."""
        painter = QPainter(self)
        left = 0
        for state in self._states:
            left += draw(painter, state, left, self.height() / 2) + theme.px(6)
