"""What issued papers keep of erased records: the frozen cells are blanked, the files go.

Serial, digest, state, who and when stay: that the paper was issued is no secret.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from union_desk.store import issued
from union_desk.store.audit import canonical
from union_desk.store.layout import layout, rows_by
from union_desk.store.writing import Write, set_head, write_rows

if TYPE_CHECKING:
    from collections.abc import Collection

    from union_desk.store.issued import Issued
    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.record import Value

_SHOWN = ("cells", "changes", "pdf", "scan")
"""What a paper keeps of the page."""
_SALTS = """UPDATE audit_value SET salt = NULL WHERE n IN (SELECT n FROM audit WHERE uid = ?)
    AND n < (SELECT max(n) FROM audit WHERE uid = ?)"""


def blank(
    transaction: Transaction, form: str, uids: Collection[str], rows: Collection[str]
) -> list[str]:
    """Blank what papers show of erased records; return the papers, whose files have to go.

    :param rows: the records and their details: the keys of printed rows.
    """
    known = issued.papers(transaction.connection, transaction.tables)
    showing = [paper for paper in known if _shows(paper, form, uids, rows)]
    made = layout(transaction.tables, issued.FORM)
    writes = []
    for paper in showing:
        values = _blanked(paper, rows)
        if any(values[name] != getattr(paper, name) for name in _SHOWN):
            old = next(iter(rows_by(transaction.connection, made, "uid", [paper.uid])))
            if paper.origin == transaction.store.origin:  # it travels anew
                values["rev"], values["updated_at"] = paper.rev + 1, transaction.now
                values["packet"], values["record_state"] = None, "confirmed"
            writes.append(Write(set_head(made, old, **values), old))
    write_rows(transaction, issued.FORM, writes, act="erase")
    for paper in showing:
        _forget(transaction, paper.uid)
    return [paper.uid for paper in showing]


def _blanked(paper: Issued, rows: Collection[str]) -> dict[str, Value]:
    """Return what a paper keeps of the page without what it said of the records."""
    cells = [
        (row, column, issued.ERASED if row in rows else value)
        for row, column, value in paper.frozen_cells()
    ]
    changes = [
        (row, column, *(_erased(value) if row in rows else value for value in pair))
        for row, column, *pair in paper.changed_cells()
    ]
    return {
        "cells": paper.cells and issued.packed(cells),
        "changes": paper.changes and issued.packed(changes),
        "pdf": None,
        "scan": None,
    }


def _shows(paper: Issued, form: str, uids: Collection[str], rows: Collection[str]) -> bool:
    """Return whether a paper shows a record; one whose cells are too many to keep: may show it."""
    if paper.record in uids:
        return True
    if any(change[0] in rows for change in paper.changed_cells()):
        return True
    if paper.cells is not None:
        return any(cell[0] in rows for cell in paper.frozen_cells())
    covered = paper.covered()
    return covered is None or not covered.get(form, {}).keys().isdisjoint(uids)


def _erased(value: str | None) -> str | None:
    return None if value is None else issued.ERASED


def _forget(transaction: Transaction, uid: str) -> None:
    """Take what a paper showed out of the values that the change log keeps."""
    connection = transaction.connection
    connection.exec_driver_sql(_SALTS, (uid, uid))
    rows = connection.exec_driver_sql(
        "SELECT v.n, v.old, v.new FROM audit_value v JOIN audit a ON a.n = v.n WHERE a.uid = ?",
        (uid,),
    ).all()
    for n, *texts in rows:
        connection.exec_driver_sql(
            "UPDATE audit_value SET old = ?, new = ? WHERE n = ?", (*map(_without, texts), n)
        )


def _without(text: str | None) -> str | None:
    if text is None:
        return None
    left = {name: value for name, value in json.loads(text).items() if name not in _SHOWN}
    return canonical(left)
