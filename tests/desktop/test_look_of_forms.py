"""Every form and every ledger as a careful eye sees it, plain and dark in the largest size."""

import pytest
from PySide6.QtWidgets import QApplication

from tests.desktop.entering import level_of
from tests.desktop.looking import faults_of
from union_desk import resources
from union_desk.desktop import theme
from union_desk.desktop.navigation import Route
from union_desk.taskpack.load import load

PACK = load(resources.taskpacks() / "lszgh-2012-55")
LOOKS = {"light-standard": ("light", 1.0), "dark-largest": ("dark", 18 / 14)}


def faults(desk):
    for _ in range(4):  # nested layouts ask for each other
        QApplication.processEvents()
    desk.grab()
    found = faults_of(desk)
    found.pop("forbidden words", None)  # labels of a package stay as authored
    return found


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("level", ["grassroots", "county"])
def test_no_form_and_no_ledger_cuts_overlaps_or_demands_more_than_the_screen(
    look, level, dressed, desk_of, settled
):
    """Requirements 21 to 23: with all its errors shown, and as a list."""
    theme.apply(dressed, *LOOKS[look])
    desk = desk_of(level)
    for form in PACK.top_forms:
        if level_of(form) != level:
            continue
        desk.open(Route("form", form=form.id))
        desk.page.typing.check()
        assert faults(desk) == {}, form.id
        desk.open(Route("ledger", form=form.id))
        settled()
        assert faults(desk) == {}, form.id
        least = desk.minimumSizeHint()
        assert (least.width() <= 1366, least.height() <= 700) == (True, True), (form.id, least)
