"""待审: what the units sent and nobody has looked at yet, worst first; 接收 and 退回.

A record waits while it is 已接收 here and was written by another installation; it comes back to
the list with its next revision. The verdict is a row of ``review``, a remark one of
``return_note``; both travel down. Nobody changes a unit's figures here.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from union_desk.errors import InputError
from union_desk.store import (
    checking,
    compared,
    filings,
    intake,
    issued,
    records,
    rights,
    selecting,
)
from union_desk.store import units as directory
from union_desk.store.context import context_at
from union_desk.store.layout import CHUNK
from union_desk.taskpack.record import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Connection
    from sqlalchemy.sql import ColumnElement

    from union_desk.checks import Finding
    from union_desk.store.compared import Figure
    from union_desk.store.transaction import Store
    from union_desk.store.units import UnitEntry
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.expression import Context

WAITING, ACCEPTED, RETURNED = "received", "archived", "returned"
REVIEW, NOTE = "review", "return_note"
SAMPLE = 0.05
"""Share of what is accepted in one step that is offered to be looked at."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record that waits, with what the checks of this level say about it."""

    form: str
    uid: str
    unit: str
    period: str
    rev: int
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> int:
        """How many errors it has."""
        return sum(item.level == "error" for item in self.findings)

    @property
    def corrected(self) -> bool:
        """Whether it was sent before: a 更正."""
        return self.rev > 1

    @property
    def unusual(self) -> bool:
        """Whether someone should look: errors, warnings (explained or not), a correction."""
        return self.corrected or any(item.level != "hint" for item in self.findings)


@dataclass(frozen=True, slots=True)
class Sender:
    """A unit with records that wait."""

    unit: UnitEntry
    records: tuple[Waiting, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    """Records that wait by form."""
    figures: tuple[Figure, ...] = ()
    """What it filed beside the period before and last year."""
    late: int = 0
    """Filings that it owes and that are overdue."""
    awaited: int = 0
    """Papers whose sealed page is still to come."""

    @property
    def errors(self) -> int:
        """Errors in all its records."""
        return sum(item.errors for item in self.records)

    @property
    def explained(self) -> int:
        """Warnings, with or without an explanation."""
        return sum(f.level == "warning" for item in self.records for f in item.findings)

    @property
    def corrected(self) -> int:
        """Records that were sent before."""
        return sum(item.corrected for item in self.records)

    @property
    def outliers(self) -> int:
        """Figures that are out of line with the period before, or with last year."""
        return sum(item.outlier for item in self.figures)

    @property
    def unusual(self) -> bool:
        """Whether any of its records, or a figure of them all, is worth a look."""
        return bool(self.outliers) or any(item.unusual for item in self.records)


def queue(
    store: Store, as_of: str, progress: Callable[[int, int], None] | None = None
) -> tuple[Sender, ...]:
    """Return the units with records that wait, the worst first.

    Errors go before warnings, explained or not; then 更正, figures out of line, overdue filings,
    papers still to come.

    :param progress: called per form; may raise Cancelled.
    """
    forms = store.pack.top_forms
    by_unit: dict[str, list[Waiting]] = defaultdict(list)
    beside: dict[str, list[Figure]] = defaultdict(list)
    context = context_at(store, as_of)
    for number, form in enumerate(forms):
        if progress is not None:
            progress(number, len(forms))
        for item in _waiting(store, form, context, beside):
            by_unit[item.unit].append(item)
    with store.read() as connection:
        known = directory.of_store(connection, store)
        late = _late(connection, store, known, as_of)
        awaited = Counter(
            paper.unit
            for paper in issued.papers(connection, store.tables)
            if paper.live and paper.paper_awaited
        )
    senders = [
        replace(
            _sender(store, known, code, items),
            figures=tuple(beside[code]), late=late[code], awaited=awaited[code],
        )
        for code, items in by_unit.items()
    ]  # fmt: skip
    return tuple(sorted(senders, key=_worst))


def _waiting(
    store: Store, form: Form, context: Context, beside: dict[str, list[Figure]]
) -> list[Waiting]:
    """Return the records of a form that wait; their units' figures go into `beside`."""
    with store.read() as connection:
        rows = _rows(connection, store, form.id)
        if not rows:
            return []
        uids = [row.uid for row in rows]
        found = checking.check_rows(connection, store.tables, store.pack, form.id, uids, context)
        owner = _owners(connection, store, form.id, found)
        filed = ((row.unit, row.period) for row in rows)
        for unit, figures in compared.figures(connection, store, form, filed).items():
            beside[unit] += figures
    told: dict[str, list[Finding]] = defaultdict(list)
    for item in found:
        told[owner.get(item.record or "", item.record or "")].append(item)
    return [
        Waiting(form.id, row.uid, row.unit, row.period, row.rev, tuple(told[row.uid]))
        for row in rows
    ]


def _worst(one: Sender) -> tuple[int | str, ...]:
    return (
        -one.errors, -one.explained, -one.corrected, -one.outliers, -one.late, -one.awaited,
        one.unit.code,
    )  # fmt: skip


def _late(connection: Connection, store: Store, known: directory.Units, as_of: str) -> Counter[str]:
    """Return how much is overdue by unit."""
    owed = filings.expected(connection, store.tables, store.pack, known, as_of=as_of)
    return Counter(item.unit for item in owed if item.late(as_of))


def _rows(connection: Connection, store: Store, form: str) -> Sequence[Any]:
    table = store.tables.form[form]
    chosen = sa.select(table.c.uid, table.c.unit, table.c.period, table.c.rev)
    return connection.execute(chosen.where(_waits(store, table)).order_by(table.c.rowid)).all()


def _waits(store: Store, table: sa.Table) -> ColumnElement[bool]:
    return sa.and_(
        table.c.record_state == WAITING, table.c.deleted == 0, table.c.origin != store.origin
    )


def _owners(
    connection: Connection, store: Store, form: str, found: Iterable[Finding]
) -> dict[str, str]:
    """Return the parents of the detail rows that findings are about."""
    owner: dict[str, str] = {}
    about = {item.form for item in found}
    for detail in about - {form}:
        table = store.tables.form[detail]
        uids = [item.record for item in found if item.form == detail]
        for start in range(0, len(uids), CHUNK):
            some = table.c.uid.in_(uids[start : start + CHUNK])
            chosen = sa.select(table.c.uid, table.c.parent).where(some)
            owner.update((row.uid, row.parent) for row in connection.execute(chosen))
    return owner


def _sender(store: Store, known: directory.Units, code: str, items: Sequence[Waiting]) -> Sender:
    entry = known.by_code.get(code) or directory.UnitEntry(code, code, None, "", "")
    counts: dict[str, int] = defaultdict(int)
    for item in items:
        counts[item.form] += 1
    order = [form.id for form in store.pack.top_forms]
    worst = sorted(items, key=lambda one: (not one.errors, not one.unusual, order.index(one.form)))
    return Sender(entry, tuple(worst), dict(counts))


def waiting_counts(connection: Connection, store: Store) -> int:
    """Return how many records wait, for the badge."""
    total = 0
    for form in store.pack.top_forms:
        table = store.tables.form[form.id]
        counted = sa.select(sa.func.count()).select_from(table).where(_waits(store, table))
        total += connection.execute(counted).scalar_one()
    return total


def names(connection: Connection, store: Store, items: Sequence[Waiting]) -> dict[str, str]:
    """Return what people call the records, by record id."""
    found: dict[str, str] = {}
    for form in dict.fromkeys(item.form for item in items):
        uids = [item.uid for item in items if item.form == form]
        found |= selecting.names(connection, store, store.pack.forms[form], uids)
    return found


def sample(senders: Sequence[Sender], seed: int) -> tuple[Waiting, ...]:
    """Return a random twentieth of the records of `senders`, one at least."""
    items = [item for sender in senders for item in sender.records]
    if not items:
        return ()
    count = max(1, round(len(items) * SAMPLE))
    return tuple(random.Random(seed).sample(items, count))  # noqa: S311 - to look at, no secret


# Verdicts ---------------------------------------------------------------------------------


def accept(store: Store, items: Sequence[Waiting], day: str, text: str = "") -> int:
    """Accept records: 归档 until their next revision. Return how many.

    :param day: the date of the verdict.
    :raises StoreError: S361.
    """
    return _judge(store, REVIEW, _verdicts(store, items, "received", text, day))


def give_back(
    store: Store,
    items: Sequence[Waiting],
    text: str,
    day: str,
    *,
    field_id: str = "",
    due: str = "",
) -> int:
    """Return records to their writers with a remark, at one field if `field_id` names one.

    :raises InputError: I443, the remark is empty.
    :raises StoreError: S361.
    """
    if not text.strip():
        raise InputError("I443", "退回要写意见。", "请写明要改什么、怎么改。")
    header = ["record", "form", "field", "text", "reviewer", "date", "due_date"]
    rows: list[list[str | None]] = [
        [one.uid, one.form, field_id or None, text.strip(), store.person, day, due or None]
        for one in items
    ]
    return _judge(store, NOTE, Table(NOTE, header, rows))


def take_back(store: Store, items: Sequence[Waiting], reason: str) -> None:
    """Undo verdicts that were not sent yet: the records wait again."""
    rights.check_may(store, "review")
    with store.write() as transaction:
        for item in items:
            for form in (REVIEW, NOTE):
                table = store.tables.form[form]
                given = sa.select(table.c.uid).where(
                    table.c.record == item.uid,
                    table.c.form == item.form,
                    table.c.origin == store.origin,
                    table.c.deleted == 0,
                    table.c.packet.is_(None),
                )
                for uid in transaction.connection.execute(given).scalars().all():
                    records.void(transaction, form, uid, reason)
            judged = store.tables.form[item.form]
            transaction.connection.execute(
                sa.update(judged)
                .where(judged.c.uid == item.uid, judged.c.record_state.in_((ACCEPTED, RETURNED)))
                .values(record_state=WAITING)
            )


def _verdicts(store: Store, items: Sequence[Waiting], verdict: str, text: str, day: str) -> Table:
    header = ["form", "record", "verdict", "text", "reviewer", "date"]
    rows: list[list[str | None]] = [
        [one.form, one.uid, verdict, text or None, store.person, day] for one in items
    ]
    return Table(REVIEW, header, rows)


def _judge(store: Store, form: str, table: Table) -> int:
    rights.check_may(store, "review")
    result = intake.put(store, form, table, {}, reason="再次审核")
    if result.refused:
        told = "；".join(item.message for item in result.findings if item.level == "error")
        raise InputError("I444", f"审核结果没有保存：{told}。", "请改正后再试。")
    return len(table.rows)
