"""What expressions mean: blanks, every operator, every function, other rows."""

import itertools

import pytest

from tests.taskpack.small_package import HEAD, context, read, value
from union_desk.taskpack.definition import Check
from union_desk.taskpack.expression import FUNCTIONS, compile_expression, evaluate, fails, holds
from union_desk.taskpack.names import LANGUAGE_WORDS

TRUTHS = {"T": 1, "F": 0, "N": None}
AND = {"TT": "T", "TF": "F", "TN": "N", "FF": "F", "FN": "F", "NN": "N"}
OR = {"TT": "T", "TF": "T", "TN": "T", "FF": "F", "FN": "N", "NN": "N"}


def truth(found):
    return "N" if found is None else "T" if found else "F"


@pytest.mark.parametrize("pair", list(itertools.product("TFN", repeat=2)))
def test_and_or_follow_the_three_valued_table(pair):
    row = {"done": TRUTHS[pair[0]], "staff": {"T": 1, "F": 0, "N": None}[pair[1]]}
    key = "".join(sorted(pair, key="TFN".index))
    assert truth(value("done and staff == 1", row)) == AND[key]
    assert truth(value("done or staff == 1", row)) == OR[key]
    three = "done and staff == 1 and done"
    assert truth(value(three, row)) == AND["".join(sorted(AND[key] + pair[0], key="TFN".index))]


@pytest.mark.parametrize(("state", "wanted"), [("T", "F"), ("F", "T"), ("N", "N")])
def test_not_of_the_unknown_is_unknown(state, wanted):
    assert truth(value("not done", {"done": TRUTHS[state]})) == wanted


@pytest.mark.parametrize("operator", ["==", "!=", "<", "<=", ">", ">="])
def test_a_comparison_with_a_blank_is_unknown(operator):
    assert value(f"staff {operator} 3") is None
    assert value(f"3 {operator} staff") is None
    assert value(f"staff {operator} staff") is None
    assert value(f"wage {operator} 3") is None
    assert value(f"first {operator} last", {"first": "2012-01-01"}) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("staff + 1 == 4", True),
        ("staff - 1 == 2", True),
        ("staff * 2 == 6", True),
        ("staff / 2 == 1.5", True),
        ("-staff == -3", True),
        ("- (staff + 1) == -4", True),
        ("1 < staff <= 3", True),
        ("1 < staff < 3", False),
        ("staff in (1, 3)", True),
        ("staff not in [1, 3]", False),
        ("state in ('1', '2')", True),
        ("state not in ('1',)", False),
        ("state == '1'", True),
        ("'1' != state", False),
        ("first == '2012-02-29'", True),
        ("first in ('2012-02-29',)", True),
        ("'2012-02-28' < first", True),
        ("done == True", True),
        ("done != False", True),
        ("name + '|' + number == '张三|7'", True),
        ("wage == 12.34", True),
        ("wage + 0.66 == 13", True),
        ("rate * 2 >= 99", True),
        ("uid == 'd1' and unit == 'U1' and period == '2012M07'", True),
    ],
)
def test_operators(text, wanted):
    row = {
        "staff": 3, "state": "1", "first": "2012-02-29", "done": 1, "name": "张三", "number": "7",
        "wage": 1234, "rate": 49.5,
    }  # fmt: skip
    assert value(text, row) is wanted


@pytest.mark.parametrize(
    "text",
    [
        "staff + 1",
        "1 - staff",
        "staff * 2",
        "staff / 2",
        "2 / staff",
        "-staff",
        "name + 'x'",
        "abs(staff)",
    ],
)
def test_arithmetic_with_a_blank_is_blank(text):
    assert value(text) is None


def test_division_by_zero_is_blank_and_never_whole():
    assert value("staff / 0", {"staff": 3}) is None
    assert value("staff / 2", {"staff": 3}) == 1.5
    assert value("3 / staff == 1", {"staff": 0}) is None


def test_huge_products_stay_numbers():
    text = "staff * staff * staff * staff > 0"
    assert value(text, {"staff": 2**53 - 1}) is True
    assert value("staff * staff * staff * staff / 3 > 0", {"staff": 2**53 - 1}) is True


@pytest.mark.parametrize(
    ("text", "row", "wanted"),
    [
        ("empty(staff)", {}, True),
        ("empty(staff)", {"staff": 0}, False),
        ("filled(staff)", {"staff": 0}, True),
        ("filled(name)", {}, False),
        ("filled(firm)", {}, False),
        ("filled(firm)", {"firm__label": "某厂"}, True),
        ("empty(firm)", {"firm__key": "7"}, False),
        ("filled(param('since'))", {}, False),
        ("filled(param('limit'))", {}, True),
        ("filled(colours)", {"colours": "1"}, True),
        ("filled(scan)", {"scan": "0" * 64}, True),
        ("nz(staff)", {}, 0),
        ("nz(staff)", {"staff": 3}, 3),
        ("nz(wage)", {}, 0),
        ("abs(staff - 5)", {"staff": 3}, 2),
        ("round(rate, 2)", {"rate": 2.675}, 2.68),
        ("round(rate, 0)", {"rate": 0.5}, 1.0),
        ("round(rate, 2)", {"rate": -1.005}, -1.01),
        ("round(rate, 2)", {}, None),
        ("length(name)", {"name": "买买提·艾力"}, 6),
        ("length(name)", {}, None),
        ("has(colours, '1')", {"colours": "10;11"}, False),
        ("has(colours, '1')", {"colours": "1;11"}, True),
        ("has(colours, '11')", {"colours": "1;11"}, True),
        ("has(colours, '1')", {}, None),
        ("year(first)", {"first": "2012-02-29"}, 2012),
        ("days(first, last)", {"first": "2012-02-28", "last": "2012-03-01"}, 2),
        ("days(first, '2012-02-27')", {"first": "2012-02-28"}, -1),
        ("age(born, first)", {"born": "1996-08-31", "first": "2012-08-30"}, 15),
        ("age(born, first)", {"born": "1996-08-31", "first": "2012-08-31"}, 16),
        ("age(born, first)", {"born": "1996-02-29", "first": "2013-02-28"}, 16),
        ("age(born, first)", {"born": "1996-02-29", "first": "2013-03-01"}, 17),
        ("id_birth(person)", {"person": "511197197403121139"}, "1974-03-12"),
        ("id_gender(person)", {"person": "511197197403121139"}, "1"),
        ("id_gender(person)", {"person": "511197197002143126"}, "2"),
        ("id_birth(person)", {}, None),
        ("who(person, name, born)", {"person": "511197197403121139", "name": "张三"}, "511197197403121139"),
        ("who(person, name, born)", {"name": "买买提 • 艾力", "born": "1980-01-01"}, "买买提·艾力|1980-01-01"),
        ("who(person, name, born)", {"name": "买买提．艾力", "born": "1980-01-01"}, "买买提·艾力|1980-01-01"),
        ("who(person, name, born)", {"name": "张三"}, "张三|"),
        ("who(person, name, born)", {"born": "1980-01-01"}, None),
        ("attr('state', 'live')", {"state": "1"}, True),
        ("attr('state', 'live')", {"state": "2"}, False),
        ("attr('state', 'live')", {"state": "3"}, False),
        ("attr('state', 'live')", {}, None),
        ("attr('state', 'word')", {"state": "1"}, "a"),
        ("attr('state', 'word')", {"state": "3"}, None),
        ("num(attr('state', 'points'))", {"state": "1"}, 2),
        ("num(attr('state', 'points'))", {"state": "2"}, 0.5),
        ("num(attr('state', 'points'))", {"state": "3"}, None),
        ("num(staff)", {"staff": 4}, 4),
        ("param('limit') * 2", {}, 200.0),
        ("param('since')", {}, None),
        ("today()", {}, "2012-09-02"),
        ("as_of()", {}, "2012-08-31"),
        ("year_start()", {}, "2012-01-01"),
        ("this_year()", {}, 2012),
        ("in_year(first)", {"first": "2012-01-01"}, True),
        ("in_year(first)", {"first": "2012-08-31"}, True),
        ("in_year(first)", {"first": "2012-09-01"}, False),
        ("in_year(first)", {"first": "2011-12-31"}, False),
        ("in_year(first)", {}, None),
        ("valid(first, last)", {"first": "2012-01-01", "last": "2012-08-31"}, True),
        ("valid(first, last)", {"first": "2012-01-01", "last": "2012-08-30"}, False),
        ("valid(first, last)", {"first": "2012-09-01"}, False),
        ("valid(first, last)", {"first": "2012-01-01"}, None),
        ("overlap(first, last, '2012-03-01', '2012-04-01')", {"first": "2012-04-01", "last": "2012-05-01"}, True),
        ("overlap(first, last, '2012-03-01', '2012-04-01')", {"first": "2012-04-02", "last": "2012-05-01"}, False),
        ("period_start()", {}, "2012-08-01"),
        ("period_end()", {}, "2012-08-31"),
        ("period_last_day", {}, "2012-08-31"),
        ("in_period(first)", {"first": "2012-08-01"}, True),
        ("in_period(first)", {"first": "2012-07-31"}, False),
        ("unit()", {}, "U1"),
    ],
)  # fmt: skip
def test_functions(text, row, wanted):
    found = value(text, row)
    assert found == wanted
    assert type(found) is type(wanted)


def test_the_period_of_a_sheet_is_its_own_and_of_a_ledger_the_run_s():
    assert value("period_end()", {"period": "2012Q1"}, form="sheet") == "2012-03-31"
    assert (
        value("in_period(first)", {"period": "2012Q1", "first": "2012-02-01"}, form="sheet") is True
    )
    assert value("period_end()", {"period": "2012Q1"}) == "2012-08-31"
    assert value("period_end()", period=None) is None
    assert value("period_end()", {"period": "nonsense"}, form="sheet") is None


FIRMS = [
    {"uid": "f1", "unit": "U1", "code": "7", "state": "1", "staff": 46, "wage": 100_050, "big": 1},
    {
        "uid": "f2",
        "unit": "U2",
        "code": "8",
        "state": "2",
        "staff": None,
        "boss": "f1",
        "boss__key": "7",
    },
]


def test_a_field_behind_a_reference_is_that_record_s():
    rows = {"firm": FIRMS}
    assert value("firm.staff", {"firm": "f1"}, rows) == 46
    assert value("ref('firm', 'wage')", {"firm": "f1"}, rows) == 1000.5
    assert value("attr('firm.state', 'live')", {"firm": "f1"}, rows) is True
    assert value("firm.big", {"firm": "f1"}, rows) == 1


def test_a_field_behind_a_reference_that_leads_nowhere_is_blank():
    rows = {"firm": FIRMS}
    assert value("firm.staff", {"firm": "gone", "firm__key": "7"}, rows) is None
    assert value("firm.staff", {"firm__label": "某厂"}, rows) is None
    assert value("attr('firm.state', 'live')", {}, rows) is None
    assert value("empty(firm.staff)", {"firm": "f2"}, rows) is True
    assert value("firm.staff", {"firm": "f1"}) is None


DEALS = [
    {"uid": "d1", "unit": "U1", "firm": "f1", "firm__key": "7", "staff": 1, "wage": 150, "state": "1", "person": "x"},
    {"uid": "d2", "unit": "U2", "firm": "f1", "firm__key": "7", "staff": 2, "wage": 250, "state": "2", "person": "x"},
    {"uid": "d3", "unit": "U1", "firm": None, "firm__key": "7", "staff": None, "state": "1", "first": "2012-08-15"},
    {"uid": "d4", "unit": "U1", "firm": "f2", "firm__key": "8", "staff": 4, "wage": None, "state": None},
]  # fmt: skip
PARTS = [
    {"uid": "p1", "parent": "d1", "unit": "U1", "firm": "f1", "staff": 3, "wage": 33},
    {"uid": "p2", "parent": "d1", "unit": "U1", "firm": "f2", "staff": None, "wage": 34},
    {"uid": "p3", "parent": "d2", "unit": "U2", "firm": "f1", "staff": 5, "wage": 1},
]
ROWS = {"firm": FIRMS, "deal": DEALS, "part": PARTS}


@pytest.mark.parametrize(
    ("text", "row", "wanted"),
    [
        ("count('deal', \"state == '1'\")", {}, 2),
        ("count('deal', \"state != '1'\")", {}, 1),
        ("exists('deal', \"person == this.person\")", {"person": "x"}, 1),
        ("exists('deal', \"person == this.person\")", {}, 0),
        ("exists('deal', \"person == this.person and uid != this.uid\")", {"person": "x"}, 1),
        ("exists('deal', \"unit == this.unit and uid != this.uid and person == this.person\")", {"person": "x"}, 0),
        ("exists('deal', \"unit == unit() and staff == 2\")", {}, 0),
        ("sum_('deal', 'staff', \"unit == this.unit\")", {}, 5),
        ("sum_('deal', 'wage', \"staff > 0\")", {}, 4.0),
        ("sum_('deal', 'wage', \"staff > 99\")", {}, 0),
        ("count('deal', \"firm == this.firm\")", {"firm": "f1", "firm__key": "7"}, 2),
        ("count('deal', \"firm == this.firm\")", {"firm__key": "7"}, 1),
        ("count('deal', \"firm == this.firm\")", {}, 0),
        ("count('deal', \"firm != this.firm\")", {"firm": "f1"}, 2),
        ("count('deal', \"firm == '7'\")", {}, 3),
        ("count('deal', \"firm == this.number\")", {"number": "8"}, 1),
        ("count('deal', \"firm.staff > 40\")", {}, 2),
        ("count('deal', \"attr('firm.state', 'live')\")", {}, 2),
        ("count('part', \"deal.staff == 1\")", {}, 2),
        ("count('part', \"firm.staff > 40 and staff >= this.staff\")", {"staff": 4}, 1),
        ("count('part', \"firm == this.firm and unit == this.unit\")", {"firm": "f1"}, 1),
        ("count('deal', \"in_period(first)\")", {}, 1),
        ("count('firm', \"boss == this.firm\")", {"firm": "f1"}, 1),
        ("child_count('part')", {}, 2),
        ("child_sum('part', 'staff')", {}, 3),
        ("child_sum('part', 'wage')", {}, 0.67),
        ("child_count('part') + nz(child_sum('part', 'staff'))", {"uid": "none"}, 0),
    ],
)  # fmt: skip
def test_other_rows(text, row, wanted):
    assert value(text, row, ROWS) == wanted


def test_a_row_of_the_referenced_form_finds_those_that_point_to_it():
    row = {"uid": "f1"}
    assert value("count('deal', \"firm == this\")", row, ROWS, form="firm") == 2
    assert value("exists('deal', \"firm == this and state == '2'\")", row, ROWS, form="firm") == 1
    assert value("count('firm', \"boss == this\")", row, ROWS, form="firm") == 1
    assert value("child_sum('deal', 'staff')", row, ROWS, form="firm") == 3


def test_a_detail_row_knows_its_parent():
    row = PARTS[0]
    assert value("deal.staff", row, ROWS, form="part") == 1
    assert (
        value("count('part', \"deal == this.deal and uid != this.uid\")", row, ROWS, form="part")
        == 1
    )
    assert value("count('part', \"deal == this\")", {"uid": "d1"}, ROWS) == 2
    assert value("count('deal', \"unit == this.unit\")", row, ROWS, form="part") == 3


def test_where_no_other_rows_are_at_hand_an_aggregate_is_unknown():
    assert value("count('deal', \"staff > 0\") > 0") is None
    assert value("exists('deal', \"staff > 0\")") is None
    assert value("child_count('part')") == 0


def check(rule, when=None):
    return Check("R", "deal", "error", "m", read(rule), read(when) if when else None)


@pytest.mark.parametrize(
    ("rule", "when", "row", "wanted"),
    [
        ("staff > 1", None, {"staff": 1}, True),
        ("staff > 1", None, {"staff": 2}, False),
        ("staff > 1", None, {}, False),
        ("filled(staff)", None, {}, True),
        ("staff > 1", "done", {"staff": 1, "done": 1}, True),
        ("staff > 1", "done", {"staff": 1, "done": 0}, False),
        ("staff > 1", "done", {"staff": 1}, False),
        ("staff > 1", "not done", {"staff": 1}, False),
        ("staff > 1", "first == last", {"staff": 1}, False),
    ],
)
def test_a_check_fails_only_where_its_rule_is_surely_false_and_its_condition_surely_true(
    rule, when, row, wanted
):
    assert fails(check(rule, when), {**HEAD, **row}, context()) is wanted


def test_a_condition_that_is_unknown_does_not_hold():
    assert holds(None, HEAD, context())
    assert not holds(read("staff == 1"), HEAD, context())
    assert holds(read("staff == 1"), {**HEAD, "staff": 1}, context())


def test_evaluating_gives_stored_values():
    assert evaluate(read("staff > 1"), {**HEAD, "staff": 2}, context()) == 1
    assert type(evaluate(read("staff > 1"), {**HEAD, "staff": 2}, context())) is int
    assert compile_expression(read("staff"))(HEAD, context()) is None


def test_an_expression_names_what_it_reads():
    found = read(
        "staff > firm.staff or exists('firm', \"code == this.number and staff > 3\")"
        " or attr('state', 'live') or child_count('part') > 1"
    )
    assert found.fields == {"staff", "firm", "number", "state"}
    assert found.forms == {"firm", "part"}
    assert found.kind == "bool"


def test_the_bare_names_of_the_language_are_refused_as_field_ids():
    assert "period_last_day" in FUNCTIONS
    assert "this" in LANGUAGE_WORDS
