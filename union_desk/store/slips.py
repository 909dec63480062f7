"""The rows of a delivery whose cover is printed and which is not written yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk import workflow
from union_desk.store import issued

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.store.issued import Issued
    from union_desk.store.transaction import Connection, Store, Transaction

COVER = "cover"
"""Layout of the report that speaks of one delivery."""
_PUT = "INSERT INTO slip_row (slip, form, uid, rev) VALUES (?, ?, ?, ?)"


def put(transaction: Transaction, serial: str, rows: Mapping[str, Mapping[str, int]]) -> None:
    """Note exactly which revisions a cover lists: its packets carry these and no others."""
    listed = [(serial, form, uid, rev) for form, by in rows.items() for uid, rev in by.items()]
    if listed:
        transaction.connection.exec_driver_sql(_PUT, listed)


def is_cover(store: Store, report: str) -> bool:
    """Return whether a report is the cover of a delivery."""
    found = store.pack.reports.get(report)
    return found is not None and found.layout == COVER


def pending(connection: Connection, store: Store) -> Issued | None:
    """Return the cover that is issued and whose packets are not written yet, the newest."""
    ready = issued.papers(
        connection, store.tables, origin=store.origin,
        states=workflow.PAPER_MOVES["send"].sources,
    )  # fmt: skip
    covers = [paper for paper in ready if is_cover(store, paper.report)]
    return covers[-1] if covers else None
