"""Photos on their way into the store: upright, no larger than a page needs, without their place.

What a phone writes beside the picture (where, when, with which device) is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage, QImageReader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LONGEST, LARGEST = 2000, 1 << 20
"""Pixels of the long edge, and bytes."""
_KINDS = {".jpg": "JPG", ".jpeg": "JPG", ".png": "PNG"}
_QUALITIES = (88, 75, 60, 45)
_BESIDE = (b"Exif\x00\x00", b"http://ns.adobe.com/xap", b"eXIf", b"tEXt", b"iTXt")
"""What marks the words beside a picture."""
_HEAD = 256 << 10


def shrunk(path: Path, content: bytes) -> bytes | None:
    """Return a photo as it is to be kept, None where it can stay as it is or is no photo."""
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        return None
    buffer = QBuffer()
    buffer.setData(content)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    small = max(size.width(), size.height()) <= LONGEST and len(content) <= LARGEST
    if small and not any(mark in content[:_HEAD] for mark in _BESIDE):
        return None
    image = reader.read()
    if image.isNull():
        return None
    return _written(_fitting(image), kind)


def opened(content: bytes, longest: int = LONGEST) -> QImage:
    """Return a picture upright and no larger than asked for; a null one for what is no picture."""
    buffer = QBuffer()
    buffer.setData(content)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > longest:
        keep = Qt.AspectRatioMode.KeepAspectRatio
        reader.setScaledSize(size.scaled(longest, longest, keep))
    return reader.read()


def copied(image: QImage, kinds: Sequence[str]) -> tuple[str, bytes] | None:
    """Return file type and bytes of an image from the clipboard, of a type that is taken."""
    for kind in ("png", "jpg", "jpeg"):
        if kind in kinds:
            return kind, _written(_fitting(image), _KINDS[f".{kind}"])
    return None


def _fitting(image: QImage) -> QImage:
    if max(image.width(), image.height()) <= LONGEST:
        return image
    keep = Qt.AspectRatioMode.KeepAspectRatio
    return image.scaled(LONGEST, LONGEST, keep, Qt.TransformationMode.SmoothTransformation)


def _written(image: QImage, kind: str) -> bytes:
    """Return the bytes, of a JPEG in the best quality that is small enough."""
    for key in image.textKeys():
        image.setText(key, "")
    found = b""
    for quality in _QUALITIES if kind == "JPG" else (-1,):
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, kind, quality)  # type: ignore[call-overload]
        found = bytes(buffer.data().data())
        if len(found) <= LARGEST:
            break
    return found
