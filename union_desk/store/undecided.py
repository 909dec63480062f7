"""What this level decides about records of units below: adoption, naming, approval, places.

A decision is a row of table ``decision`` of its own; the record stays as its writer wrote it and
shows the decision laid over it, here at once and below after the next file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.errors import InputError
from union_desk.store import decisions, intake, selecting
from union_desk.store import units as directory
from union_desk.store.visible import counts
from union_desk.taskpack.field_types import Hints, Unreadable, parse, plain
from union_desk.taskpack.record import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from union_desk.store.transaction import Store
    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.record import Value


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of a field."""

    who: str
    date: str
    doc_no: str


@dataclass(frozen=True, slots=True)
class Case:
    """A record of a unit below with the fields that this level decides."""

    form: str
    uid: str
    unit: str
    unit_name: str
    name: str
    period: str
    values: Mapping[str, Value]
    """As the record shows them now."""
    decided: Mapping[str, Decided]
    """Fields that this office has decided."""


def fields(form: Form, level: str) -> tuple[Field, ...]:
    """Return the fields of a form that offices of a level decide."""
    return tuple(item for item in decisions.decided_fields(form) if item.decided_by == level)


def forms(store: Store) -> tuple[Form, ...]:
    """Return the forms in which this office decides something."""
    return tuple(form for form in store.pack.top_forms if fields(form, store.level))


def cases(connection: Connection, store: Store, form: Form) -> tuple[Case, ...]:
    """Return the records of units below, those without a decision first, newest first."""
    known = directory.of_store(connection, store)
    below = known.subtree(store.unit)
    table = store.tables.form[form.id]
    mine = fields(form, store.level)
    chosen: sa.Select[Any] = sa.select(
        table.c.uid, table.c.unit, table.c.period, table.c.origin, *(table.c[i.id] for i in mine)
    ).where(counts(table), table.c.origin != store.origin)
    rows = connection.execute(chosen.order_by(table.c.uid.desc())).all()
    rows = [row for row in rows if row.origin[:12] in below]
    names = selecting.names(connection, store, form, [row.uid for row in rows])
    decided = _decided(connection, store, form)
    found = [
        Case(
            form.id, row.uid, row.unit, known.name(row.unit), names.get(row.uid, ""), row.period,
            {item.id: getattr(row, item.id) for item in mine}, decided.get(row.uid, {}),
        )
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: bool(one.decided)))


def open_count(connection: Connection, store: Store) -> int:
    """Return how many records of units below wait for a decision of this level."""
    return sum(not one.decided for form in forms(store) for one in cases(connection, store, form))


def _decided(connection: Connection, store: Store, form: Form) -> dict[str, dict[str, Decided]]:
    table = store.tables.form[decisions.FORM]
    chosen = sa.select(
        table.c.record, table.c.field, table.c.value, table.c.who, table.c.date, table.c.doc_no
    ).where(counts(table), table.c.form == form.id, table.c.origin == store.origin)
    found: dict[str, dict[str, Decided]] = {}
    for record, name, _, who, date, doc_no in connection.execute(chosen.order_by(table.c.uid)):
        found.setdefault(record, {})[name] = Decided(who, date, doc_no or "")
    return found


def decide(  # noqa: PLR0917 - a decision with its paper
    store: Store, form: Form, uid: str, said: Mapping[str, str], date: str, doc_no: str
) -> int:
    """Write decisions of this level about a record and return how many.

    :param said: what was typed by field.
    :raises InputError: I650, a value that the field cannot have; I651, refused by the checks.
    :raises StoreError: S361.
    """
    hints = Hints(year=int(date[:4]), today=date, pack=store.pack)
    header = ["form", "record", "field", "value", "who", "date", "doc_no"]
    rows: list[list[str | None]] = []
    for name, text in said.items():
        item = form.by_id[name]
        value = parse(item, text, hints) if text.strip() else None
        if isinstance(value, Unreadable):
            raise InputError("I650", f"“{item.label}”：{value.message}。", "请改正后再保存。")
        kept = None if value is None else plain(item, value)
        rows.append([form.id, uid, name, kept, store.person, date, doc_no or None])
    result = intake.put(store, decisions.FORM, Table(decisions.FORM, header, rows), reason="再定")
    if result.refused:
        told = "；".join(one.message for one in result.findings if one.level == "error")
        raise InputError("I651", f"没有保存：{told}。", "请改正后再保存。")
    return len(rows)
