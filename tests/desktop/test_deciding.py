"""由本级确定: adoption is entered at the county, and seen at the unit after the next file."""

from contextlib import ExitStack

import pytest

from tests.bundle.offices import Offices, build
from tests.desktop.looking import faults_of
from tests.desktop.typing import replace_text, type_text
from tests.store.offices import get, put, rows_of, sheet
from union_desk.desktop.navigation import Route
from union_desk.desktop.session import Session
from union_desk.errors import InputError
from union_desk.store import undecided

FORM = "info_report"


@pytest.fixture(scope="module")
def made(pack, tmp_path_factory):
    folder = tmp_path_factory.mktemp("deciding")
    build(folder / "made", pack)
    with ExitStack() as stack:
        three = Offices(folder / "made", folder, stack)
        row = rows_of(FORM)[4]
        rows = (row, row | {"title": "职工技能月开幕"})
        assert not put(three.grassroots, FORM, sheet(FORM, *rows), reason="同一天报送").refused
        assert not put(three.grassroots, "school_aid", reason="样本").refused
        three.up("grassroots", "county")
    return folder / "offices"


@pytest.fixture
def offices(made, tmp_path, monkeypatch):
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    with ExitStack() as stack:
        yield Offices(made, tmp_path, stack)


@pytest.fixture
def page(window, offices, settled):
    window._enter(Session(offices.county, as_of_given="2012-08-31"))
    settled()
    window.desk.open(Route("deciding", form=FORM))
    settled()
    return window.desk.page


def test_what_is_adopted_here_stands_at_the_unit_and_above_after_the_next_file(
    page, offices, settled, stand
):
    assert page.form.id == FORM
    assert faults_of(page) == {}
    count = len(page.cases)
    assert count == 2
    uid = page.cases[page.table.place()].uid
    levels = page.lines["adopt_level"]
    levels.setCurrentIndex(levels.findText("市总工会采用"))
    day = page.lines["adopt_date"]
    stand(day)
    replace_text("8月30日")
    stand(page.doc)
    type_text("2012-16")
    page.keep.click()
    settled()
    assert not page.said.text()
    states = [row.cells[3] for row in page.table.rows.rows]
    assert sorted(states) == ["已确定", "待定"]
    offices.down("county", "grassroots")
    values = get(offices.grassroots, FORM, uid).values
    assert values["adopt_date"] == "2012-08-30"
    assert values["adopt_level"] == get(offices.county, FORM, uid).values["adopt_level"] != "0"
    offices.up("county", "city")
    assert get(offices.city, FORM, uid).values["adopt_date"] == "2012-08-30"


def test_a_sensitive_figure_is_decided_and_shown_to_nobody_afterwards(
    window, offices, settled, stand
):
    window._enter(Session(offices.county, as_of_given="2012-08-31"))
    settled()
    window.desk.open(Route("deciding", form="school_aid"))
    settled()
    page = window.desk.page
    uid = page.cases[page.table.place()].uid
    stand(page.lines["amount"])
    replace_text("4321")
    page.keep.click()
    settled()
    assert not page.said.text()
    assert get(offices.county, "school_aid", uid).values["amount"] == 432100
    shown = " ".join(cell for row in page.table.rows.rows for cell in row.cells)
    assert "4321" not in shown
    assert "已隐藏" in shown
    place = next(i for i, case in enumerate(page.cases) if case.uid == uid)
    page.table.go_to(place)
    assert page.lines["amount"].text() == ""
    page.keep.click()
    settled()
    assert get(offices.county, "school_aid", uid).values["amount"] == 432100


def test_what_a_field_cannot_hold_is_told_and_nothing_is_written(page, settled, stand):
    stand(page.lines["adopt_date"])
    type_text("下周")
    page.keep.click()
    settled()
    assert "采用日期" in page.said.text()
    assert all(not case.decided for case in page.cases)
    stand(page.day)
    replace_text("")
    page.keep.click()
    assert page._day.error


def test_each_level_decides_its_own_fields_and_nothing_else(offices, pack):
    county = {form.id for form in undecided.forms(offices.county)}
    city = {form.id for form in undecided.forms(offices.city)}
    assert "info_report" in county
    assert "model_unit" in city
    assert undecided.forms(offices.grassroots) == ()
    with offices.county.read() as connection:
        assert undecided.open_count(connection, offices.county) == 2 + len(rows_of("school_aid"))
    form = pack.forms["model_unit"]
    with pytest.raises(InputError, match="I651"):
        undecided.decide(
            offices.county, form, "x" * 40, {"award_doc": "文"}, "2012-08-31", "",
        )  # fmt: skip
    with pytest.raises(InputError, match="I650"):
        undecided.decide(offices.county, form, "x", {"award_date": "下周"}, "2012-08-31", "")


def test_with_nothing_to_decide_the_page_says_why_and_offers_nothing_to_save(own_desk, settled):
    desk = own_desk("county")
    desk.open(Route("deciding"))
    settled()
    page = desk.page
    assert page.nothing.isVisible()
    assert not page.table.isVisible()
    assert not page.keep.isVisible()
    assert faults_of(page) == {}
