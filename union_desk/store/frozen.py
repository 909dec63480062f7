"""The figures of a month as they stood when it was closed.

They are kept as numerator and denominator by unit and indicator, of this office and the units
right below it, so that they can be compared and added up but never averaged.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from union_desk.indicators import Totals
from union_desk.indicators import progress as progress_of
from union_desk.store import rollup, setting_rows
from union_desk.store import units as directory
from union_desk.taskpack.period import Period

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from union_desk.indicators import Number, Progress
    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.definition import Indicator

    Kept = dict[str, dict[str, list[Number | None]]]

_SETTING = "frozen:"


def keep(transaction: Transaction, period: str) -> None:
    """Keep the figures of this office and the units right below it at the end of a period."""
    store, connection = transaction.store, transaction.connection
    units = directory.of_store(connection, store)
    codes = [store.unit, *(entry.code for entry in units.children.get(store.unit, ()))]
    day = Period.parse(period).last_day
    found = rollup.progress_of_units(connection, store, day, codes)
    kept: Kept = {
        code: {item.id: [item.numerator, item.denominator] for item in items}
        for code, items in found.items()
    }
    setting_rows.write(connection, f"{_SETTING}{period}", json.dumps(kept))


def progress(
    connection: Connection, store: Store, period: str, indicator: Indicator, unit: str = ""
) -> Progress | None:
    """Return an indicator of a unit as it was when a period was closed; None: not kept.

    Targets may have changed since: the figure has none.
    """
    kept: Kept = json.loads(setting_rows.read(connection, f"{_SETTING}{period}", "{}"))
    code = unit or store.unit
    totals = kept.get(code, {}).get(indicator.id)
    if totals is None:
        return None
    numerator, denominator = totals
    return progress_of(
        indicator,
        Totals(numerator or 0, denominator),
        pack=store.pack,
        unit=code,
        as_of=Period.parse(period).last_day,
        target=None,
    )
