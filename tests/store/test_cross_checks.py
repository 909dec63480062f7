"""Each cross-form check, once where it must fire and once where it must not."""

from dataclasses import replace

import pytest

from tests.store.sample_tables import SampleTables, run_at
from union_desk.checks import ALL_KINDS, check_record
from union_desk.store.checking import check_rows
from union_desk.store.layout import layout, records_of, rows_by
from union_desk.store.lookup import StoreLookup

UNIT = "511102400017"
OTHER_ID = "511197198001100014"
DECLARED = {UNIT: {"register_from": "2012Q1"}}


def same(store, form, row, other, *names):
    """Copy values of one sample row into another."""
    table = store.tables.form[form]
    found = (
        store.connection.execute(table.select().where(table.c.uid == store.uid(form, other)))
        .mappings()
        .one()
    )
    store.change(form, row, **{name: found[name] for name in names})


def nothing(_):
    """The samples as they are."""


def link(field, uid=None, key=None):
    return {field: uid, f"{field}__key": key, f"{field}__label": key}


def contract(store, row, other):
    same(
        store,
        "wage_contract",
        row,
        other,
        "enterprise",
        "enterprise__key",
        "effective_from",
        "effective_to",
    )
    for each in (row, other):
        store.change("wage_contract", each, kind="1")


def urgent(store):
    table = store.tables.form["labor_risk"]
    day = (
        store.connection.execute(table.select().where(table.c.uid == "labor_risk-3"))
        .mappings()
        .one()["found_date"]
    )
    store.add(
        "info_report",
        {"title": "紧急信息一则", "urgent": "1", "area": "8", "submit_date": day},
        "urgent",
    )


CASES = {
    "X01": (
        "unit_profile-1",
        nothing,
        lambda s: (s.change("member", 1, unit=UNIT), s.change("unit_profile", 1, members=1)),
    ),
    "X02": (
        "unit_profile-1",
        nothing,
        lambda s: (
            s.change("member", 1, unit=UNIT, join_date="2012-05-01"),
            s.change("unit_profile", 1, joined_new=1),
        ),
    ),
    "X03": ("unit_profile-1", lambda s: s.change("enterprise", 1, employees=460), nothing),
    "X04": ("enterprise-1", lambda s: s.change("union_org", 1, change_kind="5"), nothing),
    "X05": ("union_org-8", nothing, lambda s: s.change("union_org", 8, union_kind="1")),
    "X06": (
        "wage_contract_cover-2",
        lambda s: same(s, "wage_contract_cover", 2, 1, "parent", "enterprise", "enterprise__key"),
        nothing,
    ),
    "X07": (
        "wage_contract_cover-1",
        lambda s: s.change("enterprise", 1, verify_state="3"),
        nothing,
    ),
    "X08": (
        "wage_contract-3",
        lambda s: contract(s, 3, 4),
        lambda s: s.change("wage_contract", 3, kind="1"),
    ),
    "X09": ("aid-1", lambda s: s.change("aid", 1, person_id=OTHER_ID), nothing),
    "X10": (
        "aid-1",
        lambda s: s.change("aid", 1, amount=1_000_001),
        lambda s: s.change("aid", 1, amount=1_000_000),
    ),
    "X11": ("school_aid-1", lambda s: s.change("school_aid", 1, parent_name="他人"), nothing),
    "X12": (
        "school_aid-8",
        nothing,
        lambda s: same(s, "school_aid", 8, 1, "hardship", "student_name"),
    ),
    "X13": ("school_aid-2", lambda s: same(s, "school_aid", 2, 1, "student_id"), nothing),
    "X14": (
        "health_check-2",
        lambda s: same(s, "health_check", 2, 1, "person_id", "kind"),
        nothing,
    ),
    "X15": (
        "health_check-1",
        lambda s: s.change("health_check", 1, person_id=OTHER_ID, **link("hardship")),
        lambda s: s.change("health_check", 1, **link("hardship")),
    ),
    "X16": (
        "employment-1",
        lambda s: s.change(
            "employment", 2, person_id="511197197101118137", employed=1, employ_date="2012-04-11"
        ),
        nothing,
    ),
    "X18": ("team_brand-1", lambda s: s.change("enterprise", 3, verify_state="3"), nothing),
    "X19": ("demand-1", lambda s: s.change("demand", 1, received="2012-08-01"), nothing),
    "X20": ("labor_risk-3", nothing, urgent),
    "X21": (
        "contest_unit-3",
        nothing,
        lambda s: s.change("contest_unit", 3, **link("enterprise", key="外地企业")),
    ),
    "X22": (
        "member-1",
        lambda s: (s.change("member", 2, unit=UNIT), same(s, "member", 2, 1, "person_id")),
        nothing,
    ),
}


def found(store: SampleTables, check: str):
    """(record, level) of the findings of one check over its whole form, in SQL and live: they agree."""
    form = next(
        form for form in store.pack.forms.values() if any(item.id == check for item in form.checks)
    )
    top = form.detail_of or form.id
    run = replace(run_at(store.pack), units=DECLARED)
    in_sql = check_rows(
        store.connection, store.tables, store.pack, top, None, run, kinds=ALL_KINDS - {"duplicate"}
    )
    rows = list(rows_by(store.connection, layout(store.tables, top), "deleted", [0]))
    inside = replace(run, lookup=StoreLookup(store.connection, store.tables))
    records = records_of(store.connection, store.tables, top, rows)
    live = [
        item
        for record in records
        for item in check_record(store.pack, record, inside, kinds=ALL_KINDS - {"duplicate"})
    ]
    assert sorted(in_sql, key=repr) == sorted(live, key=repr)
    return {(item.record, item.level) for item in in_sql if item.code == check}


def level(store, check):
    return next(
        item.level for form in store.pack.forms.values() for item in form.checks if item.id == check
    )


def test_there_is_a_case_for_every_cross_check(pack):
    assert set(CASES) == {
        check.id for form in pack.forms.values() for check in form.checks if check.kind == "cross"
    }


@pytest.mark.parametrize("check", CASES)
def test_the_check_fires_where_it_must(samples, check):
    record, fire, _ = CASES[check]
    fire(samples)
    assert (record, level(samples, check)) in found(samples, check)


@pytest.mark.parametrize("check", CASES)
def test_the_check_is_silent_where_it_must_be(samples, check):
    record, _, calm = CASES[check]
    calm(samples)
    assert record not in {place for place, _ in found(samples, check)}


@pytest.mark.parametrize("check", ["X01", "X02"])
def test_before_the_register_is_declared_the_check_is_a_hint(samples, check):
    run = run_at(samples.pack)
    samples.change("member", 1, unit=UNIT)
    findings = check_rows(
        samples.connection, samples.tables, samples.pack, "unit_profile", None, run
    )
    assert {(item.code, item.level) for item in findings if item.record == "unit_profile-1"} == {
        ("X01", "hint"),
        ("X02", "hint"),
    }


def test_new_members_that_do_not_fit_the_register_are_named_on_either_side(samples):
    samples.change("member", 1, unit=UNIT, name="张一", join_date="2012-05-01")
    samples.change("member", 2, unit=UNIT, name="李二", join_date="2012-05-02")
    samples.change("member", 3, unit=UNIT, name="王三", join_date="2012-06-30", join_kind="2")
    samples.change("unit_profile", 1, joined_new=5)
    run = replace(run_at(samples.pack), units={UNIT: {"register_from": "2012Q1"}})
    findings = check_rows(
        samples.connection, samples.tables, samples.pack, "unit_profile", ["unit_profile-1"], run
    )
    (told,) = [item for item in findings if item.code == "X02"]
    assert told.level == "error"
    assert told.message.endswith("；名册里计入的：张一、李二；名册里本期入会而未计入的：王三）")


def test_without_any_member_row_there_is_not_even_a_hint(samples):
    run = run_at(samples.pack)
    findings = check_rows(
        samples.connection, samples.tables, samples.pack, "unit_profile", ["unit_profile-1"], run
    )
    assert not findings


def test_a_sheet_of_a_period_before_the_declared_one_keeps_its_hint(samples):
    samples.change("member", 1, unit=UNIT)
    run = replace(run_at(samples.pack), units={UNIT: {"register_from": "2012Q3"}})
    findings = check_rows(
        samples.connection, samples.tables, samples.pack, "unit_profile", ["unit_profile-1"], run
    )
    assert {item.level for item in findings} == {"hint"}
