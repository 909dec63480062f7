"""Rows that this office writes about keys into tables that travel: `enrol`, `key`, `trust`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.store.layout import layout
from union_desk.store.notes import new_head
from union_desk.store.writing import Write, set_head, write_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.store.layout import Row
    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.record import Value

Said = dict[str, "Value"]
"""Values of a row by field."""


def lay(
    tx: Transaction,
    form: str,
    keys: Sequence[str],
    rows: Sequence[Mapping[str, Value]],
    *,
    whole: bool = False,
) -> None:
    """Make the own rows of `form` say `rows`; what stands already is not written again.

    :param keys: fields by which a row is known.
    :param whole: own rows that `rows` does not have are voided.
    """
    made = layout(tx.tables, form)
    known = _own(tx, form, keys)
    writes = []
    for said in rows:
        old = known.pop(tuple(said[name] for name in keys), None)
        if old is None:
            head = new_head(tx, tx.store.unit, f"{tx.store.pack.year}Y")
            writes.append(Write(tuple(head.get(name, said.get(name)) for name in made.columns)))
        elif any(old[made.place[name]] != value for name, value in said.items()):
            writes.append(_changed(tx, form, old, said))
    if whole:
        writes += [_changed(tx, form, old, {"deleted": 1}) for old in known.values()]
    write_rows(tx, form, writes, act="trust")


def _own(tx: Transaction, form: str, keys: Sequence[str]) -> dict[tuple[Value, ...], Row]:
    made = layout(tx.tables, form)
    rows = tx.connection.exec_driver_sql(
        f"{made.select} WHERE origin = ? AND deleted = 0", (tx.store.origin,)
    )
    places = [made.place[name] for name in keys]
    return {tuple(row[place] for place in places): tuple(row) for row in rows}


def _changed(tx: Transaction, form: str, old: Row, said: Mapping[str, Value]) -> Write:
    made = layout(tx.tables, form)
    changes: Said = {
        **said,
        "rev": int(old[made.place["rev"]] or 0) + 1,
        "updated_at": tx.now,
        "record_state": "confirmed",
        "packet": None,
    }
    return Write(set_head(made, old, **changes), old)
