"""The two engines on ``store.db`` and the settings under which it keeps what it acknowledged.

TRUNCATE journal with synchronous EXTRA lost nothing in power cuts where the defaults lost an
acknowledged commit in half of them. Every setting is read back: they fail silently. Nothing in
`store` outside this module and the word index of :mod:`.schema` may assume SQLite.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from union_desk.errors import StoreError
from union_desk.store.faults import as_store_error, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection, Engine

PRAGMAS = {
    "journal_mode": ("TRUNCATE", "truncate"),
    "synchronous": ("EXTRA", 3),
    "foreign_keys": ("ON", 1),
    "busy_timeout": ("5000", 5000),
    "cell_size_check": ("ON", 1),
    "trusted_schema": ("OFF", 0),
    "temp_store": ("MEMORY", 2),
    "secure_delete": ("ON", 1),
}
"""Pragma -> what it is set to, what it must then answer."""
_BULK_CACHE_KIB = 256 * 1024
_USUAL_CACHE_KIB = 16 * 1024
_READERS = 4
_COMMIT_TRIES = 6


def configure(raw: dbapi2.Connection, key_pragma: str | None, *, read_only: bool) -> None:
    """Set up a fresh connection and read every setting back.

    :raises StoreError: S328, a setting did not take.
    """
    raw.isolation_level = None
    raw.execute("PRAGMA cipher_log_level=NONE")
    if key_pragma:
        raw.execute(key_pragma)
        raw.execute("PRAGMA cipher_compatibility=4")
    for name, (value, _) in PRAGMAS.items():
        raw.execute(f"PRAGMA {name}={value}")
    raw.execute(f"PRAGMA cache_size=-{_USUAL_CACHE_KIB}")
    wanted: dict[str, object] = {name: answer for name, (_, answer) in PRAGMAS.items()}
    if read_only:
        raw.execute("PRAGMA query_only=ON")
        wanted["query_only"] = 1
    for name, answer in wanted.items():
        row = raw.execute(f"PRAGMA {name}").fetchone()
        if row is None or row[0] != answer:
            raise StoreError(
                "S328",
                f"数据库设置 {name} 未能生效，为防丢失数据不再继续。",
                "请重新安装填报台程序。",
            )


class Database:
    """One writer engine and one reader engine on a file."""

    def __init__(self, path: Path, key_pragma: str | None) -> None:
        self.path = path
        self.key_pragma = key_pragma
        self.refusal: StoreError | None = None
        """Why the last COMMIT of which the outcome is unknown was refused."""
        self.writer = _engine(path, key_pragma, read_only=False)
        self.reader = _engine(path, key_pragma, read_only=True)

    def close(self) -> None:
        """Close every connection."""
        self.reader.dispose()
        self.writer.dispose()

    def copy_to(self, path: Path, key_pragma: str | None) -> None:
        """Copy the whole database into the empty file `path`, encrypted with the given key.

        One step of the backup API: a reader's view of one state, writers wait meanwhile.
        """
        with sentences(), self.reader.connect() as connection:
            target = dbapi2.connect(path)
            try:
                target.execute("PRAGMA cipher_log_level=NONE")
                if key_pragma:
                    target.execute(key_pragma)
                    target.execute("PRAGMA cipher_compatibility=4")
                _raw(connection).backup(target)
            finally:
                target.close()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees one state and cannot write; close it within a second."""
        with sentences(), self.reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self, *, bulk: bool = False) -> Iterator[Connection]:
        """Yield the writer's connection in a transaction that the caller commits or loses."""
        with sentences(), self.writer.connect() as connection:
            if bulk:
                _raw(connection).execute(f"PRAGMA cache_size=-{_BULK_CACHE_KIB}")
            try:
                connection.begin()
                with _uncollected() if bulk else nullcontext():
                    yield connection
            finally:
                if bulk and not connection.invalidated and not connection.closed:
                    connection.rollback()
                    _raw(connection).execute(f"PRAGMA cache_size=-{_USUAL_CACHE_KIB}")
                    _raw(connection).execute("PRAGMA shrink_memory")

    def changes(self, connection: Connection) -> int:
        """Return how many rows the connection has changed since it was opened."""
        return int(_raw(connection).total_changes)

    def commit(self, connection: Connection) -> bool:
        """Commit; return False where it is unknown whether the transaction was saved.

        A reader in the way makes COMMIT busy: the transaction stands and COMMIT is repeated.
        The connection is dropped after any other error, so the next one sees what is there.

        :raises StoreError: still busy, or the database had ended the transaction before.
        """
        raw = _raw(connection)
        if not raw.in_transaction:
            raise StoreError("S327", "写入中断，本次修改没有保存。", "请再保存一次。")
        for attempt in range(1, _COMMIT_TRIES + 1):
            try:
                raw.execute("COMMIT")
            except dbapi2.Error as error:
                if name_of(error) != "SQLITE_BUSY":
                    self.refusal = as_store_error(error)
                    connection.invalidate(error)
                    return False
                if attempt == _COMMIT_TRIES:
                    raise
            else:
                break
        connection.commit()
        return True


def columns(connection: Connection) -> list[tuple[str, str, str]]:
    """Return table, name and type of every column of the file."""
    rows = connection.exec_driver_sql(
        "SELECT t.name, c.name, c.type FROM sqlite_master t, pragma_table_info(t.name) c "
        "WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%'"
    )
    return [(str(row[0]), str(row[1]), str(row[2])) for row in rows]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Search for no cycles meanwhile: among a million fresh tuples that is a tenth of the work."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _raw(connection: Connection) -> dbapi2.Connection:
    return connection.connection.driver_connection


@contextmanager
def sentences() -> Iterator[None]:
    """Turn what the database refuses into a sentence; a bug stays what it is."""
    try:
        yield
    except (DBAPIError, PoolTimeout, dbapi2.Error) as error:
        known = as_store_error(error)
        if known is None:
            raise
        raise known from error


def _engine(path: Path, key_pragma: str | None, *, read_only: bool) -> Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite+pysqlite", database=str(path)),
        module=dbapi2,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=_READERS if read_only else 1,
        max_overflow=_READERS if read_only else 0,
        pool_timeout=30,
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def connected(raw: dbapi2.Connection, _: object) -> None:
        configure(raw, key_pragma, read_only=read_only)

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
