"""报告变化: a unit tells the owner of a row that it reads only what has changed out there.

The report is a row of ``change_request`` and travels up. Who wrote the row decides: it changes
the row itself, or says why not; the answer is a row of ``review`` and travels back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from union_desk.errors import InputError
from union_desk.store import intake, rights, selecting
from union_desk.store import units as directory
from union_desk.store.layout import layout
from union_desk.store.notes import new_head
from union_desk.store.visible import counts
from union_desk.store.writing import Write, write_rows
from union_desk.taskpack.period import containing
from union_desk.taskpack.record import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, RowMapping

    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.record import Record, Value

FORM, REVIEW = "change_request", "review"
DONE, REFUSED = "received", "returned"
"""Verdicts: the row was changed; it stays as it is."""


@dataclass(frozen=True, slots=True)
class Change:
    """A report and what became of it."""

    uid: str
    form: str
    record: str
    name: str
    """Of the record, as people know it."""
    unit: str
    """Code of the unit that reports."""
    unit_name: str
    kind: str
    """Code of list ``system_change``."""
    value: str
    text: str
    who: str
    date: str
    verdict: str = ""
    """Empty while nobody has decided."""
    outcome: str = ""


def may_report(connection: Connection, store: Store, record: Record) -> bool:
    """Return whether a record is another office's that does not stand below this one."""
    if record.origin == store.origin or not record.origin or store.parent is None:
        return False
    known = directory.of_store(connection, store)
    return record.origin[:12] not in known.subtree(store.unit)


def report(
    transaction: Transaction, form: str, record: Record, *, kind: str, value: str, text: str
) -> str:
    """Report a change of a record of another office; return the uid of the report.

    :raises InputError: I580, the row is this office's to change or to return; I581, nothing said.
    :raises StoreError: S361.
    """
    store = transaction.store
    rights.check_may(store, "enter")
    if not may_report(transaction.connection, store, record):
        raise InputError(
            "I580", "这条记录由本单位或下级填报，不用报告变化。", "请直接修改，或退回填报单位。"
        )
    if not value.strip() and not text.strip():
        raise InputError("I581", "没有写变化的情况。", "请写明变化后的值，或说明情况。")
    said: dict[str, Value] = {
        "form": form, "record": record.uid, "kind": kind, "value": value.strip() or None,
        "text": text.strip() or None, "who": transaction.person, "date": transaction.now[:10],
    }  # fmt: skip
    period = containing("month", transaction.now[:10]).id
    head = new_head(transaction, store.unit, period)
    made = layout(transaction.tables, FORM)
    row = tuple(head.get(name, said.get(name)) for name in made.columns)
    write_rows(transaction, FORM, [Write(row)], act=FORM)
    return str(head["uid"])


def of_record(connection: Connection, store: Store, record: str) -> list[Change]:
    """Return what was reported of a record, the newest first."""
    table = store.tables.form[FORM]
    return _read(connection, store, table.c.record == record)


def waiting(connection: Connection, store: Store) -> list[Change]:
    """Return what others report of rows that this office wrote and nobody has decided yet."""
    uids = waiting_uids(connection, store)
    if not uids:
        return []
    return _read(connection, store, store.tables.form[FORM].c.uid.in_(uids))


def waiting_uids(connection: Connection, store: Store) -> list[str]:
    """Return the reports of :func:`waiting` by their uids alone: cheap enough to count often."""
    table, answer = store.tables.form[FORM], store.tables.form[REVIEW]
    answered = sa.exists().where(
        counts(answer), answer.c.form == FORM, answer.c.record == table.c.uid,
        answer.c.origin.startswith(store.unit),
    )  # fmt: skip
    chosen = sa.select(table.c.uid, table.c.form, table.c.record).where(
        counts(table), table.c.origin != store.origin, ~answered
    )
    rows = connection.execute(chosen).all()
    return [uid for uid, form, record in rows if _owns(connection, store, form, record)]


def _owns(connection: Connection, store: Store, form: str, record: str) -> bool:
    table = store.tables.form.get(form)
    return table is not None and _writer(connection, table, record) == store.origin


def _writer(connection: Connection, table: sa.Table, record: str) -> str:
    """Return the installation that wrote a record; "": it is not here."""
    chosen = sa.select(table.c.origin).where(table.c.uid == record)
    return str(connection.execute(chosen).scalar() or "")


def _read(connection: Connection, store: Store, where: sa.ColumnElement[bool]) -> list[Change]:
    table = store.tables.form[FORM]
    chosen = sa.select(table).where(counts(table), where).order_by(table.c.created_at.desc())
    rows = connection.execute(chosen).mappings().all()
    known = directory.of_store(connection, store)
    answers = _answers(connection, store, rows)
    names: dict[str, str] = {}
    for form in {str(row["form"]) for row in rows if row["form"] in store.pack.forms}:
        uids = [str(row["record"]) for row in rows if row["form"] == form]
        names |= selecting.names(connection, store, store.pack.forms[form], uids)
    return [
        Change(
            str(row["uid"]), str(row["form"]), str(row["record"]),
            names.get(str(row["record"]), ""), str(row["unit"]), known.name(str(row["unit"])),
            str(row["kind"] or ""), str(row["value"] or ""), str(row["text"] or ""),
            str(row["who"] or ""), str(row["date"] or ""), *answers.get(str(row["uid"]), ("", "")),
        )
        for row in rows
    ]  # fmt: skip


def _answers(
    connection: Connection, store: Store, reports: Sequence[RowMapping]
) -> dict[str, tuple[str, str]]:
    """Return verdict and words by report, the newest of each: of who wrote the row, nobody else."""
    table = store.tables.form[REVIEW]
    owners = {}
    for report in reports:
        about = store.tables.form.get(str(report["form"]))
        owner = "" if about is None else _writer(connection, about, str(report["record"]))
        owners[str(report["uid"])] = owner[:12]
    chosen = (
        sa.select(table.c.record, table.c.verdict, table.c.text, table.c.origin)
        .where(counts(table), table.c.form == FORM, table.c.record.in_(owners))
        .order_by(table.c.updated_at)
    )
    return {
        row[0]: (str(row[1]), str(row[2] or ""))
        for row in connection.execute(chosen)
        if owners[row[0]] in ("", str(row[3])[:12])
    }


def decide(store: Store, change: Change, *, done: bool, outcome: str, day: str) -> None:
    """Answer a report: the row was changed, or it stays as it is and why.

    :raises InputError: I582, no reason given; I583, another office wrote the row.
    :raises StoreError: S361.
    """
    with store.read() as connection:
        owned = _owns(connection, store, change.form, change.record)
    if not owned:
        raise InputError(
            "I583", "这条记录不由本单位填报，变化不由本单位处理。", "请等填报这条记录的单位处理。"
        )
    if not done and not outcome.strip():
        raise InputError("I582", "不改的，要写明原因。", "请写一句话，报告的单位看得到。")
    row: dict[str, Value] = {
        "unit": change.unit, "form": FORM, "record": change.uid,
        "verdict": DONE if done else REFUSED, "text": outcome.strip() or None,
        "reviewer": store.person, "date": day,
    }  # fmt: skip
    intake.put(
        store, REVIEW, Table(REVIEW, list(row), [list(row.values())]), as_of=day,
        reason="报告变化的处理",
    )  # fmt: skip
