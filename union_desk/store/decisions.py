"""What an upper level decides, laid over the record as its writer wrote it.

The row shows the newest decision per field (of two levels the higher), so that lists, checks,
indicators and papers need no join; table ``written_value`` keeps what the writer wrote there.
Packets and the digests of the change log speak of the writer's values.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from union_desk.store import units as directory
from union_desk.store.audit import canonical
from union_desk.store.computed import compute
from union_desk.store.layout import HEAD_PLACE, Layout, Row, layout, rows_by
from union_desk.store.references import Link, find
from union_desk.store.written import ANY_WRITTEN, put_back, written_cells
from union_desk.taskpack.definition import LEVELS
from union_desk.taskpack.field_types import Hints, Unreadable, parse
from union_desk.taskpack.field_types import columns as columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.definition import Field, Form
    from union_desk.taskpack.expression import Context

FORM = "decision"
_ANY_DECIDED = "SELECT 1 FROM decision WHERE form = ? AND deleted = 0 LIMIT 1"


@dataclass(frozen=True, slots=True)
class _Decision:
    """The decision that stands of one field."""

    value: str | None
    own: bool
    """Taken by the level that decides the field."""


def decided_fields(form: Form) -> tuple[Field, ...]:
    """Return the fields of a form that an upper level may decide."""
    return tuple(item for item in form.fields if item.decided_by)


def locked(item: Field, level: str) -> bool:
    """Return whether `item` is decided above `level`: its writer there leaves it alone."""
    return (
        item.decided_by is not None
        and not item.proposed
        and not item.decided_codes
        and LEVELS.index(level) < LEVELS.index(item.decided_by)
    )


def lay_decisions(
    transaction: Transaction,
    form: str,
    uids: Sequence[str],
    context: Context,
    *,
    rewritten: bool = False,
) -> int:
    """Lay the standing decisions over the records `uids`; return how many records they touch.

    Called whenever a record or a decision arrives: it starts from the writer's values each time.

    :param rewritten: the rows hold their writers' values, just written.
    """
    connection = transaction.connection
    written = {} if rewritten else written_cells(connection, form, uids)
    chosen = _standing(transaction, form, uids)
    _forget(connection, form, uids)
    made = layout(transaction.tables, form)
    changed = []
    for row in rows_by(connection, made, "uid", sorted(chosen.keys() | written.keys())):
        uid = str(row[0])
        plain = put_back(made, row, written.get(uid, {}))
        decided = _admitted(made, plain, chosen.get(uid, {}))
        laid = _laid(transaction, made, plain, decided, context) if decided else plain
        if decided:
            _keep(connection, made, plain, decided)
        changed.append((*laid[1:], laid[0]))
    if changed:
        connection.exec_driver_sql(made.update, changed)
    return len(changed)


def _admitted(made: Layout, row: Row, decisions: Mapping[str, _Decision]) -> dict[str, str | None]:
    """Return what is decided by field: a link that the writer made stands against other levels."""
    return {
        field: decision.value
        for field, decision in decisions.items()
        if decision.own or made.form.by_id[field].type != "ref" or row[made.place[field]] is None
    }


def _forget(connection: Connection, form: str, uids: Sequence[str]) -> None:
    if uids and connection.exec_driver_sql(ANY_WRITTEN, (form,)).first() is not None:
        connection.exec_driver_sql(
            "DELETE FROM written_value WHERE form = ? AND record = ?",
            [(form, uid) for uid in uids],
        )


def _laid(
    transaction: Transaction,
    made: Layout,
    row: Row,
    decisions: Mapping[str, str | None],
    context: Context,
) -> Row:
    values = dict(zip(made.columns, row, strict=True))
    hints = Hints(pack=transaction.store.pack)
    for field, text in decisions.items():
        item = made.form.by_id[field]
        value = parse(item, text or "", hints)
        if isinstance(value, Unreadable):
            continue
        if item.type == "ref" and item.form and value is not None:
            link = find(transaction.connection, transaction.tables, item.form, [str(value)])
            found = link[str(value)]
            if isinstance(found, Link):
                names = columns_of(item)
                values.update(zip(names, (found.uid, found.key, found.label), strict=True))
        else:
            values[field] = value
    values.update(compute(made.form, values, context))
    return tuple(values[name] for name in made.columns)


def _keep(connection: Connection, made: Layout, row: Row, fields: Iterable[str]) -> None:
    """Keep what the writer wrote, of the decided fields and of those computed from them."""
    computed = [item.id for item in made.form.fields if item.computed is not None]
    keep = [
        (
            made.form.id, row[HEAD_PLACE["uid"]], field,
            canonical([row[made.place[name]] for name in columns_of(made.form.by_id[field])]),
        )
        for field in dict.fromkeys((*fields, *computed))
    ]  # fmt: skip
    connection.exec_driver_sql(
        "INSERT INTO written_value (form, record, field, cells) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (form, record, field) DO UPDATE SET cells = excluded.cells",
        keep,
    )


def _standing(
    transaction: Transaction, form: str, uids: Sequence[str]
) -> dict[str, dict[str, _Decision]]:
    """Return the decision that stands by record and field, among those about `uids`."""
    made = layout(transaction.tables, FORM)
    known = transaction.tables.forms[form].by_id
    if transaction.connection.exec_driver_sql(_ANY_DECIDED, (form,)).first() is None:
        return {}
    rows = [
        dict(zip(made.columns, row, strict=True))
        for row in rows_by(transaction.connection, made, "record", uids)
    ]
    levels = _Levels(transaction.store, transaction.connection)
    target = layout(transaction.tables, form)
    owners = {
        str(row[0]): str(row[HEAD_PLACE["origin"]])[:12]
        for row in rows_by(
            transaction.connection, target, "uid", sorted({str(row["record"]) for row in rows})
        )
    }
    best: dict[tuple[str, str], tuple[tuple[bool, int, str], _Decision]] = {}
    for row in rows:
        if row["form"] != form or row["deleted"] or row["field"] not in known:
            continue
        writer = str(row["origin"])[:12]
        if not levels.stands_above(writer, owners.get(str(row["record"]), "")):
            continue  # it came before the record: nobody could tell yet
        item, level = known[str(row["field"])], levels.rank(writer)
        own = item.decided_by == LEVELS[level]
        rank = (own and item.type == "ref", level, str(row["uid"]))
        key = (str(row["record"]), str(row["field"]))
        if key not in best or rank > best[key][0]:
            value = row["value"]
            best[key] = (rank, _Decision(None if value is None else str(value), own))
    found: dict[str, dict[str, _Decision]] = defaultdict(dict)
    for (record, field), (_, decision) in best.items():
        found[record][field] = decision
    return found


class _Levels:
    """Which of two deciding units stands higher, and of which it may decide at all."""

    def __init__(self, store: Store, connection: Connection) -> None:
        self._store = store
        self._units = directory.of_store(connection, store)
        self._known = self._units.by_code

    def stands_above(self, writer: str, unit: str) -> bool:
        """Return whether `writer` may decide for `unit`: this office, or one at or above it.

        One that a unit has moved away from keeps what it decided.
        """
        if writer in (unit, self._store.unit, self._store.parent):
            return True
        below, entry = self._units.subtree(writer), self._known.get(unit)
        return unit in below or bool(entry and below.intersection(entry.former_parents))

    def rank(self, unit: str) -> int:
        """Return the place of a unit's level; an unknown one stands lowest."""
        if unit == self._store.unit:
            return LEVELS.index(self._store.level)
        entry = self._known.get(unit)
        return LEVELS.index(entry.level) if entry else 0


def settle(transaction: Transaction, form: str, rows: Sequence[Row], context: Context) -> None:
    """Lay decisions over rows just written, or over the records that these decisions are about."""
    made = layout(transaction.tables, form)
    if form == FORM:
        about: dict[str, list[str]] = {}
        for row in rows:
            target = str(row[made.place["form"]])
            about.setdefault(target, []).append(str(row[made.place["record"]]))
        for target, uids in about.items():
            if target in transaction.tables.forms:
                lay_decisions(transaction, target, uids, context)
    elif made.form.kind != "system":
        uids = [str(row[0]) for row in rows]
        lay_decisions(transaction, form, uids, context, rewritten=True)
