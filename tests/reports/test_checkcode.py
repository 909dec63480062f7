"""Digest, 校验码, serial and QR payload."""

import hashlib

from union_desk.reports import checkcode

IDENTITY = checkcode.Identity("R30", "511123000014", "2012M08", "lszgh-2012-55", "1.0")


def test_the_digest_is_sha256_over_the_identity_and_the_sorted_cells():
    cells = [
        checkcode.cell("u2", "name", "张三"),
        checkcode.cell("u1", "amount", 120_000),
        checkcode.cell("u1", "name", None),
    ]
    expected = "R30\t511123000014\t2012M08\tlszgh-2012-55\t1.0\nu1\tamount\t120000\nu1\tname\t\nu2\tname\t张三\n"
    assert checkcode.digest(IDENTITY, cells) == hashlib.sha256(expected.encode()).hexdigest()
    assert checkcode.digest(IDENTITY, reversed(cells)) == checkcode.digest(IDENTITY, cells)


def test_composed_and_decomposed_text_have_the_same_digest_and_tabs_cannot_forge_a_cell():
    assert checkcode.cell("u", "f", "e\u0301") == checkcode.cell("u", "f", "é")
    assert checkcode.cell("u", "f", "a\nu\tg\tb") == "u\tf\ta\\nu\\tg\\tb"
    assert checkcode.cell("u", "f", "a\\n") != checkcode.cell("u", "f", "a\n")


def test_the_check_code_is_the_first_sixteen_digits_in_groups():
    assert checkcode.check_code("9f3a27c188d40b6e" + "0" * 48) == "9F3A-27C1-88D4-0B6E"


def test_the_serial_is_upper_case_with_three_digits_and_drafts_have_none():
    assert checkcode.serial("R30", "511123400042", "2012M08", 1) == "R30-511123400042-2012M08-001"
    assert (
        checkcode.serial("unit_profile-sheet", "511123400042", "2012Q3")
        == "UNIT.PROFILE-SHEET-511123400042-2012Q3-000"
    )


def test_the_payload_is_alphanumeric_and_short_enough_for_a_small_code():
    digest = hashlib.sha256(b"x").hexdigest()
    payload = checkcode.payload("WAGE.CONTRACT-ROSTER-511123400042B-2012M08-001", digest)
    assert set(payload) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert len(checkcode.payload("R30-511123400042-2012M08-001", digest)) == 65
    assert len(payload) <= 90
