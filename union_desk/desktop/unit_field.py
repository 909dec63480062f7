"""A line that finds a unit of the package's tree by name, code or pinyin initials."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from union_desk.desktop import icons
from union_desk.desktop.line_editor import ENTER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from union_desk.taskpack.organisation import Unit


@lru_cache(maxsize=4096)
def initials(text: str) -> str:
    """Return the pinyin initials of `text`, Latin letters and digits as they are."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()


def found(units: Sequence[Unit], text: str) -> list[Unit]:
    """Return the units whose name, code or initials hold `text`, those that begin with it first."""
    wanted = text.strip().lower()
    if not wanted:
        return list(units)
    hits = [
        unit
        for unit in units
        if wanted in unit.name.lower() or wanted in unit.code or wanted in initials(unit.name)
    ]
    begins = [
        unit.name.startswith(wanted) or initials(unit.name).startswith(wanted) for unit in hits
    ]
    order = sorted(range(len(hits)), key=lambda n: (not begins[n], n))
    return [hits[n] for n in order]


class UnitField(QLineEdit):
    """Typing filters the list below; Enter takes the marked unit or the first, Tab the only one."""

    chosen = Signal(object)
    """The unit, or None while the text names none."""

    def __init__(self, units: Sequence[Unit]) -> None:
        super().__init__()
        self._units = tuple(units)
        self._shown: list[Unit] = []
        self.unit: Unit | None = None
        self.setPlaceholderText("打字查找：名称、编码或拼音首字母")
        opener = self.addAction(
            icons.icon("chevron-down"), QLineEdit.ActionPosition.TrailingPosition
        )
        opener.setText("打开单位名单")
        opener.triggered.connect(self.offer_all)
        self._model = QStringListModel(self)
        completer = QCompleter(self._model, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(10)
        self._popup = QListView()
        self._popup.setProperty("role", "popup")
        completer.setPopup(self._popup)
        completer.activated[QModelIndex].connect(self._take)  # type: ignore[index]
        self.setCompleter(completer)
        self.textEdited.connect(self._edited)

    def offer_all(self) -> None:
        """Open the whole list."""
        self._offer("")
        self.setFocus()
        self.completer().complete()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Open the list with F4 or the down key; take a unit with Enter, and go on."""
        if event.key() in (Qt.Key.Key_F4, Qt.Key.Key_Down):
            self.offer_all()
            return
        popup = self._popup
        if event.key() in ENTER and popup.isVisible() and self._shown:
            marked = popup.currentIndex()
            self._take(marked if marked.isValid() else self._model.index(0))
            popup.hide()
        super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool, /) -> bool:  # noqa: FBT001 - Qt's signature
        """Take the only unit that the text can mean before Tab leaves."""
        self.settle()
        self._popup.hide()
        return super().focusNextPrevChild(forward)

    def _edited(self, text: str) -> None:
        self._offer(text)
        exact = [unit for unit in self._units if text.strip() in (unit.name, unit.code)]
        self._set(exact[0] if exact else None)

    def _offer(self, text: str) -> None:
        self._shown = found(self._units, text)
        self._model.setStringList([f"{unit.name}　{unit.code}" for unit in self._shown])

    def _take(self, index: QModelIndex) -> None:
        unit = self._shown[index.row()]
        self.setText(unit.name)
        self._set(unit)

    def settle(self) -> None:
        """Take the only unit that the text can mean."""
        hits = found(self._units, self.text()) if self.text().strip() else []
        if self.unit is None and len(hits) == 1:
            self.setText(hits[0].name)
            self._set(hits[0])

    def _set(self, unit: Unit | None) -> None:
        if unit is not self.unit:
            self.unit = unit
            self.chosen.emit(unit)
