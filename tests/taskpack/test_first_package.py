"""The package that comes with the program: how much it asks, and what must not get lost."""

from collections import Counter
from pathlib import Path

import pytest

from union_desk import resources
from union_desk.taskpack import load
from union_desk.taskpack.definition import LEVELS
from union_desk.taskpack.field_types import FIELD_TYPES

SOURCE = resources.taskpacks() / "lszgh-2012-55"


@pytest.fixture(scope="module")
def package():
    return load.load(SOURCE)


def every_field(package):
    return [(form, item) for form in package.forms.values() for item in form.fields]


def every_check(package):
    return [check for form in package.forms.values() for check in form.checks]


def test_it_holds_all_forms_fields_codes_checks_indicators_and_reports(package):
    kinds = Counter(form.kind for form in package.forms.values())
    assert kinds == {"sheet": 1, "ledger": 21, "detail": 4}
    assert len(every_field(package)) == 444
    assert len(package.code_lists) == 62
    assert sum(len(codes.items) for codes in package.code_lists.values()) == 445
    assert Counter(check.kind for check in every_check(package)) == {"row": 126, "cross": 21}
    assert len(package.indicators) == 47
    assert sum(1 for item in package.indicators.values() if item.target) == 19
    assert len(package.units) == 16
    assert len(package.reports) == 35


def test_the_forms_stand_in_the_order_of_their_numbers_each_detail_behind_its_parent(package):
    order = list(package.forms)
    assert [form.number for form in package.top_forms] == list(range(1, 23))
    for form in package.forms.values():
        for detail in form.details:
            assert order.index(detail) == order.index(form.id) + 1


def test_its_head_says_what_the_notice_says(package):
    assert (package.id, package.version, package.year) == ("lszgh-2012-55", "1.0", 2012)
    assert package.document == "乐工发〔2012〕55号"
    assert (package.year_from, package.year_to) == ("2012-01-01", "2012-12-31")
    assert dict(package.due_days) == {"month": 5, "quarter": 5, "year": 10}
    assert package.active_days == 15
    assert [area.title for area in package.areas][1:3] == ["主力军作用", "两个普遍"]


def test_each_area_has_forms_and_an_icon_that_exists(package):
    for area in package.areas:
        assert package.forms_of(area.id)
        assert (resources.icons() / f"{area.icon}.svg").is_file()


def test_every_field_has_a_label_a_known_type_and_help_to_fill_it_in(package):
    for form, item in every_field(package):
        assert item.type in FIELD_TYPES
        assert item.label, (form.id, item.id)
        assert len(item.help) >= 8, (form.id, item.id)
        assert item.help.endswith("。"), (form.id, item.id)
        assert not any(
            word in item.help for word in ("上报", "导出", "传出", "分叉", "隔离", "密钥卡", "指纹")
        )


def test_every_form_is_divided_into_sections_that_hold_each_field_once(package):
    for form in package.forms.values():
        listed = [name for section in form.sections for name in section.fields]
        assert listed == [item.id for item in form.fields]
        assert all(section.title for section in form.sections)
        if form.kind != "detail":
            assert len(form.sections) >= 2
            assert [section.title[:2] for section in form.sections] == [
                f"{mark}、" for mark in "一二三四五六"[: len(form.sections)]
            ]


def test_every_form_has_a_name_writers_and_words_of_its_own(package):
    for form in package.top_forms:
        assert form.help
        assert form.writers
        assert set(form.writers) <= set(LEVELS)
        assert form.name_field in form.by_id or form.kind == "sheet"


def test_a_form_that_others_point_to_has_a_natural_key(package):
    for _, item in every_field(package):
        if item.form:
            assert package.forms[item.form].natural_keys


def test_natural_keys_differ_from_duplicate_keys_where_the_row_has_a_number_of_its_own(package):
    assert package.forms["enterprise"].natural_keys == (("uscc",), ("name", "division"))
    assert package.forms["hardship"].natural_keys == (("file_no",),)
    assert package.forms["hardship"].duplicate_keys[0] == ("person_id",)
    assert package.forms["visit"].short_key == ("visit_date", "visitor")
    assert package.forms["contest"].short_key == ("name",)
    assert package.forms["sports_team"].short_key == ("team_name",)


def test_what_the_upper_level_decides_is_marked(package):
    decided = {(form.id, item.id): item for form, item in every_field(package) if item.decided_by}
    assert len(decided) == 21
    assert decided["team_brand", "state"].decided_codes == ("3", "4", "5", "6")
    assert decided["model_unit", "award_doc"].decided_by == "city"
    assert decided["school_aid", "amount"].proposed
    assert {item.decided_by for (form, _), item in decided.items() if form == "sports_team"} == {
        "city"
    }


def test_a_missing_number_and_a_birth_date_are_asked_only_while_the_number_is_empty(package):
    hidden = {
        (form.id, item.id): item.visible_when.text
        for form, item in every_field(package)
        if item.visible_when
    }
    assert len(hidden) == 11
    assert set(hidden.values()) == {"empty(person_id)", "empty(student_id)"}


def test_constraints_are_attributes_of_their_fields(package):
    name = package.forms["enterprise"].by_id["name"]
    assert (name.min_length, name.max_length) == (4, 100)
    raise_pct = package.forms["wage_contract"].by_id["raise_pct"]
    assert (raise_pct.minimum, raise_pct.maximum) == (-50, 100)
    assert package.forms["school_aid"].by_id["amount"].above == 0
    bound = package.forms["union_org"].by_id["apply_date"].bounds[0]
    assert (bound.operator, bound.other) == ("<=", "approve_date")
    assert package.forms["union_org"].by_id["union_code"].check_digit == "mod_11_10"
    scan = package.forms["wage_contract"].by_id["scan"]
    assert (scan.file_types, scan.max_bytes) == (("pdf", "jpg", "jpeg"), 5 * 1024 * 1024)
    assert package.forms["school_aid"].by_id["kin"].choices == ("2", "3")
    assert sum(1 for _, item in every_field(package) if item.bounds) == 33


def test_checks_over_rows_of_others_run_from_the_county_up(package):
    checks = {check.id: check for check in every_check(package)}
    assert {check.checked_at for check in checks.values()} == {None, "county"}
    assert sum(1 for check in checks.values() if check.checked_at) == 10
    assert {check.id for check in checks.values() if check.hint_until} == {"X01", "X02"}


def test_every_warning_offers_common_reasons(package):
    checks = {check.id: check for check in every_check(package)}
    assert checks["P07"].reasons == ("新建工会", "劳务工未入会", "季节性用工")
    assert checks["M07"].reasons == ("已核实无误",)
    assert all(check.reasons for check in checks.values() if check.level == "warning")
    assert not any(check.reasons for check in checks.values() if check.level == "error")


def test_every_kind_of_unit_knows_what_it_owes(package):
    assert len(package.duties) == len(package.top_forms) * len(package.unit_kinds)
    assert package.duties["labor_risk", "grass_enterprise"] == "must"
    assert package.duties["labor_risk", "grass_public"] == "if_any"
    assert Counter(package.duties.values())["must"] == 18


def test_the_units_are_one_tree_under_the_city(package):
    root = [unit for unit in package.units if unit.parent is None]
    assert [unit.name for unit in root] == ["乐山市总工会"]
    assert {unit.parent for unit in package.units if unit.parent} == {root[0].code}
    assert sum(unit.local for unit in package.units) == 4


def test_rates_keep_numerator_and_denominator_and_only_money_is_money(package):
    rates = [item for item in package.indicators.values() if item.roll_up == "sum_num_den"]
    assert all(item.denominator and item.scale == 100 for item in rates)
    assert [item.id for item in package.indicators.values() if item.money] == ["A3_amount"]
    assert sum(1 for item in package.indicators.values() if item.by) == 2


def test_every_report_names_forms_that_exist_and_who_prints_it(package):
    for report in package.reports.values():
        assert report.levels
        assert report.content
        if report.needs_record:
            assert report.record_form in package.forms


def test_two_readings_give_the_same_package_and_digest(package):
    again = load.load(SOURCE)
    assert again == package
    assert len(again.digest) == 64


def test_another_word_in_a_file_gives_another_digest(package, tmp_path):
    for path in SOURCE.iterdir():
        text = path.read_text("utf-8")
        Path(tmp_path / path.name).write_text(text.replace("会员名册", "会员花名册", 1), "utf-8")
    assert load.load(tmp_path).digest != package.digest
