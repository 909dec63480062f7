"""An open store, and a transaction on it that plain functions take."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from union_desk import files
from union_desk.errors import FileError, StoreError
from union_desk.store import ballast, faults, setting_rows
from union_desk.taskpack.record import new_uid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection  # noqa: TC004 - lent to rooms without SQL, as a type

    from union_desk.store.connecting import Database
    from union_desk.store.keyring import StoreKey
    from union_desk.store.lock import InstanceLock
    from union_desk.store.schema import Tables
    from union_desk.taskpack.definition import TaskPack

__all__ = ["Connection", "Store", "Transaction", "now"]

_UNLOGGED = "transaction"
"""Setting: id of the last transaction that left no row in the change log, such as a draft's."""


def now() -> str:
    """Return the time as it is stored: UTC, to the second. No decision may read it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(slots=True)
class Transaction:
    """One write to a store: all of it or nothing."""

    connection: Connection
    store: Store
    person: str
    id: str = field(default_factory=new_uid)
    """Stands in every row that it adds to the change log, or else in a setting: whether it was
    saved can be asked."""
    now: str = field(default_factory=now)
    chain: tuple[int, str] | None = None
    """Number and hash of the change log's newest row, once known (:mod:`.audit`)."""

    @property
    def tables(self) -> Tables:
        """The store's tables."""
        return self.store.tables


@dataclass(slots=True, repr=False)
class Store:
    """A unit's data folder, open in this process and in no other."""

    folder: Path
    database: Database
    lock: InstanceLock
    packs: tuple[TaskPack, ...]
    tables: Tables
    store_id: str
    unit: str
    unit_name: str
    level: str
    parent: str | None
    origin: str
    person: str
    demo: bool
    person_id: str = ""
    """Id of the person at work; empty in the demonstration."""
    roles: tuple[str, ...] = ()
    """Roles of the person at work."""
    key: StoreKey | None = field(default=None, repr=False)
    """The key that opens the file, to be wrapped for others; None in the demonstration."""
    wrong_before: int = 0
    """Wrong passwords that were tried before the right one."""
    recovered: bool = False
    """Whether it was opened by the recovery code or with the parent's help."""
    before_commit: Callable[[Transaction], None] | None = field(default=None, repr=False)
    """Looks at what a transaction is going to save; raising undoes all of it."""

    def __repr__(self) -> str:
        return f"Store({str(self.folder)!r}, {self.origin})"

    @property
    def pack(self) -> TaskPack:
        """The newest task package."""
        return self.packs[-1]

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees one state and cannot write; close it within a second.

        :raises StoreError: S320 to S329.
        """
        with self.database.read() as connection:
            yield connection

    @contextmanager
    def write(self, *, person: str | None = None, bulk: bool = False) -> Iterator[Transaction]:
        """Yield a transaction; leaving the block saves it, an exception undoes all of it.

        :param bulk: many rows: a page cache that does not spill.
        :raises StoreError: S320 to S329; then nothing was saved.
        """
        with self._room():
            with self.database.write(bulk=bulk) as connection:
                transaction = Transaction(connection, self, person or self.person)
                changes = self.database.changes(connection)
                yield transaction
                if self.before_commit is not None:
                    self.before_commit(transaction)
                if transaction.chain is None and self.database.changes(connection) != changes:
                    setting_rows.write(connection, _UNLOGGED, transaction.id)
                if self.database.commit(connection):
                    return
            if not self._holds(transaction.id):
                raise self.database.refusal or StoreError(
                    "S330", "磁盘出错，本次修改没有保存。", "请检查磁盘后再保存一次。"
                )

    @contextmanager
    def _room(self) -> Iterator[None]:
        """Give up the ballast where the disk was full: then deleting and sending work again."""
        try:
            yield
        except (StoreError, FileError) as error:
            if error.code not in (faults.FULL, files.FULL) or not ballast.drop(self.folder):
                raise
            raise type(error)(
                error.code,
                error.sentence,
                "程序已放出预留的 4 MB，请马上腾出磁盘空间，再保存一次。",
            ) from error

    def _holds(self, transaction: str) -> bool:
        """Return whether `transaction` was saved, asked of the disk anew."""
        with self.database.read() as connection:
            newest = "SELECT tx FROM audit ORDER BY n DESC LIMIT 1"
            row = connection.exec_driver_sql(newest).first()
            logged = row is not None and row[0] == transaction
            return logged or setting_rows.read(connection, _UNLOGGED) == transaction

    def close(self) -> None:
        """Close the database and give the folder free."""
        try:
            self.database.close()
        finally:
            self.lock.release()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
