"""Photos become attachments upright, small, and without the place they were taken at."""

import dataclasses
import struct

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QPushButton

from tests.desktop.entering import open_form
from tests.desktop.looking import faults_of
from union_desk.desktop import faults, photos
from union_desk.desktop.picture_view import MOST, PictureDialog
from union_desk.store import attachments
from union_desk.taskpack.field_types import SENSITIVE


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


@pytest.fixture
def attaching(own_desk, pack):
    """The form page of a form that takes photos, and the editor of its field."""
    form, item = next(
        (one, item) for one in pack.top_forms if "grassroots" in one.writers
        for item in one.fields
        if item.type == "attach" and "jpg" in item.file_types and item.sensitivity < SENSITIVE
    )  # fmt: skip
    page = open_form(own_desk("grassroots"), form.id)
    return page, page.body.editor(item.id)


def test_a_photo_shows_as_a_thumbnail_that_opens_large(attaching, tmp_path, settled):
    """Requirement 27."""
    page, editor = attaching
    (tmp_path / "现场.jpg").write_bytes(jpeg(400, 300))
    editor.take([tmp_path / "现场.jpg"])
    settled()
    (thumb,) = [one for one in editor.findChildren(QPushButton)
                if one.accessibleName() == "看大图：现场.jpg"]  # fmt: skip
    assert not thumb.icon().isNull()
    assert editor.height() >= editor.sizeHint().height()
    thumb.click()
    dialog = page.window().findChild(PictureDialog)
    settled()
    assert not faults_of(dialog)
    dialog.view.turn()
    dialog.view.magnify(100)
    assert dialog.view.zoom == MOST
    dialog.accept()


def test_an_image_is_pasted_from_the_clipboard(attaching, settled):
    """Requirement 27."""
    _page, editor = attaching
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(0xFF8800)
    QApplication.clipboard().setImage(image)
    editor.paste()
    settled()
    assert len(editor._papers) == 1
    assert editor._papers[0].name.startswith("粘贴的图片")
    kept = photos.opened(editor.reader.papers.content(editor._papers[0].digest))
    assert (kept.width(), kept.height()) == (60, 40)
    editor.item = dataclasses.replace(editor.item, file_types=("pdf",))
    editor.paste()
    assert "不收图片" in faults._shown[-1].accessibleName()  # I570


def test_the_photo_of_a_paper_stands_beside_the_fields_and_is_not_kept(
    attaching, tmp_path, settled
):
    page, _editor = attaching
    QApplication.clipboard().clear()
    (tmp_path / "纸质表.jpg").write_bytes(jpeg(1200, 1600))
    page.photo.open_file(tmp_path / "纸质表.jpg")
    settled()
    assert page.photo.view.isVisible()
    assert not page.side.isVisible()
    assert not faults_of(page)
    assert "收起纸质照片" in [title for title, _, _ in page.acts.menu()]
    page.photo.put_away()
    settled()
    assert page.side.isVisible()
    with page.session.store.read() as connection:
        assert not connection.execute(page.session.store.tables.attachment.select()).all()
    (tmp_path / "文字.jpg").write_text("不是照片")
    page.photo.open_file(tmp_path / "文字.jpg")
    assert "不是能看的照片" in faults._shown[-1].accessibleName()  # F190
