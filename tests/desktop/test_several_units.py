"""One clerk files for several units: one password and file, the unit chosen at the head."""

from contextlib import ExitStack

import pytest

from tests.bundle.offices import COUNTY, GRASS, Offices, build
from tests.store.offices import PROPOSAL, confirm, draft, get
from union_desk.desktop.navigation import Route
from union_desk.desktop.session import Session
from union_desk.papers import monthly
from union_desk.store import unit_tree
from union_desk.taskpack.period import Period

NAME = "沫水分店工会委员会"


@pytest.fixture(scope="module")
def made(pack, tmp_path_factory):
    """The county lets the grassroots unit file for a second one."""
    folder = tmp_path_factory.mktemp("several")
    build(folder / "made", pack)
    with ExitStack() as stack:
        three = Offices(folder / "made", folder, stack)
        code = unit_tree.add(three.county, "4", NAME, COUNTY, "2012-01-01", {})
        unit_tree.note(three.county, code, {"filer": GRASS})
        three.down("county", "grassroots")
    return folder / "offices", code


@pytest.fixture
def offices(made, tmp_path, monkeypatch):
    monkeypatch.setenv("UNION_DESK_STATE", str(tmp_path / "state"))
    with ExitStack() as stack:
        yield Offices(made[0], tmp_path, stack)


@pytest.fixture
def desk(window, offices, settled):
    window._enter(Session(offices.grassroots, as_of_given="2012-08-31"))
    settled()
    return window.desk


def test_the_month_has_a_line_for_each_unit_and_goes_on_with_the_one_chosen(desk, made, settled):
    page, code = desk.page, made[1]
    assert [one.code for one in page.month.lines] == [GRASS, code]
    chooser = desk.head.unit
    assert chooser.isVisibleTo(desk)
    chooser.setCurrentIndex(chooser.findData(code))
    chooser.activated.emit(chooser.currentIndex())
    settled()
    page = desk.page
    assert page.context == NAME
    assert {one.unit for one in page.month.owed} == {code}
    missing = page.month.lines[1].missing
    assert missing > 0
    page._state_nil()
    settled()
    assert page.month.lines[1].missing == 0
    assert page.month.lines[0].missing > 0
    store = desk.session.store
    with store.read() as connection:
        rows = connection.exec_driver_sql("SELECT DISTINCT unit, filed_by FROM filing").all()
    assert [tuple(row) for row in rows] == [(code, GRASS)]


def test_a_new_record_is_about_the_chosen_unit_and_says_so(desk, made, settled):
    code = made[1]
    desk.session.fill_in_for(code)
    desk.open(Route("form", form="proposal"))
    settled()
    assert desk.page.entry.base.unit == code
    assert f"代 {NAME}" in desk.page.head.place.text()
    desk.open(Route("ledger", form="proposal"))
    settled()
    assert desk.page.wanted.units == (code,)


def test_the_records_go_up_in_one_file_and_count_for_their_own_units(offices, made):
    code = made[1]
    mine = confirm(offices.grassroots, draft("proposal", PROPOSAL))
    other = confirm(offices.grassroots, draft("proposal", PROPOSAL, unit=code))
    offices.up("grassroots", "county")
    units = [get(offices.county, "proposal", one.uid).unit for one in (mine, other)]
    assert units == [GRASS, code]


def test_each_unit_has_papers_of_its_own(offices, made):
    code = made[1]
    month = Period.parse("2012M08")
    papers = monthly.subjects_of(offices.grassroots, month, "2012-08-31", code)
    assert papers
    assert {about.unit for about in papers} == {code}
    own = monthly.subjects_of(offices.grassroots, month, "2012-08-31")
    assert {about.unit for about in own} == {GRASS}
