"""Files sealed as streams: with age both ways, and nothing of a bad one stays."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import outside
from union_desk import crypto
from union_desk.crypto import Damaged, WrongKey

IDENTITY, OTHER = crypto.new_age_identity(), crypto.new_age_identity()
CONTENT = bytes(range(256)) * 1000


def sealed(content=CONTENT, recipients=(IDENTITY.recipient,)):
    target = io.BytesIO()
    crypto.seal_file(io.BytesIO(content), target, recipients)
    return target.getvalue()


SEALED = sealed()


def opened(content, secrets=(IDENTITY.secret,)):
    target = io.BytesIO()
    crypto.open_file(io.BytesIO(content), target, secrets)
    return target.read()


def test_a_sealed_file_opens_for_each_of_its_recipients():
    both = sealed(recipients=(IDENTITY.recipient, OTHER.recipient))
    assert opened(both) == opened(both, (OTHER.secret,)) == CONTENT
    assert crypto.open_sealed(both, [OTHER.secret]) == CONTENT
    assert opened(sealed(b"")) == b""


def test_a_file_is_sealed_and_opened_from_where_it_stands():
    source, target = io.BytesIO(b"before" + SEALED), io.BytesIO()
    source.seek(6)
    crypto.open_file(source, target, [IDENTITY.secret])
    assert target.read() == CONTENT


def emptied(content, secrets=(IDENTITY.secret,)):
    """The refusal of a bad file; nothing of it stays."""
    target = io.BytesIO()
    with pytest.raises((Damaged, WrongKey)) as caught:
        crypto.open_file(io.BytesIO(content), target, secrets)
    assert target.getvalue() == b""
    return caught.value


@given(st.integers(0, len(SEALED) - 1))
def test_of_a_cut_file_nothing_stays(length):
    emptied(SEALED[:length])


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_of_a_changed_file_nothing_stays(place, change):
    broken = bytearray(SEALED)
    broken[place] ^= change
    emptied(bytes(broken))


def test_a_stranger_is_told_apart_from_damage():
    assert isinstance(emptied(SEALED, (OTHER.secret,)), WrongKey)
    assert isinstance(emptied(SEALED[:-1]), Damaged)
    assert isinstance(emptied(b"PK\x03\x04"), Damaged)
    assert isinstance(emptied(SEALED, ("AGE-SECRET-KEY-1",)), Damaged)


def test_a_header_made_to_cost_time_is_refused_before_decrypting():
    header = SEALED[: SEALED.index(b"--- ")]
    stanza = header[header.index(b"-> ") :]
    many = header + stanza * 1999 + SEALED[len(header) :]
    assert isinstance(emptied(many), Damaged)


class Full(io.BytesIO):
    def write(self, data):
        raise OSError(28, "No space left on device")


class StoppedError(Exception):
    pass


class Stopping(io.BytesIO):
    def read(self, size=-1):
        raise StoppedError


def test_what_the_files_themselves_raise_is_passed_on():
    with pytest.raises(OSError, match="No space"):
        crypto.seal_file(io.BytesIO(CONTENT), Full(), [IDENTITY.recipient])
    with pytest.raises(OSError, match="No space"):
        crypto.open_file(io.BytesIO(SEALED), Full(), [IDENTITY.secret])
    with pytest.raises(StoppedError):
        crypto.seal_file(Stopping(CONTENT), io.BytesIO(), [IDENTITY.recipient])


def test_a_recipient_has_one_spelling():
    crypto.check_recipient(IDENTITY.recipient)
    for text in (
        "",
        "age1",
        IDENTITY.recipient.upper(),
        IDENTITY.recipient + "\n",
        IDENTITY.secret,
    ):
        with pytest.raises(Damaged):
            crypto.check_recipient(text)
    assert crypto.recipient_of(IDENTITY.secret) == IDENTITY.recipient
    with pytest.raises(Damaged):
        crypto.recipient_of(IDENTITY.recipient)


def test_age_opens_what_we_seal(tmp_path):
    (tmp_path / "key.txt").write_text(IDENTITY.secret + "\n")
    (tmp_path / "X.udsync").write_bytes(SEALED)
    outside.run("age", "-d", "-i", "key.txt", "-o", "plain", "X.udsync", cwd=tmp_path)
    assert (tmp_path / "plain").read_bytes() == CONTENT


def test_we_open_what_age_seals(tmp_path):
    (tmp_path / "plain").write_bytes(CONTENT)
    outside.run("age", "-r", IDENTITY.recipient, "-o", "X.udsync", "plain", cwd=tmp_path)
    assert opened((tmp_path / "X.udsync").read_bytes()) == CONTENT
