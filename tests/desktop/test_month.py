"""办理本月: six steps, each says what it lacks; nil statements and explanations in one act."""

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from tests.desktop.looking import faults_of
from tests.desktop.typing import press
from tests.store.offices import put
from union_desk.desktop import theme
from union_desk.desktop.month_figures import Month, periods_of
from union_desk.desktop.month_page import CHECKS, NIL, PENDING, SEND
from union_desk.desktop.month_steps import deadline, steps
from union_desk.desktop.navigation import Route
from union_desk.desktop.undo_notice import UndoNotice
from union_desk.store import pending
from union_desk.store.filings import Filing
from union_desk.store.full_check import RuleFindings
from union_desk.taskpack.period import Period

AUGUST = Period.parse("2012M08")


def month(pack, **changes):
    form = pack.top_forms[3].id
    filing = Filing("511102400017", form, AUGUST.id, "must", "2012-09-05")
    plain = Month(AUGUST, "2012-09-05", 5, False, (filing,), {}, {}, receiver="市中区总工会")
    return dataclasses.replace(plain, **changes)


def filed(item, state, sent_date="2012-09-03"):
    return dataclasses.replace(item, state=state, sent_date=sent_date)


def test_a_month_takes_in_the_quarter_and_the_year_that_end_with_it(pack):
    assert [one.id for one in periods_of(pack, AUGUST)] == ["2012M08"]
    ids = [one.id for one in periods_of(pack, Period.parse("2012M09"))]
    assert ids[:2] == ["2012M09", "2012Q3"]


def test_the_due_date_is_red_with_words_from_three_days_on(pack):
    """Colour is never the only signal."""
    assert deadline(month(pack)) == ("9 月 5 日截止，还剩 5 天", "note")
    assert deadline(month(pack, left=3)) == ("9 月 5 日截止，还剩 3 天", "error")
    assert deadline(month(pack, left=0)) == ("9 月 5 日，今天截止", "error")
    assert deadline(month(pack, left=-2)) == ("9 月 5 日截止，已过期 2 天", "error")
    assert deadline(month(pack, closed=True))[0].startswith("这一期已结账")
    assert deadline(month(pack, owed=())) == ("这一期没有要报的表", "note")


def test_an_owed_form_without_a_record_waits_for_a_statement(pack):
    step = steps(month(pack), pack, ())[NIL - 1]
    assert (step.done, step.action) == (False, "其余 1 张表本期无发生")
    assert pack.top_forms[3].title in step.words


def test_a_draft_is_a_record_its_form_is_not_offered_as_nil(pack):
    form = pack.top_forms[3].id
    step = steps(month(pack, there={(form, AUGUST.id): {"draft": 1}}), pack, ())[NIL - 1]
    assert (step.done, step.words) == (True, "要报的表都有记录")


def test_loose_ends_stay_on_the_list_and_hold_nobody_up(pack):
    """Requirement 37."""
    form = pack.top_forms[3].id
    step = steps(month(pack, pending={"unlinked": {form: ["a", "b"]}}), pack, ())[PENDING - 1]
    assert (step.done, step.words, step.action) == (True, "待关联 2 条", "去补")
    step = steps(month(pack, pending={"returned": {form: ["a"]}}), pack, ())[PENDING - 1]
    assert (step.done, step.tone) == (False, "warn")


def test_findings_are_counted_by_what_is_to_be_done(pack):
    form = pack.top_forms[3].id
    rules = (
        RuleFindings(form, "a", "error", "甲", (), (None,) * 2),
        RuleFindings(form, "b", "warning", "乙", (), (None,)),
    )
    assert steps(month(pack), pack, rules)[CHECKS - 1].words == "2 处错误要更正，1 处警告要说明"
    assert steps(month(pack), pack, None)[CHECKS - 1].words == "正在检查全部记录…"
    assert steps(month(pack), pack, ())[CHECKS - 1].done


def test_a_draft_with_an_error_leaves_the_full_check_open(pack):
    """The navigation counts it in red: no green tick beside it."""
    step = steps(month(pack, wrong=1), pack, ())[CHECKS - 1]
    assert (step.done, step.tone) == (False, "warn")
    assert step.words == "已确认的记录没有问题；草稿 1 条有错误，见①"


def test_what_goes_along_with_the_records_is_not_counted_as_records(pack):
    step = steps(month(pack, due_rows=141, attached=96), pack, ())[SEND - 1]
    assert step.words == "待报送 45 条记录，附说明等 96 条，交给市中区总工会"


def test_only_a_receipt_says_received(pack):
    owed = month(pack).owed
    written = month(pack, owed=(filed(owed[0], "sent"),), unreceipted=1)
    assert steps(written, pack, ())[SEND - 1].words == "已写出，1 个文件还没有回执"
    received = month(pack, owed=(filed(owed[0], "received"),))
    step = steps(received, pack, ())[SEND - 1]
    assert (step.words, step.tone) == ("市中区总工会已收，回执 9 月 3 日", "ok")
    again = month(pack, owed=(filed(owed[0], "received"),), due_rows=2)
    assert not steps(again, pack, ())[SEND - 1].done


@pytest.fixture
def page(own_desk, settled):
    desk = own_desk("grassroots")
    desk.open(Route("dashboard"))
    settled()
    return desk.page


def card(page, number):
    return page.cards[number - 1]


def primaries(page):
    return [one for one in page.findChildren(QPushButton)
            if one.property("role") == "primary" and one.isVisibleTo(page)]  # fmt: skip


def test_it_is_the_first_page_at_grassroots_with_the_targets_beside_it(page):
    """Requirement 31."""
    assert [title for title, _ in page.tabs()] == ["办理本月", "目标进度", "趋势"]
    assert page.name.text() == "2012年8月"


def test_one_click_states_that_nothing_happened_and_one_takes_it_back(page, settled):
    first = card(page, NIL)
    assert primaries(page) == [first.button]
    assert first.button.hasFocus()
    count = len(page.month.missing)
    press(Qt.Key.Key_Space)
    settled()
    assert first.step.done
    assert first.step.words == f"已作零报 {count} 张表"
    assert page.month.due_rows == count
    page.window().findChild(UndoNotice).take_back()
    settled()
    assert len(page.month.missing) == count


def test_a_warning_is_explained_once_for_all_records_of_its_rule(page, settled):
    """Requirement 6."""
    store = page.session.store
    put(store, "hardship", reason="样本说明")
    put(store, "visit", reason="样本说明")
    with store.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE check_note SET deleted = 1")
    page.entered()
    settled()
    rows = card(page, CHECKS)._body.rows
    row = next(one for one in rows if one.rule.level == "warning")
    row.explain.click()
    row.box.line.setText("已逐条核对原件")
    row.box.take()
    settled()
    assert row.rule.code not in {rule.code for rule in page.rules}


def test_tab_goes_through_the_cards_as_they_are_read(page, settled):
    store = page.session.store
    put(store, "hardship", reason="样本说明", drafts=True)
    with store.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE hardship SET record_state = 'returned'")
    page.entered()
    settled()
    stops = [stop for one in page.cards for stop in one.stops()]
    assert len(stops) > len(page.cards)
    here, met = stops[0], []
    while len(met) < len(stops):
        if here in stops:
            met.append(here)
        here = here.nextInFocusChain()
    assert met == stops


def test_what_is_begun_opens_from_the_list_and_the_way_back_leads_here(page, settled, pack):
    store = page.session.store
    put(store, "hardship", reason="样本说明", drafts=True)
    with store.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE hardship SET record_state = 'returned'")
    page.entered()
    settled()
    assert card(page, PENDING).step.words.startswith("被退回 8 条")
    desk = page.window()
    card(page, PENDING).button.click()
    settled()
    assert desk.route.kind == "form"
    assert desk.page.list.count == 8
    assert desk.page.head.back_button.text() == "工作台"
    desk.page.go_back()
    settled()
    assert desk.route == Route("dashboard")


def test_what_is_begun_in_several_forms_comes_one_after_another(page, settled):
    store = page.session.store
    put(store, "hardship", reason="样本说明", drafts=True)
    put(store, "visit", reason="样本说明", drafts=True)
    with store.write() as transaction:
        for name in ("hardship", "visit"):
            transaction.connection.exec_driver_sql(f"UPDATE {name} SET record_state = 'draft'")
    page.entered()
    settled()
    count = sum(map(len, page.month.pending["draft"].values()))
    desk = page.window()
    card(page, PENDING).button.click()
    settled()
    first = desk.page.form.id
    assert desk.page.list.count == count
    while desk.page.form.id == first:
        desk.page.acts.neighbour(1)
        settled()
    assert desk.page.list.number == len(drafts_of(store, first)) + 1
    desk.page.acts.neighbour(-1)
    settled()
    assert desk.page.form.id == first


def drafts_of(store, form):
    with store.read() as connection:
        return pending.uids(connection, store)["draft"][form]


def test_a_closed_month_can_be_looked_at_and_nothing_done(page, settled):
    from union_desk.store import periods

    with page.session.store.write() as transaction:
        periods.close(transaction, AUGUST.id)
    page.session.choose(AUGUST)
    page.entered()
    settled()
    assert "已结账" in page.deadline.text()
    assert not any(one.button.isEnabled() for one in page.cards)


@pytest.mark.parametrize("look", ["light-standard", "dark-largest"])
def test_the_month_looks_well(look, window, sample_desk, settled, dressed):
    """Requirements 21, 22, 23."""
    scheme, size = look.split("-")
    theme.apply(dressed, scheme, theme.SIZES[size] / theme.BASE_SIZE)
    sample_desk("grassroots")
    settled()
    window.grab()
    assert faults_of(window) == {}
    least = window.minimumSizeHint()
    assert (least.width() <= 1366, least.height() <= 700) == (True, True), least
