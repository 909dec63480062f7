"""Which periods are closed: they take no more confirmations, later changes go to the next."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from union_desk.errors import InputError
from union_desk.store import audit, setting_rows
from union_desk.taskpack.period import Period, containing, in_year

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.definition import Form, TaskPack

_SETTING = "closed_periods"


def closed(connection: Connection) -> frozenset[str]:
    """Return the ids of the closed periods."""
    return frozenset(json.loads(setting_rows.read(connection, _SETTING, "[]")))


def close(transaction: Transaction, period: str) -> None:
    """Close a period."""
    _set(transaction, closed(transaction.connection) | {Period.parse(period).id}, period, "close")


def reopen(transaction: Transaction, period: str) -> None:
    """Open a closed period again."""
    _set(transaction, closed(transaction.connection) - {period}, period, "reopen")


def _set(transaction: Transaction, periods: frozenset[str], period: str, act: str) -> None:
    setting_rows.write(transaction.connection, _SETTING, json.dumps(sorted(periods)))
    audit.note(transaction, f"{act}_period", new={"period": period})


def earliest_open(connection: Connection, pack: TaskPack, kind: str) -> Period:
    """Return the first period of the package's year that is not closed, else the last one."""
    shut = closed(connection)
    periods = in_year(pack, kind)
    return next((period for period in periods if period.id not in shut), periods[-1])


def working(
    connection: Connection, pack: TaskPack, form: Form, *, given: str | None, as_of: str | None
) -> Period:
    """Return the period into which rows of a form are confirmed.

    `given` where stated, else the one that holds `as_of`, else the earliest open one. The
    system's own tables report no period: they are written in closed ones, too.

    :raises InputError: I420 not a period of the form's kind, I421 closed.
    """
    if given:
        period = parse(form, given)
    elif as_of:
        period = containing(form.filing or "month", as_of)
    else:
        period = earliest_open(connection, pack, form.filing or "month")
    if form.kind != "system":
        check_open(connection, period.id)
    return period


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


def check_open(connection: Connection, period: str) -> None:
    """Refuse a closed period.

    :raises InputError: I421.
    """
    if period in closed(connection):
        raise InputError(
            "I421", f"报告期 {period} 已结账，不能再确认。", "请改到下一期；报表的改动请做更正。"
        )
