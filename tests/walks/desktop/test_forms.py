"""One record of each form as a clerk types it: by keys, with a mistake mended on the way, to 已确认.

Plain ``pytest`` walks through one form of each level; ``WALK_ALL=1`` through all of them.
"""

import os

import pytest

from tests.desktop.entering import (
    KEY,
    confirm,
    fill,
    fill_details,
    get,
    go_to,
    level_of,
    open_form,
    rows_below,
    samples,
    shown_errors,
    type_field,
)
from tests.desktop.typing import press
from union_desk import resources
from union_desk.desktop import form_access
from union_desk.taskpack.load import load

PACK = load(resources.taskpacks() / "lszgh-2012-55")
FORMS = [form.id for form in PACK.top_forms]
SAMPLE = ["member", "visit", "unit_profile"]
SLIPS = {"date": "8月32日", "int": "一百二", "decimal": "一点五", "money": "三千",
         "choice": "没有这一项"}  # fmt: skip


def slip_in(page, row):
    """Return a field that a clerk may mistype, and what is typed."""
    for name in page.body.stops():
        item = page.form.by_id.get(name)
        slip = SLIPS.get(item.type) if item is not None and row.get(name) else None
        if slip and not form_access.why_locked(item, page.session.level):
            return name, slip
    return None, ""


@pytest.mark.parametrize("form", FORMS if os.environ.get("WALK_ALL") else SAMPLE)
def test_a_record_is_typed_with_a_mistake_mended_and_confirmed(form, desk_of, settled, tmp_path):
    """Requirement 2."""
    definition = PACK.forms[form]
    page = open_form(desk_of(level_of(definition)), form)
    row = samples(form)[1 if definition.kind == "ledger" and not definition.details else 0]
    name, slip = slip_in(page, row)
    assert name is not None, "every form has something that can be mistyped"
    go_to(page, name)
    type_field(page, name, slip, tmp_path)
    press(KEY.Key_Return)
    assert shown_errors(page).get(name), "the slip is told under its field"
    for _ in range(len(page.strip.spots) + 1):  # F8 goes from one to the next
        press(KEY.Key_F8)
        if page.body.has_focus() == name:
            break
    assert page.body.has_focus() == name, "F8 leads back to it"
    type_field(page, name, row[name], tmp_path)
    press(KEY.Key_Return)
    assert not shown_errors(page).get(name)
    fill(page, row, tmp_path)
    for detail in definition.details:
        fill_details(page, detail, rows_below(PACK, definition, row, detail))
    confirm(page, settled)
    assert page.typing.findings.blocking() == [], shown_errors(page)
    assert get(page.session, form, page.entry.base.uid).record_state == "confirmed"
