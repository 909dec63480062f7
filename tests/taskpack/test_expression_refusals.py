"""What the check language refuses, and in which words."""

import ast
import contextlib
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.taskpack.small_package import LISTS, read
from union_desk.taskpack.expression import ExpressionError
from union_desk.taskpack.system import SYSTEM_LISTS

HOSTILE = [
    "(" * 300 + "staff" + ")" * 300 + " > 1",
    "not " * 400 + "done",
    "-" * 900 + "staff > 1",
    "~" * 900 + "staff",
    "[" * 150 + "1" + "]" * 150,
    "staff > " + "9" * 1999,
    "staff > 9007199254740992",
    "staff > 1e999",
    "staff > 1e16",
    "staff > 1j",
    "staff ** 99 > 1",
    "9 ** 9 ** 9 > 1",
    "staff << 99 > 1",
    "staff // 2 > 1",
    "staff % 2 > 1",
    "staff | 1 > 1",
    "name * 1000 == 'x'",
    "__import__('os')",
    "__builtins__",
    "name.__class__ == 'x'",
    "firm.__class__ == 'x'",
    "this.__class__ == 'x'",
    "().__class__",
    "name.upper() == 'X'",
    "firm.boss.code == '7'",
    "firm.title.code.x",
    "ref('firm', 'boss') == '7'",
    "[x for x in (1, 2)] == 1",
    "any(x for x in (1, 2))",
    "{x: 1 for x in (1,)}",
    "{1, 2}",
    "{'a': 1}",
    "lambda: 1",
    "(lambda: 1)()",
    "f'{staff}' == '1'",
    "b'1' == name",
    "(x := 1) > 0",
    "staff if done else 1",
    "max(*colours) > 1",
    "nz(*colours) > 1",
    "nz(staff=1) > 1",
    "nz(**colours) > 1",
    "nz()(1) > 1",
    "nz(staff)[0] > 1",
    "name[0] == 'x'",
    "name[0:1] == 'x'",
    "await name",
    "yield name",
    "...",
    "None",
    "staff == None",
    "staff is 1",
    "staff is not 1",
    "eval('1')",
    "exec('1')",
    "open('/etc/passwd')",
    "getattr(name, 'x')",
    "print(1)",
    "nz",
    "nz == 1",
    "staff; done",
    "staff = 1",
    "import os",
    "staff > 1 # note\n or __import__('os')",
    "staff \\\n > 1",
    "name == '\\x00'",
    "name == '\x00'",
    "name == '\u202e'",
    "name == '\ud800'",
    "done " * 500,
    "done and " * 250 + "done",
    "",
    "   ",
    "count('deal', \"" + "not " * 400 + 'done") > 1',
    "count('deal', \"count('deal', 'staff > 1') > 1\") > 1",
    "count('deal', 'exists(\"firm\", \"staff > 1\")') > 1",
    "count('deal', \"child_count('part') > 1\") > 1",
    "count('deal', \"__import__('os')\") > 1",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_refused_in_chinese(text):
    with pytest.raises(ExpressionError) as refusal:
        read(text)
    assert any("\u4e00" <= char <= "\u9fff" for char in refusal.value.message)
    assert 0 <= refusal.value.offset <= len(text)


WRONG = [
    ("staff2 > 1", "表“deal”没有字段“staff2”"),
    ("name > 'x'", "文字只能用 == 和 != 比较"),
    ("staff == '1'", "数字与文字不能比较"),
    ("name == 1", "文字与数字不能比较"),
    ("done == 1", "是否与数字不能比较"),
    ("done > True", "是否只能用 == 和 != 比较"),
    ("first == name", "不能比较"),
    ("first == '2012-2-1'", "“2012-2-1”不是日期"),
    ("first > '2012-02-30'", "“2012-02-30”不是日期"),
    ("first in ('x',)", "“x”不是日期"),
    ("days(first, 'x') > 1", "“x”不是日期"),
    ("first + 1 == 1", "“+”两边要数字，不能是日期"),
    ("name - 'x' == 'y'", "“-”两边要数字，不能是文字"),
    ("staff + name == 'x'", "“+”两边要数字，不能是文字"),
    ("state == '9'", "代码“9”不在代码表“states”里"),
    ("state in ('1', '9')", "代码“9”不在代码表“states”里"),
    ("firm.state == '9'", "代码“9”不在代码表“states”里"),
    ("'9' == state", "代码“9”不在代码表“states”里"),
    ("colours == '1'", "多选不能这样比较"),
    ("has(colours, '99')", "代码“99”不在代码表“colours”里"),
    ("has(state, '1')", "函数“has”要多选，不能是文字"),
    ("has(scan, 'x')", "不在代码表"),
    ("has(colours, name)", "要加引号"),
    ("attr('state', 'nothing')", "代码表“states”没有属性“nothing”"),
    ("attr('name', 'live')", "“name”不是单选字段"),
    ("attr('colours', 'live')", "“colours”不是单选字段"),
    ("attr('nothing', 'live')", "表“deal”没有字段“nothing”"),
    ("attr('firm.nothing', 'live')", "没有字段“nothing”"),
    ("attr('firm.boss.state', 'live')", "走了不止一步"),
    ("attr(state, 'live')", "要加引号"),
    ("num(attr('state', 'live')) > 1", "的属性“live”不是数字"),
    ("num(attr('state', 'word')) > 1", "的属性“word”不是数字"),
    ("num(name) > 1", "函数“num”要代码属性或数字，不能是文字"),
    ("attr('state', 'points') > 1", "文字与数字不能比较"),
    ("param('nothing') > 1", "没有参数“nothing”"),
    ("param('since') > 1", "日期与数字不能比较"),
    ("ref('name', 'x') == 1", "“name”不是关联字段"),
    ("ref('firm', 'nothing') == 1", "关联的表“firm”没有字段“nothing”"),
    ("firm.boss == '7'", "又是关联字段"),
    ("name.x == 1", "“name”不是关联字段"),
    ("firm > firm", "关联只能用 == 和 != 比较"),
    ("firm == 1", "关联与数字不能比较"),
    ("firm and done", "要是否，不能是关联"),
    ("staff and done", "要是否，不能是数字"),
    ("not staff", "要是否，不能是数字"),
    ("-name == 1", "负号后面要数字"),
    ("this.staff > 1", "“this”只能用在加引号的条件里"),
    ("firm == this", "“this”只能用在加引号的条件里"),
    ("count('deal', 'firm == this') > 1", "“firm”关联的是“firm”，不能与“deal”的记录比较"),
    ("count('part', 'deal == this.firm') > 1", "不能与“firm”的记录比较"),
    ("count('part', \"deal == 'x'\") > 1", "不能与文字比较"),
    ("count('deal', 'this.nothing == 1') > 1", "表“deal”没有字段“nothing”"),
    ("count('deal', 'this.firm.staff == 1') > 1", "“.”只能走一步"),
    ("count('nothing', 'staff > 1') > 1", "没有表“nothing”"),
    ("count('deal', staff > 1) > 1", "要加引号"),
    ("count('deal', 'staff') > 1", "加引号的条件要是否，不能是数字"),
    ("count('deal') > 1", "函数“count”要 2 个参数，写了 1 个"),
    ("sum_('deal', 'name', 'done') > 1", "函数“sum_”只能加数字字段"),
    ("sum_('deal', 'unit', 'done') > 1", "函数“sum_”只能加数字字段"),
    ("child_count('firm') > 1", "没有字段关联到"),
    ("child_sum('part', 'firm') > 1", "只能加数字字段"),
    ("today(1) > first", "函数“today”要 0 个参数，写了 1 个"),
    ("nothing(1)", "没有函数“nothing”"),
    ("year(name) == 1", "函数“year”要日期，不能是文字"),
    ("age(born, staff) > 1", "函数“age”要日期，不能是数字"),
    ("id_birth(name) == first", "要身份证号字段"),
    ("round(staff, name) > 1", "round 的第二个参数"),
    ("round(staff, 7) > 1", "round 的第二个参数"),
    ("round(staff, True) > 1", "round 的第二个参数"),
    ("who(person, name, name) == 'x'", "函数“who”要日期"),
    ("state in '1'", "in 后面要一列值"),
    ("state in ()", "in 后面要一列值"),
    ("state in (name,)", "只能列出写明的值"),
    ("firm in ('7',)", "in 前面不能是关联"),
    ("count('deal', 'this == this') > 1", "“this”只能与关联字段比较"),
    ("(1, 2)", "只能写在 in 后面"),
    ("colours", "要得出一个值"),
    ("state ＝＝ '1'", "第 7 个字附近"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), WRONG)
def test_an_expression_that_cannot_mean_anything_is_refused_with_its_reason(text, words):
    with pytest.raises(ExpressionError) as refusal:
        read(text)
    assert words in refusal.value.message


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("done and staff2 > 1", 9),
        ("name == '三' and name > 'x'", 16),
        ("done and count('deal', \"staff2 > 1\") > 1", 9),
        ("nz(staff) >> 1", 0),
    ],
)
def test_a_refusal_names_the_place(text, offset):
    with pytest.raises(ExpressionError) as refusal:
        read(text)
    assert refusal.value.offset == offset


def test_system_lists_are_known_and_never_shadow_the_package():
    assert not set(SYSTEM_LISTS) & set(LISTS)


PIECES = st.sampled_from(
    [*"()[]{}.,:=<>+-*/'\"# ", "staff", "done", "firm", "this", "not ", " and ", " in ", "count(", "nz(",
     "attr(", "lambda ", " if ", "'deal'", "1", "9e9", "é", "（", "\n", "**", ":=", "__"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(string.printable, max_size=60))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    with contextlib.suppress(ExpressionError):
        found = read(text)
        assert ast.parse(" ".join(text.split("\n")).strip(), mode="eval")
        assert found.kind in {"number", "text", "date", "bool", "ref"}
