import re

import pytest
from PySide6.QtGui import QColor, QFontDatabase, QPalette, QRawFont
from PySide6.QtWidgets import QLineEdit, QPushButton

from union_desk import resources
from union_desk.desktop import fonts, icons, style, theme

TEXT_PAIRS = [
    ("text", "bg"), ("text", "surface"), ("text", "input"), ("text", "zebra"), ("text", "primaryt"),
    ("text2", "bg"), ("text2", "surface"), ("text2", "track"), ("text2", "zebra"), ("text3", "bg"), ("text3", "surface"), ("text3", "input"),
    ("primary", "bg"), ("primary", "surface"), ("primary", "primaryt"), ("ok", "okt"), ("ok", "surface"),
    ("warn", "warnt"), ("warn", "surface"), ("err", "errt"), ("err", "surface"), ("text", "errt"), ("text", "warnt"),
]  # fmt: skip


def luminance(color: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return (
        0.2126 * linear(color.redF())
        + 0.7152 * linear(color.greenF())
        + 0.0722 * linear(color.blueF())
    )


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(QColor(one)), luminance(QColor(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


LEAST = {"light": 4.5, "dark": 4.5, "contrast": 7.0, "contrast_dark": 7.0}
"""What text must stand out by: the measure of the design, in high contrast the stricter one."""


@pytest.mark.parametrize("scheme", theme.TOKENS)
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_stands_out_from_every_ground_it_stands_on(scheme, ink, ground):
    """Requirement 22."""
    tokens = theme.TOKENS[scheme]
    assert contrast(tokens[ink], tokens[ground]) >= LEAST[scheme]


@pytest.mark.parametrize("scheme", theme.TOKENS)
@pytest.mark.parametrize("ground", ["bg", "surface", "input", "zebra", "nav"])
def test_the_ring_of_the_focus_stands_out_by_three_to_one(scheme, ground):
    """Requirement 23; of the primary button against the button as well."""
    tokens = theme.TOKENS[scheme]
    assert contrast(tokens["primary"], tokens[ground]) >= 3.0
    assert contrast(tokens["ring"], tokens["btn"]) >= 3.0
    assert contrast(tokens["ring"], tokens[ground]) >= 3.0


@pytest.mark.parametrize("scheme", ["contrast", "contrast_dark"])
def test_in_high_contrast_every_card_and_row_has_a_line_that_is_seen(scheme):
    tokens = theme.TOKENS[scheme]
    assert contrast(tokens["line"], tokens["surface"]) >= 4.5
    assert contrast(tokens["line2"], tokens["surface"]) >= 7.0


@pytest.mark.parametrize(
    ("wanted", "dark", "strong", "shown"),
    [
        ("system", False, False, "light"), ("system", True, False, "dark"),
        ("light", True, False, "light"), ("dark", False, False, "dark"),
        ("contrast", False, False, "contrast"), ("contrast", True, False, "contrast_dark"),
        ("system", False, True, "contrast"), ("light", True, True, "contrast"),
        ("dark", False, True, "contrast_dark"), ("system", True, True, "contrast_dark"),
    ],
)  # fmt: skip
def test_high_contrast_of_the_system_wins_over_the_setting(wanted, dark, strong, shown):
    assert theme.chosen(wanted, dark=dark, strong=strong) == shown


@pytest.mark.parametrize("scheme", theme.TOKENS)
def test_white_is_readable_on_the_primary_button_and_its_hover(scheme):
    tokens = theme.TOKENS[scheme]
    assert contrast("#FFFFFF", tokens["btn"]) >= 4.5
    assert contrast("#FFFFFF", tokens["primaryh"]) >= 4.5


@pytest.mark.parametrize("scheme", theme.TOKENS)
@pytest.mark.parametrize("ground", ["bg", "surface", "input"])
def test_the_border_of_a_field_stands_out_by_three_to_one(scheme, ground):
    """Requirement 22."""
    tokens = theme.TOKENS[scheme]
    assert contrast(tokens["field"], tokens[ground]) >= 3.0


@pytest.mark.parametrize("scheme", theme.TOKENS)
def test_the_example_in_an_empty_field_can_be_read(scheme):
    tokens = theme.TOKENS[scheme]
    inks = theme.palette(tokens)
    ink = inks.color(QPalette.ColorRole.PlaceholderText).name()
    assert contrast(ink, tokens["input"]) >= 4.5


def test_all_schemes_have_the_same_tokens():
    assert len({frozenset(tokens) for tokens in theme.TOKENS.values()}) == 1


def test_no_colour_stands_in_the_code_but_in_the_tokens():
    sources = (resources.folder().parent / "union_desk" / "desktop").glob("*.py")
    found = {
        f"{path.name}: {color}"
        for path in sources
        if path.name != "theme.py"
        for color in re.findall(r"#[0-9A-Fa-f]{6}", path.read_text("utf-8"))
        if color.upper() != "#FFFFFF"
    }
    assert not found


def test_every_token_of_the_style_sheet_is_known():
    assert theme.sheet(theme.TOKENS["light"]).count("$") == 0
    assert "font-weight: 600" not in style.TEMPLATE, "600 draws as 500"


@pytest.mark.parametrize("size", theme.SIZES.values())
def test_the_three_sizes_change_the_type_at_once(qapp, size):
    """Requirement 21."""
    line, push = QLineEdit("工会"), QPushButton("确认")
    for widget in (line, push):
        widget.ensurePolished()
    theme.apply(qapp, "light", size / theme.BASE_SIZE)
    qapp.processEvents()
    assert line.font().pixelSize() == size
    assert push.sizeHint().height() >= theme.px(32)


def test_the_screen_fonts_are_of_one_family_with_a_serif_for_rare_names(qapp):
    assert set(fonts.load()) == {"Noto Sans SC", "Noto Serif SC"} or set(fonts.load()) >= {
        "Noto Sans SC"
    }
    assert "Noto Sans SC" in QFontDatabase.families()


def test_every_icon_is_drawn_in_the_colour_of_its_token(qapp):
    for path in sorted(resources.icons().glob("*.svg")):
        theme.apply(qapp, "dark")
        image = icons.pixmap(path.stem, "ok", 24).toImage()
        colors = {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() > 200
        }
        assert theme.color("ok").name() in colors, path.stem


def test_an_icon_follows_a_change_of_scheme(qapp):
    made = icons.icon("check", "text")
    theme.apply(qapp, "light")
    light = made.pixmap(24, 24).toImage()
    theme.apply(qapp, "dark")
    assert made.pixmap(24, 24).toImage() != light


def test_every_icon_that_comes_with_the_program_is_used():
    program = (resources.folder().parent / "union_desk").rglob("*.py")
    named = {
        name for path in program for name in re.findall(r'"([a-z-]+)"', path.read_text("utf-8"))
    }
    for path in resources.taskpacks().rglob("*.yaml"):
        named |= set(re.findall(r"[a-z-]+", path.read_text("utf-8")))
    assert not [path.stem for path in resources.icons().glob("*.svg") if path.stem not in named]


def test_every_work_area_of_the_package_has_its_icon(pack):
    assert not [
        area.title for area in pack.areas if not (resources.icons() / f"{area.icon}.svg").is_file()
    ]


def test_the_icons_come_with_their_licence():
    assert "MIT License" in (resources.icons() / "Tabler-LICENSE.txt").read_text("utf-8")


def test_the_screen_font_has_a_glyph_for_every_character_of_the_window(qapp):
    """Requirement 1: every Chinese text in the code of the window, without any font of the system."""
    font = QRawFont(str(resources.fonts() / "NotoSansSC-Regular-8105.ttf"), 14)
    sources = [
        *(resources.folder().parent / "union_desk" / "desktop").glob("*.py"),
        *resources.taskpacks().rglob("*.yaml"),
    ]
    texts = "".join(path.read_text("utf-8") for path in sources)
    missing = {
        letter
        for letter in set(texts)
        if letter.isprintable() and not font.supportsCharacter(ord(letter))
    }
    assert not missing
