"""Attachments that packets of others bring: their rows at once, their files when they come.

A row without its file is 附件未到; the receipt asks for it. A file is kept if a record of the
packet's writer names it and if it is what its row says; nothing here ever opens one.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.errors import BundleError
from union_desk.store import applying, attachments
from union_desk.store.layout import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store, Transaction

MOST_ASKED = 50
"""Files that a receipt asks for at once."""
_OWNERS = ("sheet", "ledger")
"""Kinds of forms whose records have attachments; those of a detail row are its record's."""
_STEP = "请让报送单位换成允许的文件后重新报送；没有改动任何数据。"


def enter(tx: Transaction, origin: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Enter the attachments of records of `origin`, replacing what their ids had before.

    :raises BundleError: B567, a type that is not taken; B569, another's record; B600, a form
        whose rows have no attachments of their own.
    """
    about: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["type"] not in attachments.TYPES:
            raise BundleError("B567", f"附件“{row['name']}”的类型不能接收。", _STEP)
        form = tx.tables.forms.get(str(row["form"]))
        if form is None or form.kind not in _OWNERS:
            raise BundleError("B600", f"附件“{row['name']}”不属于任何一张表的记录。", _STEP)
        about[str(row["form"])].add(str(row["record"]))
    owned = {
        (form, uid)
        for form, uids in about.items()
        for uid, owner, _ in applying.found_by(tx, form, sorted(uids))
        if owner == origin
    }
    table = tx.tables.attachment
    uids = [str(row["uid"]) for row in rows]
    before: set[tuple[str, str]] = set()
    for start in range(0, len(uids), CHUNK):
        some = table.c.uid.in_(uids[start : start + CHUNK])
        chosen = sa.select(table.c.form, table.c.record).where(some)
        before.update((row[0], row[1]) for row in tx.connection.execute(chosen))
    wanted = {(str(row["form"]), str(row["record"])) for row in rows}
    if wanted - owned or before - wanted:
        raise BundleError("B569", "附件所属的记录不由报送单位填报。", _STEP)
    for row in rows:
        tx.connection.execute(sa.delete(table).where(table.c.uid == row["uid"]))
        tx.connection.execute(sa.insert(table).values(**row, added_at=tx.now))


def take(tx: Transaction, origin: str, digest: str, chunks: Iterable[bytes]) -> Path | None:
    """Keep a file that a record of `origin` names; return where, None if none does or it is here.

    :raises BundleError: B566, it is not what its row says.
    """
    table = tx.tables.attachment
    chosen = sa.select(table.c.form, table.c.record, table.c.type, table.c.name)
    for form, record, kind, name in tx.connection.execute(
        chosen.where(table.c.sha256 == digest)
    ).all():
        if not any(owner == origin for _, owner, _ in applying.found_by(tx, form, [record])):
            continue
        path = attachments.place(tx.store, digest)
        if path.exists():
            return None
        content = b"".join(chunks)
        if not attachments.is_a(kind, content):
            raise BundleError("B566", f"附件“{name}”不是真正的 {kind} 文件。", _STEP)
        attachments.keep(tx.store, tx.connection, content)
        return path
    return None


def lacking(connection: Connection, store: Store) -> dict[str, list[str]]:
    """Return by writer the hashes of the files that its records name and that have not come."""
    table = store.tables.attachment
    forms = connection.execute(sa.select(table.c.form).distinct()).scalars().all()
    found: dict[str, set[str]] = defaultdict(set)
    for form in forms:
        record = store.tables.form[form]
        chosen = (
            sa.select(record.c.origin, table.c.sha256)
            .join_from(table, record, record.c.uid == table.c.record)
            .where(table.c.form == form, record.c.origin != store.origin, record.c.deleted == 0)
        )
        for origin, digest in connection.execute(chosen.distinct()):
            if not attachments.place(store, digest).exists():
                found[origin].add(digest)
    return {origin: sorted(digests) for origin, digests in found.items()}
