import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.desktop.entering import (
    CTRL,
    KEY,
    SHIFT,
    confirm,
    fill,
    get,
    go_to,
    open_form,
    samples,
    shown_errors,
)
from tests.desktop.typing import compose, focused, press, replace_text, type_text
from union_desk.desktop.clear_dialog import ClearDialog
from union_desk.desktop.explain_box import ReasonLine
from union_desk.desktop.form_saver import AFTER
from union_desk.desktop.reason_dialog import ReasonDialog
from union_desk.desktop.undo_notice import SECONDS, UndoNotice
from union_desk.store import drafts, records

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def grassroots(own_desk):
    return own_desk("grassroots")


@pytest.fixture
def sheet(grassroots):
    return open_form(grassroots, "unit_profile")


@pytest.fixture
def member(grassroots):
    return open_form(grassroots, "member")


def put(page, **texts):
    """Type into fields one after the other, leaving each by Enter."""
    for name, text in texts.items():
        go_to(page, name)
        replace_text(text)
        press(KEY.Key_Return)


def wrong_number(page):
    go_to(page, "covered_units")
    type_text("一百二")
    press(KEY.Key_Return, SHIFT)


def kept(page):
    """Return what table draft holds of the record on the page."""
    with page.session.store.read() as connection:
        return drafts.load_draft(connection, page.entry.base.uid)


def confirmed_member(page, settled, tmp_path, number=0):
    fill(page, samples("member")[number], tmp_path)
    confirm(page, settled)
    assert page.entry.base.record_state == "confirmed"
    return page.entry.base.uid


# --- findings -----------------------------------------------------------------------------------


def test_an_error_stands_under_its_field_once_the_focus_leaves_and_in_the_strip(sheet):
    """Requirement 5."""
    go_to(sheet, "covered_units")
    type_text("一百二")
    assert shown_errors(sheet) == {}
    press(KEY.Key_Return, SHIFT)
    assert list(shown_errors(sheet)) == ["covered_units"]
    assert "阿拉伯数字" in shown_errors(sheet)["covered_units"][0]
    assert sheet.strip.isVisible()
    assert sheet.strip.count.text() == "1 处需要更正"
    assert sheet.body.editor("covered_units").property("state") == "error"
    assert "阿拉伯数字" in sheet.body.editor("covered_units").accessibleDescription()


def test_an_error_goes_as_soon_as_it_no_longer_holds(sheet):
    wrong_number(sheet)
    go_to(sheet, "covered_units")
    replace_text("12")
    assert shown_errors(sheet) == {}
    assert not sheet.strip.isVisible()


def test_a_rule_over_two_fields_runs_again_when_either_changes(sheet):
    """Requirement 7, with the figures in the sentence."""
    put(sheet, employees="118", members="126")
    assert "期末会员人数 126，期末职工人数 118" in " ".join(shown_errors(sheet)["members"])
    go_to(sheet, "employees")
    replace_text("130")
    assert not any("126" in words for lines in shown_errors(sheet).values() for words in lines)


def test_an_empty_required_field_is_told_when_its_section_is_left_not_before(sheet):
    go_to(sheet, "covered_units")
    press(KEY.Key_Return, SHIFT)
    assert shown_errors(sheet) == {}
    go_to(sheet, "group_count")
    first = sheet.body.cards[0].section.fields
    assert set(shown_errors(sheet)) >= {
        name for name in first if not sheet.entry.filled(sheet.form.by_id[name])
    }
    assert "group_count" not in shown_errors(sheet)


def test_the_strip_and_f8_lead_to_the_fields(sheet, qtbot):
    press(KEY.Key_Return, CTRL)
    spots = sheet.strip.spots
    assert sheet.body.has_focus() == spots[0].where[2]
    press(KEY.Key_F8)
    assert sheet.body.has_focus() == spots[1].where[2]
    press(KEY.Key_F8, SHIFT)
    press(KEY.Key_F8, SHIFT)
    assert sheet.body.has_focus() == spots[-1].where[2]
    link = next(made for made in sheet.strip._made if made.isVisible())
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert sheet.body.has_focus() == spots[0].where[2]


def test_the_contents_count_errors_and_tick_what_is_filled(sheet):
    wrong_number(sheet)
    assert "1 处需要更正" in sheet.side.rows[0].accessibleName()
    put(sheet, employees="10", women_employees="5", migrant_employees="1")
    assert "已填完" in sheet.side.rows[1].accessibleName()


def test_the_field_with_the_focus_is_in_sight_with_its_line(sheet, qtbot):
    for name in sheet.body.stops():
        go_to(sheet, name)
        QApplication.processEvents()
        cell, view = sheet.body.cells[name], sheet.body.viewport()
        top = cell.mapTo(view, cell.rect().topLeft()).y()
        assert top >= 0, name
        assert top + cell.height() <= view.height() + 1, name


def test_nothing_is_checked_while_an_input_method_composes(sheet):
    wrong_number(sheet)
    go_to(sheet, "covered_units")
    press(KEY.Key_End)
    compose("12")
    assert "covered_units" in shown_errors(sheet)
    press(KEY.Key_Return, CTRL)
    assert sheet.typing.findings.checked is False
    type_text("十")


# --- drafts -------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_within_two_seconds_without_leaving_the_field(sheet, settled, qtbot):
    """Requirement 4; typing on and on does not put it off."""
    assert AFTER < 2000
    go_to(sheet, "covered_units")
    type_text("12")
    qtbot.waitUntil(lambda: kept(sheet) is not None, timeout=5000)
    assert kept(sheet).fields == {"covered_units": "12"}
    assert kept(sheet).open
    qtbot.waitUntil(lambda: "草稿已自动保存" in sheet.head.saved.text())


def test_leaving_a_field_keeps_it_at_once_also_what_does_not_parse(sheet, settled):
    put(sheet, covered_units="一百二")
    settled()
    assert kept(sheet).fields == {"covered_units": "一百二"}


def test_after_a_crash_the_ledger_offers_what_was_being_typed_and_it_comes_back(
    sheet, settled, grassroots
):
    put(sheet, covered_units="一百二", employees="118")
    settled()
    uid = sheet.entry.base.uid
    sheet.access = type(sheet.access)(writes=False)  # the program dies: nothing is left in order
    grassroots.open(type(sheet.route)("ledger", form="unit_profile"))
    settled()
    ledger = grassroots.page
    assert "找回 1 条草稿" in ledger.notice.words
    ledger.notice.first_button().click()
    page = grassroots.page
    assert page.entry.base.uid == uid
    assert page.body.editor("covered_units").text() == "一百二"
    assert page.entry.values["employees"] == 118
    page.leaving()
    assert not kept(page).open


def test_a_form_that_was_only_looked_at_leaves_nothing_behind(sheet, settled):
    sheet.go_back()
    settled()
    with sheet.session.store.read() as connection:
        assert drafts.load_drafts(connection) == ()
        assert (
            records.lookup(
                connection, sheet.session.store.tables, "unit_profile", sheet.entry.base.uid
            )
            is None
        )


def test_leaving_a_new_record_saves_it_as_a_draft_row_and_keeps_the_unreadable_text(
    sheet, settled, grassroots
):
    put(sheet, employees="118", covered_units="一百二")
    settled()
    uid = sheet.entry.base.uid
    press(KEY.Key_Escape)
    settled()
    assert grassroots.route.kind == "ledger"
    record = get(grassroots.session, "unit_profile", uid)
    assert (record.record_state, record.values["employees"], record.values["covered_units"]) == (
        "draft",
        118,
        None,
    )
    page = open_form(grassroots, "unit_profile", uid)
    assert page.body.editor("covered_units").text() == "一百二"


def test_ctrl_s_saves_and_says_when(sheet, settled):
    put(sheet, employees="118")
    press(KEY.Key_S, CTRL)
    settled()
    assert sheet.head.saved.text().startswith("草稿已存")
    assert get(sheet.session, "unit_profile", sheet.entry.base.uid).values["employees"] == 118
    assert kept(sheet) is None
    assert not sheet.entry.dirty


def test_a_second_form_of_a_sheet_opens_the_one_there_is(sheet, settled, grassroots):
    put(sheet, employees="118")
    press(KEY.Key_S, CTRL)
    settled()
    assert open_form(grassroots, "unit_profile").entry.base.uid == sheet.entry.base.uid


# --- skipping, computing, prefilling -----------------------------------------------------------


def test_an_id_number_fills_birth_date_and_sex_into_empty_fields_only(member):
    put(member, name="苏小雨", person_id="511197197002143126")
    assert member.entry.values["birth_date"] == "1970-02-14"
    assert member.body.editor("gender").text() == "女"
    assert "带出" in member.body.cells["gender"]._note
    put(member, gender="1")
    put(member, person_id="511197196610083257")
    assert member.entry.values["gender"] == "1"


def test_a_field_that_is_not_asked_for_is_hidden_and_out_of_the_way(member):
    assert "id_missing" in member.body.stops()
    put(member, person_id="511197197002143126")
    assert "id_missing" not in member.body.stops()
    assert member.body.cells["id_missing"].isHidden()


def test_a_number_and_the_reason_why_it_is_missing_share_one_place_that_stays(member, settled):
    """Requirement 37: one question, of the number or of the reason."""
    number, reason = member.body.cells["person_id"], member.body.cells["id_missing"]
    after = member.body.cells["gender"]
    for narrow in (False, True):
        member.body.set_narrow(narrow=narrow)
        settled()
        assert number.y() == reason.y()
        assert 0 < reason.x() - number.geometry().right() < 60
        assert number.editor.accessibleName() == "居民身份证号"
    member.body.set_narrow(narrow=False)
    settled()
    assert reason.editor.placeholderText() == "没有号码时选原因"
    before = after.geometry()
    put(member, person_id="511197197002143126")
    settled()
    assert reason.isHidden()
    assert after.geometry().topLeft() == before.topLeft()


def clearing(page):
    put(page, id_missing="1")
    go_to(page, "person_id")
    replace_text("511197197002143126")
    press(KEY.Key_Return)
    return next(iter(page.window().findChildren(ClearDialog)))


def test_before_values_are_cleared_they_are_listed_and_undo_brings_them_back(member, qtbot):
    """Requirement 26."""
    dialog = clearing(member)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    assert "证件号暂缺(原因)" in " ".join(
        made.text() for made in dialog.findChildren(type(member.head.title))
    )
    press(KEY.Key_Return)
    assert member.entry.values["id_missing"] is None
    assert member.entry.values["person_id"] == "511197197002143126"
    member.window().activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is member.window())
    go_to(member, "name")
    press(KEY.Key_Z, CTRL)
    assert member.entry.values["id_missing"] == "1"
    assert member.entry.values["person_id"] is None
    press(KEY.Key_Y, CTRL)
    assert member.entry.values["id_missing"] is None


def test_not_clearing_puts_the_answer_back(member, qtbot):
    dialog = clearing(member)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    press(KEY.Key_Escape)
    assert member.entry.values["id_missing"] == "1"
    assert member.entry.values["person_id"] is None
    assert member.body.editor("person_id").text() == ""


def test_a_computed_field_follows_and_takes_no_typing(grassroots):
    page = open_form(grassroots, "hardship")
    put(page, family_size="2")
    go_to(page, "family_income")
    type_text("14000")
    assert page.body.editor("income_pc").text() == "583.33"
    assert page.body.editor("income_pc").isReadOnly()
    assert "income_pc" not in page.body.stops()
    assert page.body.cells["income_pc"]._tag == "自动计算"


def test_what_a_level_above_decides_is_locked_below(grassroots):
    page = open_form(grassroots, "hardship")
    assert page.body.editor("approval").isReadOnly()
    assert page.body.cells["approval"]._tag == "由上级确定"
    go_to(page, "file_state")
    press(KEY.Key_F4)
    offered = [option.words for option in page.body.editor("file_state")._list._options]
    assert offered
    assert "不符合条件注销" not in offered


def test_a_new_sheet_begins_with_the_last_one_and_the_unit(grassroots, settled, tmp_path):
    page = open_form(grassroots, "unit_profile")
    page.head.period.setCurrentIndex(page.head.period.findText("2012年第二季度"))
    page.head.period.activated.emit(page.head.period.currentIndex())
    fill(page, samples("unit_profile")[0], tmp_path)
    confirm(page, settled)
    members = page.entry.base.values["members"]
    assert page.entry.base.period == "2012Q2"
    page.head.period.setCurrentIndex(page.head.period.findText("2012年第三季度"))
    page.head.period.activated.emit(page.head.period.currentIndex())
    assert page.entry.new
    assert page.entry.values["members_begin"] == members
    assert page.body.cells["members_begin"]._note == "由上期（2012年第二季度）带出"
    assert not page.entry.dirty


# --- undo, copying, going on -------------------------------------------------------------------


def test_ctrl_z_steps_back_through_the_fields_of_this_visit(sheet):
    put(sheet, employees="118", women_employees="50")
    go_to(sheet, "members")
    press(KEY.Key_Z, CTRL)
    assert sheet.entry.values["women_employees"] is None
    assert sheet.entry.values["employees"] == 118
    press(KEY.Key_Z, CTRL)
    assert sheet.entry.values["employees"] is None
    press(KEY.Key_Y, CTRL)
    press(KEY.Key_Y, CTRL)
    assert (sheet.entry.values["employees"], sheet.entry.values["women_employees"]) == (118, 50)


def test_putting_the_record_back_is_one_step_that_can_be_undone(sheet):
    put(sheet, employees="118", women_employees="50")
    sheet.typing.start_over()
    assert sheet.entry.values["employees"] is None
    assert not sheet.entry.dirty
    sheet.typing.undo()
    assert (sheet.entry.values["employees"], sheet.entry.values["women_employees"]) == (118, 50)


def test_save_and_another_and_ctrl_d_take_the_value_of_the_record_before(member, settled):
    put(member, name="苏小雨", post="车工")
    press(KEY.Key_Return, CTRL | SHIFT)
    settled()
    assert member.entry.new
    assert member.body.has_focus() == member.body.stops()[0]
    go_to(member, "post")
    assert member.side.others() == ["车工"]
    press(KEY.Key_D, CTRL)
    assert member.entry.values["post"] == "车工"
    assert member.body.cells["post"]._note == "与上一条相同"


def test_alt_digit_goes_to_a_section_and_alt_arrows_to_other_records(grassroots, settled):
    page = open_form(grassroots, "member")
    uids = []
    for name in ("苏小雨", "马海日铁"):
        put(page, name=name)
        press(KEY.Key_S, CTRL)
        settled()
        uids.append(page.entry.base.uid)
        press(KEY.Key_N, CTRL)
    page = open_form(grassroots, "member", uids[0], order=tuple(uids))
    assert page.head.place.text() == "第 1 / 2 条"
    press(KEY.Key_3, ALT)
    assert page.body.current_section() == 2
    press(KEY.Key_Down, ALT)
    assert page.entry.base.uid == uids[1]
    assert not page.head.down.isEnabled()
    press(KEY.Key_Up, ALT)
    assert page.entry.base.uid == uids[0]


def test_f1_shows_the_help_of_the_field(sheet):
    go_to(sheet, "members")
    assert "期末会员人数" in sheet.side._field.text()
    assert sheet.side._help.text() == sheet.form.by_id["members"].help


def test_enter_in_the_last_field_reaches_the_primary_button_unpressed(member):
    go_to(member, "move_to")
    press(KEY.Key_Return)
    assert member.body.has_focus() == "remark"
    member.body.finished.emit()
    assert focused() is member.foot.confirm_button
    assert member.typing.findings.checked is False


# --- confirming --------------------------------------------------------------------------------


def test_errors_never_block_a_draft_only_confirming(sheet, settled):
    """Requirement 6."""
    put(sheet, employees="118", members="126")
    press(KEY.Key_S, CTRL)
    settled()
    press(KEY.Key_Return, CTRL)
    settled()
    assert get(sheet.session, "unit_profile", sheet.entry.base.uid).record_state == "draft"
    assert sheet.body.has_focus() == sheet.strip.spots[0].where[2]
    assert sheet.head.pill._states == ("errors",)


def test_a_warning_is_explained_in_place_with_a_common_reason_and_then_confirms(
    sheet, settled, tmp_path, qtbot
):
    row = samples("unit_profile")[0] | {"women_committee": "0"}
    if int(row["women_members"]) < 10:
        row |= {"women_members": "10", "women_employees": "20"}
    fill(sheet, row, tmp_path)
    press(KEY.Key_Return, CTRL)
    settled()
    assert isinstance(focused(), ReasonLine)
    cell = sheet.body.cells["women_committee"]
    chips = [made.text() for made in cell.box._chips.items()]
    assert chips == ["正在筹建", "由上级女职工委员会代行"]
    type_text("无")
    press(KEY.Key_Return)
    assert isinstance(focused(), ReasonLine), "three signs explain nothing"
    qtbot.mouseClick(cell.box._chips.items()[0], Qt.MouseButton.LeftButton)
    assert cell.lines[0].level == "explained"
    confirm(sheet, settled)
    record = get(sheet.session, "unit_profile", sheet.entry.base.uid)
    assert record.record_state == "confirmed"
    assert "已说明：正在筹建" in shown_errors(sheet)["women_committee"][0]


def test_an_explanation_holds_only_for_its_figures(sheet, settled, tmp_path):
    row = samples("unit_profile")[0] | {
        "women_committee": "0",
        "women_members": "10",
        "women_employees": "20",
    }
    fill(sheet, row, tmp_path)
    confirm(sheet, settled)
    assert sheet.body.cells["women_committee"].lines[0].level == "explained"
    put(sheet, women_members="11")
    assert sheet.body.cells["women_committee"].lines[0].level == "warning"


def test_confirming_says_into_which_period_and_enter_begins_the_next(member, settled, tmp_path):
    uid = confirmed_member(member, settled, tmp_path)
    assert member.notice.words == "已确认，记入2012年8月。"
    press(KEY.Key_Return)
    assert member.entry.new
    assert member.entry.base.uid != uid
    assert member.body.has_focus() == member.body.stops()[0]


def test_a_confirmed_record_changes_only_by_confirming_again(member, settled, tmp_path, grassroots):
    uid = confirmed_member(member, settled, tmp_path)
    put(member, post="钳工")
    settled()
    assert member.notice.words.startswith("修改中")
    assert member.head.pill._states == ("confirmed", "editing")
    assert get(member.session, "member", uid).values["post"] != "钳工"
    press(KEY.Key_Escape)
    settled()
    page = open_form(grassroots, "member", uid)
    assert page.body.editor("post").text() == "钳工"
    confirm(page, settled)
    record = get(page.session, "member", uid)
    assert (record.values["post"], record.rev) == ("钳工", 2)
    assert kept(page) is None


def test_dropping_the_edit_can_be_undone(member, settled, tmp_path):
    confirmed_member(member, settled, tmp_path)
    put(member, post="钳工")
    settled()
    member.acts.drop_edit()
    settled()
    assert member.body.editor("post").text() != "钳工"
    notice = member.window().findChild(UndoNotice)
    assert SECONDS >= 10
    notice.undo_button.click()
    settled()
    assert member.body.editor("post").text() == "钳工"


def test_a_sent_record_is_corrected_with_a_reason(member, settled, tmp_path, grassroots):
    uid = confirmed_member(member, settled, tmp_path)
    with member.session.store.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE member SET record_state = 'sent'")
    page = open_form(grassroots, "member", uid)
    assert page.notice.words == "已报送，不能直接修改；可做更正。"
    assert page.body.stops() == []
    page.unlock()
    put(page, post="钳工")
    press(KEY.Key_Return, CTRL)
    settled()
    assert focused() is page.notice.reason
    type_text("电话退回")
    confirm(page, settled)
    record = get(page.session, "member", uid)
    assert (record.values["post"], record.rev, record.record_state) == ("钳工", 2, "confirmed")


def test_deleting_a_draft_has_an_undo(member, settled, grassroots):
    put(member, name="苏小雨")
    press(KEY.Key_S, CTRL)
    settled()
    uid = member.entry.base.uid
    member.acts.delete()
    settled()
    assert grassroots.route.kind == "ledger"
    assert get(grassroots.session, "member", uid).deleted
    grassroots.window().findChild(UndoNotice).undo_button.click()
    settled()
    assert not get(grassroots.session, "member", uid).deleted


def test_voiding_a_confirmed_record_asks_why(member, settled, tmp_path, qtbot, grassroots):
    uid = confirmed_member(member, settled, tmp_path)
    member.acts.ask_void()
    dialog = member.window().findChild(ReasonDialog)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    type_text("重复")
    press(KEY.Key_Return)
    assert dialog.isVisible()
    replace_text("重复登记了")
    press(KEY.Key_Return)
    settled()
    assert get(grassroots.session, "member", uid).deleted
    page = open_form(grassroots, "member", uid)
    assert page.head.pill._states == ("voided",)
    page.acts.restore()
    settled()
    assert not get(page.session, "member", uid).deleted


def test_a_form_of_another_level_is_read_only_and_says_who_fills_it(grassroots):
    page = open_form(grassroots, "enterprise")
    assert page.body.stops() == []
    assert "这里只能查看" in page.notice.words
    assert not page.foot.confirm_button.isVisible()


def test_a_cross_form_warning_asks_for_its_reason_too(own_desk, settled, tmp_path):
    page = open_form(own_desk("county"), "union_org")
    fill(page, next(row for row in samples("union_org") if row["union_kind"] == "2"), tmp_path)
    confirm(page, settled)
    assert page.entry.base.record_state == "confirmed"
    assert "X05" in page.entry.notes


def test_a_new_row_of_the_register_is_entered_from_the_reference(member, grassroots, settled):
    member.body.register.emit("enterprise", "新厂")
    settled()
    assert (grassroots.route.form, grassroots.route.text) == ("enterprise", "新厂")
