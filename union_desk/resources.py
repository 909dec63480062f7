"""Where the files that come with the program lie: the only module that knows."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder() -> Path:
    """Return the folder ``resources``: inside the installed package, else beside it."""
    inside = _PACKAGE / "resources"
    return inside if inside.is_dir() else _PACKAGE.parent / "resources"


def taskpacks() -> Path:
    """Return the folder of the task packages that come with the program."""
    return folder() / "taskpacks"


def fonts() -> Path:
    """Return the folder of the fonts for screen and paper."""
    return folder() / "fonts"


def icons() -> Path:
    """Return the folder of the SVG icons."""
    return folder() / "icons"


def samples() -> Path:
    """Return the folder of the sample rows behind ``--demo``: one CSV per form."""
    return folder() / "samples"


def help_pages() -> Path:
    """Return the folder of the help pages and their pictures."""
    return folder() / "help"
