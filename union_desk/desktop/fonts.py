"""Fonts that come with the program, so that Chinese reads on a machine without any."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase

from union_desk import resources

FILES = (
    "NotoSansSC-Regular-8105.ttf",
    "NotoSansSC-Medium-8105.ttf",
    "NotoSansSC-Bold-8105.ttf",
    "NotoSerifSC-Light-full.ttf",
)
"""Screen fonts; the last one holds the rare characters of names."""


def load() -> list[str]:
    """Load the fonts into the running program; return the families found."""
    families: list[str] = []
    for name in FILES:
        number = QFontDatabase.addApplicationFont(str(resources.fonts() / name))
        families += QFontDatabase.applicationFontFamilies(number)
    return families
