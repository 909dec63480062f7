"""Attachments: sealed files ``blobs/<sha256 of the content>.age``, durable before a row names them.

Sealed to the store's own age key, the same bytes once, never changed; only erasure and the sweep
of what no row and no draft names remove one.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from union_desk import crypto, files
from union_desk.errors import InputError, StoreError
from union_desk.store import sealed_files, setting_rows
from union_desk.taskpack.record import new_uid

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.definition import Field

_LARGEST = 20 << 20
_BEGINNINGS = {
    "pdf": (b"%PDF-",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    "doc": (b"\xd0\xcf\x11\xe0",),
    "xls": (b"\xd0\xcf\x11\xe0",),
}
"""File type -> what its files begin with; the name alone proves nothing."""
TYPES = frozenset(_BEGINNINGS)
"""File types that are ever taken."""


def is_a(kind: str, content: bytes) -> bool:
    """Return whether a content begins as its type says."""
    return content.startswith(_BEGINNINGS[kind])


def add(transaction: Transaction, form: str, record: str, field: Field, path: Path) -> str:
    """Seal a file, name it as an attachment of `record`, and return its SHA-256.

    :raises FileError: it cannot be read, or is too large.
    :raises InputError: I430 a type that is not allowed, I431 not what its name says.
    """
    content = files.read_file(path, limit=field.max_bytes or _LARGEST)
    kind = path.suffix.lower().lstrip(".")
    allowed = field.file_types or tuple(_BEGINNINGS)
    if kind not in allowed:
        raise InputError(
            "I430", f"“{path.name}”的类型不能作附件。", f"可用的类型：{'、'.join(allowed)}。"
        )
    if kind in _BEGINNINGS and not content.startswith(_BEGINNINGS[kind]):
        raise InputError("I431", f"“{path.name}”不是真正的 {kind} 文件。", "请换一个文件。")
    digest = keep(transaction.store, transaction.connection, content)
    enter(transaction, (form, record, field.id), digest, path.name, len(content))
    return digest


def enter(
    transaction: Transaction, owner: tuple[str, str, str], digest: str, name: str, size: int
) -> None:
    """Name a kept file as an attachment of form, record and field."""
    form, record, field = owner
    row = {
        "uid": new_uid(),
        "form": form,
        "record": record,
        "field": field,
        "sha256": digest,
        "name": name,
        "bytes": size,
        "type": name.rpartition(".")[2].lower(),
        "added_at": transaction.now,
    }
    transaction.connection.execute(transaction.tables.attachment.insert(), row)


def keep(store: Store, connection: Connection, content: bytes) -> str:
    """Write `content` as a sealed file unless it is there already; return its SHA-256."""
    digest = hashlib.sha256(content).hexdigest()
    path = place(store, digest)
    if not path.exists():
        recipient = setting_rows.read(connection, "age_recipient")
        files.write_durable(path, crypto.seal(content, [recipient]))
    return digest


def place(store: Store, digest: str) -> Path:
    """Return where the sealed file of a content lies."""
    return store.folder / "blobs" / f"{digest}.age"


def read(store: Store, connection: Connection, digest: str) -> bytes:
    """Return the content of an attachment, checked against its name.

    A file that is gone or damaged comes back from its copy beside the backups.

    :raises StoreError: S350 the file is not there, S351 it is damaged.
    """
    path = place(store, digest)
    secret = setting_rows.read(connection, "age_secret")
    content = sealed_files.read(store.folder, "blobs", digest, secret)
    if content is not None:
        return content
    if path.exists():
        raise StoreError("S351", f"附件文件“{path.name}”已损坏。", "请从备份取回这个文件。")
    raise StoreError("S350", "附件未到，或已不在这台电脑上。", "请用备份补回，或等下一个数据包。")
