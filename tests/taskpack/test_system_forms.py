"""The system's own tables are forms like any other, so that the same commands serve them."""

import pytest

from union_desk.taskpack.field_types import FIELD_TYPES
from union_desk.taskpack.system import PUT, SYSTEM_FORMS, SYSTEM_LISTS


def test_they_are_the_tables_of_the_house():
    assert set(SYSTEM_FORMS) == {
        "unit", "unit_note", "obligation", "filing", "decision", "target_share", "indicator_note",
        "return_note", "review", "check_note", "change_request", "receipt", "package",
        "issued_report", "enrol", "key", "trust", "unit_event", "period_lock", "notice",
    }  # fmt: skip
    assert set(SYSTEM_FORMS) >= PUT


@pytest.mark.parametrize("form", SYSTEM_FORMS.values(), ids=lambda form: form.id)
def test_each_is_well_formed(form):
    assert form.kind == "system"
    assert form.title
    assert form.help
    assert [name for section in form.sections for name in section.fields] == list(form.by_id)
    for item in form.fields:
        assert item.type in FIELD_TYPES
        assert item.label
        assert item.code_list is None or item.code_list in SYSTEM_LISTS
    for key in form.duplicate_keys:
        assert set(key) <= set(form.by_id)
