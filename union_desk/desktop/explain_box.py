"""The box in which a warning is explained: common reasons as chips, or words of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QSizePolicy, QWidget

from union_desk.desktop import theme
from union_desk.desktop.flow import Flow
from union_desk.desktop.page import button, column, label, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QInputMethodEvent, QKeyEvent

SHORTEST = 4
ALWAYS = "已核实无误"
"""Offered where the package names no common reason."""


class ReasonLine(QLineEdit):
    """The line for the reason; Enter takes it, Esc closes, never while composing."""

    done = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.composing = False

    def inputMethodEvent(self, event: QInputMethodEvent, /) -> None:
        """Remember whether an input method is composing."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def event(self, event: QEvent, /) -> bool:
        """Hold shortcuts back while composing."""
        if event.type() == QEvent.Type.ShortcutOverride and self.composing:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Take the reason or close."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self.composing:
                self.done.emit()
        elif event.key() == Qt.Key.Key_Escape and not self.composing:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class ExplainBox(QFrame):
    """Asks for the reason of one warning."""

    accepted = Signal(str, str)
    """(check, text)."""
    dismissed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.code = ""
        self.setProperty("role", "strip")
        self.setProperty("tone", "warn")
        outer = column(self, gap=8, margins=(12, 10, 12, 10))
        self._chips = Flow(gap=6)
        outer.addWidget(self._chips)
        line = row(gap=8)
        self.line = ReasonLine()
        self.line.setPlaceholderText(f"原因，至少 {SHORTEST} 个字")
        self.line.setAccessibleName("审核说明")
        self.line.done.connect(self.take)
        self.line.left.connect(self.dismissed)
        line.addWidget(self.line, 1)
        keep = button("记下", role="secondary", name="记下审核说明")
        keep.clicked.connect(self.take)
        line.addWidget(keep)
        outer.addLayout(line)
        self._said = label("", "error")
        self._said.hide()
        outer.addWidget(self._said)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def offer(self, code: str, reasons: Sequence[str], text: str) -> None:
        """Begin with the common reasons of a check."""
        self.code = code
        self.line.setText(text)
        self.line.selectAll()
        self._said.hide()
        chips = []
        for reason in reasons or (ALWAYS,):
            chip = button(reason, role="chip", name=f"原因：{reason}")
            chip.clicked.connect(lambda _=False, words=reason: self._choose(words))
            chips.append(chip)
        self._chips.fill(chips)

    def _choose(self, words: str) -> None:
        self.line.setText(words)
        self.take()

    def take(self) -> None:
        """Accept what is written, if it says anything."""
        text = self.line.text().strip()
        if len(text) < SHORTEST:
            self._said.setText(f"请至少写 {SHORTEST} 个字，说明为什么属实")
            self._said.show()
            self.line.setFocus()
            parent = self.parentWidget()
            if parent is not None and hasattr(parent, "resized"):
                parent.resized.emit()
            return
        self.accepted.emit(self.code, text)

    def height_for(self, width: int) -> int:
        """Return the height at a width."""
        inner = width - theme.px(24)
        height = theme.px(20) + self._chips.heightForWidth(inner) + theme.px(8)
        height += max(self.line.sizeHint().height(), theme.px(36))
        if not self._said.isHidden():
            height += self._said.sizeHint().height() + theme.px(8)
        return height
