"""上年对照数: last year's figures out of a sheet, shown beside the fields, never records.

Kept in table ``setting`` as text, one entry per form, unit and period; they are counted nowhere,
are not sent, and hold numbers alone. A row of a ledger is known by a digest of its first filled
duplicate key, so that no name and no number of a person is kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.errors import InputError
from union_desk.store import audit, rights, setting_rows
from union_desk.store.sheet_columns import read_header
from union_desk.store.sheet_reading import read_sheet
from union_desk.store.visible import counts
from union_desk.taskpack.field_types import Hints
from union_desk.taskpack.period import Period

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from union_desk.store.schema import Tables
    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.record import Table, Value

NUMBERS = ("int", "decimal", "money")
MOST = 20_000
"""Rows of one sheet that are kept."""
THOUSAND = 1_000
_PREFIX = "prior"


@dataclass(frozen=True, slots=True)
class Prior:
    """The figures of one form, unit and period."""

    file: str
    rows: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """By key of the row; of a sheet there is one, under the empty key."""

    def mean(self, name: str) -> float | None:
        """Return what a field holds on average where it is filled and not nought."""
        found = [row[name] for row in self.rows.values() if row.get(name)]
        return sum(found) / len(found) if found else None


def numbers(form: Form) -> tuple[Field, ...]:
    """Return the fields that hold figures."""
    return tuple(item for item in form.fields if item.type in NUMBERS)


def load(
    transaction: Transaction, form: Form, table: Table, *, period: str, unit: str, file: str
) -> int:
    """Keep the figures of a sheet in place of those there were; return how many rows it has.

    Cells that cannot be read are left out. A sheet may carry units and, of a form filed per
    period, periods; else all rows are of `unit` and `period`.

    :raises InputError: I568, too many rows; I569, no figure in it.
    :raises StoreError: S361.
    """
    store, connection = transaction.store, transaction.connection
    rights.check_may(store, "enter")
    if len(table.rows) > MOST:
        raise InputError(
            "I568",
            f"上年的表有 {len(table.rows):,} 行，太多了。",
            f"请分开，每次不超过 {MOST:,} 行。",
        )
    columns, _ = read_header(form, table)
    hints = Hints(year=int(period[:4]), today=transaction.now[:10], pack=store.pack)
    sheet = read_sheet(connection, store.tables, table, columns, form=form, hints=hints)
    found: dict[tuple[str, str], dict[str, dict[str, float]]] = {}
    for place in range(sheet.count):
        cell = _cell_of(sheet.values, place)
        figures = {
            item.id: float(value)
            for item in numbers(form)
            if isinstance(value := cell(item.id), int | float)
        }
        of_unit, of_period = str(cell("unit") or unit), _period(cell("period"), period)
        if figures:
            rows = found.setdefault((of_unit, of_period), {})
            key = _key(form, cell, of_unit)
            rows[f"#{place}" if key is None else key] = figures
    if not found:
        raise InputError("I569", "这张表里没有能对照的数字。", "请核对列的对应，数字列要对到项目。")
    for (of_unit, of_period), rows in found.items():
        text = json.dumps({"file": file, "rows": rows}, ensure_ascii=False)
        setting_rows.write(connection, f"{_PREFIX}:{form.id}:{of_unit}:{of_period}", text)
    count = sum(map(len, found.values()))
    audit.note(transaction, "prior", form=form.id, new={"file": file, "rows": count})
    return count


def _cell_of(values: Mapping[str, list[Value]], place: int) -> Callable[[str], Value]:
    return lambda name: values[name][place] if name in values else None


def _period(cell: Value, default: str) -> str:
    """Return the period that a row names, if it is one of the same kind."""
    try:
        named = Period.parse(str(cell or ""))
    except ValueError:
        return default
    return named.id if named.kind == Period.parse(default).kind else default


def read(connection: Connection, form: Form, unit: str, period: str) -> Prior | None:
    """Return the figures of a form, unit and period, if a sheet of them was loaded."""
    text = setting_rows.read(connection, f"{_PREFIX}:{form.id}:{unit}:{period}")
    if not text:
        return None
    kept = json.loads(text)
    return Prior(kept["file"], kept["rows"])


def row_of(
    form: Form, prior: Prior, values: Mapping[str, Value], unit: str
) -> Mapping[str, float] | None:
    """Return the figures of last year's row that a record continues, None where there is none."""
    key = _key(form, values.get, unit)
    return None if key is None else prior.rows.get(key)


def _key(form: Form, cell: Callable[[str], Value], unit: str) -> str | None:
    """Return by what a row is known; None where no duplicate key is filled."""
    if form.kind == "sheet":
        return ""
    for number, names in enumerate(form.duplicate_keys):
        parts = [unit if name == "unit" else _identity(form, cell, name) for name in names]
        if all(part is not None for part in parts):
            return sha256(json.dumps([number, parts], ensure_ascii=False).encode()).hexdigest()[:24]
    return None


def _identity(form: Form, cell: Callable[[str], Value], name: str) -> Value:
    item = form.by_id.get(name)
    if item is None:  # the period is another one
        return ""
    value = cell(name)
    return cell(f"{name}__key") if item.type == "ref" and value is None else value


def means(
    connection: Connection, tables: Tables, form: Form, unit: str, year: int
) -> dict[str, float]:
    """Return what each figure of a unit was on average in the year before `year`.

    From the records of that year where this store has some, else from the sheet of it that was
    loaded; noughts and empty cells are not counted.
    """
    items, table = numbers(form), tables.form[form.id]
    if not items:
        return {}
    chosen = sa.select(*(sa.func.avg(sa.func.nullif(table.c[item.id], 0)) for item in items)).where(
        counts(table), table.c.unit == unit, table.c.period.like(f"{year - 1:04}%")
    )
    row = connection.execute(chosen).one()
    found = {item.id: float(row[n]) for n, item in enumerate(items) if row[n] is not None}
    like = f"{_PREFIX}:{form.id}:{unit}:{year - 1:04}%"
    kept = connection.exec_driver_sql("SELECT value FROM setting WHERE key LIKE ?", (like,))
    for (text,) in kept.all():
        prior = Prior("", json.loads(text)["rows"])
        for item in items:
            mean = prior.mean(item.id)
            if mean is not None:
                found.setdefault(item.id, mean)
    return found


def off(now: float, then: float) -> int:
    """Return how many thousandfold steps two figures are apart: 1, -1 or 0 for neither.

    A figure that is a thousand times another, or a thousandth of it, was likely counted in
    another unit: 元 instead of 万元.
    """
    if not now or not then:
        return 0
    ratio = abs(now / then)
    return 1 if ratio >= THOUSAND else -1 if ratio <= 1 / THOUSAND else 0
