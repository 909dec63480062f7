"""A line for the name one signs in with: the known names are offered while typing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QLineEdit


def names_line(logins: tuple[str, ...], person: str) -> QLineEdit:
    """Return a line with `person` in it, or the only name there is."""
    line = QLineEdit(person if person in logins or not logins else "")
    if not line.text() and len(logins) == 1:
        line.setText(logins[0])
    completer = QCompleter(list(logins), line)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    line.setCompleter(completer)
    return line
