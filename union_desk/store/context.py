"""The context in which expressions over a store's rows are evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union_desk.store import setting_rows
from union_desk.store import units as directory
from union_desk.taskpack.expression import NOWHERE, Context
from union_desk.taskpack.period import Period

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection

    from union_desk.store.transaction import Store
    from union_desk.store.units import Units
    from union_desk.taskpack.definition import Parameter
    from union_desk.taskpack.expression import Lookup
    from union_desk.taskpack.record import Value


def context_at(
    store: Store,
    as_of: str,
    *,
    period: Period | None = None,
    lookup: Lookup = NOWHERE,
    connection: Connection | None = None,
    units: Units | None = None,
) -> Context:
    """Return the context of a run whose as_of() and today() are `as_of`.

    :param period: the working period of the run; without one the run's period ends at `as_of`.
    :param connection: of a running transaction; else the store is read.
    :param units: the directory where it is at hand.
    """
    if connection is None:
        with store.read() as own:
            return context_at(
                store, as_of, period=period, lookup=lookup, connection=own, units=units
            )
    pack = store.pack
    known = (units or directory.of_store(connection, store)).by_code
    settings = setting_rows.read_all(connection)
    return Context(
        as_of=as_of,
        today=as_of,
        period=period or Period(as_of, "month", f"{as_of[:8]}01", as_of, as_of),
        year=pack.year,
        year_from=pack.year_from,
        year_to=pack.year_to,
        level=store.level,
        params={name: _value(item, settings) for name, item in pack.parameters.items()},
        lookup=lookup,
        units={
            code: {"register_from": entry.register_from}
            for code, entry in known.items()
            if entry.register_from
        },
    )


def _value(parameter: Parameter, settings: Mapping[str, str]) -> Value:
    """Return a parameter as this office has set it, else the package's value."""
    text = settings.get(f"param:{parameter.id}", parameter.default or "")
    if not text:
        return None
    return float(text) if parameter.type == "decimal" else text
