"""结账: an office closes a period for itself and all below; one unit may be let in until a day.

What was counted until then is kept as it stood (`frozen`); what changes later shows as a change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.errors import InputError
from union_desk.store import frozen, periods, rights
from union_desk.store import units as directory
from union_desk.taskpack.period import Period

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from union_desk.store.transaction import Store


@dataclass(frozen=True, slots=True)
class Closing:
    """How a period stands for an office."""

    closed: bool
    """Closed here or above."""
    by: str = ""
    """Code of the unit that closed it."""
    day: str = ""
    who: str = ""
    let_in: tuple[tuple[str, str], ...] = ()
    """Unit and last day of those that this office lets in."""


def state(connection: Connection, store: Store, period: str) -> Closing:
    """Return how a period stands."""
    table = store.tables.form[periods.LOCK]
    rows = connection.exec_driver_sql(
        f'SELECT unit, state, until, substr(origin, 1, 12), date, who FROM "{table.name}" '  # noqa: S608
        "WHERE period = ? AND deleted = 0 AND (substr(origin, 1, 12) = ? "
        "OR packet LIKE '%.all.%') ORDER BY updated_at",
        (period, store.unit),
    ).all()
    shut = [row for row in rows if row[0] == row[3] and row[1] == "closed"]
    let_in = tuple(
        (str(row[0]), str(row[2]))
        for row in rows
        if row[0] != row[3] and row[1] == "open" and row[3] == store.unit
    )
    if not shut:
        return Closing(closed=False)
    _, _, _, by, day, who = shut[0]
    return Closing(closed=True, by=by, day=day, who=who, let_in=let_in)


def close(store: Store, period: str, today: str) -> None:
    """Close a period that has ended and keep its figures.

    :raises InputError: I648, it has not ended.
    :raises StoreError: S361.
    """
    rights.check_may(store, "close_period")
    about = Period.parse(period)
    if about.last_day >= today:
        raise InputError(
            "I648", f"{about.title}还没有结束，不能结账。", "请到这一期结束、各单位报齐以后再结。"
        )
    with store.write() as transaction:
        periods.close(transaction, period)
        frozen.keep(transaction, period)


def reopen(store: Store, period: str) -> None:
    """Open a period again that this office has closed; its kept figures stay to compare with.

    :raises StoreError: S361.
    """
    rights.check_may(store, "close_period")
    with store.write() as transaction:
        periods.reopen(transaction, period)


def let_in(store: Store, unit: str, period: str, until: str, reason: str, today: str) -> None:  # noqa: PLR0917 - what is let in
    """Open a closed period for one unit below until a day.

    :raises InputError: I649, not below; I652, the day has passed.
    :raises StoreError: S361.
    """
    rights.check_may(store, "close_period")
    with store.read() as connection:
        known = directory.of_store(connection, store)
    if unit == store.unit or unit not in known.subtree(store.unit):
        raise InputError("I649", f"“{known.name(unit)}”不在本单位之下。", "请选一个下级单位。")
    if until < today:
        raise InputError("I652", f"准许到的日期 {until} 已过。", "请写今天或以后的日期。")
    with store.write() as transaction:
        periods.set_lock(transaction, unit, period, "open", until, reason)
