"""A part of a transaction that can be lost without the rest."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from union_desk.errors import BundleError
from union_desk.store import faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from union_desk.store.transaction import Transaction


@contextmanager
def savepoint(tx: Transaction) -> Iterator[None]:
    """Undo what the block did if it raises; the transaction goes on.

    :raises BundleError: B598, rows contradict what is here already.
    """
    chain, run = tx.chain, tx.connection.exec_driver_sql
    run("SAVEPOINT packet")
    try:
        yield
    except BaseException as error:
        if not faults.lost(tx.connection):
            run("ROLLBACK TO SAVEPOINT packet")
            run("RELEASE SAVEPOINT packet")
        tx.chain = chain
        if isinstance(error, IntegrityError):
            raise BundleError(
                "B598",
                "数据包里的记录号与已有的记录冲突。",
                "请让对方重新报送；若仍如此，请把文件交给程序维护人员。",
            ) from error
        raise
    run("RELEASE SAVEPOINT packet")
