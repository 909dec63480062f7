"""The keys of the form page, as section 4 of the design has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QWidget


def bind(page: QWidget, keys: Mapping[str, Callable[[], object]]) -> list[QShortcut]:
    """Make `keys` work anywhere on the page; none fires while an input method composes."""
    made = []
    for name, act in keys.items():
        shortcut = QShortcut(QKeySequence(name), page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(_unless_composing(act))
        made.append(shortcut)
    return made


def _unless_composing(act: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        if not getattr(QApplication.focusWidget(), "composing", False):
            act()

    return run
