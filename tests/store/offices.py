"""Stores of each level for the tests, and what goes into them."""

import csv
from collections.abc import Mapping

from tests import exchange
from union_desk import resources
from union_desk.crypto import Cost
from union_desk.store import intake, opening, records
from union_desk.store.context import context_at
from union_desk.taskpack.period import Period
from union_desk.taskpack.record import Record, Table, new_uid

CHEAP = Cost(1, 64, 1)
PASSWORD = "口令 1 secret"
DAY = "2012-08-31"
UNITS = {
    "city": ("511100000010", "乐山市总工会", None),
    "county": ("511102000013", "市中区总工会", "511100000010"),
    "grassroots": ("511102400017", "乐山沫水餐饮管理工会委员会", "511102000013"),
}


def new_store(folder, pack, level="city", *, password=PASSWORD, known_parent=True, **options):
    """Return a fresh, open store of an office of a level that knows its parent's key."""
    unit, name, parent = UNITS[level]
    given = {
        "unit": unit,
        "name": name,
        "parent": parent,
        "person": "李敏",
        "cost": CHEAP,
    } | options
    store = opening.create(folder, pack, level=level, password=password, **given)
    if store.parent and known_parent and not store.demo:
        exchange.trust_parent(store)
    return store


def sample(form):
    """Return a sample file as a table."""
    with (resources.samples() / f"{form}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    return Table(form, rows[0], rows[1:])


def sheet(form, *rows, **columns):
    """Return a table of rows given as mappings, or of columns that every row shares."""
    header = list(dict.fromkeys(name for row in rows for name in row)) + list(columns)
    return Table(
        form, header, [[{**columns, **row}.get(name, "") for name in header] for row in rows]
    )


def rows_of(form):
    """Return the rows of a sample file as mappings."""
    table = sample(form)
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


def put(store, form, table=None, details: Mapping[str, Table] | None = None, **options):
    """Take a sheet in on the day of the samples; of no sheet, the sample file with its details."""
    if table is None:
        table = sample(form)
        details = {name: sample(name) for name in store.tables.forms[form].details}
    return intake.put(store, form, table, details or {}, **({"as_of": DAY} | options))


def codes(result):
    """Return the codes of the findings."""
    return [finding.code for finding in result.findings]


def draft(form, values, *, unit="", uid=None, details=None, period=""):
    """Return a record that is not in a store yet."""
    return Record(form, uid or new_uid(), values, details or {}, unit=unit, period=period)


def run(store, connection, period="2012M08"):
    """Return the context of the day of the samples."""
    return context_at(store, DAY, period=Period.parse(period), connection=connection)


def confirm(store, record, *, period="2012M08", **options):
    """Confirm a record in a transaction of its own."""
    with store.write() as transaction:
        context = run(store, transaction.connection, period)
        return records.confirm(transaction, record, context, period=period, **options)


def save(store, record, **options):
    """Save a draft in a transaction of its own."""
    with store.write() as transaction:
        context = run(store, transaction.connection)
        return records.put_draft(transaction, record, context, **options)


def get(store, form, uid):
    """Read a record in a connection of its own."""
    with store.read() as connection:
        return records.get(connection, store.tables, form, uid)


def ask(store, statement, *arguments):
    """Return what a statement yields, as plain tuples."""
    with store.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement, arguments)]


PROPOSAL = {
    "entry_mode": "2", "title": "降耗献一计", "kind": "5", "enterprise__key": "某厂", "enterprise__label": "某厂",
    "submit_date": "2012-05-01", "items": 10, "person_times": 20, "adopted": 3, "implemented": 1, "benefit": 8_800_000,
}  # fmt: skip
"""A proposal that can be confirmed: money in fen, its enterprise not in the store."""
