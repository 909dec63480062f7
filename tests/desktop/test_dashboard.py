import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage, QPainter
from PySide6.QtWidgets import QLabel

from tests.desktop.typing import press
from union_desk import indicators
from union_desk.desktop import figures, progress_bar, theme
from union_desk.desktop.dashboard_page import tiles
from union_desk.desktop.figures import Deadline, Figures
from union_desk.desktop.navigation import Route
from union_desk.desktop.progress_list import ProgressRow, sentence
from union_desk.desktop.tile import Tile
from union_desk.desktop.waiting import Waiting
from union_desk.store.tally import FormCount


def gathered(pack, **changes):
    form = pack.top_forms[0].id
    waiting = changes.pop("waiting", Waiting({form: FormCount()}))
    nothing = Figures((), waiting, None, 0, 0, 0, 0)
    return dataclasses.replace(nothing, **changes)


def item_of(pack, indicator_id, totals):
    indicator = pack.indicators[indicator_id]
    target = indicators.target_for(indicator, root=True, share=None)
    return indicators.progress(
        indicator, totals, pack=pack, unit="x", as_of="2012-08-31", target=target
    )


@pytest.fixture
def rate(pack):
    """The first indicator with a target that is a quotient, at 86.4 of 90 or what it is."""
    name = next(i.id for i in pack.indicators.values() if i.target and i.denominator)
    return item_of(pack, name, indicators.Totals(864, 1000))


@pytest.fixture
def count(pack):
    """The first indicator with a target that is a count, half done."""
    indicator = next(i for i in pack.indicators.values() if i.target and not i.denominator)
    return item_of(pack, indicator.id, indicators.Totals(int(indicator.target.value / 2)))


def test_a_deadline_of_three_days_or_less_is_red_with_words(pack):
    """Colour is never the only signal."""
    far = tiles(gathered(pack, deadline=Deadline("2012-09-05", ("2012M08",), 5, 3)))[0]
    assert (far.tone, far.figure, far.unit, far.detail) == ("warn", "5", "天", "")
    assert far.words == "距8月报送截止（9 月 5 日）"
    near = tiles(gathered(pack, deadline=Deadline("2012-09-05", ("2012M08",), 2, 3)))[0]
    assert (near.tone, near.detail) == ("err", "只剩 2 天")
    today = tiles(gathered(pack, deadline=Deadline("2012-09-05", ("2012M08",), 0, 3)))[0]
    assert (today.tone, today.detail) == ("err", "今天截止")


def test_tiles_stand_by_urgency_and_are_gone_when_nothing_waits(pack):
    form = pack.top_forms[2].id
    found = tiles(
        gathered(
            pack,
            waiting=Waiting(
                {
                    form: FormCount(9, drafts=4, errors=2, returned=1),
                    pack.top_forms[0].id: FormCount(1),
                }
            ),
            deadline=Deadline("2012-09-05", ("2012M08", "2012Q3"), 5, 3),
            late_own=1,
            late_below=7,
        )
    )
    assert [due.figure for due in found] == ["1", "5", "2", "1", "4", "7"]
    assert found[2].route == Route("ledger", form=form, text="errors")
    assert "8月、第三季度" in found[1].words
    assert tiles(gathered(pack)) == []


def test_every_figure_says_to_which_day_it_counts_and_how_much_is_reported(sample_desk):
    """Requirement 40."""
    context = sample_desk("county").page.context
    assert "数据截至 8 月 31 日" in context
    assert "应报" in context
    assert "已报" in context
    assert "年度时间已过 67%" in context


def test_a_row_opens_the_records_behind_it_by_key(sample_desk, settled, pack, qtbot):
    """Requirement 12."""
    shell = sample_desk("city")
    row = shell.page.progress.rows[0]
    qtbot.waitUntil(row.isVisible)
    row.setFocus()
    press(Qt.Key.Key_Space)
    settled()
    assert shell.route.kind == "ledger"
    assert shell.route.form == pack.indicators[row.item.id].numerator[0].form
    qtbot.waitUntil(lambda: shell.page.view is not None)
    assert shell.page.view.behind.figure == row.item.numerator
    assert f"计入“{row.item.title}”" in shell.page.figure.words


def test_the_dashboard_shows_every_indicator_those_with_a_target_first(sample_desk, pack):
    page = sample_desk("city").page
    assert [row.item.id for row in page.progress.rows if row.item.target is not None] == [
        row.item.id for row in page.progress.rows
    ]
    before = len(page.progress.rows)
    page.progress._fold.click()
    assert {row.item.id for row in page.progress.rows} == set(pack.indicators)
    assert before == sum(item.target is not None for item in pack.indicators.values())


def test_a_row_says_in_words_what_the_bar_shows(rate, count):
    """Requirement 12 and 23."""
    spoken = sentence(count)
    assert count.title in spoken
    assert "完成 50%，年度时间已过 67%" in spoken
    assert "还差" in spoken
    assert "分子 864，分母 1,000" in sentence(rate)


def test_a_row_is_named_for_a_screen_reader(qtbot, count):
    row = ProgressRow(count)
    qtbot.addWidget(row)
    assert QAccessible.queryAccessibleInterface(row).text(QAccessible.Text.Name) == sentence(count)


def painted(item, width=200):
    image = QImage(width, 30, QImage.Format.Format_RGB32)
    image.fill(theme.color("surface"))
    painter = QPainter(image)
    from PySide6.QtCore import QRectF

    progress_bar.draw(painter, QRectF(0, 10, width, 10), item)
    painter.end()
    return image


def test_a_count_is_filled_to_its_share_of_the_target_with_a_tick_for_the_year(count):
    image = painted(count)
    filled = theme.color(progress_bar.FILLS[indicators.tone(count)]).name()
    assert image.pixelColor(90, 15).name() == filled
    assert image.pixelColor(110, 15).name() == theme.color("track").name()
    assert image.pixelColor(round(200 * count.pace / 100), 8).name() == theme.color("text").name()


def test_a_rate_is_filled_of_a_hundred_with_a_flag_at_its_target(rate):
    image = painted(rate)
    assert (
        image.pixelColor(160, 15).name()
        == theme.color(progress_bar.FILLS[indicators.tone(rate)]).name()
    )
    assert image.pixelColor(195, 15).name() == theme.color("track").name()
    assert image.pixelColor(round(2 * rate.target), 8).name() == theme.color("text").name()


def test_nothing_done_leaves_the_bar_empty(pack, count):
    nothing = item_of(pack, count.id, indicators.Totals(0))
    assert progress_bar.share(nothing) == 0
    assert painted(nothing).pixelColor(3, 15).name() == theme.color("track").name()


def test_a_bar_never_leaves_its_ground(pack, count):
    target = pack.indicators[count.id].target.value
    assert progress_bar.share(item_of(pack, count.id, indicators.Totals(int(target * 3)))) == 1


def test_a_tile_tells_figure_and_action_and_leads_there(qtbot, pack):
    due = tiles(gathered(pack, deadline=Deadline("2012-09-05", ("2012M08",), 2, 3)))[0]
    tile = Tile(due)
    qtbot.addWidget(tile)
    went = []
    tile.chosen.connect(went.append)
    tile.action.click()
    assert went == [Route("export")]
    assert "只剩 2 天" in {label.text() for label in tile.findChildren(QLabel)}
    assert "距8月报送截止" in tile.action.accessibleName()


def test_what_is_due_is_computed_from_the_filings(sample_of):
    found = figures.gather(sample_of("county"))
    assert found.deadline == Deadline("2012-09-05", ("2012M08",), 5, found.deadline.filings)
    assert found.late_own == 0
    assert found.late_below > 0
