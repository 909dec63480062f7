"""Bring an older store up to this program, and its tables up to its task packages.

One transaction: DDL, data, ``user_version``, a row in the change log, counts and foreign keys
checked. Each change of the format is a function in `upgrades`, by the number it starts from.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.errors import PackageError, StoreError
from union_desk.store import (
    attachments,
    audit,
    backups,
    packages,
    rights,
    schema,
    setting_rows,
)
from union_desk.store.connecting import columns
from union_desk.store.upgrades import STEPS
from union_desk.taskpack import load
from union_desk.taskpack.definition import version_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.definition import TaskPack


def tables_of(connection: Connection, packs: Sequence[TaskPack]) -> schema.Tables:
    """Return the tables of a store, with the columns that only older packages had."""
    return schema.with_older_columns(packs, columns(connection))


def bring_up_to_date(store: Store) -> None:
    """Upgrade the format, and add the tables and columns that the packages have gained."""
    with store.read() as connection:
        found = connection.exec_driver_sql("PRAGMA user_version").scalar()
        known = setting_rows.read(connection, "packages")
    wanted = json.dumps(
        _references(json.loads(known), {pack.id: packages.reference(pack) for pack in store.packs}),
        ensure_ascii=False,
    )
    if found == schema.FORMAT and known == wanted:
        return
    backups.before(store, "upgrade" if found != schema.FORMAT else "package")
    with store.write() as transaction:
        _step_up(transaction, int(found or 0))
        setting_rows.write(transaction.connection, "packages", wanted)
        audit.note(transaction, "upgrade", new={"format": schema.FORMAT, "packages": wanted})


def _references(
    known: list[dict[str, str]], now: dict[str, dict[str, str]]
) -> list[dict[str, str]]:
    return [now[entry["id"]] | {"blob": entry["blob"]} for entry in known]


def install(store: Store, path: Path) -> TaskPack:
    """Take a task package into the store: a new one, or the next version of one it has.

    :raises PackageError: it has problems.
    :raises StoreError: S343, the same version with other contents; S345, older; S361.
    """
    rights.check_may(store, "package")
    return take(store, path)


def take(store: Store, path: Path, digest: str = "") -> TaskPack:
    """Take in a task package that came with a broadcast from above: nobody has to be asked.

    :param digest: of its content, as it was announced.
    :raises PackageError: P290, it is another one; see :func:`install`.
    :raises StoreError: see :func:`install`, but for S361.
    """
    pack = load.load(path)
    if digest not in ("", pack.digest):
        raise PackageError(
            "P290", f"任务包 {pack.id} {pack.version} 与通知里说的不是同一份。", "请向上级核对。"
        )
    content = packages.zipped(path)
    if _installed(store, pack):
        return pack
    backups.before(store, "package")
    with store.write() as transaction:
        known = json.loads(setting_rows.read(transaction.connection, "packages"))
        blob = attachments.keep(store, transaction.connection, content)
        kept = [entry for entry in known if entry["id"] != pack.id]
        for older in (item for item in store.packs if item.id == pack.id):
            packages.keep_older(store, transaction.connection, older)
        packs = tuple(item for item in store.packs if item.id != pack.id)
        tables = schema.tables(*packs, *(item for item in store.packs if item.id == pack.id), pack)
        add_missing(transaction.connection, tables)
        entries = [*kept, packages.reference(pack, blob)]
        setting_rows.write(
            transaction.connection, "packages", json.dumps(entries, ensure_ascii=False)
        )
        audit.note(transaction, "package", new=dict(packages.reference(pack, blob)))
    store.packs = (*packs, pack)
    with store.read() as connection:
        store.tables = tables_of(connection, store.packs)
    return pack


def _installed(store: Store, pack: TaskPack) -> bool:
    """Return whether the store has this very package.

    :raises StoreError: S343, it has one of the same version with other contents; S345, a newer.
    """
    with store.read() as connection:
        known = json.loads(setting_rows.read(connection, "packages"))
    for entry in known:
        if entry["id"] != pack.id or version_order(entry["version"]) < pack.order:
            continue
        if version_order(entry["version"]) > pack.order:
            raise StoreError(
                "S345",
                f"已装入任务包 {pack.id} 更新的版本 {entry['version']}，没有换成 {pack.version}。",
                "不用再装；要改回旧的内容，请发布单位出一个版本号更大的任务包。",
            )
        if entry["digest"] == pack.digest:
            return True
        raise StoreError(
            "S343",
            f"任务包 {pack.id} {pack.version} 已经装入，但内容不同。",
            "请向发布单位要一个版本号更新的任务包。",
        )
    return False


def _step_up(transaction: Transaction, found: int) -> None:
    """Do all steps from format `found` on, then check that nothing was lost."""
    connection, tables = transaction.connection, transaction.tables
    before = _counts(connection)
    for number in range(found, schema.FORMAT):
        STEPS[number](transaction)
    add_missing(connection, tables)
    connection.exec_driver_sql(f"PRAGMA user_version={schema.FORMAT}")
    after = _counts(connection)
    lost = [name for name, count in before.items() if after.get(name, 0) < count]
    if lost or connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreError(
            "S341", "升级后核对不符，已全部撤回，数据没有改动。", "请把这个编号告诉技术人员。"
        )


def add_missing(connection: Connection, tables: schema.Tables) -> None:
    """Create the tables, columns and indexes that the store does not have yet."""
    inspector = sa.inspect(connection)
    there = set(inspector.get_table_names())
    tables.metadata.create_all(connection)
    for table in tables.metadata.sorted_tables:
        if table.name in there:
            have = {str(column["name"]) for column in inspector.get_columns(table.name)}
            for column in table.columns:
                if column.name not in have:
                    connection.exec_driver_sql(
                        f'ALTER TABLE "{table.name}" ADD COLUMN "{column.name}" {column.type}'
                    )
            for index in table.indexes:
                index.create(connection, checkfirst=True)
    for statement in (*schema.search_ddl(tables), *schema.APPEND_ONLY):
        connection.exec_driver_sql(statement)


def _counts(connection: Connection) -> dict[str, int]:
    return dict(_count(connection))


def _count(connection: Connection) -> Iterator[tuple[str, int]]:
    for name in sa.inspect(connection).get_table_names():
        if "__" not in name:
            count = connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar()  # noqa: S608
            yield name, int(count or 0)
