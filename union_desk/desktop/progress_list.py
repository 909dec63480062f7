"""The targets by work area: a bar, the figures and what is missing in words, a row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from union_desk import indicators
from union_desk.desktop import progress_bar, theme
from union_desk.desktop.page import button, column, label, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QEnterEvent

    from union_desk.indicators import Progress
    from union_desk.taskpack.definition import TaskPack

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def sentence(item: Progress) -> str:
    """Return one indicator as a sentence, for tooltip and screen reader."""
    value = f"{indicators.figure(item)} {item.measure}".strip()
    words = [f"{item.title}：{value}"]
    if item.target is not None:
        words.append(f"目标 {indicators.target_figure(item)} {item.measure}".strip())
    if item.done is not None:
        words.append(f"完成 {item.done:.0f}%，年度时间已过 {item.pace:.0f}%")
    if item.denominator is not None:
        words.append(f"分子 {item.numerator:,}，分母 {item.denominator:,}")
    if gap := indicators.gap_words(item):
        words.append(gap)
    return "，".join(words)


class ProgressRow(QAbstractButton):
    """One indicator; a click or Enter opens the records behind it."""

    def __init__(self, item: Progress) -> None:
        super().__init__()
        self.item = item
        self._hovered = False
        self.setText(item.title)
        self.setAccessibleName(sentence(item))
        self.setToolTip(f"{sentence(item)}\n点开看计入的记录")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return a row 34 px high at scale 1."""
        return QSize(theme.px(600), theme.px(34))

    def enterEvent(self, event: QEnterEvent, /) -> None:
        """Tint the row under the pointer."""
        self._hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent, /) -> None:
        """Take the tint away."""
        self._hovered = False
        self.update()
        super().leaveEvent(event)

    def columns(self) -> tuple[QRect, QRect, QRect, QRect, QRect]:
        """Return where title, bar, percent, figures and gap stand."""
        px, height = theme.px, self.height()
        inside = self.width() - px(16)
        gap, figures, percent = px(150), px(188), px(54)
        title = min(px(252), round(inside * 0.26))
        bar = max(inside - title - gap - figures - percent, px(60))
        left = px(8)
        edges = [left]
        for width in (title, bar, percent, figures, gap):
            edges.append(edges[-1] + width)
        boxes = [QRect(edges[n], 0, edges[n + 1] - edges[n], height) for n in range(5)]
        return boxes[0], boxes[1], boxes[2], boxes[3], boxes[4]

    def paintEvent(self, _event: QPaintEvent, /) -> None:
        """Paint the row."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._hovered or self.hasFocus():
            painter.setPen(theme.color("primary") if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("zebra"))
            radius = theme.px(6)
            painter.drawRoundedRect(
                QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius
            )
        title, bar, percent, figures, gap = self.columns()
        plain, bold = theme.font(), theme.font(bold=True)
        painter.setFont(plain)
        painter.setPen(theme.color("text"))
        if self.item.target is None:
            title = title.united(bar)
        room = title.width() - theme.px(12)
        words = painter.fontMetrics().elidedText(self.item.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(title, _LEFT, words)
        height = theme.px(progress_bar.HEIGHT)
        if self.item.target is not None:
            area = QRectF(bar.left(), (self.height() - height) / 2, bar.width(), height)
            progress_bar.draw(painter, area, self.item)
        reached = self.item.reached
        if self.item.done is not None:
            painter.setFont(bold)
            painter.setPen(theme.color("ok" if reached else "text"))
            painter.drawText(percent, _RIGHT, f"{self.item.done:.0f}%")
        self._paint_figures(painter, figures)
        self._paint_gap(painter, gap)

    def _paint_figures(self, painter: QPainter, box: QRect) -> None:
        item = self.item
        value = indicators.figure(item)
        rest = f" {item.measure}"
        if item.target is not None:
            target = indicators.target_figure(item)
            rest = f" / 目标 {target}{item.measure}" if item.rate else f" / {target} {item.measure}"
        value += item.measure if item.rate and item.value is not None else ""
        rest = rest if not item.rate or item.target is not None else ""
        _pieces(painter, box, (value, "text", True), (rest, "text2", False))

    def _paint_gap(self, painter: QPainter, box: QRect) -> None:
        words = indicators.gap_words(self.item)
        parts = words.split(" ", 2)
        painter.setPen(theme.color("text2"))
        if self.item.reached:
            _pieces(painter, box, (words, "ok", False))
        elif len(parts) == 3:
            _pieces(
                painter,
                box,
                (f"{parts[0]} ", "text2", False),
                (parts[1], "text", True),
                (f" {parts[2]}", "text2", False),
            )
        else:
            _pieces(painter, box, (words, "text2", False))


def _pieces(painter: QPainter, box: QRect, *parts: tuple[str, str, bool]) -> None:
    """Paint pieces of text side by side, flush right."""
    fonts = [theme.font(bold=bold) for _, _, bold in parts]
    widths = [
        QFontMetrics(font).horizontalAdvance(words)
        for (words, _, _), font in zip(parts, fonts, strict=True)
    ]
    x = box.right() + 1 - sum(widths)
    for (words, tone, _), font, width in zip(parts, fonts, widths, strict=True):
        painter.setFont(font)
        painter.setPen(theme.color(tone))
        painter.drawText(QRect(x, box.top(), width + 2, box.height()), _LEFT, words)
        x += width


class ProgressList(QWidget):
    """All indicators: those with a target by work area, the others folded below."""

    opened = Signal(str)
    """The id of the indicator whose row was chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = column(self, gap=0)
        self._unfolded = False
        self.rows: list[ProgressRow] = []

    def show_progress(self, pack: TaskPack, items: Sequence[Progress]) -> None:
        """Show these indicators in the order of the work areas."""
        from union_desk.desktop.page import clear

        clear(self._layout)
        self.rows = []
        for area in pack.areas:
            wanted = [item for item in items if item.area == area.id and item.target is not None]
            self._add_group(area.title, wanted)
        others = [item for item in items if item.target is None]
        if others:
            self._add_others(pack, others)

    def _add_group(self, title: str, items: Sequence[Progress]) -> None:
        if not items:
            return
        head = label(title, "group")
        head.setContentsMargins(theme.px(8), theme.px(8), 0, theme.px(2))
        self._layout.addWidget(head)
        for item in items:
            made = ProgressRow(item)
            made.clicked.connect(lambda _checked=False, name=item.id: self.opened.emit(name))
            self.rows.append(made)
            self._layout.addWidget(made)

    def _add_others(self, pack: TaskPack, others: Sequence[Progress]) -> None:
        line = row(margins=(0, 8, 0, 0))
        words = f"没有年度目标的指标 {len(others)} 项"
        fold = button(words, role="quiet", icon="chevron-up" if self._unfolded else "chevron-down")
        fold.clicked.connect(lambda: self._turn(pack, others))
        line.addWidget(fold)
        line.addStretch(1)
        holder = QWidget()
        holder.setLayout(line)
        self._layout.addWidget(holder)
        self._others = QWidget()
        self._layout.addWidget(self._others)
        self._fold = fold
        self._filled = False
        if self._unfolded:
            self._unfolded = False
            self._turn(pack, others)

    def _turn(self, pack: TaskPack, others: Sequence[Progress]) -> None:
        from union_desk.desktop import icons

        self._unfolded = not self._unfolded
        self._fold.setIcon(icons.icon("chevron-up" if self._unfolded else "chevron-down"))
        if self._unfolded and not self._filled:
            self._filled = True
            outer, self._layout = self._layout, column(self._others, gap=0)
            for area in pack.areas:
                self._add_group(area.title, [item for item in others if item.area == area.id])
            self._layout = outer
        self._others.setVisible(self._unfolded)
