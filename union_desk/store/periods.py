"""Which periods are closed: they take no more confirmations, later changes go to the next."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from union_desk.errors import InputError
from union_desk.store import setting_rows
from union_desk.store.layout import layout
from union_desk.store.notes import new_head
from union_desk.store.writing import Write, set_head, write_rows
from union_desk.taskpack.period import Period, containing, in_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection

    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.definition import Form, TaskPack
    from union_desk.taskpack.record import Value

LOCK = "period_lock"
_LOCKS = (
    "SELECT unit, period, state, until, substr(origin, 1, 12) FROM period_lock "
    "WHERE deleted = 0 AND record_state <> 'draft' "
    "AND (substr(origin, 1, 12) = ? OR packet LIKE '%.all.%')"
)
"""The own locks and those from above: what is said to all comes from no one else."""


def closed(connection: Connection, unit: str = "") -> frozenset[str]:
    """Return the ids of the periods that are closed for a unit; for the own one where "".

    An office closes a period for itself and all below it, and lets single units in again until a
    day: until that day by this computer's calendar its own lock and those of offices below it do
    not hold for that unit. No one lets himself in.
    """
    own = setting_rows.read(connection, "unit")
    ranks = {own: 0, setting_rows.read(connection, "parent"): 1}
    shut: dict[str, set[str]] = defaultdict(set)
    let_in: dict[str, set[str]] = defaultdict(set)
    for whom, period, state, until, writer in connection.exec_driver_sql(_LOCKS, (own,)):
        if whom == writer and state == "closed":
            shut[period].add(writer)
        elif whom == (unit or own) != writer and state == "open" and (until or "") >= _today():
            let_in[period].add(writer)
    return frozenset(
        period
        for period, lockers in shut.items()
        if any(not _lifted(locker, let_in[period], ranks) for locker in lockers)
    )


def _lifted(locker: str, openers: set[str], ranks: Mapping[str, int]) -> bool:
    """Return whether one of `openers` is `locker`, or an office above it.

    :param ranks: of the own unit and its parent; whoever else speaks to all stands above both.
    """
    above = len(ranks)
    rank = ranks.get(locker, above)
    return locker in openers or any(ranks.get(opener, above) > rank for opener in openers)


def _today() -> str:
    return date.today().isoformat()  # noqa: DTZ011 - an office's own day


def close(transaction: Transaction, period: str) -> None:
    """Close a period for this office and all below it."""
    set_lock(transaction, transaction.store.unit, period, "closed")


def reopen(transaction: Transaction, period: str) -> None:
    """Open a period again that this office has closed."""
    set_lock(transaction, transaction.store.unit, period, "open")


def set_lock(  # noqa: PLR0917 - the columns of one row
    transaction: Transaction,
    unit: str,
    period: str,
    state: str,
    until: str | None = None,
    reason: str | None = None,
) -> None:
    """Write what this office says of a period and a unit: one row, the newest revision holds."""
    made = layout(transaction.tables, LOCK)
    key = (transaction.store.origin, unit, Period.parse(period).id)
    held = transaction.connection.exec_driver_sql(
        f"{made.select} WHERE origin = ? AND unit = ? AND period = ? AND deleted = 0", key
    ).first()
    said: dict[str, Value] = {
        "state": state, "until": until, "reason": reason, "who": transaction.person,
        "date": transaction.now[:10],
    }  # fmt: skip
    if held is None:
        head = new_head(transaction, unit, period)
        write = Write(tuple(head.get(name, said.get(name)) for name in made.columns))
    else:
        old = tuple(held)
        rev = int(old[made.place["rev"]]) + 1
        told = said | {"rev": rev, "packet": None, "updated_at": transaction.now}
        write = Write(set_head(made, old, **told), old)
    write_rows(transaction, LOCK, [write], act="close_period" if state == "closed" else "reopen")


def earliest_open(connection: Connection, pack: TaskPack, kind: str, unit: str = "") -> Period:
    """Return the first period of the package's year that is not closed, else the last one."""
    shut = closed(connection, unit)
    periods = in_year(pack, kind)
    return next((period for period in periods if period.id not in shut), periods[-1])


def working(
    connection: Connection, pack: TaskPack, form: Form, *, given: str | None, as_of: str | None,
    unit: str = "",
) -> Period:  # fmt: skip
    """Return the period into which rows of a form about a unit are confirmed.

    The system's own tables report no period: they are written in closed ones, too.

    :param unit: the own one where "".
    :raises InputError: I420 not a period of the form's kind, I421 closed.
    """
    period = meant(connection, pack, form, given=given, as_of=as_of, unit=unit)
    if form.kind != "system":
        check_open(connection, period.id, unit)
    return period


def meant(
    connection: Connection, pack: TaskPack, form: Form, *, given: str | None, as_of: str | None,
    unit: str = "",
) -> Period:  # fmt: skip
    """Return the period that rows of a form are for, open or not.

    `given` where stated, else the one that holds `as_of`, else the earliest open one.

    :raises InputError: I420 not a period of the form's kind.
    """
    if given:
        return parse(form, given)
    if as_of:
        return containing(form.filing or "month", as_of)
    return earliest_open(connection, pack, form.filing or "month", unit)


def parse(form: Form, text: str) -> Period:
    """Return the period that `text` names for a form.

    :raises InputError: I420, no period, or one of another kind.
    """
    trouble = trouble_of(form, text)
    if trouble:
        raise InputError("I420", f"{trouble}。", "月报写 2012M08，季报写 2012Q3，年报写 2012Y。")
    return Period.parse(text)


def trouble_of(form: Form, text: str) -> str | None:
    """Return why `text` is not a period of a form, or None."""
    try:
        period = Period.parse(text)
    except ValueError:
        return f"“{text}”不是报告期"
    if form.filing and period.kind != form.filing:
        return f"“{text}”不是《{form.title}》的报告期类型"
    return None


def check_open(connection: Connection, period: str, unit: str = "") -> None:
    """Refuse a period that is closed for a unit, the own one where "".

    :raises InputError: I421.
    """
    if period in closed(connection, unit):
        raise InputError(
            "I421", f"报告期 {period} 已结账，不能再确认。", "请改到下一期；报表的改动请做更正。"
        )
