"""Photos become attachments upright, small, and without the place they were taken at."""

import struct

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from tests.desktop.entering import open_form
from union_desk.desktop import photos
from union_desk.store import attachments


def jpeg(width, height, *, noise=False):
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#3366aa"))
    if noise:
        for y in range(0, height, 3):
            for x in range(0, width, 3):
                image.setPixel(x, y, (x * 7919 + y * 104729) & 0xFFFFFF)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG", 95)
    return buffer.data().data()


def with_place(content, orientation):
    """Write the words of a phone beside a picture: turned, and where it was taken."""
    entries = struct.pack("<HHII", 0x0112, 3, 1, orientation) + struct.pack(
        "<HHII", 0x8825, 4, 1, 38
    )
    tiff = b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", 2) + entries + b"\x00\x00\x00\x00"
    body = b"Exif\x00\x00" + tiff + b"GPS 29.5521,103.7654"
    return content[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + content[2:]


def test_a_large_photo_is_shrunk_to_what_a_page_needs(dressed, tmp_path):
    """Requirement 27."""
    content = jpeg(3000, 2000, noise=True)
    small = photos.shrunk(tmp_path / "a.jpg", content)
    image = QImage.fromData(small)
    assert (image.width(), image.height()) == (2000, 1333)
    assert len(small) <= photos.LARGEST


def test_a_photo_stands_upright_and_has_no_place_beside_it(dressed, tmp_path):
    content = with_place(jpeg(400, 300), 6)
    kept = photos.shrunk(tmp_path / "a.JPG", content)
    image = QImage.fromData(kept)
    assert (image.width(), image.height()) == (300, 400)
    assert b"GPS" not in kept
    assert b"Exif" not in kept


@pytest.mark.parametrize("name", ["a.jpg", "a.pdf", "a.docx"])
def test_what_is_small_and_plain_stays_as_it_is(dressed, tmp_path, name):
    assert photos.shrunk(tmp_path / name, jpeg(400, 300)) is None


def test_what_is_no_picture_is_left_to_the_store_to_refuse(dressed, tmp_path):
    assert photos.shrunk(tmp_path / "a.jpg", b"%PDF-1.4" * 200_000) is None


def test_the_store_keeps_the_small_one_under_the_name_of_the_file(own_desk, tmp_path, pack):
    form = next(one for one in pack.top_forms if "grassroots" in one.writers
                for item in one.fields if item.type == "attach" and "jpg" in (item.file_types or ("jpg",)))  # fmt: skip
    page = open_form(own_desk("grassroots"), form.id)
    item = next(one for one in page.form.fields if one.type == "attach")
    photo = tmp_path / "现场.jpg"
    photo.write_bytes(with_place(jpeg(400, 300), 6))
    paper = page.papers.add(item, photo)
    store = page.session.store
    with store.read() as connection:
        kept = attachments.read(store, connection, paper.digest)
    assert paper.name == "现场.jpg"
    assert b"GPS" not in kept
    assert not list((store.folder / "tmp").glob("*/现场.jpg"))
