"""Amounts in words, by the rules for filling in 票据."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union_desk.taskpack.money import amount_in_words, grouped_money, plain_money, read_money

WORDS = [
    ("0", "零元整"),
    ("0.01", "壹分"),
    ("0.10", "壹角整"),
    ("0.15", "壹角伍分"),
    ("1", "壹元整"),
    ("10", "壹拾元整"),
    ("10.01", "壹拾元零壹分"),
    ("15.60", "壹拾伍元陆角整"),
    ("100", "壹佰元整"),
    ("101", "壹佰零壹元整"),
    ("1001", "壹仟零壹元整"),
    ("1010", "壹仟零壹拾元整"),
    ("1409.50", "壹仟肆佰零玖元伍角整"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("325.04", "叁佰贰拾伍元零肆分"),
    ("10000", "壹万元整"),
    ("10001", "壹万零壹元整"),
    ("10100", "壹万零壹佰元整"),
    ("11000", "壹万壹仟元整"),
    ("107000.53", "壹拾万柒仟元伍角叁分"),
    ("100000", "壹拾万元整"),
    ("200030", "贰拾万零叁拾元整"),
    ("1000500", "壹佰万零伍佰元整"),
    ("100000000", "壹亿元整"),
    ("100000001", "壹亿零壹元整"),
    ("100010000", "壹亿零壹万元整"),
    ("6300004612.13", "陆拾叁亿零肆仟陆佰壹拾贰元壹角叁分"),
    ("1000000000000", "壹万亿元整"),
    ("1000000010000", "壹万亿零壹万元整"),
    ("90071992547409.91", "玖拾万零柒佰壹拾玖亿玖仟贰佰伍拾肆万柒仟肆佰零玖元玖角壹分"),
    ("-5", "负伍元整"),
]


@pytest.mark.parametrize(("yuan", "words"), WORDS)
def test_an_amount_in_words(yuan, words):
    assert amount_in_words(read_money(yuan)) == words


DIGITS = {word: number for number, word in enumerate("零壹贰叁肆伍陆柒捌玖")}


def value_of(words):
    """Read an amount in words back: the independent way round."""
    yuan, _, rest = words.rpartition("元")
    total = group = digit = 0
    for sign in yuan:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in "拾佰仟":
            group += digit * 10 ** ("拾佰仟".index(sign) + 1)
            digit = 0
        elif sign == "万":
            total += (group + digit) * 10_000
            group = digit = 0
        elif sign == "亿":
            total = (total + group + digit) * 100_000_000
            group = digit = 0
    fen = (total + group + digit) * 100
    for place, sign in enumerate(rest):
        if sign in DIGITS and rest[place + 1 : place + 2] in {"角", "分"}:
            fen += DIGITS[sign] * (10 if rest[place + 1] == "角" else 1)
    return fen


@given(st.integers(0, 10**13) | st.integers(0, 10**6).map(lambda v: v * 10**5))
def test_words_read_back_as_the_amount_and_never_repeat_a_zero(fen):
    words = amount_in_words(fen)
    assert value_of(words) == fen
    assert "零零" not in words
    assert "零元" not in words or fen == 0
    assert words.endswith(("整", "分"))


@given(st.integers(-(10**15), 10**15))
def test_money_is_written_and_read_the_same(fen):
    assert read_money(plain_money(fen)) == fen
    assert read_money(grouped_money(fen)) == fen


def test_a_sum_beyond_any_amount_that_is_kept_is_counted_in_hundred_millions():
    assert amount_in_words(71_992_547_409_910 * 10**8 * 100) == (
        "柒拾壹万玖仟玖佰贰拾伍亿肆仟柒佰肆拾万玖仟玖佰壹拾亿元整"
    )
