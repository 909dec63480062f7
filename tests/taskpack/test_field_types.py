"""What people type, what is kept, and what is flagged."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2, mod_11_10

from union_desk.taskpack.definition import Field
from union_desk.taskpack.expression import KINDS
from union_desk.taskpack.field_types import (
    FIELD_TYPES,
    Hints,
    Unreadable,
    columns,
    format_value,
    mask,
    parse,
    parse_cell,
    plain,
    remark,
)
from union_desk.taskpack.identity_numbers import _organisation_check
from union_desk.taskpack.typed_text import LARGEST, fold
from union_desk.taskpack.vocabulary import FIELD_TYPES as WORDS

TYPES = sorted(FIELD_TYPES)
HINTS = Hints(2012, "2012-09-02")


def field(kind, **more):
    return Field("f", "某项", kind, **more)


def read(kind, text, **more):
    return parse(field(kind, **more), text, HINTS)


def test_the_registry_knows_every_type_a_package_may_name():
    assert set(FIELD_TYPES) == set(WORDS.values()) == set(KINDS)
    assert {item.id: item.title for item in FIELD_TYPES.values()} == {
        v: k for k, v in WORDS.items()
    }
    assert {item.id: item.expression for item in FIELD_TYPES.values()} == dict(KINDS)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("text", ["", " ", "　", "\n", "\t", "\u200b", "\ufeff \u200b"])
def test_nothing_typed_is_nothing_kept(kind, text):
    assert read(kind, text) is None


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    "text",
    [
        "a\x00",
        "\x1b[31m",
        "\u202eabc",
        "\u2066x",
        "\ud800",
        "\x85",
        "1\x7f",
        "\ufffe",
        "\u200f",
        "1\x0c2",
    ],
)
def test_characters_nobody_sees_are_refused_and_the_text_is_kept(kind, text):
    found = read(kind, text)
    assert isinstance(found, Unreadable)
    assert found.text == text
    assert "看不见" in found.message


@pytest.mark.parametrize("kind", TYPES)
def test_endless_text_is_refused(kind):
    assert isinstance(read(kind, "1" * 200_000), Unreadable)


TYPED = [
    ("text", "  张三 ", "张三"),
    ("text", "张\t三\r\n李", "张 三 李"),
    ("text", "e\u0301", "é"),
    ("text", "ＡＢ（１）", "ＡＢ（１）"),
    ("text", "a\u200bb\ufeff", "ab"),
    ("longtext", " 一\r\n二\r三\u2028四 ", "一\n二\n三\n四"),
    ("int", "120", 120),
    ("int", "１２０", 120),
    ("int", "1,200", 1200),
    ("int", "1，200", 1200),
    ("int", "1 200 人", 1200),
    ("int", "1,0000", 10000),
    ("int", "120人", 120),
    ("int", "120 人 ", 120),
    ("int", "+5", 5),
    ("int", "-5", -5),
    ("int", "－５", -5),
    ("int", "−5", -5),
    ("int", "007", 7),
    ("int", "3.0", 3),
    ("int", "1.2万", 12000),
    ("int", str(LARGEST), LARGEST),
    ("decimal", "98.5", 98.5),
    ("decimal", "98.5%", 98.5),
    ("decimal", "９８．５％", 98.5),
    ("decimal", ".5", 0.5),
    ("decimal", "-0", 0.0),
    ("money", "1200", 120000),
    ("money", "1,200.5", 120050),
    ("money", "1.2万", 1_200_000),
    ("money", "1.2万元", 1_200_000),
    ("money", "0.5亿", 5_000_000_000),
    ("money", "￥３．０５", 305),
    ("money", "人民币 3 元", 300),
    ("money", "-3.05", -305),
    ("money", "3.050", 305),
    ("date", "2012-8-5", "2012-08-05"),
    ("date", "2012-08-05", "2012-08-05"),
    ("date", "2012/8/27", "2012-08-27"),
    ("date", "2012.8.27", "2012-08-27"),
    ("date", "2012。8。27", None),
    ("date", "20120827", "2012-08-27"),
    ("date", "2012年8月5日", "2012-08-05"),
    ("date", "２０１２年８月５日", "2012-08-05"),
    ("date", "2012 年 8 月 5 号", "2012-08-05"),
    ("date", "8月27日", "2012-08-27"),
    ("date", "8-27", "2012-08-27"),
    ("date", "8.27", "2012-08-27"),
    ("date", "8/27", "2012-08-27"),
    ("date", "2月29日", "2012-02-29"),
    ("date", "=", "2012-09-02"),
    ("date", "2012-08-05 00:00:00", "2012-08-05"),
    ("date", "2012-08-05T00:00:00", "2012-08-05"),
    ("bool", "是", 1),
    ("bool", "√", 1),
    ("bool", "1", 1),
    ("bool", "Y", 1),
    ("bool", "否", 0),
    ("bool", "×", 0),
    ("bool", "０", 0),
    ("person_id", "511197197403121139", "511197197403121139"),
    ("person_id", " 511197 19740312 1139 ", "511197197403121139"),
    ("person_id", "５１１１９７１９７４０３１２１１３９", "511197197403121139"),
    ("uscc", "91110000600037341l", "91110000600037341L"),
    ("uscc", "60003734-1", "600037341"),
    ("uscc", "６０００３７３４—１", "600037341"),
    ("phone", "139 0833 1234", "13908331234"),
    ("phone", "139-0833-1234", None),
    ("phone", "0833-2123456", "0833-2123456"),
    ("phone", "（0833）2123456", "0833-2123456"),
    ("phone", "0833－2123456转12", "0833-2123456-12"),
    ("phone", "2123456", "2123456"),
    ("phone", "+86 13908331234", "13908331234"),
    ("ref", " 某厂 ", "某厂"),
    ("attach", "A" * 64, "a" * 64),
    ("attach", "a" * 64 + "; " + "b" * 64 + ";" + "a" * 64, "a" * 64 + ";" + "b" * 64),
]


@pytest.mark.parametrize(("kind", "text", "kept"), TYPED)
def test_what_people_type_is_normalised(kind, text, kept):
    measure = {"int": "人", "decimal": "%", "money": "元/月"}.get(kind, "")
    found = read(kind, text, measure=measure)
    if kept is None:
        assert isinstance(found, Unreadable)
    else:
        assert found == kept
        assert type(found) is type(kept)


UNREADABLE = [
    ("int", "一百二", "阿拉伯数字"),
    ("int", "12,00", "逗号"),
    ("int", "1 2", "空格"),
    ("int", "3.5", "不能有小数"),
    ("int", "1.23456万", "不能有小数"),
    ("int", "1e5", "不是数字"),
    ("int", "0x10", "不是数字"),
    ("int", "约120", "不是数字"),
    ("int", "120个", "单位是人"),
    ("int", "--5", "不是数字"),
    ("int", "(5)", "不是数字"),
    ("int", "人", "不是数字"),
    ("int", "٣", "不是数字"),
    ("int", str(LARGEST + 1), "太大"),
    ("int", "-" + str(LARGEST + 1), "太大"),
    ("int", "9" * 70, "太长"),
    ("decimal", "1.2.3", "不是数字"),
    ("decimal", "nan", "不是数字"),
    ("decimal", "inf", "不是数字"),
    ("decimal", "0." + "1" * 30, "位数太多"),
    ("money", "3.005", "两位小数"),
    ("money", "5元3角", "不是数字"),
    ("money", "$5", "不是数字"),
    ("money", "九十", "阿拉伯数字"),
    ("money", "1000000亿", "太大"),
    ("date", "12年8月", "写到日"),
    ("date", "2012年8月", "写到日"),
    ("date", "2012-08", "写到日"),
    ("date", "201208", "写到日"),
    ("date", "12-8-5", "年份要写四位"),
    ("date", "12年8月5日", "年份要写四位"),
    ("date", "2月30日", "没有 2012 年 2 月 30 日"),
    ("date", "2012-13-01", "没有"),
    ("date", "2012-8/5", "看不出"),
    ("date", "1899-12-31", "年份应在"),
    ("date", "2112-08-05", "年份应在"),
    ("date", "41148", "看不出"),
    ("date", "2012", "看不出"),
    ("date", "昨天", "看不出"),
    ("date", "2012-08-05 14:30:00", "看不出"),
    ("date", "二〇一二年八月五日", "看不出"),
    ("bool", "2", "“是”或“否”"),
    ("bool", "也许", "“是”或“否”"),
    ("person_id", "511197197403121138", "校验位不对"),
    ("person_id", "51119719740312113", "现在是 17 位"),
    ("person_id", "991197197403121139", "省级代码"),
    ("person_id", "511197197413121131", "出生日期"),
    ("person_id", "511197201302291139", "出生日期"),
    ("person_id", "511197201209030000", "出生日期"),
    ("person_id", "5111971974031211X9", "18 位"),
    ("uscc", "911111021234567891", "校验位不对"),
    ("uscc", "600037342", "校验位不对"),
    ("uscc", "6000-37341", "短横"),
    ("uscc", "91110000600037341I", "没有 I"),
    ("uscc", "511102000012345", "现在是 15 位"),
    ("phone", "1390000111", "现在是 10 位"),
    ("phone", "10086", "现在是 5 位"),
    ("phone", "12351", "现在是 5 位"),
    ("phone", "13900001111;13900002222", "不是电话号码"),
    ("phone", "abc", "不是电话号码"),
    ("attach", "扫描件.pdf", "附件"),
]


@pytest.mark.parametrize(("kind", "text", "words"), UNREADABLE)
def test_the_unreadable_is_kept_and_flagged_never_guessed(kind, text, words):
    measure = {"int": "人", "decimal": "%", "money": "元"}.get(kind, "")
    found = read(kind, text, measure=measure)
    assert isinstance(found, Unreadable), found
    assert found.text == text
    assert words in found.message


def test_a_wrong_check_digit_never_tells_the_right_one():
    assert "9" not in read("person_id", "511197197403121138").message
    assert "L" not in read("uscc", "911100006000373410").message


def test_without_a_year_a_short_date_is_flagged():
    found = parse(field("date"), "8月27日", Hints())
    assert isinstance(found, Unreadable)
    assert "缺少年份" in found.message
    assert isinstance(parse(field("date"), "=", Hints()), Unreadable)


def test_an_id_number_of_fifteen_digits_is_widened():
    wide = read("person_id", "511197740312113")
    assert wide[:17] == "51119719740312113"
    assert wide[17] == mod_11_2.calc_check_digit(wide[:17])


def test_holders_born_before_their_county_s_code_was_in_force_are_taken():
    for year in range(1935, 2013):
        number = f"511181{year}0101001"
        number += str(mod_11_2.calc_check_digit(number))
        assert read("person_id", number) == number


def test_an_unknown_region_is_a_remark_not_an_error():
    assert "511197" in remark(field("person_id"), "511197197403121139")
    known = "51110219740312113"
    known += str(mod_11_2.calc_check_digit(known))
    assert remark(field("person_id"), known) == ""
    older = "51112219740312113"
    assert remark(field("person_id"), older + str(mod_11_2.calc_check_digit(older))) == ""
    assert "111111" in remark(field("uscc"), "911111110000000000")
    assert remark(field("text"), "511197197403121139") == ""


def test_a_credit_code_needs_a_right_organisation_code_inside():
    inside = "911111021234567890"[:17]
    number = inside + uscc.calc_check_digit(inside)
    found = read("uscc", number)
    assert isinstance(found, Unreadable)
    assert "第 9 至 17 位" in found.message


def test_a_union_code_must_end_in_its_check_digit():
    code = {"pattern": r"\d{12}", "pattern_help": "12 位工会编码", "check_digit": "mod_11_10"}
    good = "51110240001"
    good += mod_11_10.calc_check_digit(good)
    assert read("text", good, **code) == good
    assert read("text", "５１１１０２４０００１７", **code) == "511102400017"
    assert "校验位不对" in read("text", "511102400018", **code).message
    assert "12 位工会编码" in read("text", "51110240001", **code).message
    assert isinstance(read("text", "٥" * 12, **code), Unreadable)


def test_a_pattern_is_not_tried_on_endless_text():
    assert isinstance(
        read("text", "a" * 5000, pattern="(a+)+b", pattern_help="某种格式"), Unreadable
    )


CHOICES = [
    ("gender", "1", "1"),
    ("gender", "男", "1"),
    ("gender", "1 男", "1"),
    ("gender", "男(1)", "1"),
    ("ethnic", "01", "01"),
    ("ethnic", "1", "01"),
    ("ethnic", "汉", "01"),
    ("ethnic", "汉族", "01"),
    ("contest_kind", "劳动竞赛", "1"),
    ("contest_kind", "岗位练兵，技术比武", None),
    ("contest_kind", "岗位练兵、技术比武", "3"),
    ("industry", "制造业", "C"),
    ("industry", "c", None),
    ("political", "无", None),
    ("division", "市中", "511102"),
    ("division", "峨眉山", None),
    ("division", "峨眉山市", "511181"),
    ("gender", "女性", None),
    ("award_state", "通过", None),
]


@pytest.mark.parametrize(("codes", "text", "kept"), CHOICES)
def test_a_code_its_label_or_a_telling_beginning_is_a_choice(pack, codes, text, kept):
    found = parse(field("choice", code_list=codes), text, Hints(pack=pack))
    if kept is None:
        assert isinstance(found, Unreadable)
        assert pack.code_lists[codes].title in found.message or "可能是" in found.message
    else:
        assert found == kept


@pytest.mark.parametrize("separator", [";", "；", "、", ",", "，", " ", "\n", "; "])
def test_several_codes_come_with_any_separator_and_keep_the_list_s_order(pack, separator):
    item = field("multi", code_list="six_item")
    assert parse(item, separator.join(["3", "1", "3"]), Hints(pack=pack)) == "1;3"


def test_every_label_of_every_list_reads_as_its_code_alone_and_all_together(pack):
    for codes in pack.code_lists.values():
        one, many = field("choice", code_list=codes.id), field("multi", code_list=codes.id)
        for item in codes.items:
            assert parse(one, item.label, Hints(pack=pack)) == item.code
            assert parse(one, f"{item.code} {item.label}", Hints(pack=pack)) == item.code
        everything = ";".join(item.code for item in codes.items)
        for separator in ("；", "、"):
            labels = separator.join(item.label for item in codes.items)
            assert parse(many, labels, Hints(pack=pack)) == everything


def test_one_unknown_among_several_flags_the_whole(pack):
    found = parse(field("multi", code_list="six_item"), "1;9", Hints(pack=pack))
    assert isinstance(found, Unreadable)
    assert "“9”" in found.message


def person_ids():
    days = st.dates(
        min_value=date(1930, 1, 1),
        max_value=date(2012, 9, 1),
    )

    def number(day, serial):
        first = f"511197{day:%Y%m%d}{serial:03}"
        return first + str(mod_11_2.calc_check_digit(first))

    return st.builds(number, days, st.integers(1, 999))


def credit_codes():
    def number(first):
        inside = f"91511197{first:08}"
        inside += _organisation_check(inside[8:16])
        return inside + uscc.calc_check_digit(inside)

    return st.integers(0, 99_999_999).map(number)


TEXT = (
    st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Cf", "Cn", "Co"]), min_size=1, max_size=40
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
    .map(lambda text: unicodedata.normalize("NFC", text))
)
DIGEST = st.text("0123456789abcdef", min_size=64, max_size=64)


def values(item, pack):
    """Return a strategy of well-formed values of a field."""
    codes = pack.codes(item)
    if item.pattern or item.check_digit:
        return st.sampled_from(
            ["511102400017", "511100000010"] if item.check_digit else ["1234", "0007"]
        )
    return {
        "text": TEXT,
        "longtext": st.lists(TEXT, min_size=1, max_size=3).map("\n".join),
        "int": st.integers(-LARGEST, LARGEST),
        "money": st.integers(-LARGEST, LARGEST),
        "decimal": st.floats(-1e15, 1e15).map(lambda v: float(f"{v:.6g}") + 0.0) | st.floats(-100, 100),
        "date": st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)).map(str),
        "choice": st.sampled_from([c.code for c in codes.items]) if codes else TEXT,
        "multi": st.lists(st.sampled_from([c.code for c in codes.items]), min_size=1, unique=True).map(
            lambda chosen: ";".join(c.code for c in codes.items if c.code in chosen)
        ) if codes else TEXT,
        "bool": st.sampled_from([0, 1]),
        "person_id": person_ids(),
        "uscc": credit_codes() | st.just("600037341"),
        "phone": st.sampled_from(["13908331234", "0833-2123456", "2123456", "08332123456", "0833-2123456-12"]),
        "ref": TEXT,
        "attach": st.lists(DIGEST, min_size=1, max_size=3, unique=True).map(";".join),
    }[item.type]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_what_a_file_holds_reads_back_as_the_same_value_for_every_field_there_is(pack, data):
    items = [item for form in pack.forms.values() for item in form.fields]
    item = data.draw(st.sampled_from(items), label="field")
    value = data.draw(values(item, pack), label="value")
    if item.type == "decimal":
        value = parse(item, plain(item, value), HINTS)
        if isinstance(value, Unreadable):
            return
    hints = Hints(2012, "2012-09-02", pack)
    written = plain(item, value)
    assert parse(item, written, hints) == value
    assert plain(item, parse(item, written, hints)) == written
    assert isinstance(format_value(item, value, pack), str)
    assert isinstance(format_value(item, value, pack, masked=True), str)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(TYPES), st.text(max_size=30) | st.text("0123456789.,-年月日万%;:", max_size=14)
)
def test_any_text_is_read_or_flagged_and_what_is_read_reads_again(kind, text):
    found = read(kind, text)
    if isinstance(found, Unreadable):
        assert found.text == text
        assert found.message
    elif found is not None:
        assert read(kind, plain(field(kind), found)) == found


CELLS = [
    ("text", 12.0, "12"),
    ("text", 511102400017.0, "511102400017"),
    ("text", 5.11197197403121e17, None),
    ("person_id", 511197197403121100, None),
    ("int", 12.0, 12),
    ("int", 12.5, None),
    ("int", float("nan"), None),
    ("int", float("inf"), None),
    ("money", 0.1 + 0.2, 30),
    ("money", 1234.5, 123450),
    ("money", 12, 1200),
    ("money", 1.005, None),
    ("decimal", 0.1, 0.1),
    ("decimal", 1e-7, 1e-7),
    ("date", 8.27, None),
    ("date", 41148.0, None),
    ("date", "2012-08-27", "2012-08-27"),
    ("bool", 1.0, 1),
    ("phone", 13908331234.0, "13908331234"),
    ("int", None, None),
]


@pytest.mark.parametrize(("kind", "cell", "kept"), CELLS)
def test_cells_of_a_spreadsheet_may_be_numbers(kind, cell, kept):
    found = parse_cell(field(kind), cell, HINTS)
    if kept is None and cell is not None:
        assert isinstance(found, Unreadable)
    else:
        assert found == kept
        assert type(found) is type(kept)


def test_a_long_number_that_a_spreadsheet_rounded_is_refused_with_the_reason():
    assert "变成 0" in parse_cell(field("person_id"), 511197197403121100.0, HINTS).message


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("int", 1200, "1,200"),
        ("int", -1200, "-1,200"),
        ("decimal", 1234.5, "1,234.5"),
        ("decimal", 98.0, "98"),
        ("decimal", 1e-7, "0.0000001"),
        ("money", 120050, "1,200.50"),
        ("money", -5, "-0.05"),
        ("bool", 1, "是"),
        ("bool", 0, "否"),
        ("date", "2012-08-27", "2012-08-27"),
        ("attach", "a" * 64 + ";" + "b" * 64, "2 个附件"),
        ("text", None, ""),
    ],
)
def test_values_are_shown_for_people(kind, value, shown):
    assert format_value(field(kind), value, None) == shown


def test_years_are_shown_without_separators():
    assert format_value(field("int", measure="年"), 2012, None) == "2012"


def test_codes_are_shown_by_their_labels(pack):
    assert format_value(field("choice", code_list="gender"), "1", pack) == "男"
    assert (
        format_value(field("multi", code_list="open_form"), "1;3", pack) == "职代会；内部网站或OA"
    )
    assert format_value(field("choice", code_list="gender"), "7", pack) == "7"


def test_masks_show_only_the_ends():
    assert mask("511197197002143126") == "511197********3126"
    assert mask("13900002000") == "139****2000"
    assert mask("0833-2123456") == "0833****3456"
    assert mask("1234") == "****"
    assert format_value(field("person_id"), "511197197002143126", None, masked=True).count("*") == 8
    assert format_value(field("text"), "张三", None, masked=True) == "张三"


def test_a_reference_takes_three_columns():
    assert columns(field("ref")) == ("f", "f__key", "f__label")
    assert columns(field("text")) == ("f",)


def test_folding_makes_names_equal_that_only_look_different():
    assert (
        fold("买买提·艾力") == fold("买买提•艾力") == fold("买买提 ・ 艾力") == fold("买买提.艾力")
    )
    assert fold("ＡＢ（１）　公司") == fold("AB(1)公司")
    assert fold("AB") != fold("ab")
