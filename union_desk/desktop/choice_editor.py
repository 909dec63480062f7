"""Lines with a list below: a code of a list, found by label, code or pinyin initials."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from union_desk.desktop.line_editor import LineEditor
from union_desk.desktop.options_list import MOVES, Option, OptionsList
from union_desk.desktop.unit_field import initials
from union_desk.taskpack.field_types import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent

    from union_desk.desktop.editor import Reader
    from union_desk.taskpack.definition import Field


class ListLine(LineEditor):
    """A line with a list of options; the list marks, Enter takes, the text stays free."""

    button_icon = "chevron-down"
    nothing_found = ""
    """Words of the list when nothing fits."""

    def __init__(self, item: Field, reader: Reader) -> None:
        super().__init__(item, reader)
        self._list: OptionsList | None = None
        self._searching = False
        """The text is a search: Enter and Tab take the option that is marked."""

    @abstractmethod
    def options(self, text: str) -> Sequence[Option]:
        """Return what fits `text`, the best first; everything for no text."""

    @abstractmethod
    def take(self, option: Option) -> None:
        """Put an option into the line."""

    def takes_at_once(self, option: Option) -> bool:  # noqa: ARG002
        """Return whether Enter takes this option without a move to it."""
        return True

    def current_row(self, options: Sequence[Option]) -> int:
        """Return which of all options stands in the line."""
        return next((n for n, option in enumerate(options) if option.words == self._typed), 0)

    # --- the list ----------------------------------------------------------------------------

    @property
    def list_open(self) -> bool:
        """Whether the list is in sight."""
        return self._list is not None and not self._list.isHidden()

    def open_list(self) -> None:
        """Open the list of everything, or close it."""
        if self.isReadOnly():
            return
        if self.list_open:
            self.close_list()
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._searching = False
        options = self.options("")
        self._offer(options, self.current_row(options))

    def close_list(self) -> None:
        """Close the list, keep the text."""
        self._searching = False
        if self._list is not None:
            self._list.close_list()

    def _offer(self, options: Sequence[Option], current: int) -> None:
        if self._list is None or self._list.parentWidget() is not self.window():
            self._list = OptionsList(self)
            self._list.taken.connect(self._clicked)
        self._list.offer(options, current, self.nothing_found)

    def _edited(self) -> None:
        super()._edited()
        text = self.text().strip()
        self._searching = bool(text)
        if text:
            options = self.options(text)
            self._offer(options, 0 if options and self.takes_at_once(options[0]) else -1)
        else:
            self.close_list()

    def _clicked(self, option: Option) -> None:
        self._take(option)
        self.commit()

    def _take(self, option: Option) -> None:
        self.close_list()
        self.take(option)
        self.selectAll()
        self.edited.emit()

    def _take_marked(self) -> None:
        """Take the marked option if the list is open and was moved in or searched."""
        option = self._list.current() if self._list is not None and self.list_open else None
        if option is not None and self._searching:
            self._take(option)
        else:
            self.close_list()

    # --- keys and mouse ----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """↑↓ move in the list, F4 and ↓ open it, Esc closes it."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = event.key()
        if self.composing or not plain or self.isReadOnly() or self.hidden:
            super().keyPressEvent(event)
        elif self.list_open and self._list is not None and key in MOVES:
            self._searching = True
            self._list.move_mark(event)
        elif self.list_open and key == Qt.Key.Key_Escape:
            self.close_list()
        elif key == Qt.Key.Key_F4 or (key == Qt.Key.Key_Down and not self.list_open):
            self.open_list()
        else:
            super().keyPressEvent(event)

    def go(self, *, forward: bool) -> None:
        """Take the marked option, then move on."""
        self._take_marked()
        super().go(forward=forward)

    def focusNextPrevChild(self, forward: bool, /) -> bool:  # noqa: FBT001 - Qt's signature
        """Take the marked option before Tab leaves."""
        if not self.composing:
            self._take_marked()
        return super().focusNextPrevChild(forward)

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Close the list with the focus gone."""
        self.close_list()
        super().focusOutEvent(event)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Open the list by a click anywhere while nothing stands in the line."""
        super().mousePressEvent(event)
        if not self.text() and not self.list_open and not self.isReadOnly():
            self.open_list()


class ChoiceEditor(ListLine):
    """One code of a code list."""

    nothing_found = "没有这一项，请从列表中选"

    def __init__(self, item: Field, reader: Reader) -> None:
        super().__init__(item, reader)
        self._codes = reader.codes(item)

    def options(self, text: str) -> Sequence[Option]:
        """Return the codes whose label, code or initials hold `text`."""
        wanted = text.strip().lower()
        found = []
        for n, code in enumerate(self._codes):
            rank = _rank(wanted, code.code.lower(), code.label.lower()) if wanted else 0
            if rank is not None:
                found.append((rank, n, Option(code.label, code.code, code.code)))
        return [option for _, _, option in sorted(found, key=lambda entry: entry[:2])]

    def take(self, option: Option) -> None:
        """Put a code's label into the line."""
        self._put(option.words, str(option.meaning))

    def reading(self) -> str:
        """Say which label an abbreviation or a code was taken for."""
        value = self.value()
        if value is None or isinstance(value, Unreadable):
            return ""
        label = self.reader.shown(self.item, value)
        text = self._typed.strip()
        return f"“{text}”已取为“{label}”" if text != label else ""


def _rank(wanted: str, code: str, label: str) -> int | None:
    """Return how well a code fits: 0 best, None not at all."""
    letters = wanted.isascii() and wanted.isalpha()
    short = initials(label) if letters else ""
    fits = (
        wanted in (code, label),
        label.startswith(wanted),
        code.startswith(wanted) or (letters and short.startswith(wanted)),
        wanted in label,
        letters and wanted in short,
    )
    return fits.index(True) if True in fits else None
