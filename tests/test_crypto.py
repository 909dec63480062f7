"""Keys under passwords, content sealed to recipients, and what damaged input does."""

import base64
import hashlib
import re
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union_desk import crypto
from union_desk.crypto import Cost, Damaged, WrongKey

CHEAP = Cost(1, 64, 1)
KEY = bytes(range(32))
SLOT = crypto.wrap_key(KEY, "口令 pass", b"store", CHEAP)
IDENTITY = crypto.new_age_identity()
SEALED = crypto.seal(b"content" * 20_000, [IDENTITY.recipient])


def test_a_wrapped_key_opens_with_its_password_alone():
    assert crypto.unwrap_key(SLOT, "口令 pass", b"store") == KEY
    for password, bound in (("口令 Pass", b"store"), ("", b"store"), ("口令 pass", b"other")):
        with pytest.raises(WrongKey):
            crypto.unwrap_key(SLOT, password, bound)


def test_a_wrapped_key_does_not_show_the_key():
    assert KEY.hex() not in str(SLOT)
    assert base64.b64encode(KEY).decode() not in str(SLOT)


def test_the_usual_cost_is_the_one_prescribed():
    assert Cost() == Cost(passes=3, memory_kib=65_536, lanes=4)


@pytest.mark.parametrize(
    "change",
    [
        {"t": 11}, {"t": 0}, {"m": (1 << 20) + 1}, {"m": 4}, {"p": 0}, {"p": 1000}, {"t": "3"}, {"salt": "zz"}, {"salt": "00"},
        {"nonce": ""}, {"sealed": "***"}, {"kdf": "scrypt"}, {"salt": None},
    ],
)  # fmt: skip
def test_a_slot_that_asks_for_too_much_or_is_no_slot_is_refused(change):
    with pytest.raises(Damaged):
        crypto.unwrap_key(SLOT | change, "口令 pass", b"store")


def test_sealed_content_opens_for_its_recipients_and_nobody_else():
    other, third = crypto.new_age_identity(), crypto.new_age_identity()
    sealed = crypto.seal(b"abc", [IDENTITY.recipient, other.recipient])
    assert crypto.open_sealed(sealed, [other.secret]) == b"abc"
    assert crypto.open_sealed(sealed, [third.secret, IDENTITY.secret]) == b"abc"
    with pytest.raises(WrongKey):
        crypto.open_sealed(sealed, [third.secret])


def test_an_identity_does_not_print_its_secret():
    assert IDENTITY.secret not in repr(IDENTITY)


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_no_changed_byte_goes_unnoticed(place, change):
    broken = bytearray(SEALED)
    broken[place] ^= change
    with pytest.raises((Damaged, WrongKey)):
        crypto.open_sealed(bytes(broken), [IDENTITY.secret])


@given(st.integers(0, len(SEALED) - 1))
def test_no_cut_goes_unnoticed(length):
    with pytest.raises((Damaged, WrongKey)):
        crypto.open_sealed(SEALED[:length], [IDENTITY.secret])


@pytest.mark.parametrize(
    "header",
    [
        b"", b"PK\x03\x04", b"age-encryption.org/v1\n", b"age-encryption.org/v1\n" + b"-> X25519 a\n" * 21 + b"--- x\n",
        b"age-encryption.org/v1\n-> scrypt salt 18\nx\n--- x\n", b"age-encryption.org/v1\n-> " + b"a" * 5000 + b"\n--- x\n",
        b"age-encryption.org/v1\n" + b"x\n" * 1001,
    ],
)  # fmt: skip
def test_a_header_made_to_cost_time_is_refused_before_decrypting(header):
    with pytest.raises(Damaged):
        crypto.check_age_header(header)


CODE = "Z52E-6H69-G7KF-Q8K2-TUNY-UY6Y-K6VE"
"""A code that was drawn once: what a test is called may not change from run to run."""


def test_a_recovery_code_has_28_signs_in_groups_of_4_without_look_alikes():
    assert [len(group) for group in CODE.split("-")] == [4] * 7
    signs = set("".join(crypto.new_recovery_code() for _ in range(200)))
    assert not signs & set("0O1I")
    assert len(signs) == 33
    assert len({crypto.new_recovery_code() for _ in range(200)}) == 200


def wide(text):
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        CODE.replace("-", ""),
        CODE.replace("-", "　"),
        f"  {CODE}\n",
        wide(CODE),
        wide(CODE.lower()),
        CODE.replace("-", "–"),
    ],
)
def test_a_recovery_code_is_read_however_it_is_typed(typed):
    assert crypto.read_recovery_code(typed) == CODE.replace("-", "")


@given(st.integers(0, 27), st.sampled_from("23456789ABCDEFGHJKLMNPQRSTUVWXYZ"))
def test_hardly_any_misread_sign_of_a_recovery_code_goes_unnoticed(place, sign):
    plain = CODE.replace("-", "")
    wrong = plain[:place] + sign + plain[place + 1 :]
    if wrong != plain and not chance_hit(wrong):
        with pytest.raises(ValueError, match=r"^check$"):
            crypto.read_recovery_code(wrong)


def chance_hit(code):
    """One wrong code in 4,096 passes the check."""
    number = 0
    for sign in code:
        number = number * 32 + "23456789ABCDEFGHJKLMNPQRSTUVWXYZ".index(sign)
    check = hashlib.sha256((number >> 12).to_bytes(16)).digest()
    return int.from_bytes(check[:2]) >> 4 == number % 4096


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "length"),
        (CODE[:-1], "length"),
        (CODE + "A", "length"),
        ("O" + CODE[1:], "sign"),
        ("码" * 28, "sign"),
    ],
)
def test_what_is_no_recovery_code_says_why(typed, why):
    with pytest.raises(ValueError, match=f"^{why}$"):
        crypto.read_recovery_code(typed)


def test_the_check_digits_are_those_of_the_specification():
    assert crypto.check_digits("SHA256:" + 43 * "A") == "3380-5781-6613"


def test_a_signing_key_is_named_as_openssh_names_it(tmp_path):
    key = crypto.new_signing_key()
    assert key.secret not in repr(key)
    assert key.public.startswith("ssh-ed25519 AAAA")
    assert re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}", crypto.fingerprint(key.public))
    if shutil.which("ssh-keygen"):
        (tmp_path / "key.pub").write_text(key.public + "\n")
        told = subprocess.run(
            ["ssh-keygen", "-lf", tmp_path / "key.pub"], capture_output=True, text=True, check=True
        ).stdout
        assert crypto.fingerprint(key.public) in told


@pytest.mark.parametrize("line", ["", "ssh-ed25519", "ssh-ed25519 ***"])
def test_a_line_that_is_no_public_key_has_no_fingerprint(line):
    with pytest.raises(Damaged):
        crypto.fingerprint(line)
