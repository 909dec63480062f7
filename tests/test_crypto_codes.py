"""Codes that people type: 开通码 and 核对码, and what a 开通码 proves."""

import hashlib
import hmac
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union_desk import crypto

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE = "K7WQ-2M9D-XTRA-84HJ"
SAID = {
    "role": "unit",
    "fingerprint": "SHA256:" + 43 * "A",
    "recipient": "age1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0sg9v7y2",
}


def test_a_code_has_16_signs_in_groups_of_4_without_look_alikes():
    codes = {crypto.new_enrol_code() for _ in range(300)}
    assert len(codes) == 300
    assert all(re.fullmatch(rf"[{SIGNS}]{{4}}(-[{SIGNS}]{{4}}){{3}}", code) for code in codes)
    assert set("".join(codes)) == {*SIGNS, "-"}


def wide(text):
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


@given(
    st.text(SIGNS, min_size=16, max_size=16),
    st.lists(st.tuples(st.integers(0, 16), st.sampled_from(" 　-–—－\t")), max_size=8),
    st.booleans(),
    st.booleans(),
)
def test_a_code_is_read_however_it_is_typed(code, between, lower, full):
    typed = wide(code.lower() if lower else code) if full else code.lower() if lower else code
    for place, sign in between:
        typed = typed[:place] + sign + typed[place:]
    assert crypto.read_enrol_code(typed) == code


@given(st.text(max_size=40))
def test_any_other_text_is_refused_with_a_reason(text):
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split())
    if re.fullmatch(f"[{SIGNS}]{{16}}", plain):
        assert crypto.read_enrol_code(text) == plain
    else:
        with pytest.raises(ValueError, match=r"^(sign|length)$"):
            crypto.read_enrol_code(text.replace("-", "0"))


@pytest.mark.parametrize(
    ("typed", "why"),
    [("", "length"), (CODE[:-1], "length"), (CODE + "2", "length"), ("0" + CODE[1:], "sign"), ("I" + CODE[1:], "sign")],
)  # fmt: skip
def test_what_is_no_code_says_why(typed, why):
    with pytest.raises(ValueError, match=f"^{why}$"):
        crypto.read_enrol_code(typed)


def test_a_tag_is_hmac_under_hkdf_of_the_code_as_the_specification_spells_them():
    """HKDF of RFC 5869 by hand: extract, then one block of expand."""
    code, parent, origin = crypto.read_enrol_code(CODE), "511102000013", "511102400017B"
    extracted = hmac.new(f"{parent}:{origin}".encode(), code.encode(), hashlib.sha256).digest()
    key = hmac.new(extracted, b"union-desk-enrol-v1\x01", hashlib.sha256).digest()
    for role, named in (("unit", origin), ("parent", parent)):
        text = f"{role}\n{named}\n{SAID['fingerprint']}\n{SAID['recipient']}\n"
        wanted = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        assert crypto.enrol_tag(code, parent, origin, **SAID | {"role": role}) == wanted


@pytest.mark.parametrize(
    ("place", "other"),
    [("code", "K7WQ2M9DXTRA84HK"), ("parent", "511100000010"), ("origin", "511102400017C"), ("role", "parent"),
     ("fingerprint", "SHA256:" + 43 * "B"), ("recipient", "age1x")],
)  # fmt: skip
def test_a_tag_holds_for_one_strip_one_side_and_one_pair_of_keys(place, other):
    given_ = {
        "code": "K7WQ2M9DXTRA84HJ",
        "parent": "511102000013",
        "origin": "511102400017B",
    } | SAID
    assert crypto.enrol_tag(**given_) != crypto.enrol_tag(**given_ | {place: other})


@pytest.mark.parametrize("typed", ["3380-5781-6613", "338057816613", " 3380 5781\u30006613 ", wide("3380-5781-6613"), "3380–5781–6613"])  # fmt: skip
def test_check_digits_are_read_however_they_are_typed(typed):
    assert crypto.read_check_digits(typed) == "3380-5781-6613"


@pytest.mark.parametrize(
    ("typed", "why"),
    [("", "length"), ("3380-5781-661", "length"), ("3380-5781-66133", "length"), ("3380-5781-661三", "sign"), ("是", "sign")],
)  # fmt: skip
def test_what_are_no_check_digits_says_why(typed, why):
    with pytest.raises(ValueError, match=f"^{why}$"):
        crypto.read_check_digits(typed)


@given(st.binary(min_size=32, max_size=32))
def test_check_digits_are_the_first_twelve_decimals_of_the_hash(raw):
    text = "SHA256:" + raw.hex()
    share = int.from_bytes(hashlib.sha256(text.encode()).digest()) / 2**256
    assert abs(int(crypto.check_digits(text).replace("-", "")) - share * 10**12) < 10**3
