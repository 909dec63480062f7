"""纸质已收: papers of other offices that came to hand, by the first 16 digits of their digest.

A mark, not a state: the paper may come before its data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.store import audit

if TYPE_CHECKING:
    from union_desk.store.transaction import Connection, Transaction

_PUT = (
    "INSERT INTO paper_mark (code, serial, outcome, at, person) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (code) DO UPDATE SET serial = coalesce(excluded.serial, serial), "
    "outcome = excluded.outcome"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """When a paper was received, by whom, and what its check said last."""

    code: str
    serial: str | None
    outcome: str
    at: str
    person: str


def put(transaction: Transaction, code: str, serial: str | None, outcome: str) -> None:
    """Note a paper as received; a second look keeps the first day and renews the answer."""
    transaction.connection.exec_driver_sql(
        _PUT, (code, serial, outcome, transaction.now, transaction.person)
    )
    audit.note(transaction, "paper_received", new={"code": code, "outcome": outcome})


def received(connection: Connection) -> dict[str, Mark]:
    """Return the marks by code."""
    rows = connection.exec_driver_sql("SELECT code, serial, outcome, at, person FROM paper_mark")
    return {row[0]: Mark(*row) for row in rows}
