"""趋势与对照: the rows behind figures, months, units, forecast, 原因 and 措施."""

from dataclasses import replace

import pytest

from tests.store.sample_tables import CITY
from union_desk import excel
from union_desk.desktop import analysis_tables, figure_rows
from union_desk.desktop.navigation import Route
from union_desk.errors import InputError
from union_desk.store import analysis, frozen, rollup
from union_desk.store.behind import Asked

DAY = "2012-08-31"


@pytest.fixture
def looked_at(sample_desk, qtbot):
    """The page of an indicator in the window of the city."""

    def open_page(name):
        shell = sample_desk("city")
        shell.open(Route("analysis", text=name))
        qtbot.waitUntil(lambda: shell.page.found is not None)
        return shell

    return open_page


def test_a_ledger_opened_from_a_figure_shows_exactly_its_rows_and_leads_to_its_other_side(
    sample_desk, qtbot, pack
):
    shell = sample_desk("city")
    shell.open(figure_rows.route(pack, Asked("A6_solved_rate", as_of=DAY)))
    qtbot.waitUntil(lambda: shell.page.view is not None)
    page = shell.page
    assert page.view.count == page.view.behind.figure == 6
    assert "计入“职工诉求办结率”分子的 6 条，合计 6" in page.figure.words
    titles = [title for title, _ in figure_rows.others(pack, page.view.wanted.behind)]
    assert titles == ["看分母"]
    page.show_wanted(page.everything())
    qtbot.waitUntil(lambda: page.view.behind is None)
    assert page.view.count == 8
    assert not page.figure.isVisible()


def test_a_figure_of_filings_opens_the_filings_it_counts(sample_desk, qtbot, pack):
    shell = sample_desk("city")
    shell.open(figure_rows.route(pack, Asked("S_filing_rate", "d", as_of=DAY)))
    qtbot.waitUntil(lambda: shell.page.found is not None)
    assert shell.page.table.rows.rowCount() == shell.page.found.figure > 0


def test_the_page_says_figure_day_filings_and_forecast_with_its_method(looked_at):
    page = looked_at("A2_new_members").page
    assert "新发展会员数：380 名" in page.words.text()
    assert "数据截至 8 月 31 日，应报" in page.words.text()
    assert page.forecast.text().startswith("预计全年 570 名（按年初至数据截至日的平均进度推算）")


def test_every_tile_and_every_row_leads_to_the_rows_of_its_unit(looked_at, qtbot):
    shell = looked_at("A2_new_members")
    page = shell.page
    assert len(page.map.tiles) == 15
    figures = {tile.unit.code: tile.unit.now.value for tile in page.map.tiles}
    assert (sum(figures.values()), page.found.now.value) == (374, 380)
    assert "本级和未归属单位的：新发展会员数 6" in page.check.text()
    page.map.tiles[0].click()
    qtbot.waitUntil(lambda: shell.route.kind == "ledger" and shell.page.view is not None)
    assert shell.page.view.behind.figure == figures["511102000013"]


def test_the_last_row_of_the_units_is_the_whole_counted_anew(looked_at):
    found = looked_at("A3_reemployed").page.found
    *units, whole = analysis_tables.unit_rows(found)
    assert len(units) == 15
    assert whole.cells[1] == "合计（全部记录）"
    assert whole.cells[3] == "4"


def test_a_target_that_is_not_divided_ranks_nobody_and_shares_are_told_as_in_the_sentence(
    looked_at,
):
    found = looked_at("A2_new_members").page.found
    *units, whole = analysis_tables.unit_rows(replace(found, units=tuple(
        replace(unit, now=replace(unit.now, target=None)) for unit in found.units
    )))  # fmt: skip
    assert {row.cells[0] for row in units} == {analysis_tables.NONE}
    assert f"完成 {whole.cells[5]}，" in analysis_tables.sentence_of(found)


def test_reasons_are_written_on_the_page_and_those_of_units_are_gathered(looked_at, qtbot):
    shell = looked_at("A2_new_members")
    page = shell.page
    page.reason.setPlainText("外出务工的多")
    page.measure.setPlainText("逐乡逐村发展")
    page.keep.click()
    qtbot.waitUntil(lambda: bool(page.found.notes))
    note = page.found.notes[0]
    assert (note.unit, note.reason, note.measure) == (CITY, "外出务工的多", "逐乡逐村发展")


def test_the_tables_are_saved_as_sheets(looked_at, tmp_path, qtbot, settled):
    page = looked_at("A2_union_rate").page
    page.save_to(tmp_path / "t.xlsx")
    qtbot.waitUntil((tmp_path / "t.xlsx").exists)
    settled()
    months, units, _ = excel.read_tables(tmp_path / "t.xlsx")
    assert months.rows[-1][3:6] == ["87.5", "7", "8"]
    assert len(units.rows) == 16


def test_a_stock_of_a_past_month_shows_what_was_kept_when_it_was_closed(sample_desk):
    store = sample_desk("city").session.store
    with store.read() as connection:
        before = analysis.look(connection, store, "A1_team55", DAY)
    assert [month.total for month in before.months[:-1]] == [None] * 7
    with store.write() as transaction:
        frozen.keep(transaction, "2012M05")
        now = rollup.progress(transaction.connection, store, "2012-05-31")
    with store.read() as connection:
        after = analysis.look(connection, store, "A1_team55", DAY)
    may = after.months[4]
    assert may.kept
    assert may.total.value == next(item.value for item in now if item.id == "A1_team55")


def test_reasons_that_are_too_long_are_refused(sample_desk):
    store = sample_desk("city").session.store
    with pytest.raises(InputError, match="I479"):
        analysis.write_note(store, "A2_new_members", DAY, "长" * 501, "")
