"""年度结转: what of the year before goes on, what is copied as drafts, what starts empty.

A register that goes on needs nothing: its records count in the new year as they stand. What is
written once a year (a package says 结转: 存为草稿) is copied as drafts, to be looked through and
confirmed; the figures of the new year only count what was confirmed in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.store import periods, records, years
from union_desk.store.context import context_at
from union_desk.store.visible import counts
from union_desk.taskpack.field_types import columns as columns_of
from union_desk.taskpack.period import Period, same_last_year
from union_desk.taskpack.record import Detail, Record, new_uid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.definition import Field, Form, TaskPack
    from union_desk.taskpack.record import Value

CONTINUE, COPY, EMPTY = "continue", "copy", "empty"
TITLES = {CONTINUE: "延续", COPY: "存为草稿", EMPTY: "从空开始"}
_NUMBERS = ("int", "money", "decimal")


@dataclass(frozen=True, slots=True)
class Carried:
    """One form of the new year."""

    form: Form
    how: str
    last: int
    """Records of the year before that count."""
    now: int
    """Records of the new year, drafts among them."""
    new: bool
    """The year before did not have the form."""
    added: tuple[str, ...]
    """Labels of fields that the form has gained."""
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A number of a record of this year that differs from the year before (与上年核对)."""

    form: Form
    uid: str
    name: str
    field: Field
    last: int | float
    now: int | float


def how(form: Form, pack: TaskPack) -> str:
    """Return what becomes of a form's records: as the package says, else as the form tells.

    A register that other forms refer to goes on; a sheet, and what happened in a year, do not.
    """
    if form.carry:
        return form.carry
    referred = any(
        item.form == form.id for other in pack.top_forms for item in other.fields if other != form
    )
    return CONTINUE if form.kind == "ledger" and form.broadcast and referred else EMPTY


def plan(connection: Connection, store: Store) -> tuple[Carried, ...]:
    """Return what becomes of every form, those that are no more left out (see :func:`gone`)."""
    older = years.before(store)
    found = []
    for form in store.pack.top_forms:
        known = older.forms.get(form.id) if older else None
        last = _count(connection, store, form.id, older) if known and older else 0
        mine, theirs = form.by_id, known.by_id if known else {}
        found.append(Carried(
            form, how(form, store.pack), last, _count(connection, store, form.id, store.pack),
            known is None,
            tuple(item.label for item in form.fields if known and item.id not in theirs),
            tuple(item.label for item in theirs.values() if item.id not in mine),
        ))  # fmt: skip
    return tuple(found)


def gone(store: Store) -> tuple[Form, ...]:
    """Return the forms of the year before that the new year no longer has."""
    older = years.before(store)
    return (
        tuple(form for form in older.top_forms if form.id not in store.pack.forms) if older else ()
    )


def _count(connection: Connection, store: Store, form: str, pack: TaskPack) -> int:
    table = store.tables.form[form]
    wanted = sa.select(sa.func.count()).select_from(table)
    return connection.execute(
        wanted.where(table.c.deleted == 0, table.c.package == pack.id)
    ).scalar_one()


def copy_last_year(store: Store, form_id: str, as_of: str) -> int:
    """Copy the records of the year before that this office wrote as drafts (装入上年).

    One whose key a record of the new year has already is left out, so that a second time adds
    nothing. Fields that are no more are dropped; the year, where a field holds it, is the new one.
    """
    older = years.before(store)
    form = store.pack.forms[form_id]
    if older is None or form_id not in older.forms:
        return 0
    count = 0
    with store.write() as transaction:
        connection = transaction.connection
        context = context_at(store, as_of, connection=connection)
        period = periods.earliest_open(connection, store.pack, form.filing or "month").id
        known = {
            _key(form, record.values) for record in _records(connection, store, form, store.pack)
        }
        for record in _records(connection, store, form, older):
            fresh = _renewed(transaction, form, record, older, period)
            if _key(form, fresh.values) not in known:
                known.add(_key(form, fresh.values))
                records.put_draft(transaction, fresh, context)
                count += 1
    return count


def _records(connection: Connection, store: Store, form: Form, pack: TaskPack) -> Iterator[Record]:
    """Yield this office's own records of a year; of an earlier year only those that count."""
    table = store.tables.form[form.id]
    here = table.c.deleted == 0 if pack is store.pack else counts(table)
    wanted = sa.select(table.c.uid).where(
        here, table.c.package == pack.id, table.c.origin == store.origin
    )
    for uid in connection.execute(wanted.order_by(table.c.uid)).scalars().all():
        yield records.get(connection, store.tables, form.id, uid)


def _renewed(
    transaction: Transaction, form: Form, record: Record, older: TaskPack, period: str
) -> Record:
    pack = transaction.store.pack
    details = {
        name: tuple(
            Detail(new_uid(), row.position, _values(pack.forms[name], row.values, older, pack))
            for row in rows
        )
        for name, rows in record.details.items()
        if name in form.details
    }
    values = _values(form, record.values, older, pack)
    return Record(form.id, new_uid(), values, details, unit=record.unit, period=period)


def _values(
    form: Form, values: Mapping[str, Value], older: TaskPack, pack: TaskPack
) -> dict[str, Value]:
    """Return the values that fields of the new year take over."""
    found: dict[str, Value] = {}
    for item in form.fields:
        if item.id not in older.forms[form.id].by_id or item.computed is not None:
            continue
        for name in columns_of(item):
            value = values.get(name)
            found[name] = pack.year if item.type == "int" and value == older.year else value
        codes = pack.codes(item)
        if codes and item.type == "choice" and found.get(item.id) not in codes.by_code:
            found[item.id] = None
    return found


def _key(form: Form, values: Mapping[str, Value]) -> tuple[Value, ...]:
    """Return what tells records of a year apart: the first duplicate key, else the name."""
    parts = form.duplicate_keys[0] if form.duplicate_keys else (form.name_field,)
    found: list[Value] = []
    for part in parts:
        reference = part in form.by_id and form.by_id[part].type == "ref"
        found.append(values.get(f"{part}__key" if reference else part))
    return tuple(found)


def differences(connection: Connection, store: Store, form_id: str) -> list[Difference]:
    """Return numbers of this office's records that differ from the year before, the widest first.

    Records are matched by their key with the year put back; sheets by unit and the period.
    """
    older = years.before(store)
    form = store.pack.forms[form_id]
    if older is None or form_id not in older.forms:
        return []
    then = {
        _match(form, record, store.pack, older): record
        for record in _records(connection, store, form, older)
    }
    found: list[Difference] = []
    for record in _records(connection, store, form, store.pack):
        last = then.get(_match(form, record, store.pack, older))
        if last is not None:
            found += _differ(form, record, last)
    return sorted(found, key=lambda one: -abs(one.now - one.last) / max(abs(one.last), 1))


def _match(form: Form, record: Record, pack: TaskPack, older: TaskPack) -> tuple[Value, ...]:
    if form.kind == "sheet":
        period = Period.parse(record.period)
        same = same_last_year(period) if record.period.startswith(str(pack.year)) else period
        return record.unit, same.id
    return tuple(older.year if part == pack.year else part for part in _key(form, record.values))


def _differ(form: Form, record: Record, last: Record) -> Iterator[Difference]:
    name = str(record.values.get(form.name_field) or record.period)
    for item in form.fields:
        now, then = record.values.get(item.id), last.values.get(item.id)
        if item.type in _NUMBERS and isinstance(now, int | float) and isinstance(then, int | float):
            years_apart = (then, now) == (_year(last), _year(record))
            if now != then and not years_apart:
                yield Difference(form, record.uid, name, item, then, now)


def _year(record: Record) -> int:
    return int(record.period[:4]) if record.period[:4].isdecimal() else 0
