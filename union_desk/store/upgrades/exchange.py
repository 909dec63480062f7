"""From format 2 to 3: what others send is taken in, packets are signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from union_desk.store.transaction import Transaction


def step(transaction: Transaction) -> None:
    """Make the tables of what comes from others."""
    tables = transaction.tables
    for table in (
        tables.source,
        tables.received,
        tables.lapsed,
        tables.quarantined,
        tables.intake,
        tables.addressed,
        tables.slip_row,
    ):
        table.create(transaction.connection, checkfirst=True)
