"""Attachments: sealed, stored once, checked by content."""

import hashlib

import pytest

from tests.store.offices import ask, draft, get, save
from union_desk.errors import FileError, InputError, StoreError
from union_desk.store import attachments
from union_desk.taskpack.definition import Field

PDF = b"%PDF-1.7\n" + b"text " * 100
FIELD = Field("attachment", "附件", "attach", file_types=("pdf", "jpg"), max_bytes=10_000)


def add(store, path, field=FIELD):
    with store.write() as transaction:
        return attachments.add(transaction, "info_report", "r1", field, path)


def write(folder, name, content=PDF):
    path = folder / name
    path.write_bytes(content)
    return path


def read(store, digest):
    with store.read() as connection:
        return attachments.read(store, connection, digest)


def test_an_attachment_is_sealed_and_reads_back(city, tmp_path):
    digest = add(city, write(tmp_path, "报告.pdf"))
    assert digest == hashlib.sha256(PDF).hexdigest()
    assert read(city, digest) == PDF
    sealed = attachments.place(city, digest).read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1\n")
    assert b"text text" not in sealed
    assert ask(city, "SELECT form, record, field, name, bytes, type FROM attachment") == [
        ("info_report", "r1", "attachment", "报告.pdf", len(PDF), "pdf")
    ]


def test_the_same_bytes_are_kept_once(city, tmp_path):
    first, second = add(city, write(tmp_path, "a.pdf")), add(city, write(tmp_path, "b.PDF"))
    assert first == second
    assert len(list((city.folder / "blobs").iterdir())) == 1
    assert ask(city, "SELECT name FROM attachment ORDER BY uid") == [("a.pdf",), ("b.PDF",)]


def test_a_record_names_its_attachments_by_content(city, tmp_path):
    digest = add(city, write(tmp_path, "a.pdf"))
    saved = save(city, draft("info_report", {"title": "信息", "attachment": digest}))
    assert get(city, "info_report", saved.uid).values["attachment"] == digest


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", b"MZ", "I430"),
        ("a", PDF, "I430"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "I430"),
        ("a.pdf", b"MZ\x90", "I431"),
        ("a.jpg", PDF, "I431"),
    ],
)
def test_what_is_no_allowed_file_is_refused(city, tmp_path, name, content, code):
    with pytest.raises(InputError, match=code):
        add(city, write(tmp_path, name, content))
    assert list((city.folder / "blobs").iterdir()) == []


def test_a_file_too_large_or_not_there_is_refused(city, tmp_path):
    with pytest.raises(FileError, match="F108"):
        add(city, write(tmp_path, "a.pdf", PDF + bytes(10_000)))
    with pytest.raises(FileError, match="F104"):
        add(city, tmp_path / "b.pdf")


def test_a_lost_or_damaged_file_is_told(city, tmp_path):
    digest = add(city, write(tmp_path, "a.pdf"))
    place = attachments.place(city, digest)
    sealed = place.read_bytes()
    place.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(StoreError, match="S351"):
        read(city, digest)
    other = add(city, write(tmp_path, "b.pdf", PDF + b"!"))
    place.write_bytes(attachments.place(city, other).read_bytes())
    with pytest.raises(StoreError, match="S351"):
        read(city, digest)
    place.unlink()
    with pytest.raises(StoreError, match="S350"):
        read(city, digest)


def test_a_file_of_another_store_does_not_open(city, offices, tmp_path):
    other = offices("city", person="另一人")
    digest = add(other, write(tmp_path, "a.pdf"))
    attachments.place(city, digest).write_bytes(attachments.place(other, digest).read_bytes())
    with pytest.raises(StoreError, match="S351"):
        read(city, digest)
