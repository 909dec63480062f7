"""Who looked at what: rows of access in the change log, beside those of change.

Each is written before what it tells of is done, so nothing is seen without its row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.store import audit, rights

if TYPE_CHECKING:
    from union_desk.store.transaction import Store


def login(store: Store) -> None:
    """Note that someone sits down at the window, and how many wrong passwords came before."""
    if not store.demo:
        wrong = store.wrong_before
        with store.write() as transaction:
            audit.note(transaction, "login", new={"wrong_before": wrong} if wrong else None)
        store.wrong_before = 0


def reveal(store: Store, form: str, uid: str, field: str) -> None:
    """Note that one masked field of one record is shown in full.

    :raises StoreError: S361, the person at work may not.
    """
    rights.check_may(store, "reveal")
    with store.write() as transaction:
        audit.note(transaction, "reveal", form=form, uid=uid, new={"field": field})


def given_out(store: Store, act: str, name: str, *, form: str | None = None) -> None:
    """Note that data of persons leave as a paper (``print``) or a file (``file``)."""
    with store.write() as transaction:
        audit.note(transaction, act, form=form, new={"name": name})
