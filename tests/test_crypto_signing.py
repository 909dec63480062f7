"""Signatures: ours for OpenSSH, OpenSSH's for us, and exactly one spelling of each."""

import base64
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import outside
from union_desk import crypto
from union_desk.crypto import Damaged, Forged

ORIGIN = "511102400017"
KEY = crypto.SigningKey(
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
)
"""The first key of RFC 8032, section 7.1."""
CONTENT = b"PK\x03\x04 a packet" * 1000


def signed(content=CONTENT, namespace=crypto.PACKET, key=KEY):
    return crypto.sign(key, io.BytesIO(content), namespace)


SIGNATURE = signed()


def check(signature=SIGNATURE, *, public=KEY.public, content=CONTENT, **more):
    crypto.verify(signature, public, io.BytesIO(content), **more)


def test_a_signature_is_armoured_in_314_bytes_and_names_its_key():
    assert len(SIGNATURE.encode()) == crypto.SIGNATURE_LENGTH == 314
    lines = SIGNATURE.splitlines()
    assert lines[0] == "-----BEGIN SSH SIGNATURE-----"
    assert lines[-1] == "-----END SSH SIGNATURE-----"
    assert [len(line) for line in lines[1:-1]] == [70, 70, 70, 42]
    assert crypto.signed_by(SIGNATURE) == KEY.public
    check()


def test_the_signature_starts_where_the_file_stands():
    file = io.BytesIO(b"head" + CONTENT)
    file.seek(4)
    assert crypto.sign(KEY, file) == SIGNATURE


@pytest.mark.parametrize(
    "given",
    [
        {"content": CONTENT + b"x"},
        {"content": CONTENT[:-1]},
        {"content": b""},
        {"public": crypto.new_signing_key().public},
        {"public": "ssh-ed25519 AAAA"},
        {"namespace": "file"},
        {"signature": signed(namespace="union-desk-pocket")},
        {"signature": signed(key=crypto.new_signing_key())},
        {"signature": ""},
    ],
)
def test_other_bytes_another_key_or_another_purpose_is_forged(given):
    with pytest.raises(Forged):
        check(**given)


def blob(change):
    """The signature with its blob changed, armoured as OpenSSH would."""
    raw = bytearray(base64.b64decode("".join(SIGNATURE.splitlines()[1:-1])))
    code = base64.b64encode(bytes(change(raw))).decode()
    lines = "".join(f"{code[at : at + 70]}\n" for at in range(0, len(code), 70))
    return f"-----BEGIN SSH SIGNATURE-----\n{lines}-----END SSH SIGNATURE-----\n"


SPELLINGS = {
    "no line end": SIGNATURE[:-1],
    "another line end": SIGNATURE.replace("\n", "\r\n"),
    "a blank": SIGNATURE[:60] + " " + SIGNATURE[60:],
    "lines of 76": "\n".join((*SIGNATURE.splitlines()[:1], "".join(SIGNATURE.splitlines()[1:-1]), SIGNATURE.splitlines()[-1])) + "\n",
    "a full-width letter": SIGNATURE.replace("A", "Ａ", 1),
    "something after it": SIGNATURE + "\n",
    "something before it": "\n" + SIGNATURE,
    "version 2": blob(lambda raw: raw[:9] + b"\x02" + raw[10:]),
    "sha256": blob(lambda raw: raw.replace(b"sha512", b"sha256")),
    "not reserved": blob(lambda raw: raw.replace(b"packet\0\0\0\0", b"packet\0\0\0\1x")),
    "one byte more": blob(lambda raw: raw + b"\0"),
    "one byte less": blob(lambda raw: raw[:-1]),
}  # fmt: skip


@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_signature_spelled_otherwise_is_forged(spelled):
    with pytest.raises(Forged):
        check(spelled)
    with pytest.raises(Forged):
        crypto.signed_by(spelled)


@settings(max_examples=300)
@given(st.integers(0, len(SIGNATURE) - 1), st.integers(1, 127))
def test_no_changed_character_of_a_signature_goes_unnoticed(place, change):
    other = chr(ord(SIGNATURE[place]) ^ change)
    with pytest.raises(Forged):
        check(SIGNATURE[:place] + other + SIGNATURE[place + 1 :])


@settings(max_examples=200)
@given(st.text(max_size=400))
def test_any_text_for_a_signature_is_forged_and_nothing_else(text):
    with pytest.raises(Forged):
        crypto.signed_by(text)


@pytest.mark.parametrize(
    "line",
    [
        "", "ssh-ed25519", "ssh-ed25519 ***", KEY.public + " comment", KEY.public + "\n", " " + KEY.public,
        KEY.public.replace("ssh-ed25519 ", ""), KEY.public.replace("C3Nz", "C3Nx"), "ssh-rsa " + KEY.public.split()[1], KEY.public[:-4],
    ],
)  # fmt: skip
def test_a_public_key_has_one_spelling_too(line):
    with pytest.raises(Damaged):
        crypto.public_bytes(line)
    with pytest.raises(Damaged):
        crypto.fingerprint(line)


def test_openssh_verifies_what_we_sign_and_says_who_it_was(tmp_path):
    (tmp_path / "P.zip").write_bytes(CONTENT)
    (tmp_path / "P.zip.sig").write_text(SIGNATURE)
    (tmp_path / "allowed_signers").write_text(crypto.allowed_signers(ORIGIN, KEY.public) + "\n")
    told = outside.run(
        "sh", "-c",
        f"{outside.tool('ssh-keygen')} -Y verify -f allowed_signers -I {ORIGIN} -n union-desk-packet -s P.zip.sig < P.zip",
        cwd=tmp_path,
    )  # fmt: skip
    assert f'Good "union-desk-packet" signature for {ORIGIN}' in told
    assert crypto.fingerprint(KEY.public) in told
    found = outside.run(
        "ssh-keygen", "-Y", "find-principals", "-s", "P.zip.sig", "-f", "allowed_signers", cwd=tmp_path
    )  # fmt: skip
    assert found.strip() == ORIGIN


def test_we_verify_what_openssh_signs(tmp_path):
    outside.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", tmp_path / "unit")
    (tmp_path / "P.zip").write_bytes(CONTENT)
    outside.run(
        "ssh-keygen", "-Y", "sign", "-f", tmp_path / "unit", "-n", crypto.PACKET, tmp_path / "P.zip"
    )
    signature = (tmp_path / "P.zip.sig").read_text()
    public = (tmp_path / "unit.pub").read_text().strip()
    assert crypto.signed_by(signature) == public
    check(signature, public=public)
    assert crypto.fingerprint(public) in outside.run("ssh-keygen", "-lf", tmp_path / "unit.pub")
