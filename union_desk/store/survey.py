"""Look a store over without changing it: how much it holds, and whether it is whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.errors import StoreError
from union_desk.store import attachments, audit, keyring, outbox
from union_desk.store.layout import CHUNK, details_of, layout, record_json
from union_desk.store.written import written_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from union_desk.store.layout import Row
    from union_desk.store.transaction import Store

Progress = Callable[[int, int], None]


def counts_by_state(connection: Connection, store: Store) -> dict[str, int]:
    """Return how many sheets and ledger rows there are per state; ``voided`` is one of them."""
    found: dict[str, int] = {}
    for form in outbox.sent_forms(store):
        table = store.tables.form[form]
        state = sa.case((table.c.deleted == 1, "voided"), else_=table.c.record_state)
        for name, number in connection.execute(
            sa.select(state, sa.func.count()).group_by(state)
        ).all():
            found[name] = found.get(name, 0) + number
    return found


def problems(store: Store, *, full: bool, progress: Progress | None = None) -> Iterator[str]:
    """Yield a sentence for each thing that is not as it should be.

    :param full: compare every record with its digest and every sealed file with its hash, too.
    """
    with store.read() as connection:
        yield from _database(connection, encrypted=not store.demo)
        yield from _keys(store)
        for broken in audit.verify(connection):
            yield broken.message
        yield from _packets(connection, store, full=full)
        yield from _attachments(connection, store, full=full)
        if full:
            yield from _digests(connection, store, progress)


def _database(connection: Connection, *, encrypted: bool) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return
    if encrypted and connection.exec_driver_sql("PRAGMA cipher_integrity_check").first():
        yield "数据文件有损坏的页，请用最近的备份恢复。"
    said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    if said != ["ok"]:
        yield f"数据文件的结构有 {len(said)} 处损坏，请用最近的备份恢复。"
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        yield "数据表之间的联系有缺失，请用最近的备份恢复。"


def _keys(store: Store) -> Iterator[str]:
    if store.demo:
        return
    contents = [
        path.read_bytes() if (path := store.folder / name).exists() else b""
        for name in keyring.NAMES
    ]
    if contents[0] != contents[1]:
        yield "钥匙文件的两个副本不一致，请正常打开一次程序，它会写好另一个。"


def _packets(connection: Connection, store: Store, *, full: bool) -> Iterator[str]:
    last: dict[tuple[str, str], tuple[int, str]] = {}
    for item in outbox.all_packets(connection, store):
        run = (item.stream, item.epoch)
        number, digest = last.get(run, (0, ""))
        if item.n != number + 1 or (item.prev or "") != digest:
            yield f"数据包 {item.name} 与上一包不衔接。"
        last[run] = (item.n, item.hash)
        try:
            if full:
                outbox.kept_bytes(store, item)
            elif not outbox.kept_path(store, item.hash).exists():
                yield f"保存的数据包 {item.name} 不见了。"
        except StoreError as error:
            yield error.sentence


def _attachments(connection: Connection, store: Store, *, full: bool) -> Iterator[str]:
    table = store.tables.attachment
    chosen = sa.select(table.c.sha256, sa.func.min(table.c.name)).group_by(table.c.sha256)
    for digest, name in connection.execute(chosen).all():
        if not attachments.place(store, digest).exists():
            yield f"附件“{name}”的文件不见了。"
        elif full:
            try:
                attachments.read(store, connection, digest)
            except StoreError as error:
                yield f"附件“{name}”：{error.sentence}"


def _digests(connection: Connection, store: Store, progress: Progress | None) -> Iterator[str]:
    """Compare every record with the digest that its newest row of the change log keeps."""
    forms = [form for form in store.tables.forms.values() if form.kind != "detail"]
    for place, form in enumerate(forms):
        if progress:
            progress(place, len(forms))
        known = audit.newest_digests(connection, form.id)
        made = layout(store.tables, form.id)
        result = connection.exec_driver_sql(f"{made.select} ORDER BY rowid")
        while rows := [tuple(row) for row in result.fetchmany(CHUNK)]:
            for row in _changed(connection, store, form.id, rows, known):
                yield f"表《{form.title}》的记录 {row[0]} 与操作记录不符，可能被改动过。"
                known.pop(str(row[0]), None)


def _changed(
    connection: Connection,
    store: Store,
    form: str,
    rows: Sequence[Row],
    known: dict[str, tuple[str, str]],
) -> Iterator[Row]:
    made = layout(store.tables, form)
    details = details_of(connection, store.tables, made.form, [str(row[0]) for row in rows])
    for row in written_rows(connection, store.tables, form, rows):
        uid = str(row[0])
        pairs = {
            name: [(layout(store.tables, name), inner) for inner in found]
            for name, found in details.get(uid, {}).items()
        }
        salt, digest = known.get(uid, ("", ""))
        if audit.record_digest(salt, record_json(made, row, pairs)) != digest:
            yield row
