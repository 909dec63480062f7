"""The samples give the findings of the domain's own page, and their mutations as many as it says."""

from collections import Counter
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.store.sample_tables import SampleTables, run_at
from union_desk.store.checking import check_rows
from union_desk.store.reading import Reading, bound
from union_desk.store.row_sources import TableRow


def findings(store: SampleTables, *forms: str, uids=None, level="city", kinds=None, **params):
    wanted = forms or [form.id for form in store.pack.top_forms]
    context = run_at(store.pack, level=level, **params)
    more = {} if kinds is None else {"kinds": kinds}
    return [
        finding
        for form in wanted
        for finding in check_rows(
            store.connection, store.tables, store.pack, form, uids, context, **more
        )
    ]


def codes(found) -> Counter:
    return Counter(finding.code for finding in found if finding.level != "hint")


def test_the_samples_hold_no_error_and_five_warnings_at_their_rows(samples):
    found = [finding for finding in findings(samples) if finding.level != "hint"]
    assert {(finding.code, finding.level, finding.record) for finding in found} == {
        ("L06", "warning", "labor_risk-3"),
        ("X05", "warning", "union_org-8"),
        ("X12", "warning", "school_aid-8"),
        ("X20", "warning", "labor_risk-3"),
        ("X21", "warning", "contest_unit-3"),
    }


def test_sheets_that_the_register_does_not_bear_out_yield_hints_at_most(samples):
    hints = [finding for finding in findings(samples, "unit_profile") if finding.level == "hint"]
    assert {finding.code for finding in hints} <= {"X01", "X02"}


def test_the_row_checks_of_the_samples_are_720_evaluations(samples):
    store, total = samples, 0
    run = run_at(store.pack)
    for form in store.pack.forms.values():
        source = TableRow.of(store.tables, form.id)
        reading = Reading(store.tables, source)
        for check in (check for check in form.checks if check.kind == "row"):
            wanted = sa.select(sa.func.count()).select_from(source.joined)
            if check.when:
                wanted = wanted.where(reading.condition(check.when.tree))
            total += store.connection.execute(wanted, bound(run)).scalar_one()
    assert total == 720


def later(row, column, by):
    row[column] = (
        (date.fromisoformat(row[by]) + timedelta(days=1)).isoformat() if row[by] else row[column]
    )


@pytest.mark.parametrize(
    ("form", "change", "expected"),
    [
        ("union_org", lambda row: row.update(members=str(int(row["members"]) + 9999)), {"U01": 8}),
        ("hardship", lambda row: row.update(gender="9"), {"H01": 8}),
        ("proposal", lambda row: row.update(adopted=str(int(row["adopted"]) + 999)), {"S02": 8}),
        ("wage_contract", lambda row: later(row, "congress_date", "sign_date"), {"W02": 7}),
        ("labor_risk", lambda row: row.update(close_date="2012-01-01"), {"L01": 8}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_spoiled_column_is_found_in_every_row(samples, form, change, expected):
    samples.spoil(form, change)
    found = findings(samples, form, kinds={"row"})
    assert Counter(finding.code for finding in found if finding.level == "error") == expected


def test_consent_is_asked_for_once_the_parameter_says_since_when(samples):
    store = samples
    found = codes(
        findings(store, "hardship", "school_aid", "health_check", consent_from="2012-01-01")
    )
    assert {code: n for code, n in found.items() if code in {"H09", "G08", "K06"}} == {
        "H09": 8,
        "G08": 8,
        "K06": 8,
    }


def test_a_check_that_the_county_runs_does_not_run_at_the_grassroots(samples):
    store = samples
    assert "X05" in codes(findings(store, "union_org", level="county"))
    assert "X05" not in codes(findings(store, "union_org", level="grassroots"))


def test_a_finding_names_record_field_and_the_figures(samples):
    store = samples
    found = next(finding for finding in findings(store, "union_org") if finding.code == "X05")
    assert (found.form, found.record, found.field) == ("union_org", "union_org-8", "covered_units")
    assert "涵盖法人单位数 12" in found.message
    assert "法人单位名册与建会核实台账 0 条" in found.message


def test_a_detail_row_is_named_with_its_place_in_the_record(samples):
    found = next(finding for finding in findings(samples, "contest") if finding.code == "X21")
    assert (found.form, found.record, found.row, found.field) == (
        "contest_unit",
        "contest_unit-3",
        3,
        "enterprise",
    )


def test_only_the_records_asked_for_are_checked_and_their_details_with_them(samples):
    store = samples
    assert not codes(findings(store, "contest", uids=["contest-1"]))
    assert codes(findings(store, "contest", uids=["contest-2"])) == {"X21": 1}


def test_drafts_and_voided_rows_are_not_checked(samples):
    store = samples
    store.spoil("proposal", lambda row: row.update(adopted="999"))
    store.change("proposal", 1, record_state="draft")
    store.change("proposal", 2, deleted=1)
    store.change("proposal", 3, record_state="returned")
    assert codes(findings(store, "proposal", kinds={"row"}))["S02"] == 6


def test_a_draft_is_checked_when_it_is_asked_for(samples):
    samples.spoil("proposal", lambda row: row.update(adopted="999"))
    samples.change("proposal", 1, record_state="draft")
    samples.change("proposal", 2, record_state="draft", deleted=1)
    found = findings(samples, "proposal", uids=["proposal-1", "proposal-2"], kinds={"row"})
    assert [(finding.code, finding.record) for finding in found] == [("S02", "proposal-1")]


def test_a_written_explanation_comes_with_the_warning_as_long_as_the_figures_are_the_same(samples):
    from union_desk.store.notes import check_by_id, figures_of

    store = samples
    check = check_by_id(store.pack.forms["labor_risk"], "L06")
    row = dict(
        store.connection.execute(
            sa.select(store.tables.form["labor_risk"]).where(sa.text("uid = 'labor_risk-3'"))
        )
        .mappings()
        .one()
    )
    store.system(
        "check_note",
        record="labor_risk-3",
        check="L06",
        text="正在仲裁",
        figures=figures_of(check, row),
    )
    explained = {finding.code: finding.explained for finding in findings(store, "labor_risk")}
    assert explained == {"L06": "正在仲裁", "X20": None}
    store.change("labor_risk", 3, found_date="2012-03-02")
    assert {finding.code: finding.explained for finding in findings(store, "labor_risk")}[
        "L06"
    ] is None


def test_a_note_without_figures_holds_for_any(samples):
    store = samples
    store.system("check_note", record="contest-2", check="X21", text="外地单位")
    assert [finding.explained for finding in findings(store, "contest")] == ["外地单位"]


def test_required_limits_and_choices_are_checked_too(samples):
    store = samples
    store.change("member", 1, name=None, join_date="2012-09-01")
    store.change("visit", 1, workers=0)
    found = {finding.code: finding.message for finding in findings(store, "member", "visit")}
    assert found["member.name.required"] == "请填写“姓名”"
    assert found["visit.workers.range"].startswith("“面对面交流职工人数”不能小于 1")
    assert "member.join_date.bound" in found
