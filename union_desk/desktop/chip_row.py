"""A row of chips that filter a list: one is on, each with how many it would show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from union_desk.desktop.page import button, row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class ChipRow(QWidget):
    """Chips at the left; what else belongs to the list stands at the right."""

    chosen = Signal(str)
    """The key of the chip that was clicked."""

    def __init__(self, chips: Sequence[tuple[str, str]], *others: QWidget) -> None:
        """Show `chips`, key and words each, the first one on, and `others` at the right."""
        super().__init__()
        self._words = dict(chips)
        self.chips: dict[str, QPushButton] = {}
        self.key = chips[0][0]
        line = row(self, gap=8)
        group = QButtonGroup(self)
        for key, words in chips:
            made = button(words, role="chip")
            made.setCheckable(True)
            made.setChecked(key == self.key)
            made.clicked.connect(lambda _on=False, which=key: self._click(which))
            group.addButton(made)
            self.chips[key] = made
            line.addWidget(made)
        line.addStretch(1)
        for other in others:
            line.addWidget(other)

    def _click(self, key: str) -> None:
        self.choose(key)
        self.chosen.emit(key)

    def choose(self, key: str) -> None:
        """Put the chip of a key on."""
        self.key = key
        self.chips[key].setChecked(True)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show on every chip how many there are of its kind."""
        for key, made in self.chips.items():
            made.setText(f"{self._words[key]} {counts.get(key, 0)}")
            made.setAccessibleName(f"{self._words[key]} {counts.get(key, 0)} 个")
