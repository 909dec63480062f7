"""The strip above the form: how much is wrong, and a link to each place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QWidget

from union_desk.desktop import theme
from union_desk.desktop.announce import ANNOUNCER
from union_desk.desktop.page import button, label, picture, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

MOST = 9
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
        self._made: list[QPushButton] = []
        self._rest: QPushButton | None = None
        self.setProperty("role", "strip")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        line = row(self, gap=8, margins=(16, 5, 16, 5))
        self._red = picture("alert-circle-filled", "err", 18)
        self._amber = picture("alert-triangle-filled", "warn", 18)
        line.addWidget(self._red)
        line.addWidget(self._amber)
        self.count = label("", "strong")
        line.addWidget(self.count)
        self._links = QWidget()
        self._links.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._links.setMinimumHeight(theme.px(32))
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
        ANNOUNCER.say(self, self.accessibleName(), urgent=bool(errors))
        self._fill()

    def _fill(self) -> None:
        """Make the links; those that do not fit in the row go behind 还有 n 处."""
        for old in self._made:
            old.hide()
            old.deleteLater()
        self._made = []
        for n, spot in enumerate(self.spots[:MOST]):
            made = self._link(f"{_NUMBERS[n]} {spot.name}", spot)
            made.setToolTip(spot.sentence)
            made.setAccessibleDescription(spot.sentence)
        self._lay()

    def _link(self, words: str, spot: Spot) -> QPushButton:
        made = button(words, role="link")
        made.setParent(self._links)
        made.clicked.connect(lambda: self.chosen.emit(spot.where))
        self._made.append(made)
        return made

    def _lay(self) -> None:
        width, left = self._links.width(), 0
        links = self._made[: min(len(self.spots), MOST)]
        room = width - theme.px(90) if len(self.spots) > 1 else width
        shown = 0
        for n, made in enumerate(links):
            size = made.sizeHint()
            last = n == len(self.spots) - 1
            fits = left + size.width() <= (width if last else room)
            made.setVisible((fits or n == 0) and shown == n)
            if made.isHidden():
                continue
            made.setGeometry(left, 0, min(size.width(), max(width - left, 1)), theme.px(32))
            left += size.width()
            shown += 1
        self._offer_rest(shown, left)

    def _offer_rest(self, shown: int, left: int) -> None:
        """Offer one link to the first place that has no link of its own."""
        if self._rest is not None:
            self._rest.hide()
            self._rest.deleteLater()
            self._rest = None
        hidden = len(self.spots) - shown
        if hidden > 0:
            self._rest = button(f"还有 {hidden} 处", role="link", tip="F8 到下一处")
            self._rest.setParent(self._links)
            where = self.spots[shown].where
            self._rest.clicked.connect(lambda: self.chosen.emit(where))
            self._rest.setGeometry(left, 0, self._rest.sizeHint().width(), theme.px(32))
            self._rest.show()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Show as many links as fit."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._lay)
