"""Rows that repeat a duplicate key: a warning at the later one, whole table and single record alike."""

import pytest

from tests.store.sample_tables import run_at
from union_desk.store.checking import check_rows

OTHER = "511102000013"


def repeated(store, form, uids=None):
    found = check_rows(
        store.connection,
        store.tables,
        store.pack,
        form,
        uids,
        run_at(store.pack),
        kinds={"duplicate"},
    )
    return {(item.code, item.record, item.message) for item in found}


@pytest.fixture(params=["all", "one"])
def warned(request):
    """Check the whole table, or one record by itself."""

    def check(store, form, *records):
        return repeated(store, form, list(records) if request.param == "one" else None)

    return check


def copy(store, form, row, other, *names, **values):
    table = store.tables.form[form]
    found = (
        store.connection.execute(table.select().where(table.c.uid == store.uid(form, other)))
        .mappings()
        .one()
    )
    store.change(form, row, **{name: found[name] for name in names}, **values)


def test_the_samples_repeat_nothing(samples):
    assert not {item for form in samples.pack.top_forms for item in repeated(samples, form.id)}


def test_the_later_of_two_rows_with_a_key_is_warned_of(samples, warned):
    copy(samples, "member", 2, 1, "person_id")
    assert warned(samples, "member", "member-2") == {
        ("member.duplicate", "member-2", "“居民身份证号”与“李沫江”的记录重复，请核对")
    }


def test_the_earlier_one_is_not(samples):
    copy(samples, "member", 2, 1, "person_id")
    assert not repeated(samples, "member", ["member-1"])


def test_rows_of_two_units_do_not_repeat_each_other(samples, warned):
    copy(samples, "member", 2, 1, "person_id", unit=OTHER)
    assert not warned(samples, "member", "member-2")


def test_a_key_with_an_empty_part_is_not_compared(samples, warned):
    samples.change("member", 1, person_id=None, name=None)
    samples.change("member", 2, person_id=None, name=None)
    assert not warned(samples, "member", "member-2")


def test_names_compare_folded(samples, warned):
    samples.change("member", 1, name="买买提·艾力", birth_date="1980-01-01", person_id=None)
    samples.change("member", 2, name="买买提• 艾力", birth_date="1980-01-01", person_id=None)
    found = warned(samples, "member", "member-2")
    assert found == {("member.duplicate", "member-2", "“姓名、出生日期”与另一条记录重复，请核对")}


def test_a_sheet_repeats_another_of_its_unit_and_period(samples, warned):
    copy(samples, "unit_profile", 2, 1, "unit", "period")
    assert warned(samples, "unit_profile", "unit_profile-2") == {
        ("unit_profile.duplicate", "unit_profile-2", "“填报单位、报告期”与另一条记录重复，请核对")
    }


def test_references_compare_by_record_or_key(samples, warned):
    copy(
        samples,
        "democracy",
        2,
        1,
        "enterprise",
        "enterprise__key",
        "enterprise__label",
        "stat_year",
    )
    assert {record for _, record, _ in warned(samples, "democracy", "democracy-2")} == {
        "democracy-2"
    }


def test_detail_rows_repeat_within_their_record_only(samples, warned):
    copy(samples, "contest_unit", 2, 1, "unit_name")
    assert warned(samples, "contest", "contest-2") == {
        ("contest_unit.duplicate", "contest_unit-2", "“参赛单位”与本表第 1 行重复，请核对")
    }
    samples.change("contest_unit", 2, parent="contest-3")
    assert not warned(samples, "contest", "contest-2", "contest-3")


def test_an_explanation_of_a_repetition_holds(samples):
    copy(samples, "member", 2, 1, "person_id")
    samples.system("check_note", record="member-2", check="member.duplicate", text="双胞胎录入")
    found = check_rows(
        samples.connection,
        samples.tables,
        samples.pack,
        "member",
        None,
        run_at(samples.pack),
        kinds={"duplicate"},
    )
    assert [item.explained for item in found] == ["双胞胎录入"]
