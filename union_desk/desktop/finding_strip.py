"""The strip above the form: how much is wrong, and a link to each place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy

from union_desk.desktop import theme
from union_desk.desktop.flow import Flow
from union_desk.desktop.page import button, label, picture, row

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 6
_NUMBERS = "①②③④⑤⑥⑦⑧⑨"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that needs attention: where it is, its short name and its whole sentence."""

    where: object
    name: str
    sentence: str
    level: str


class FindingStrip(QFrame):
    """Red while something is wrong, amber while something wants a reason, else out of sight."""

    chosen = Signal(object)
    """A place to go to."""

    def __init__(self) -> None:
        super().__init__()
        self.spots: tuple[Spot, ...] = ()
        self.setProperty("role", "strip")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        line = row(self, gap=8, margins=(16, 5, 16, 5))
        self._red = picture("alert-circle-filled", "err", 18)
        self._amber = picture("alert-triangle-filled", "warn", 18)
        line.addWidget(self._red)
        line.addWidget(self._amber)
        self.count = label("", "strong")
        line.addWidget(self.count)
        self._links = Flow(gap=4)
        line.addWidget(self._links, 1)
        self._hint = label("可先存草稿，更正后再确认", "note")
        line.addWidget(self._hint)
        self.hide()

    def show_spots(self, spots: Sequence[Spot]) -> None:
        """Show these places, errors first."""
        if tuple(spots) == self.spots:
            return
        self.spots = tuple(spots)
        self.setVisible(bool(spots))
        if not spots:
            return
        errors = sum(spot.level == "error" for spot in spots)
        warnings = len(spots) - errors
        parts = [f"{errors} 处需要更正"] if errors else []
        parts += [f"{warnings} 处需要说明"] if warnings else []
        self.count.setText("，".join(parts))
        self._red.setVisible(bool(errors))
        self._amber.setVisible(not errors)
        theme.mark(self, tone="" if errors else "warn")
        words = "可先存草稿，更正后再确认" if errors else "写明原因后就能确认"
        self._hint.setText(words)
        self.setAccessibleName(f"{self.count.text()}。{words}")
        self._fill()

    def _fill(self) -> None:
        links = []
        for n, spot in enumerate(self.spots[:MOST]):
            made = button(f"{_NUMBERS[n]} {spot.name}", role="link", tip=spot.sentence)
            made.setAccessibleDescription(spot.sentence)
            made.clicked.connect(lambda _=False, where=spot.where: self.chosen.emit(where))
            links.append(made)
        if len(self.spots) > MOST:
            made = button(f"还有 {len(self.spots) - MOST} 处", role="link")
            rest = self.spots[MOST].where
            made.clicked.connect(lambda: self.chosen.emit(rest))
            links.append(made)
        self._links.fill(links)
