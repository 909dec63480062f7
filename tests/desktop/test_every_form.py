"""Questions asked of every form of the package: the way through it, and what comes back."""

import pytest
from PySide6.QtWidgets import QApplication

from tests.desktop.entering import (
    CTRL,
    KEY,
    SHIFT,
    confirm,
    fill,
    fill_details,
    get,
    level_of,
    open_form,
    rows_below,
    samples,
    shown_errors,
)
from tests.desktop.typing import focused, press
from union_desk import resources
from union_desk.desktop import form_access
from union_desk.taskpack.field_types import Hints, Unreadable, columns, parse
from union_desk.taskpack.load import load

PACK = load(resources.taskpacks() / "lszgh-2012-55")
FORMS = [form.id for form in PACK.top_forms]


@pytest.fixture(params=FORMS)
def page(request, desk_of):
    """A new record of each form, in an office that writes it."""
    form = PACK.forms[request.param]
    return open_form(desk_of(level_of(form)), form.id)


def asked(page):
    """Return the fields a clerk of this level types, in the order of the paper."""
    names = [name for card in page.body.cards for name in card.section.fields]
    hidden = page.entry.hidden()
    level = page.session.level
    return [
        name
        for name in names
        if name not in hidden and not form_access.why_locked(page.form.by_id[name], level)
    ]


def where(page):
    return page.body.has_focus()


def test_tab_and_enter_reach_every_field_in_reading_order(page):
    """Requirements 2 and 3."""
    wanted = [*asked(page), *page.body.grids]
    assert sorted(page.form.by_id) == sorted(page.body.cells), "every field has a place"
    for name, cell in page.body.cells.items():
        assert cell.editor.accessibleName().startswith(page.form.by_id[name].label)
    page.focus_on(page.first_focus())
    by_tab = [where(page)]
    while by_tab[-1] not in page.body.grids and len(by_tab) < len(wanted):
        press(KEY.Key_Tab)
        by_tab.append(where(page))
    assert by_tab == wanted[: len(by_tab)]
    back = list(reversed(by_tab[:-1]))
    for name in back:
        press(KEY.Key_Tab, SHIFT)
        assert where(page) == name
    by_enter = [where(page)]
    for _ in wanted:
        if by_enter[-1] in page.body.grids:
            break
        long = page.form.by_id[by_enter[-1]].type == "longtext"
        press(KEY.Key_Tab if long else KEY.Key_Return)
        if where(page) is None:
            break
        by_enter.append(where(page))
    if where(page) is None and not long:
        assert focused() is page.foot.confirm_button
    assert by_enter == wanted[: len(by_enter)]
    assert set(wanted) - set(by_enter) <= set(list(page.body.grids)[1:])


def expected(form, row, names):
    """Return what the typed fields of a sample row are to be kept as."""
    hints = Hints(year=PACK.year, today="2012-08-31", pack=PACK)
    found = {}
    for name in names:
        item = form.by_id[name]
        text = row.get(name) or ""
        if item.type == "ref":
            found[columns(item)[1]] = text or None
        elif item.type != "attach":
            value = parse(item, text, hints)
            assert not isinstance(value, Unreadable), (name, text)
            found[name] = value
    return found


def test_a_record_typed_by_keyboard_saved_and_reopened_is_what_the_store_gives(
    page, settled, tmp_path
):
    form, session = page.form, page.session
    row = samples(form.id)[0]
    typed = fill(page, row, tmp_path)
    details = {name: rows_below(PACK, form, row, name) for name in form.details}
    for name, rows in details.items():
        fill_details(page, name, rows)
    assert set(asked(page)) <= set(typed)
    press(KEY.Key_S, CTRL)
    settled()
    uid = page.entry.base.uid
    assert page.entry.unreadable == {}
    record = get(session, form.id, uid)
    assert record.record_state == "draft"
    kept = expected(form, row, [name for name in asked(page) if row.get(name)])
    assert {name: record.values[name] for name in kept} == kept
    for item in form.fields:
        if item.type == "attach" and item.id in typed and row.get(item.id):
            assert record.values[item.id]
    for name, rows in details.items():
        below = PACK.forms[name]
        fields = [
            item.id for item in below.fields if item.id != below.parent_field and not item.computed
        ]
        got = [
            {key: one.values.get(key) for key in expected(below, {}, fields)}
            for one in record.details.get(name, ())
        ]
        assert got == [expected(below, one, fields) for one in rows]
    page.go_back()
    settled()
    desk = QApplication.activeWindow()
    again = open_form(desk, form.id, uid)
    assert again.entry.record().values == record.values
    assert {
        name: rows for name, rows in again.entry.record().details.items() if rows
    } == record.details
    assert not again.entry.dirty


def test_a_record_is_confirmed_by_keyboard_alone(page, settled, tmp_path):
    """Requirement 2: with a reason in words for every warning, no mouse."""
    form = page.form
    row = samples(form.id)[1 if form.kind == "ledger" and not form.details else 0]
    fill(page, row, tmp_path)
    for name in form.details:
        fill_details(page, name, rows_below(PACK, form, row, name))
    confirm(page, settled)
    assert page.typing.findings.blocking() == [], shown_errors(page)
    record = get(page.session, form.id, page.entry.base.uid)
    assert record.record_state == "confirmed"
    assert record.period == page.session.period(form.filing).id
    assert "已确认" in page.notice.words
