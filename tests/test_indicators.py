"""Progress against a target: value, gap, pace and tone, without a store."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from union_desk.indicators import (
    Totals,
    elapsed,
    figure,
    gap_words,
    progress,
    target_figure,
    target_for,
    tone,
)
from union_desk.taskpack.definition import Indicator, Target, Term

YEAR = SimpleNamespace(year_from="2012-01-01", year_to="2012-12-31")
COUNT = Indicator(
    "unions", "新增基层工会数", "个", "2", (Term("count", "union"),), target=Target(">=", 200)
)
RATE = Indicator(
    "rate", "建会率", "%", "2", (Term("count", "firm"),), (Term("count", "firm"),), scale=100,
    target=Target(">=", 90),
)  # fmt: skip
MONEY = Indicator("paid", "帮扶资金", "元", "3", (Term("sum", "aid"),), money=True)


def shown(indicator, numerator, denominator=None, *, as_of="2012-08-31", target=None):
    target = indicator.target.value if target is None and indicator.target else target
    return progress(
        indicator, Totals(numerator, denominator), pack=YEAR, unit="511100000010", as_of=as_of,
        target=target,
    )  # fmt: skip


def test_a_count_says_how_many_are_missing():
    item = shown(COUNT, 142)
    assert (item.value, item.gap, item.done) == (142, 58, 71)
    assert gap_words(item) == "还差 58 个"
    assert (figure(item), target_figure(item)) == ("142", "200")


def test_a_rate_says_its_distance_in_points_and_has_no_share_of_the_target_done():
    item = shown(RATE, 864, 1000)
    assert item.value == pytest.approx(86.4)
    assert gap_words(item) == "差 3.6 个百分点"
    assert item.done is None
    assert figure(item) == "86.4"


def test_a_gap_too_small_to_show_is_not_shown_as_nothing():
    assert gap_words(shown(RATE, 89_999, 100_000)) == "差不到 0.1 个百分点"
    assert figure(shown(RATE, 89_999, 100_000)) == "90.0"


def test_rates_round_half_up_on_the_exact_quotient():
    assert figure(shown(RATE, 6345, 10_000)) == "63.5"
    assert figure(shown(RATE, 2675, 100_000)) == "2.7"


def test_over_nothing_there_is_no_value_no_gap_and_no_tone():
    item = shown(RATE, 0, 0)
    assert item.value is None
    assert item.to_json()["value"] is None
    assert (figure(item), gap_words(item), tone(item)) == ("—", "—", "none")


def test_a_reached_target_is_said_so():
    assert gap_words(shown(COUNT, 240)) == "已完成"
    assert gap_words(shown(RATE, 9, 10)) == "已达标"
    assert tone(shown(COUNT, 200)) == tone(shown(RATE, 95, 100)) == "ok"


def test_an_indicator_without_a_target_has_neither_words_nor_tone():
    item = shown(MONEY, 3_150_000)
    assert (gap_words(item), tone(item), item.gap, item.done) == ("", "none", None, None)


def test_money_is_fen_inside_and_yuan_as_text_outside():
    item = shown(MONEY, 3_150_000, target=5_000_000)
    assert item.to_json()["value"] == "31500.00"
    assert item.to_json()["gap"] == "18500.00"
    assert figure(item) == "31,500.00"
    assert gap_words(item) == "还差 18,500.00 元"


@pytest.mark.parametrize(
    ("day", "days"),
    [
        ("2011-12-31", 0),
        ("2012-01-01", 1),
        ("2012-08-31", 244),
        ("2012-12-31", 366),
        ("2013-05-01", 366),
    ],
)
def test_elapsed_time_counts_the_day_itself_and_stays_inside_the_year(day, days):
    assert elapsed(YEAR, day) == pytest.approx(100 * days / 366)


def test_elapsed_time_follows_the_bounds_of_the_package():
    assert (
        elapsed(SimpleNamespace(year_from="2011-10-01", year_to="2012-09-30"), "2012-09-30") == 100
    )


@pytest.mark.parametrize(
    ("value", "colour"),
    [(134, "primary"), (130, "primary"), (129, "warn"), (100, "warn"), (99, "err")],
)
def test_a_count_is_coloured_against_the_time_gone(value, colour):
    """Gone by 31 August 2012: 66.67 %; in step from 64.67 %, behind below 50 %."""
    assert tone(shown(COUNT, value)) == colour


@pytest.mark.parametrize(
    ("value", "colour"), [(90, "ok"), (81, "primary"), (80, "warn"), (1, "warn")]
)
def test_a_rate_is_coloured_against_its_target_only(value, colour):
    assert tone(shown(RATE, value, 100)) == colour


def test_a_limit_not_to_be_passed_says_by_how_much_it_is():
    limit = replace(COUNT, target=Target("<=", 10))
    assert gap_words(shown(limit, 12)) == "超出 2 个"
    assert gap_words(shown(limit, 9)) == "已完成"
    assert gap_words(shown(replace(RATE, target=Target("<=", 5)), 9, 100)) == "超出 4.0 个百分点"


def test_targets_belong_to_the_root_rates_hold_everywhere_and_shares_below():
    assert target_for(COUNT, root=True, share=None) == 200
    assert target_for(COUNT, root=False, share=None) is None
    assert target_for(COUNT, root=False, share=20) == 20
    assert target_for(RATE, root=False, share=None) == 90
    assert target_for(MONEY, root=True, share=100.5) == 10050


def test_a_breakdown_carries_its_own_totals():
    item = progress(
        COUNT, Totals(12), pack=YEAR, unit="1", as_of="2012-08-31", target=None,
        by=(("1", "春送岗位", Totals(5)), ("0", "日常帮扶", Totals(7))),
    )  # fmt: skip
    assert [part["value"] for part in item.to_json()["by"]] == [5, 7]
    assert item.to_json()["by"][0] == {
        "code": "1", "label": "春送岗位", "value": 5, "numerator": 5, "denominator": None,
    }  # fmt: skip


def test_the_json_has_the_keys_of_the_command_line():
    keys = [
        "id",
        "title",
        "measure",
        "unit",
        "as_of",
        "value",
        "numerator",
        "denominator",
        "target",
        "gap",
        "pace",
        "by",
    ]
    assert list(shown(COUNT, 1).to_json()) == keys
