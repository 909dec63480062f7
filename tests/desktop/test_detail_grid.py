import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.desktop.entering import CTRL, KEY, SHIFT, fill_details, get, go_to, open_form, samples
from tests.desktop.typing import compose, focused, press, replace_text, type_text

FAMILY = "hardship_family"


@pytest.fixture
def page(own_desk):
    return open_form(own_desk("grassroots"), "hardship")


@pytest.fixture
def grid(page):
    page.body.focus(FAMILY)
    return page.body.grids[FAMILY]


def cell(grid):
    """Return the field and the row (from 1) of the open cell."""
    index = grid.table.currentIndex()
    return grid.model.item(index).id, index.row() + 1


def rows(page):
    return [row.values for row in page.entry.details[FAMILY]]


def test_enter_goes_cell_by_cell_and_the_last_cell_begins_a_new_row(page, grid):
    assert cell(grid) == ("name", 1)
    type_text("苏晓航")
    press(KEY.Key_Return)
    assert cell(grid)[1] == 1
    for _ in grid.model.fields[1:]:
        press(KEY.Key_Return)
    assert cell(grid) == ("name", 2)
    assert [row["name"] for row in rows(page)] == ["苏晓航"]


def test_enter_in_the_empty_row_at_the_end_leaves_the_table(page, grid):
    press(KEY.Key_Return)
    assert focused() is page.foot.confirm_button
    assert rows(page) == []


def test_tab_and_shift_tab_go_through_the_cells_and_out_at_both_ends(page, grid):
    press(KEY.Key_Tab, SHIFT)
    assert page.body.has_focus() == page.body.stops()[-2]
    press(KEY.Key_Tab)
    assert cell(grid) == ("name", 1)
    type_text("苏晓航")
    press(KEY.Key_Tab)
    press(KEY.Key_Tab, SHIFT)
    assert cell(grid) == ("name", 1)


def test_enter_waits_while_an_input_method_composes(grid):
    compose("su")
    press(KEY.Key_Return)
    press(KEY.Key_Tab)
    assert cell(grid) == ("name", 1)
    type_text("苏")


def test_a_choice_in_a_cell_is_found_as_on_the_form(page, grid):
    press(KEY.Key_Down)
    type_text("苏晓航")
    press(KEY.Key_Return)
    type_text("po")
    press(KEY.Key_Return)
    kin = page.session.pack.codes(page.body.grids[FAMILY].form.by_id["kin"]).by_code[
        rows(page)[0]["kin"]
    ]
    assert "偶" in kin.label


def test_junk_in_a_cell_is_kept_tinted_and_told_with_its_row(page, grid):
    type_text("苏晓航")
    for _ in range(3):
        press(KEY.Key_Return)
    assert cell(grid)[0] == "birth_date"
    type_text("8月32日")
    press(KEY.Key_Return)
    assert page.entry.details[FAMILY][0].unreadable["birth_date"].text == "8月32日"
    assert "第 1 行" in grid._said.text()
    assert any(spot.name.startswith("第 1 行") for spot in page.strip.spots)
    page.body.focus("name")
    page.body.reveal(next(spot.where for spot in page.strip.spots if spot.where[2] == "birth_date"))
    assert cell(grid) == ("birth_date", 1)
    replace_text("2012-08-01")
    press(KEY.Key_Return)
    assert page.entry.details[FAMILY][0].unreadable == {}


def test_a_block_from_a_sheet_fills_rows_from_the_cell_on(page, grid):
    QApplication.clipboard().setText("苏晓航\t子\n马海阿芝\t配偶\n")
    press(KEY.Key_V, CTRL)
    assert [row["name"] for row in rows(page)] == ["苏晓航", "马海阿芝"]
    assert [row["kin"] for row in rows(page)] == ["2", "1"]
    assert grid._totals.text().startswith("共 2 行")


def test_a_block_with_its_header_and_unreadable_cells_keeps_both_apart(page, grid):
    QApplication.clipboard().setText("姓名\t与职工关系\n苏晓航\t火星人")
    press(KEY.Key_V, CTRL)
    assert rows(page)[0]["name"] == "苏晓航"
    assert page.entry.details[FAMILY][0].unreadable["kin"].text == "火星人"


def test_a_paste_and_a_deleted_row_are_one_step_to_undo(page, grid):
    QApplication.clipboard().setText("苏晓航\t子\n马海阿芝\t配偶")
    press(KEY.Key_V, CTRL)
    press(KEY.Key_Up)
    press(KEY.Key_Up)
    press(KEY.Key_Delete, CTRL)
    assert [row["name"] for row in rows(page)] == ["马海阿芝"]
    go_to(page, "name")
    press(KEY.Key_Z, CTRL)
    assert [row["name"] for row in rows(page)] == ["苏晓航", "马海阿芝"]
    page.typing.undo()
    assert rows(page) == []


def test_a_rule_over_the_rows_runs_again_when_they_change(page, grid):
    page.body.focus("family_size")
    type_text("3")
    press(KEY.Key_Return)
    page.body.focus(FAMILY)
    type_text("苏晓航")
    press(KEY.Key_Return)
    assert any("成员明细加本人" in line.words for line in page.body.cells["family_size"].lines)
    QApplication.clipboard().setText("苏晓航\t子\n马海阿芝\t配偶")
    page.body.grids[FAMILY].table.open_cell(grid.model.index(0, 0))
    press(KEY.Key_V, CTRL)
    assert page.body.cells["family_size"].lines == ()


def test_rows_survive_a_crash_and_saving(page, grid, settled):
    fill_details(page, FAMILY, samples(FAMILY)[:2])
    settled()
    from union_desk.store import drafts

    uid = page.entry.base.uid
    with page.session.store.read() as connection:
        kept = drafts.load_draft(connection, uid)
    assert [row.fields["name"] for row in kept.details[FAMILY]] == ["苏晓航", "马海阿芝"]
    page.load(uid)
    assert [row["name"] for row in rows(page)] == ["苏晓航", "马海阿芝"]
    page.acts.save()
    settled()
    saved = get(page.session, "hardship", uid).details[FAMILY]
    assert [(row.position, row.values["name"]) for row in saved] == [(1, "苏晓航"), (2, "马海阿芝")]


def test_copied_rows_are_a_block_for_a_spreadsheet(page, grid):
    fill_details(page, FAMILY, samples(FAMILY)[:2])
    table = grid.table
    indexes = [grid.model.index(row, column) for row in (0, 1) for column in (0, 1)]
    assert grid.model.block(indexes) == "苏晓航\t子\n马海阿芝\t配偶"
    table.setFocus(Qt.FocusReason.OtherFocusReason)


def test_a_read_only_record_shows_its_rows_and_no_empty_one(page, grid):
    fill_details(page, FAMILY, samples(FAMILY)[:1])
    grid.set_locked(locked=True)
    assert grid.model.rowCount() == 1
    assert not grid._remove.isVisible()
