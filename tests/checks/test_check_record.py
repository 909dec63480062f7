"""From a record to findings: which checks run, where findings stand, in which words."""

from dataclasses import replace

import pytest

from tests.checks.sample_records import context_over
from union_desk.checks import ALL_KINDS, LIVE_KINDS, Finding, affected, check_record, place_of, runs
from union_desk.taskpack.field_types import Hints, parse
from union_desk.taskpack.record import Detail, Record


def changed(record, **values):
    return replace(record, values={**record.values, **values})


def codes(pack, record, context, **more):
    return [item.code for item in check_record(pack, record, context, **more)]


@pytest.fixture(scope="module")
def context(pack, samples):
    return context_over(pack, samples)


def test_an_empty_record_is_asked_for_everything_it_must_hold_and_nothing_else(pack, context):
    for form in pack.top_forms:
        found = check_record(pack, Record(form.id, "new", {}, unit="U"), context)
        required = {item.field for item in found if item.code.endswith(".required")}
        always = {item.id for item in form.fields if item.required}
        assert always <= required
        assert all(item.level == "error" for item in found if item.code.endswith(".required"))
        others = [item.code for item in found if not item.code.endswith(".required")]
        assert set(others) <= {"B01", "X15"}


def test_a_finding_says_form_record_field_code_level_and_sentence(pack, samples, context):
    record = changed(samples["union_org"][0], members=126, employees=118)
    finding = next(item for item in check_record(pack, record, context) if item.code == "U01")
    assert finding == Finding(
        form="union_org",
        record=record.uid,
        row=None,
        column=None,
        field="members",
        code="U01",
        level="error",
        message="会员人数不得大于职工人数（会员人数 126，职工人数 118）",
    )
    assert finding.to_json()["message"] == finding.message
    assert set(finding.to_json()) == {
        "form", "record", "row", "column", "field", "code", "level", "message", "explained",
    }  # fmt: skip


def test_a_finding_in_a_detail_stands_at_its_row(pack, samples, context):
    record = samples["hardship"][0]
    rows = record.details["hardship_family"]
    spoilt = replace(rows[0], values={**rows[0].values, "birth_date": "1990-01-01"})
    record = replace(record, details={"hardship_family": (spoilt, *rows[1:])})
    finding = next(item for item in check_record(pack, record, context) if item.code == "HF1")
    assert (finding.form, finding.record, finding.row) == ("hardship_family", spoilt.uid, 1)


def test_checks_over_details_see_the_rows_in_the_form_not_those_kept(pack, samples, context):
    record = samples["sports_team"][0]
    assert "B01" not in codes(pack, record, context)
    fewer = replace(record, details={"sports_player": record.details["sports_player"][:7]})
    finding = next(item for item in check_record(pack, fewer, context) if item.code == "B01")
    assert "7 条" in finding.message


def test_what_could_not_be_read_is_a_finding_and_its_checks_wait(pack, samples, context):
    record = changed(samples["union_org"][0], employees=None)
    item = pack.forms["union_org"].by_id["employees"]
    unreadable = {"employees": parse(item, "一百二", Hints())}
    found = check_record(pack, record, context, unreadable=unreadable)
    assert [(f.code, f.field, f.level) for f in found] == [
        ("union_org.employees.unreadable", "employees", "error")
    ]
    assert found[0].message == "职工人数：请用阿拉伯数字填写，如 120"


def test_an_unreadable_cell_of_a_detail_stands_at_its_row(pack, samples, context):
    record = samples["hardship"][0]
    row = record.details["hardship_family"][0]
    item = pack.forms["hardship_family"].by_id["birth_date"]
    blank = replace(row, values={**row.values, "birth_date": None})
    record = replace(
        record, details={"hardship_family": (blank, *record.details["hardship_family"][1:])}
    )
    unreadable = {f"{row.uid}.birth_date": parse(item, "12年8月", Hints())}
    found = check_record(pack, record, context, unreadable=unreadable)
    assert [(f.form, f.record, f.row, f.field) for f in found] == [
        ("hardship_family", row.uid, 1, "birth_date")
    ]


def test_a_check_of_a_higher_level_is_silent_below(pack, samples, context):
    record = samples["union_org"][7]
    assert "X05" in codes(pack, record, context)
    assert "X05" in codes(pack, record, replace(context, level="county"))
    assert "X05" not in codes(pack, record, replace(context, level="grassroots"))


def test_what_is_decided_above_is_locked_below_and_free_there(pack, samples, context):
    record = samples["team_brand"][0]
    below = replace(context, level="grassroots")
    assert {"team_brand.state.decided", "team_brand.naming_date.decided"} <= set(
        codes(pack, record, below)
    )
    assert not any(code.endswith(".decided") for code in codes(pack, record, context))
    own = changed(record, state="2", naming_date=None, naming_doc=None)
    assert not any(code.endswith(".decided") for code in codes(pack, own, below))


def test_only_the_wanted_kinds_and_checks_run(pack, samples, context):
    record = changed(samples["union_org"][7], members=10_000)
    assert {"U01", "X05"} <= set(codes(pack, record, context))
    assert "X05" not in codes(pack, record, context, kinds=LIVE_KINDS)
    assert codes(pack, record, context, only={"U01"}) == ["U01"]
    assert codes(pack, record, context, kinds={"required"}) == []
    kinds = {check.kind for form in pack.forms.values() for check in form.all_checks}
    assert kinds | {"duplicate"} == ALL_KINDS


def test_a_register_that_is_not_declared_gives_hints_only_where_there_is_one(pack, samples):
    plain = context_over(pack, samples)
    sheet = samples["unit_profile"][0]
    assert not {"X01", "X02"} & set(codes(pack, sheet, plain))
    unit = samples["member"][0].unit
    found = {f.code: f.level for f in check_record(pack, replace(sheet, unit=unit), plain)}
    assert found["X01"] == found["X02"] == "hint"


@pytest.mark.parametrize(
    ("since", "level"), [("2012Q1", "error"), ("2012Q2", "error"), ("2012Q3", "hint")]
)
def test_from_the_declared_period_on_the_register_is_checked(pack, samples, since, level):
    unit = samples["member"][0].unit
    sheet = replace(samples["unit_profile"][0], unit=unit)
    assert sheet.period == "2012Q2"
    context = context_over(pack, samples, units={unit: {"register_from": since}})
    found = {f.code: f.level for f in check_record(pack, sheet, context)}
    assert found["X02"] == level
    assert found["X01"] == ("warning" if level == "error" else "hint")


def test_members_are_named_up_to_five_and_then_counted(pack, samples):
    unit = samples["member"][0].unit
    joined = [
        changed(samples["member"][0], unit=unit, name=f"新会员{number}", join_date="2012-05-01")
        for number in range(1, 8)
    ]
    members = [replace(item, uid=f"m{number}") for number, item in enumerate(joined)]
    context = context_over(
        pack, {**samples, "member": members}, units={unit: {"register_from": "2012Q1"}}
    )
    sheet = changed(replace(samples["unit_profile"][0], unit=unit), joined_new=1)
    (told,) = [item for item in check_record(pack, sheet, context) if item.code == "X02"]
    assert "名册里计入的：新会员1、新会员2、新会员3、新会员4、新会员5等共 7 条" in told.message


def test_a_written_explanation_goes_with_its_warning_and_with_no_error(pack, samples, context):
    record = changed(samples["labor_risk"][2], paid=10**12)
    asked = []

    def explained(check, row):
        asked.append((check.id, row["uid"]))
        return "正在仲裁或诉讼"

    found = {f.code: f.explained for f in check_record(pack, record, context, explained=explained)}
    assert found == {"L05": None, "L06": "正在仲裁或诉讼", "X20": "正在仲裁或诉讼"}
    assert set(asked) == {("L06", record.uid), ("X20", record.uid)}


def test_two_equal_detail_rows_are_a_warning(pack, samples, context):
    record = samples["contest"][1]
    row = record.details["contest_unit"][0]
    twice = Detail(
        "again", len(record.details["contest_unit"]) + 1, {**row.values, "person_times": 1}
    )
    record = replace(record, details={"contest_unit": (*record.details["contest_unit"], twice)})
    finding = next(
        f for f in check_record(pack, record, context) if f.code == "contest_unit.duplicate"
    )
    assert (finding.level, finding.record, finding.field) == ("warning", "again", "unit_name")
    assert "第 1 行" in finding.message


def test_a_key_with_an_empty_part_is_not_compared(pack, context):
    rows = tuple(Detail(f"p{n}", n, {"name": "张三", "person_id": None}) for n in (1, 2))
    record = Record("sports_team", "t", {}, {"sports_player": rows})
    assert "sports_player.duplicate" not in codes(pack, record, context)


def test_names_that_only_look_different_repeat_a_key(pack, context):
    names = ("买买提·艾力", "买买提•艾力")
    rows = tuple(
        Detail(f"p{n}", n, {"name": name, "birth_date": "1980-01-01"})
        for n, name in enumerate(names, 1)
    )
    record = Record("sports_team", "t", {}, {"sports_player": rows})
    assert "sports_player.duplicate" in codes(pack, record, context)


def test_a_change_of_either_side_runs_the_check_again(pack):
    form = pack.forms["union_org"]
    assert "U01" in {check.id for check in affected(form, "members")}
    assert "U01" in {check.id for check in affected(form, "employees")}
    assert "U01" not in {check.id for check in affected(form, "name")}


def test_a_change_runs_again_what_hangs_on_computed_fields_and_on_details(pack):
    form = pack.forms["hardship"]
    assert {"H04", "H05"} <= {check.id for check in affected(form, "family_size")}
    assert "H02" in {check.id for check in affected(form, "hardship_family")}
    assert "hardship.birth_date.required" in {check.id for check in affected(form, "id_missing")}


def test_running_only_what_a_change_affects_finds_all_that_it_changes(pack, samples, context):
    for form in pack.top_forms:
        record = samples[form.id][0]
        before = set(check_record(pack, record, context))
        for item in form.fields:
            if item.computed is not None:
                continue
            blank = changed(
                record, **{item.id: None, f"{item.id}__key": None, f"{item.id}__label": None}
            )
            after = set(check_record(pack, blank, context))
            ids = {check.id for check in affected(form, item.id)}
            assert {finding.code for finding in before ^ after} <= ids


def test_every_check_has_a_place_in_its_form_or_stands_for_the_whole(pack):
    for form in pack.forms.values():
        for check in form.all_checks:
            place = place_of(check)
            assert place in form.by_id or (place is None and check.rule.forms)
            assert runs(check, "city") is (check.kind != "decided")


SENTENCES = [
    ("contest", 0, {"person_times": 100_000}, "C05", "参加职工人次 100,000，开展企业的职工人数"),
    ("unit_profile", 0, {"women_committee": 0}, "P06", "已建女职工委员会 否，女会员 14"),
    ("hardship", 0, {"income_self": 10_000_000}, "H03", "本人月平均收入 已隐藏，家庭年度总收入 已隐藏"),
    ("aid", 0, {"amount": 600_000}, "A05", "发放金额 已隐藏"),
    ("member", 0, {"birth_date": "1974-03-13"}, "M01", "出生日期 1974-03-13，居民身份证号 511197********1139"),
    ("member", 0, {"gender": "2"}, "M02", "性别 女"),
    ("wage_contract", 0, {"covered_employees": 59}, "W06", "的覆盖职工数合计 58"),
    ("demand", 0, {"name": "某" * 31}, "demand.name.length", "现在 31 个字"),
    ("info_report", 0, {"points": 9}, "Z04", "得分 9，采用层级(最高) 省总工会采用"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "place", "values", "code", "words"), SENTENCES)
def test_sentences_hold_the_figures_that_break_the_rule(
    pack, samples, context, form, place, values, code, words
):
    record = changed(samples[form][place], **values)
    found = {f.code: f.message for f in check_record(pack, record, context)}
    assert words in found[code]


def test_no_sentence_shows_a_whole_id_or_telephone_number(pack, samples, context):
    for form in pack.top_forms:
        for record in samples[form.id]:
            hidden = [
                str(record.values[item.id])
                for item in form.fields
                if item.type in {"person_id", "phone"} and record.values[item.id]
            ]
            spoilt = changed(
                record,
                **{item.id: "9" for item in form.fields if item.code_list == "gender"},
                **{item.id: "1899-01-01" for item in form.fields if item.type == "date"},
            )
            for finding in check_record(pack, spoilt, context):
                assert not any(number in finding.message for number in hidden)
