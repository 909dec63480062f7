import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from tests.desktop.entering import CTRL, KEY, get, open_form
from tests.desktop.looking import shown, texts
from tests.desktop.typing import compose, focused, press, type_text
from union_desk.desktop import faults, ledger_acts, ledger_out
from union_desk.desktop.ledger_view import ERRORS, VOIDED
from union_desk.desktop.navigation import Route
from union_desk.desktop.reason_dialog import ReasonDialog
from union_desk.desktop.undo_notice import UndoNotice
from union_desk.excel import read_tables
from union_desk.store import records
from union_desk.store.context import context_at
from union_desk.taskpack.record import Record, new_uid

NAMES = ("陶瓷一厂", "陶瓷二厂", "茶叶公司", "青衣江水电", "沐川竹业")


def enterprise(n, name, **values):
    return {
        "name": name,
        "division": "511102",
        "econ_type": "170",
        "industry": "C",
        "employees": 10 * n,
        "members": n,
    } | values


@pytest.fixture
def office(own_desk):
    """A county office with five drafts, the third of them wrong."""
    desk = own_desk("county")
    store = desk.session.store
    context = context_at(store, "2012-08-31")
    with store.write() as transaction:
        for n, name in enumerate(NAMES, 1):
            values = enterprise(n, name)
            if n == 3:
                values["members"] = 99
            records.put_draft(
                transaction, Record("enterprise", new_uid(), values, period="2012M08"), context
            )
    return desk


@pytest.fixture
def ledger(office, settled):
    office.open(Route("ledger", form="enterprise"))
    settled()
    return office.page


def confirm_all(ledger):
    """Mark every row as confirmed, as a month's work would."""
    with ledger.session.store.write() as transaction:
        transaction.connection.exec_driver_sql(
            "UPDATE enterprise SET record_state = 'confirmed', rev = 1"
        )


def names(page):
    column = page.model.columns.index("name")
    return [page.model.index(row, column).data() for row in range(page.model.rowCount())]


def search(page, settled, qtbot, text):
    page.bar.search.setFocus()
    page.bar.search.selectAll()
    type_text(text)
    qtbot.waitUntil(lambda: page.wanted.search == text)
    settled()


# --- finding ------------------------------------------------------------------------------------


def test_the_newest_row_stands_first_with_its_name_in_front(ledger):
    assert names(ledger) == list(reversed(NAMES))
    assert ledger.model.columns[:2] == ("check", "name")
    assert ledger.model.columns[-1] == "state"


@pytest.mark.parametrize(
    ("typed", "found"), [("陶瓷", 2), ("茶", 1), ("tc", 2), ("qyj", 1), ("火星", 0)]
)
def test_search_finds_chinese_and_pinyin_initials(ledger, settled, qtbot, typed, found):
    """Requirement 11."""
    search(ledger, settled, qtbot, typed)
    assert ledger.model.rowCount() == found
    assert ledger.bar.chips[""].text() == f"全部 {found or 5}"


def test_half_a_word_in_an_input_method_searches_nothing(ledger, settled, qtbot):
    ledger.bar.search.setFocus()
    compose("tao")
    qtbot.wait(300)
    assert ledger.wanted.search == ""
    type_text("陶瓷")
    qtbot.waitUntil(lambda: ledger.wanted.search == "陶瓷")
    settled()


def test_chips_count_and_filter_states_and_drafts_with_errors(ledger, settled):
    assert ledger.bar.chips["draft"].text() == "草稿 5"
    assert ledger.bar.chips[ERRORS].text() == "有错误 1"
    assert not ledger.bar.chips["sent"].isVisible()
    ledger.bar.chips[ERRORS].click()
    settled()
    assert names(ledger) == ["茶叶公司"]
    assert ledger.model.shown(0).states == ("errors",)
    ledger.bar.chips[""].click()
    settled()
    assert ledger.model.rowCount() == 5


@pytest.mark.parametrize(
    ("asked", "chip"), [("drafts", "draft"), ("errors", ERRORS), ("returned", "returned")]
)
def test_a_tile_of_the_dashboard_leads_to_its_chip(office, settled, asked, chip):
    office.open(Route("ledger", form="enterprise", text=asked))
    settled()
    assert office.page.wanted.chip == chip
    assert office.page.bar.chips[chip].isChecked()


def test_one_period_at_a_time(ledger, settled):
    for title, count in (("2012年7月", 0), ("2012年8月", 5), ("全部时段", 5)):
        ledger.bar.period.setCurrentIndex(ledger.bar.period.findText(title))
        ledger.bar.period.activated.emit(ledger.bar.period.currentIndex())
        settled()
        assert ledger.model.rowCount() == count


def test_a_click_on_a_header_sorts_up_then_down_then_not_at_all(ledger, settled):
    column = ledger.model.columns.index("employees")
    for order, mark in (([1, 2, 3, 4, 5], "▲"), ([5, 4, 3, 2, 1], "▼"), ([5, 4, 3, 2, 1], "")):
        ledger.table.horizontalHeader().sectionClicked.emit(column)
        settled()
        assert names(ledger) == [NAMES[n - 1] for n in order]
        assert ledger.model.headerData(column, Qt.Orientation.Horizontal).endswith(mark)
    ledger.table.setFocus()
    ledger.table.setCurrentIndex(ledger.model.index(0, column))
    press(KEY.Key_S, Qt.KeyboardModifier.AltModifier)
    settled()
    assert names(ledger)[0] == NAMES[0]


def test_totals_add_up_what_is_shown(ledger, settled, qtbot):
    assert ledger.totals.text().startswith("共 5 条")
    assert "职工人数合计 150 人" in ledger.totals.text()
    search(ledger, settled, qtbot, "陶瓷")
    assert "职工人数合计 30 人" in ledger.totals.text()


# --- opening and going on -------------------------------------------------------------------------


def test_by_keyboard_from_the_search_to_a_record_and_back_to_its_row(
    ledger, office, settled, qtbot
):
    assert focused() is ledger.bar.search
    press(KEY.Key_Down)
    press(KEY.Key_Down)
    press(KEY.Key_Return)
    page = office.page
    assert page.entry.values["name"] == "青衣江水电"
    assert page.head.place.text() == "第 2 / 5 条"
    press(KEY.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert page.entry.values["name"] == "茶叶公司"
    press(KEY.Key_Escape)
    settled()
    assert office.page.table.currentIndex().row() == 2
    assert focused() is office.page.table


def test_the_form_goes_through_the_rows_as_the_search_left_them(ledger, office, settled, qtbot):
    search(ledger, settled, qtbot, "陶瓷")
    press(KEY.Key_Return)
    press(KEY.Key_Return)
    assert office.page.head.place.text() == "第 1 / 2 条"
    press(KEY.Key_Escape)
    settled()
    assert office.page.bar.search.text() == "陶瓷"
    assert office.page.model.rowCount() == 2


def test_ctrl_n_begins_a_record_and_ctrl_f_goes_to_the_search(ledger, office):
    ledger.table.setFocus()
    press(KEY.Key_F, CTRL)
    assert focused() is ledger.bar.search
    press(KEY.Key_N, CTRL)
    assert office.route.kind == "form"
    assert office.page.entry.new


def two_of(pack, level):
    """Return a form that a level enters, and one that it does not."""
    forms = [form for form in pack.top_forms if form.kind == "ledger"]
    return [
        next(form for form in forms if (level in form.writers) == writes)
        for writes in (True, False)
    ]


def test_every_empty_ledger_names_what_can_be_done_next(own_desk, settled):
    """Requirement 30: of a form that is entered here and of one that is not, leading on."""
    for level in ("grassroots", "county"):
        desk = own_desk(level)
        for form in two_of(desk.session.pack, level):
            desk.open(Route("ledger", form=form.id))
            settled()
            page = desk.page
            offered = [made.text() for made in shown(page.empty, QPushButton)]
            assert offered, (level, form.title)
            page.empty.first.click()
            settled()
            assert desk.page is not page, (level, form.title, offered)


# --- choosing, copying ------------------------------------------------------------------------------


def test_rows_are_chosen_by_space_by_mouse_and_all_at_once(ledger, qtbot):
    ledger.table.setFocus()
    press(KEY.Key_Space)
    assert ledger.picked.text() == "已选 1 条"
    box = ledger.table.visualRect(ledger.model.index(2, 0)).center()
    qtbot.mouseClick(
        ledger.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, box
    )
    assert ledger.picked.text() == "已选 2 条"
    assert ledger.pick_all.text() == "选全部 5 条"
    press(KEY.Key_A, CTRL)
    assert ledger.picked.text() == "已选全部 5 条"
    ledger.table.horizontalHeader().sectionClicked.emit(0)
    assert ledger.model.picked_count == 0


def test_ctrl_c_gives_a_block_that_a_spreadsheet_takes(ledger):
    ledger.table.setFocus()
    press(KEY.Key_Down)
    press(KEY.Key_C, CTRL)
    lines = QApplication.clipboard().text().split("\n")
    assert lines[0].split("\t")[0] == "单位名称"
    assert lines[1].split("\t")[0] == "青衣江水电"


def test_what_is_shown_is_saved_as_a_sheet(ledger, settled, qtbot, tmp_path):
    search(ledger, settled, qtbot, "陶瓷")
    ledger.out.write_sheet(tmp_path / "名册.xlsx")
    settled()
    (table,) = read_tables(tmp_path / "名册.xlsx")
    column = list(table.header).index("单位名称")
    assert [row[column] for row in table.rows] == ["陶瓷二厂", "陶瓷一厂"]


def test_only_the_chosen_records_are_saved_as_a_sheet(ledger, settled, tmp_path):
    ledger.model.pick([1, 3], on=True)
    assert ledger.sheet.isVisible()
    ledger.out.write_sheet(tmp_path / "所选.xlsx", ledger.model.picked_view())
    settled()
    (table,) = read_tables(tmp_path / "所选.xlsx")
    column = list(table.header).index("单位名称")
    shown = names(ledger)
    assert [row[column] for row in table.rows] == [shown[1], shown[3]]


def test_drafts_that_were_chosen_do_not_print(ledger, settled):
    ledger.table.setFocus()
    press(KEY.Key_Space)
    press(KEY.Key_P, CTRL)
    settled()
    (dialog,) = faults._shown
    assert "先确认" in dialog.accessibleDescription()
    assert "代码 R619" in texts(dialog)


def test_more_than_can_be_looked_over_are_not_changed_or_printed_at_once(ledger, monkeypatch):
    monkeypatch.setattr(ledger_acts, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(ledger_out, "MOST_ON_PAPER", 3)
    ledger.model.pick_all(on=True)
    for button, code in ((ledger.delete, "D741"), (ledger.edit, "D741"), (ledger.paper, "D742")):
        button.click()
        (dialog,) = faults._shown
        assert f"代码 {code}" in texts(dialog)
        dialog.accept()
    assert ledger.model.rowCount() == len(NAMES)


# --- deleting ---------------------------------------------------------------------------------------


def test_deleted_drafts_come_back_by_the_undo_of_the_notice(ledger, office, settled):
    """Requirement 13."""
    ledger.table.setFocus()
    press(KEY.Key_Delete)
    settled()
    assert names(ledger) == list(reversed(NAMES[:-1]))
    notice = office.window().findChild(UndoNotice)
    assert notice.accessibleName() == "已删除 1 条"
    notice.undo_button.click()
    settled()
    assert names(ledger) == list(reversed(NAMES))


def test_the_recycle_list_keeps_what_was_deleted_and_gives_it_back(ledger, settled):
    press(KEY.Key_Down)
    press(KEY.Key_A, CTRL)
    ledger.delete.click()
    settled()
    assert ledger.model.rowCount() == 0
    ledger.bar.chips[VOIDED].click()
    settled()
    assert ledger.model.rowCount() == 5
    assert ledger.model.shown(0).states == ("voided",)
    ledger.model.pick([0, 1], on=True)
    ledger.restore.click()
    settled()
    ledger.bar.chips[""].click()
    settled()
    assert ledger.model.rowCount() == 2


def test_confirmed_records_are_voided_with_a_reason_never_deleted(ledger, settled, qtbot):
    confirm_all(ledger)
    ledger.ask(ledger.wanted)
    settled()
    uid = ledger.model.shown(0).uid
    ledger.table.setFocus()
    press(KEY.Key_Delete)
    dialog = ledger.window().findChild(ReasonDialog)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    type_text("重复登记了")
    press(KEY.Key_Return)
    settled()
    record = get(ledger.session, "enterprise", uid)
    assert (record.deleted, record.rev) == (1, 2)
    assert ledger.model.rowCount() == 4


# --- nothing there ----------------------------------------------------------------------------------


def test_a_search_without_result_offers_to_register_what_was_sought(ledger, office, settled, qtbot):
    search(ledger, settled, qtbot, "新陶瓷三厂")
    assert ledger.empty.isVisible()
    assert ledger.bar.chips[""].text() == "全部 5"
    assert ledger._add.property("role") == "secondary", "one primary button a page"
    press(KEY.Key_Return)
    press(KEY.Key_Return)
    page = office.page
    assert page.entry.new
    assert page.entry.values["name"] == "新陶瓷三厂"


def test_a_form_never_used_says_what_to_do_and_one_of_another_level_who_fills_it(office, settled):
    office.open(Route("ledger", form="union_org"))
    settled()
    assert [made.text() for made in office.page.empty.findChildren(type(office.page.delete))][
        -1
    ] == "＋ 新增登记"
    office.open(Route("ledger", form="member"))
    settled()
    assert office.page.empty.first.text() == "去收件"
    assert not office.page._add.isVisible()


# --- many rows --------------------------------------------------------------------------------------


def test_only_the_blocks_in_sight_are_fetched(ledger, settled):
    store = ledger.session.store
    with store.write(bulk=True) as transaction:
        connection = transaction.connection
        columns = [
            c.name
            for c in store.tables.form["enterprise"].columns
            if c.name not in ("rowid", "uid")
        ]
        listed = ", ".join(f'"{name}"' for name in columns)
        connection.exec_driver_sql(
            f"INSERT INTO enterprise (uid, {listed}) SELECT hex(randomblob(16)), {listed} FROM enterprise, "
            "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n)"
        )
    ledger.ask(ledger.wanted)
    settled()
    assert ledger.model.rowCount() == 5005
    ledger.table.scrollToBottom()
    QApplication.processEvents()
    assert len(ledger.model._blocks) <= 3
    assert ledger.model.index(5004, 1).data() == NAMES[0]


def test_a_record_of_the_ledger_is_masked_and_a_late_answer_is_dropped(ledger, settled):
    first, second = ledger.wanted, type(ledger.wanted)("enterprise", search="茶")
    ledger.ask(first)
    ledger.ask(second)
    settled()
    assert names(ledger) == ["茶叶公司"]
    page = open_form(ledger.window(), "enterprise")
    assert page.entry.new
