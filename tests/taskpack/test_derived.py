"""Checks that follow from the definition of a field."""

from dataclasses import replace

import pytest

from tests.taskpack.small_package import (
    COLOURS,
    DEAL,
    FORMS,
    HEAD,
    LISTS,
    PARAMETERS,
    PART,
    context,
)
from union_desk.taskpack.definition import Bound, Field
from union_desk.taskpack.derived import derive
from union_desk.taskpack.expression import Scope, fails, parse


def derived(*fields):
    """Return the derived checks of a form of these fields, by id."""
    form = replace(DEAL, fields=fields)
    scope = Scope("deal", {**FORMS, "deal": form}, LISTS, PARAMETERS)
    return {check.id: check for check in derive(form, scope)}


def condition(text, *fields):
    form = replace(DEAL, fields=fields)
    return parse(text, Scope("deal", {**FORMS, "deal": form}, LISTS, PARAMETERS))


def broken(check, **row):
    return fails(check, {**HEAD, **row}, context())


def test_a_required_field_must_be_filled():
    check = derived(Field("name", "姓名", "text", required=True))["deal.name.required"]
    assert broken(check)
    assert not broken(check, name="张三")
    assert (check.message, check.kind, check.level, check.field) == (
        "请填写“姓名”",
        "required",
        "error",
        "name",
    )


def test_a_choice_is_asked_for_by_another_verb():
    item = Field("state", "状态", "choice", required=True, code_list="states")
    assert derived(item)["deal.state.required"].message == "请选择“状态”"


def test_a_conditional_field_is_asked_for_only_where_its_condition_surely_holds():
    done, name = Field("done", "完成", "bool"), Field("name", "姓名", "text")
    name = replace(name, required_when=condition("done", done, name))
    check = derived(done, name)["deal.name.required"]
    assert broken(check, done=1)
    assert not broken(check, done=0)
    assert not broken(check)


def test_a_hidden_field_is_not_asked_for_and_must_be_empty():
    done, name = Field("done", "完成", "bool"), Field("name", "姓名", "text", required=True)
    name = replace(name, visible_when=condition("not done", done, name))
    checks = derived(done, name)
    assert broken(checks["deal.name.required"], done=0)
    assert not broken(checks["deal.name.required"], done=1)
    assert broken(checks["deal.name.hidden"], done=1, name="张三")
    assert not broken(checks["deal.name.hidden"], done=0, name="张三")
    assert not broken(checks["deal.name.hidden"], name="张三")


def test_a_reference_typed_but_not_linked_counts_as_filled():
    check = derived(Field("firm", "企业", "ref", required=True, form="firm"))["deal.firm.required"]
    assert broken(check)
    assert not broken(check, firm__label="某厂", firm__key="某厂")


@pytest.mark.parametrize(
    ("limits", "words", "good", "bad"),
    [
        ((2, 30), "应为 2 至 30 个字", ["张三", "x" * 30], ["张", "x" * 31]),
        ((None, 20), "最多 20 个字", ["x" * 20], ["x" * 21]),
        ((50, None), "至少 50 个字", ["x" * 50], ["x" * 49]),
        ((4, 4), "应为 4 个字", ["1234"], ["123", "12345"]),
    ],
)
def test_text_has_its_length(limits, words, good, bad):
    item = Field("name", "姓名", "text", min_length=limits[0], max_length=limits[1])
    check = derived(item)["deal.name.length"]
    assert check.message == f"“姓名”{words}"
    assert all(broken(check, name=text) for text in bad)
    assert not any(broken(check, name=text) for text in good)
    assert not broken(check)


@pytest.mark.parametrize(
    ("more", "kind", "words", "good", "bad"),
    [
        ({"minimum": 0.0}, "int", "不能小于 0", [0, 5], [-1]),
        ({"minimum": 1.0, "maximum": 5000.0}, "int", "应在 1 至 5,000 之间", [1, 5000], [0, 5001]),
        ({"minimum": 2010.0, "maximum": 2099.0, "measure": "年"}, "int", "应在 2010 至 2099 之间", [2012], [2009]),
        ({"above": 0.0}, "money", "应大于 0", [1], [0]),
        ({"minimum": 0.5}, "money", "不能小于 0.5", [50], [49]),
        ({"minimum": -50.0, "maximum": 100.0}, "decimal", "应在 -50 至 100 之间", [-50.0, 100.0], [-50.1, 100.1]),
    ],
)  # fmt: skip
def test_a_number_has_its_range(more, kind, words, good, bad):
    check = derived(Field("staff", "人数", kind, **more))["deal.staff.range"]
    assert check.message == f"“人数”{words}"
    assert all(broken(check, staff=value) for value in bad)
    assert not any(broken(check, staff=value) for value in good)
    assert not broken(check)


def test_a_date_is_bounded_by_another_field_and_by_today():
    first = Field("first", "起", "date", bounds=(Bound("<=", "today"), Bound("<", "last")))
    checks = derived(first, Field("last", "止", "date"))
    assert checks["deal.first.bound"].message == "“起”不能晚于今天"
    assert checks["deal.first.bound2"].message == "“起”应早于“止”"
    assert broken(checks["deal.first.bound"], first="2012-09-03")
    assert not broken(checks["deal.first.bound"], first="2012-09-02")
    assert broken(checks["deal.first.bound2"], first="2012-09-02", last="2012-09-02")
    assert not broken(checks["deal.first.bound2"], first="2012-09-02")


def test_a_number_is_bounded_by_another_field():
    staff = Field("staff", "人数", "int", bounds=(Bound(">=", "women"),))
    check = derived(staff, Field("women", "女", "int"))["deal.staff.bound"]
    assert check.message == "“人数”不能小于“女”"
    assert broken(check, staff=1, women=2)


def test_choices_narrow_a_list_or_a_number():
    state = Field("state", "状态", "choice", code_list="states", choices=("1", "3"))
    years = Field("years", "任期", "int", choices=("3", "5"))
    checks = derived(state, years)
    assert checks["deal.state.choice"].message == "“状态”只能是开办、其他"
    assert broken(checks["deal.state.choice"], state="2")
    assert not broken(checks["deal.state.choice"], state="3")
    assert broken(checks["deal.years.choice"], years=4)
    assert not broken(checks["deal.years.choice"], years=5)


def test_what_a_higher_level_decides_is_asked_for_only_there():
    item = Field("name", "文号", "text", required=True, decided_by="county")
    checks = derived(item)
    assert checks["deal.name.required"].checked_at == "county"
    decided = checks["deal.name.decided"]
    assert (decided.kind, decided.checked_at) == ("decided", "county")
    assert broken(decided, name="x")
    assert not broken(decided)


def test_a_decided_field_may_hold_its_default():
    item = Field("state", "采用", "choice", code_list="states", decided_by="city", default="1")
    check = derived(item)["deal.state.decided"]
    assert not broken(check, state="1")
    assert not broken(check)
    assert broken(check, state="2")
    for kind, default, good, bad in (
        ("int", "0", 0, 1),
        ("bool", "0", 0, 1),
        ("date", "2012-01-01", "2012-01-01", "2012-01-02"),
    ):
        check = derived(Field("name", "x", kind, decided_by="city", default=default))[
            "deal.name.decided"
        ]
        assert broken(check, name=bad)
        assert not broken(check, name=good)


def test_only_the_codes_of_a_decision_are_locked():
    item = Field(
        "colour", "颜色", "choice", code_list=COLOURS.id, required=True, decided_by="city", decided_codes=("3", "4"),
    )  # fmt: skip
    checks = derived(item)
    assert checks["deal.colour.required"].checked_at is None
    assert broken(checks["deal.colour.decided"], colour="3")
    assert not broken(checks["deal.colour.decided"], colour="1")
    assert "“色3、色4”由市级确定" in checks["deal.colour.decided"].message


def test_a_proposed_value_is_the_unit_s_own():
    item = Field("wage", "金额", "money", required=True, decided_by="county", proposed=True)
    checks = derived(item)
    assert set(checks) == {"deal.wage.required"}
    assert checks["deal.wage.required"].checked_at is None


def test_the_link_of_a_detail_to_its_parent_is_asked_of_nobody():
    form = replace(PART, fields=(Field("deal", "主表", "ref", required=True, form="deal"),))
    scope = Scope("part", {**FORMS, "part": form}, LISTS, PARAMETERS)
    assert derive(form, scope) == ()


def test_codes_with_quotes_do_not_break_out():
    item = Field("name", "x", "text", decided_by="city", default="it's")
    assert not broken(derived(item)["deal.name.decided"], name="it's")
    assert broken(derived(item)["deal.name.decided"], name="its")


def test_derived_ids_are_unique_and_their_messages_are_whole(pack):
    checks = [check for form in pack.forms.values() for check in form.derived]
    assert len({check.id for check in checks}) == len(checks)
    for check in checks:
        form = pack.forms[check.form]
        assert form.by_id[check.field].label in check.message
        assert check.level == "error"
        assert check.kind in {"required", "constraint", "decided"}
        assert check.rule.fields | (check.when.fields if check.when else frozenset()) <= set(
            form.by_id
        )


def test_every_required_length_range_bound_and_decision_of_the_package_has_its_check(pack):
    for form in pack.forms.values():
        ids = {check.id for check in form.derived}
        for item in form.fields:
            if item.id == form.parent_field:
                continue
            wanted = {
                "required": item.required or item.required_when is not None,
                "length": bool(item.min_length or item.max_length),
                "range": not item.minimum == item.maximum == item.above is None,
                "bound": bool(item.bounds),
                "hidden": item.visible_when is not None,
                "decided": item.decided_by is not None and not item.proposed,
            }
            for name, asked in wanted.items():
                assert (f"{form.id}.{item.id}.{name}" in ids) is asked
