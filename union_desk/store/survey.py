"""Look a store over without changing it: how much it holds, and whether it is whole."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk import files
from union_desk.errors import StoreError
from union_desk.store import (
    arriving_files,
    attachments,
    audit,
    backups,
    discarding,
    holds,
    keyring,
    outbox,
    received,
    sealed_files,
    setting_rows,
    streams,
    verifying,
)
from union_desk.store.connecting import sentences
from union_desk.store.layout import CHUNK, details_of, layout, record_json
from union_desk.store.written import written_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from union_desk.store.layout import Row
    from union_desk.store.transaction import Store

Progress = Callable[[int, int], None]
_DAY = 24 * 3600


def counts_by_state(connection: Connection, store: Store) -> dict[str, int]:
    """Return how many own sheets and ledger rows there are per state; ``voided`` is one of them."""
    found: dict[str, int] = {}
    for form in outbox.sent_forms(store):
        table = store.tables.form[form]
        state = sa.case((table.c.deleted == 1, "voided"), else_=table.c.record_state)
        for name, number in connection.execute(
            sa.select(state, sa.func.count()).where(table.c.origin == store.origin).group_by(state)
        ).all():
            found[name] = found.get(name, 0) + number
    return found


def problems(store: Store, *, full: bool, progress: Progress | None = None) -> Iterator[str]:
    """Yield a sentence for each thing that is not as it should be; nothing is repaired.

    :param full: look at every page, compare every record with its digest and every sealed file
        with its hash, and open the newest backup, too.
    """
    with store.read() as connection:
        yield from _guarded(lambda: _database(connection, pages=full and not store.demo))
        yield from _guarded(lambda: _keys(store))
        yield from _guarded(lambda: (broken.message for broken in audit.verify(connection)))
        yield from _guarded(lambda: _details(connection, store))
        yield from _guarded(lambda: _packets(connection, store, full=full))
        yield from _guarded(lambda: _attachments(connection, store, full=full))
        if full:
            yield from _guarded(lambda: digests(connection, store, progress))
    if full and not store.demo:
        for item in backups.kept(store).kept[:1]:
            yield from backups.examine(store, item)
    for path in backups.kept(store).unreadable:
        yield f"备份 {path.name} 读不出来。"


def _guarded(part: Callable[[], Iterable[str]]) -> Iterator[str]:
    """Yield what a part finds; a page that cannot be read is a finding, too."""
    try:
        with sentences():
            yield from part()
    except StoreError as error:
        yield f"{error.sentence}{error.step}"


def _database(connection: Connection, *, pages: bool) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        for flaw in verifying.flaws(connection, encrypted=pages):
            yield f"{flaw}请用最近的备份恢复。"


def _keys(store: Store) -> Iterator[str]:
    if store.demo:
        return
    contents = [
        path.read_bytes() if (path := store.folder / name).exists() else b""
        for name in keyring.NAMES
    ]
    if contents[0] != contents[1]:
        yield "钥匙文件的两个副本不一致，请正常打开一次程序，它会写好另一个。"
    with store.database.path.open("rb") as file:
        if file.read(16) != keyring.look(store.folder).salt:
            yield "数据文件开头的 16 个字节被改动过，数据不受影响，下一次保存会写好它。"


def _details(connection: Connection, store: Store) -> Iterator[str]:
    """Look for detail rows whose record is gone."""
    for form in store.tables.forms.values():
        for name in form.details:
            counted = connection.exec_driver_sql(
                f'SELECT count(*) FROM "{name}" d '  # noqa: S608
                f'WHERE NOT EXISTS (SELECT 1 FROM "{form.id}" f WHERE f.uid = d.parent)'
            ).scalar()
            if counted:
                yield f"表“{form.title}”有 {counted} 行明细找不到所属的记录。"


def _packets(connection: Connection, store: Store, *, full: bool) -> Iterator[str]:
    last: dict[tuple[str, str], tuple[int, str]] = {}
    secret = setting_rows.read(connection, "age_secret")
    dropped = outbox.dropped(connection, store)
    for item in outbox.all_packets(connection, store):
        run = (item.stream, item.epoch)
        number, digest = last.get(run, (0, ""))
        # Of words about keys and of the broadcast only the newest is kept: they are no chain.
        alone = item.stream == streams.ALL or item.n == 0
        if not alone and (item.n != number + 1 or (item.prev or "") != digest):
            yield f"数据包 {item.name} 与上一包不衔接。"
        if not alone:
            last[run] = (item.n, item.hash)
        path = outbox.kept_path(store, item.hash)
        if item.hash in dropped:
            continue
        if not path.exists():
            yield f"保存的数据包 {item.name} 不见了。"
        elif full and not sealed_files.whole(path, secret, item.hash):
            yield f"保存的数据包 {item.name} 已损坏。"
    for came in received.arrivals(connection, store):
        path = outbox.kept_path(store, came.hash)
        if not path.exists():
            yield f"收到的数据包 {came.name} 不见了，请从备份取回，或请对方再报送一次。"
        elif full and not sealed_files.whole(path, secret, came.hash):
            yield f"收到的数据包 {came.name} 已损坏，请从备份取回，或请对方再报送一次。"


def _attachments(connection: Connection, store: Store, *, full: bool) -> Iterator[str]:
    table = store.tables.attachment
    secret = setting_rows.read(connection, "age_secret")
    chosen = sa.select(table.c.sha256, sa.func.min(table.c.name)).group_by(table.c.sha256)
    to_come = {
        item for items in arriving_files.lacking(connection, store).values() for item in items
    }
    for digest, name in connection.execute(chosen).all():
        path = attachments.place(store, digest)
        if not path.exists():
            if digest not in to_come:  # of others: the next receipt asks for it
                yield f"附件“{name}”的文件不见了。"
        elif full and not sealed_files.whole(path, secret, digest):
            yield f"附件“{name}”的文件已损坏。"


def sweep_orphans(store: Store) -> int:
    """Remove packets and attachments that nothing has named for a day; none while on hold.

    What a save that never ended has left.
    """
    with store.read() as connection:
        if holds.current(connection) is not None:
            return 0
        named = discarding.named(connection)
    old = time.time() - _DAY
    gone = [
        path
        for kind in sealed_files.KINDS
        for path in (store.folder / kind).glob("*.age")
        if path.stem not in named and path.stat().st_mtime < old
    ]
    for path in gone:
        files.remove(path)
    return len(gone)


def digests(connection: Connection, store: Store, progress: Progress | None) -> Iterator[str]:
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
