"""年度结转 in the window: two years to work in, what goes on, what is copied, both side by side."""

import pytest

from tests import next_year
from tests.desktop.looking import faults_of
from tests.store.offices import put, rows_of, sheet
from union_desk.desktop.navigation import Route
from union_desk.store import upgrading

OLD = "lszgh-2012-55"


@pytest.fixture
def two_years(desk, tmp_path, settled):
    """The window of a county that has entered 2012 and has the package of 2013."""
    shell = desk("county")
    store = shell.session.store
    chosen = [row | {"enterprise": ""} | {"enterprise": "某厂"} for row in rows_of("democracy")[:2]]
    assert put(store, "democracy", sheet("democracy", *chosen), reason="样本").added == 2
    upgrading.install(store, next_year.write(tmp_path / "package"))
    shell.session.as_of_given = "2013-01-09"
    shell.open(Route("years"))
    settled()
    return shell


def test_each_form_says_what_becomes_of_it_and_last_year_comes_as_drafts(two_years, settled):
    page = two_years.page
    told = {row.cells[0]: row.cells for row in page.forms.rows.rows}
    assert told["法人单位名册与建会核实台账"][1] == "延续"
    assert told["职代会、厂务公开建制台账"][1:3] == ("存为草稿", "2")
    assert "新增：已回访；不再填：职务" in told["“面对面心贴心实打实”走访台账"][4]
    place = [item.form.id for item in page.plan].index("democracy")
    page.forms.go_to(place)
    assert page.take.isEnabled()
    page.take.click()
    settled()
    assert two_years.route.form == "democracy"
    assert two_years.page.view.counts["draft"] == 1  # both are about the same enterprise


def test_both_years_stand_side_by_side_and_another_year_can_be_worked_in(
    two_years, window, settled
):
    page = two_years.page
    titles = [row.cells[0] for row in page.figures.rows.rows]
    assert "培训工会干部人次" in titles
    assert two_years.session.pack.year == 2013
    page.work_in(OLD)
    settled()
    assert window.desk.session.pack.year == 2012
    assert window.desk.page.context.startswith("2012 年度")


def test_without_a_year_before_the_page_says_so_and_shows_no_empty_tables(own_desk, settled):
    desk = own_desk("county")
    desk.open(Route("years"))
    settled()
    assert desk.page.hint.text().startswith("没有上年的任务包")
    assert not desk.page.forms.isVisible()
    assert not desk.page.figures.isVisible()
    assert faults_of(desk.page) == {}
