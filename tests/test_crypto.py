"""Keys under passwords, content sealed to recipients, and what damaged input does."""

import base64

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
