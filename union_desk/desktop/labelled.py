"""A control with its label above and a hint or an error below, as on every form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from union_desk.desktop import theme
from union_desk.desktop.page import column, label, picture, row

if TYPE_CHECKING:
    from collections.abc import Sequence


class Labelled(QWidget):
    """Label, control, one line below. The error is also the control's description."""

    def __init__(
        self, words: str, control: QWidget, *, required: bool = False, hint: str = ""
    ) -> None:
        super().__init__()
        self.control = control
        self._hint = hint
        outer = column(self, gap=5)
        top = row(gap=4)
        top.addWidget(label(words))
        if required:
            top.addWidget(label("*", "required"))
        top.addStretch(1)
        outer.addLayout(top)
        outer.addWidget(control)
        control.setAccessibleName(words)
        below = row(gap=6)
        self._mark = picture("alert-circle-filled", "err", 16)
        self._line = label("", "hint", wrap=True)
        below.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._line, 1)
        outer.addLayout(below)
        outer.addStretch(1)
        self.set_error("")

    @property
    def error(self) -> str:
        """The sentence that is shown, empty when all is well."""
        return self._line.text() if self._mark.isVisibleTo(self) else ""

    def set_error(self, sentence: str) -> None:
        """Show what is wrong, or the hint again when `sentence` is empty."""
        wrong = bool(sentence)
        self._mark.setVisible(wrong)
        self._line.setText(sentence or self._hint)
        self._line.setVisible(bool(sentence or self._hint))
        theme.mark(self._line, role="error" if wrong else "hint")
        theme.mark(self.control, state="error" if wrong else "")
        self.control.setAccessibleDescription(sentence or self._hint)


def all_right(checks: Sequence[tuple[Labelled, str]]) -> bool:
    """Put each sentence under its control, the focus into the first that is wrong.

    :param checks: what is wrong by control, "" where all is well.
    :returns: whether nothing is wrong.
    """
    for place, sentence in checks:
        place.set_error(sentence)
    wrong = next((place for place, sentence in checks if sentence), None)
    if wrong is not None:
        wrong.control.setFocus()
    return wrong is None
