"""Widgets in rows, as many side by side as there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from union_desk.desktop import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent


class Flow(QWidget):
    """Lays its widgets out like words in a paragraph."""

    def __init__(self, gap: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gap = gap
        self._items: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def fill(self, widgets: Sequence[QWidget]) -> None:
        """Hold these widgets and drop what was there."""
        for old in self._items:
            old.hide()
            old.deleteLater()
        self._items = list(widgets)
        for widget in self._items:
            widget.setParent(self)
            widget.show()
        self.updateGeometry()
        self._lay(self.width(), move=True)

    def relay(self) -> None:
        """Lay out anew: some were hidden or changed their size."""
        self._lay(self.width(), move=True)
        self.updateGeometry()

    def items(self) -> Sequence[QWidget]:
        """Return the widgets it holds."""
        return self._items

    def _lay(self, width: int, *, move: bool) -> int:
        left = top = tallest = 0
        gap = theme.px(self._gap)
        for widget in self._items:
            if widget.isHidden():
                continue
            size = widget.sizeHint()
            if left and left + size.width() > width:
                left, top = 0, top + tallest + gap
                tallest = 0
            if move:
                widget.setGeometry(left, top, min(size.width(), max(width, 1)), size.height())
            left += size.width() + gap
            tallest = max(tallest, size.height())
        return top + tallest

    def hasHeightForWidth(self) -> bool:
        """Fewer columns need more rows."""
        return True

    def heightForWidth(self, width: int, /) -> int:
        """Return the height of all rows."""
        return self._lay(width, move=False)

    def sizeHint(self) -> QSize:
        """Return the height at the present width."""
        width = max(self.width(), theme.px(200))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the height at the present width, any width."""
        return QSize(0, self.heightForWidth(max(self.width(), 1)) if self._items else 0)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Lay out anew."""
        self._lay(self.width(), move=True)
        self.updateGeometry()
        super().resizeEvent(event)
