"""Colours, sizes and the one style sheet: light, dark and three font sizes from one template.

Every colour has a token; widgets name tokens, never colours. Sizes are pixels at scale 1;
:func:`px` gives them at the present one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt, QTemporaryDir
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from union_desk import resources
from union_desk.desktop.style import TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Mapping

FAMILY = "Noto Sans SC"
BASE_SIZE = 14
SIZES: Mapping[str, int] = {"standard": 14, "large": 16, "largest": 18}
"""Font size of the setting: 标准, 大, 特大."""

_NAMES = (
    "bg", "surface", "nav", "input", "zebra", "line", "line2", "field", "text", "text2", "text3",
    "primary", "btn", "primaryh", "primaryt", "ok", "okt", "warn", "warnt", "err", "errt",
    "warnb", "errb", "track", "brand", "ring",
)  # fmt: skip
_LIGHT = (
    "#F5F6F8", "#FFFFFF", "#FFFFFF", "#FFFFFF", "#FAFBFC", "#E3E6EB", "#CDD3DB", "#838E9D",
    "#1C2430", "#55606F", "#687280", "#1F5FC4", "#1F5FC4", "#184EA3", "#EAF1FC", "#177045",
    "#E7F5ED", "#9A6200", "#FFF4DC", "#C2302B", "#FDECEB", "#D98E04", "#D6453F", "#E8ECF1",
    "#C2302B", "#000000",
)  # fmt: skip
_DARK = (
    "#16191E", "#1F242B", "#1B1F25", "#181C22", "#22272F", "#2E353E", "#444D59", "#6B7684",
    "#E8ECF1", "#B0BAC6", "#94A0AE", "#659DF2", "#2F6FD0", "#3773CF", "#22344F", "#57C08A",
    "#1C3529", "#E0B04C", "#3A3018", "#F0837D", "#402322", "#D9A23A", "#E0605A", "#323A44",
    "#E0605A", "#FFFFFF",
)  # fmt: skip
_CONTRAST = (
    "#FFFFFF", "#FFFFFF", "#FFFFFF", "#FFFFFF", "#F2F2F2", "#6B6B6B", "#000000", "#000000",
    "#000000", "#1A1A1A", "#333333", "#003A9E", "#2257B0", "#1C4A99", "#DCE8FF", "#00461F",
    "#E3F5E9", "#5A3600", "#FFF1CC", "#8E0000", "#FFE3E0", "#7A4F00", "#8E0000", "#E0E0E0",
    "#8E0000", "#000000",
)  # fmt: skip
_CONTRAST_DARK = (
    "#000000", "#000000", "#000000", "#000000", "#141414", "#8A8A8A", "#FFFFFF", "#FFFFFF",
    "#FFFFFF", "#F0F0F0", "#D6D6D6", "#9CC8FF", "#2257B0", "#1C4A99", "#14305C", "#7CE8A9",
    "#06301A", "#FFD166", "#3A2A00", "#FFB3AE", "#4A0A08", "#FFD166", "#FFB3AE", "#333333",
    "#FFB3AE", "#FFFFFF",
)  # fmt: skip
TOKENS: Mapping[str, Mapping[str, str]] = {
    "light": dict(zip(_NAMES, _LIGHT, strict=True)),
    "dark": dict(zip(_NAMES, _DARK, strict=True)),
    "contrast": dict(zip(_NAMES, _CONTRAST, strict=True)),
    "contrast_dark": dict(zip(_NAMES, _CONTRAST_DARK, strict=True)),
}
"""By scheme. Text of the two of high contrast stands out by 7 to 1, the primary button by 6.8: its
ring must stand out from it as well."""


class Styled(Protocol):
    """What :func:`mark` needs of a widget."""

    def setProperty(self, name: str, value: object, /) -> bool: ...  # noqa: D102


@dataclass(slots=True)
class _State:
    scheme: str = "light"
    wanted: str = "light"
    scale: float = 1.0
    pictures: QTemporaryDir | None = None
    watching: list[QApplication] = field(default_factory=list)


_state = _State()


def scheme() -> str:
    """Return the scheme that is shown, a key of :data:`TOKENS`."""
    return _state.scheme


def scale() -> float:
    """Return font size over 14."""
    return _state.scale


def color(token: str) -> QColor:
    """Return the colour of a token in the present scheme."""
    return QColor(TOKENS[_state.scheme][token])


def px(size: float) -> int:
    """Return `size`, given at scale 1, in pixels at the present scale."""
    return round(size * _state.scale)


def font(size: int = BASE_SIZE, *, bold: bool = False) -> QFont:
    """Return the program's font, `size` in pixels at scale 1. No weight but 400 and 700."""
    made = QFont(QApplication.font())
    made.setPixelSize(px(size))
    made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    return made


def mark(widget: Styled, **values: object) -> None:
    """Set properties that the style sheet asks for and let the widget take its new look."""
    for name, value in values.items():
        widget.setProperty(name, value)
    style = getattr(widget, "style", None)
    if style is not None and (drawn := style()) is not None:
        drawn.unpolish(widget)
        drawn.polish(widget)


def apply(app: QApplication, wanted: str = "system", scale: float = 1.0) -> None:
    """Dress the whole program; may be called again at any time."""
    _state.wanted = wanted
    _state.scale = scale
    _state.scheme = _shown(app, wanted)
    if app not in _state.watching:
        _state.watching.append(app)
        app.styleHints().colorSchemeChanged.connect(partial(_follow_system, app))
        hints = app.styleHints().accessibility()
        hints.contrastPreferenceChanged.connect(partial(_follow_system, app))
    app.setStyle("Fusion")
    base = QFont(FAMILY)
    base.setPixelSize(px(BASE_SIZE))
    base.setStyleHint(QFont.StyleHint.SansSerif)
    app.setFont(base)
    app.setPalette(palette(TOKENS[_state.scheme]))
    app.setStyleSheet(sheet(TOKENS[_state.scheme]))


def forget_gone() -> None:
    """Let Qt's style sheet forget the rules of widgets that are gone: it keeps 5 KB a page."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        app.setStyleSheet(app.styleSheet())


def _follow_system(app: QApplication, _new: object) -> None:
    if _shown(app, _state.wanted) != _state.scheme:
        apply(app, _state.wanted, _state.scale)


def _shown(app: QApplication, wanted: str) -> str:
    """Return the scheme: where the system asks for high contrast, that wins over the setting."""
    hints = app.styleHints()
    return chosen(
        wanted,
        dark=hints.colorScheme() == Qt.ColorScheme.Dark,
        strong=hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast,
    )


def chosen(wanted: str, *, dark: bool, strong: bool) -> str:
    """Return the scheme for a setting.

    :param wanted: ``system``, ``light``, ``dark`` or ``contrast``.
    :param dark: the system is dark.
    :param strong: the system asks for high contrast.
    """
    dark = wanted == "dark" or (dark and wanted != "light")
    if strong or wanted == "contrast":
        return "contrast_dark" if dark else "contrast"
    return "dark" if dark else "light"


def palette(tokens: Mapping[str, str]) -> QPalette:
    """Return the palette that goes with the style sheet."""
    made = QPalette()
    role = QPalette.ColorRole
    for target, token in (
        (role.Window, "bg"),
        (role.WindowText, "text"),
        (role.Base, "input"),
        (role.AlternateBase, "zebra"),
        (role.Text, "text"),
        (role.PlaceholderText, "text2"),
        (role.Button, "surface"),
        (role.ButtonText, "text"),
        (role.ToolTipBase, "surface"),
        (role.ToolTipText, "text"),
        (role.Highlight, "btn"),
        (role.Link, "primary"),
        (role.LinkVisited, "primary"),
        (role.Accent, "primary"),
        (role.Mid, "line2"),
        (role.Dark, "line2"),
        (role.Light, "line"),
        (role.Midlight, "line"),
    ):
        made.setColor(target, QColor(tokens[token]))
    made.setColor(role.HighlightedText, QColor("#FFFFFF"))
    for target in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, target, QColor(tokens["text3"]))
    return made


def sheet(tokens: Mapping[str, str]) -> str:
    """Return the style sheet for these tokens at the present scale."""
    sizes = {f"p{n}": f"{px(n)}px" for n in range(1, 65)} | {"p226": f"{px(226)}px"}
    return Template(TEMPLATE).substitute(tokens, **sizes, **_pictures(tokens))


def _pictures(tokens: Mapping[str, str]) -> dict[str, str]:
    """Write the few pictures a style sheet can only take as files, in these colours."""
    if _state.pictures is None:
        _state.pictures = QTemporaryDir()
    folder = Path(_state.pictures.path())
    wanted = {
        "arrow_down": ("chevron-down", "text2"),
        "arrow_up": ("chevron-up", "text2"),
        "arrow_left": ("chevron-left", "text2"),
        "arrow_right": ("chevron-right", "text2"),
        "tick": ("check", ""),
    }
    urls = {}
    for name, (icon, token) in wanted.items():
        svg = (resources.icons() / f"{icon}.svg").read_text("utf-8")
        paint = tokens[token] if token else "#FFFFFF"
        path = folder / f"{name}-{paint[1:]}.svg"
        if not path.exists():
            path.write_text(svg.replace("currentColor", paint), "utf-8")
        urls[name] = f'url("{path.as_posix()}")'
    return urls
