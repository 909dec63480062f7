"""保存期: which records hold personal data for longer than their form says they are kept.

The package gives a form its years and the date at which they begin (个人信息保护法 art. 19); a form
with sensitive fields of which it says nothing has :data:`YEARS`, from when it was last written.
Nothing here erases anything: a list leads to the erasure, which people decide on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store.layout import ERASED
from union_desk.taskpack.field_types import SENSITIVE
from union_desk.taskpack.field_types import columns as columns_of

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import Form

YEARS = 10
"""Of a form with sensitive fields where the package does not say."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """A record that is kept for longer than its form says."""

    form: str
    uid: str
    name: str
    """What people call it."""
    since: str
    """ISO, the day its years began."""
    until: str
    """ISO, the day they ended."""
    own: bool
    """Written here: it can be erased here."""


def years_of(store: Store, form: Form) -> int:
    """Return how many years records of a form are kept; 0: it holds nothing that is private."""
    if form.keep_years or form.kind not in ("ledger", "sheet"):
        return form.keep_years
    forms = (form, *(store.tables.forms[name] for name in form.details))
    private = any(item.sensitivity >= SENSITIVE for one in forms for item in one.fields)
    return YEARS if private else 0


def counts(connection: Connection, store: Store, today: str) -> dict[str, int]:
    """Return the number of overdue records by form; forms without any are left out."""
    found: dict[str, int] = {}
    for form, years in _kept(store):
        table = store.tables.form[form.id]
        chosen = sa.select(sa.func.count()).select_from(table)
        number = connection.execute(chosen.where(*_past(store, form, years, today))).scalar()
        if number:
            found[form.id] = int(number)
    return found


def overdue(connection: Connection, store: Store, today: str) -> list[Overdue]:
    """Return the overdue records, form by form, those that ended first before the others."""
    found = []
    for form, years in _kept(store):
        table = store.tables.form[form.id]
        begin = _begin(store, form)
        item = form.by_id.get(form.name_field)
        name = table.c[columns_of(item)[-1]] if item is not None else table.c.uid
        rows = connection.execute(
            sa.select(table.c.uid, name, begin, table.c.origin)
            .where(*_past(store, form, years, today))
            .order_by(begin, table.c.uid)
        ).all()
        found += [
            Overdue(
                form.id, str(row[0]), str(row[1] or ""), str(row[2])[:10],
                _later(str(row[2])[:10], years), row[3] == store.origin,
            )
            for row in rows
        ]  # fmt: skip
    return found


def _kept(store: Store) -> list[tuple[Form, int]]:
    forms = [store.tables.forms[form.id] for form in store.pack.top_forms]
    return [(form, years) for form in forms if (years := years_of(store, form))]


def _begin(store: Store, form: Form) -> ColumnElement[str]:
    columns = store.tables.form[form.id].c
    return columns[form.keep_from] if form.keep_from else columns.updated_at


def _past(store: Store, form: Form, years: int, today: str) -> list[ColumnElement[bool]]:
    table = store.tables.form[form.id]
    begin = _begin(store, form)
    limit = _later(today, -years)
    return [table.c.deleted != ERASED, begin.is_not(None), sa.func.substr(begin, 1, 10) <= limit]


def _later(day: str, years: int) -> str:
    """Return the same day of another year; of 29 February in a short year the 28th."""
    year, rest = int(day[:4]) + years, day[4:]
    short = year % 4 or (year % 100 == 0 and year % 400)
    return f"{year:04d}{'-02-28' if rest == '-02-29' and short else rest}"
