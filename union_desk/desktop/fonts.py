"""Fonts that come with the program, so that Chinese reads on a machine without any."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase

from union_desk import resources

FIRST = ("NotoSansSC-Regular-8105.ttf", "NotoSansSC-Bold-8105.ttf")
"""What the first paint needs."""
THEN = ("NotoSansSC-Medium-8105.ttf", "NotoSerifSC-Light-full.ttf")
"""A third weight, and the rare characters of names."""


def load(names: tuple[str, ...] = FIRST + THEN) -> list[str]:
    """Load fonts into the running program; return the families found."""
    families: list[str] = []
    for name in names:
        number = QFontDatabase.addApplicationFont(str(resources.fonts() / name))
        families += QFontDatabase.applicationFontFamilies(number)
    return families
