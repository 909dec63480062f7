"""One record at a time: read it, save it as a draft, confirm it, void it, bring it back.

A never-confirmed record is a row in state draft. A once-confirmed row changes only here, by the
next revision; its edit waits in table ``draft``. Every change writes its row of the change log in
the same transaction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from union_desk import workflow
from union_desk.errors import InputError
from union_desk.store import checking, decisions, drafts, nil_filings, notes, periods, rights
from union_desk.store import units as directory
from union_desk.store.completing import complete, pack_of
from union_desk.store.layout import ERASED, Row, layout, records_of, rows_by
from union_desk.store.references import relink
from union_desk.store.system_checks import check_system_rows
from union_desk.store.writing import DetailRows, Write, move, write_rows
from union_desk.store.written import written_rows
from union_desk.taskpack.system import SYSTEM_FORMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from union_desk.checks import Finding
    from union_desk.store.schema import Tables
    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.expression import Context
    from union_desk.taskpack.record import Record, Value


class FindingsError(InputError):
    """A record that cannot be confirmed: the findings that block it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        blocking = [finding for finding in self.findings if blocks(finding)]
        super().__init__(
            "I400",
            f"有 {len(blocking)} 处问题，不能确认。第一处：{blocking[0].message}。",
            "请改正错误，对警告写明原因后再确认。",
        )


def blocks(finding: Finding) -> bool:
    """Return whether a finding keeps its record from being confirmed."""
    return finding.level == "error" or (finding.level == "warning" and not finding.explained)


def lookup(connection: Connection, tables: Tables, form: str, uid: str) -> Record | None:
    """Return a record with its details as it shows, decisions laid over; None if there is none."""
    rows = list(rows_by(connection, layout(tables, form), "uid", [uid]))
    return records_of(connection, tables, form, rows)[0] if rows else None


def get(connection: Connection, tables: Tables, form: str, uid: str) -> Record:
    """Return a record with its details.

    :raises InputError: I401, there is none.
    """
    record = lookup(connection, tables, form, uid)
    if record is None:
        title = tables.forms[form].title
        raise InputError("I401", f"《{title}》里没有记录 {uid}。", "请核对记录号。")
    return record


def put_draft(
    transaction: Transaction, record: Record, context: Context, *, left: drafts.Draft | None = None
) -> Record:
    """Save a never-confirmed record and return it as saved.

    :param left: what did not parse; all else is removed from table ``draft``.
    :raises InputError: I402 it is confirmed already, I410 to I412 not this installation's.
    """
    old = _current(transaction, record)
    if old is not None and old.record_state != "draft":
        raise InputError("I402", "已确认的记录不能直接改。", "改动先存为草稿，确认后成为新的一版。")
    _check_rights(transaction, record, old)
    saved, _ = complete(transaction, record, old, context, period=record.period)
    _write(transaction, saved, old, "draft", None)
    _leave(transaction, saved, left)
    return saved


def confirm(
    transaction: Transaction,
    record: Record,
    context: Context,
    *,
    period: str,
    reason: str | None = None,
    explanations: Mapping[str, str] | None = None,
) -> Record:
    """Make `record` its next confirmed revision and return it.

    :param period: a sheet's own, or the working period of a ledger row.
    :param reason: of a 更正: the record has left this office before.
    :param explanations: written reasons by check id, of warnings.
    :raises FindingsError: I400, errors or unexplained warnings; nothing is changed.
    :raises InputError: I402 to I421.
    """
    old = _current(transaction, record)
    _check_rights(transaction, record, old)
    act = workflow.move_to_confirm(old.record_state if old else "")
    if _corrects_closed(transaction, record, old, period):
        act = workflow.MOVES["correct"]
    else:
        periods.check_open(transaction.connection, period, record.unit)
    if act.needs_reason and not (reason or "").strip():
        raise InputError(
            "I403",
            "这条记录已报送或已结账，改动就是更正，要写明原因。",
            "请写原因，例如：电话退回。",
        )
    saved, ambiguous = complete(transaction, record, old, context, period=period)
    saved = replace(saved, record_state="confirmed", rev=saved.rev + 1, packet=None, deleted=0)
    chain = transaction.chain
    try:
        with transaction.connection.begin_nested():
            _write(transaction, saved, old, act.id, reason)
            _settle(transaction, saved, context)
            _explain(transaction, saved, explanations or {}, reason if act.needs_reason else None)
            _check(transaction, saved, context, ambiguous)
            nil_filings.lift(transaction, saved.form, [(saved.unit, saved.period)])
    except FindingsError:
        transaction.chain = chain
        raise
    drafts.discard(transaction, saved.uid)
    return get(transaction.connection, transaction.tables, saved.form, saved.uid)


def _corrects_closed(
    transaction: Transaction, record: Record, old: Record | None, period: str
) -> bool:
    """Return whether a confirmed sheet of a closed period is changed: only by a 更正."""
    return (
        transaction.tables.forms[record.form].kind == "sheet"
        and old is not None
        and old.record_state in workflow.COUNTED
        and old.period == period
        and period in periods.closed(transaction.connection, record.unit)
    )


def _current(transaction: Transaction, record: Record) -> Record | None:
    """Return the record as its writer last wrote it, without decisions laid over."""
    tables = transaction.tables
    rows = list(rows_by(transaction.connection, layout(tables, record.form), "uid", [record.uid]))
    if not rows:
        return None
    written = written_rows(transaction.connection, tables, record.form, rows)
    return records_of(transaction.connection, tables, record.form, written)[0]


def _check_rights(transaction: Transaction, record: Record, old: Record | None) -> None:
    store = transaction.store
    rights.check_may(store, "enter")
    if old is not None:
        rights.check_writer(store, old)
    form = transaction.tables.forms[record.form]
    if form.kind != "system":
        rights.check_form(store.level, form)
    if record.unit not in ("", store.unit):
        units = directory.directory(transaction.connection, store.tables, store.pack, store.unit)
        trouble = rights.unit_trouble(store, units, record.unit)
        if trouble:
            raise InputError("I412", f"{trouble}。", "请核对填报单位。")


def _write(
    transaction: Transaction, record: Record, old: Record | None, act: str, reason: str | None
) -> None:
    made = layout(transaction.tables, record.form)
    write = Write(
        made.row(record),
        None if old is None else made.row(old),
        _detail_rows(transaction, record),
        None if old is None else _detail_rows(transaction, old),
    )
    write_rows(transaction, record.form, [write], act=act, reason=reason)


def _detail_rows(transaction: Transaction, record: Record) -> DetailRows:
    return {
        form: [layout(transaction.tables, form).detail_row(record.uid, row) for row in rows]
        for form, rows in record.details.items()
    }


def _leave(transaction: Transaction, record: Record, left: drafts.Draft | None) -> None:
    """Keep in table ``draft`` what did not parse, and nothing else."""
    if left is None or left.empty:
        drafts.discard(transaction, record.uid)
    else:
        drafts.save_draft(transaction, left)


def _settle(transaction: Transaction, record: Record, context: Context) -> None:
    """Link what waits for the record, and lay decisions over what is written."""
    made = layout(transaction.tables, record.form)
    row: Row = made.row(record)
    relink(transaction, record.form, [row])
    decisions.settle(transaction, record.form, [row], context)


def _explain(
    transaction: Transaction, record: Record, explanations: Mapping[str, str], reason: str | None
) -> None:
    values = record.row()
    form = transaction.tables.forms[record.form]
    for check_id, text in explanations.items():
        check = notes.check_by_id(form, check_id)
        figures = notes.figures_of(check, values) if check else ""
        notes.explain_all(transaction, [(values, check_id, figures)], notes.check_text(text))
    if reason:
        notes.explain_all(transaction, [(values, notes.CORRECTION, "")], reason)


def _check(
    transaction: Transaction, record: Record, context: Context, known: Sequence[Finding]
) -> None:
    """Refuse errors, unexplained warnings, and references that fit more than one row."""
    pack = pack_of(transaction.store.packs, record.form)
    found = list(known)
    if record.form in SYSTEM_FORMS:
        found += check_system_rows(record.form, [record.row()], context, pack)
    else:
        found += checking.check_rows(
            transaction.connection, transaction.tables, pack, record.form, [record.uid], context
        )
    if any(blocks(finding) for finding in found):
        raise FindingsError(found)


def explain(transaction: Transaction, uid: str, check: str, text: str, *, record: Record) -> None:
    """Explain a warning about `record`, as it is typed: the note holds while its figures do."""
    if record.uid != uid:
        raise ValueError(uid)
    _explain(transaction, record, {check: text}, None)


def void(transaction: Transaction, form: str, uid: str, reason: str) -> None:
    """Void a confirmed record (作废): it stays, counts no more, and travels as a tombstone.

    :raises InputError: I401, I404 a draft, I405 no reason, I411 another's record.
    """
    record = get(transaction.connection, transaction.tables, form, uid)
    rights.check_writer(transaction.store, record)
    if record.record_state == "draft":
        raise InputError("I404", "草稿不用作废。", "请直接删除这条草稿。")
    if not reason.strip():
        raise InputError("I405", "作废要写明原因。", "请写原因后再作废。")
    _move(
        transaction, form, [uid], "void", reason,
        new_revision=True, deleted=1, packet=None, record_state="confirmed",
    )  # fmt: skip


def restore(transaction: Transaction, form: str, uid: str) -> Record:
    """Bring back a voided record, or a deleted draft, and return it.

    :raises InputError: I401, I411 another's record, I477 it was erased.
    """
    record = get(transaction.connection, transaction.tables, form, uid)
    rights.check_writer(transaction.store, record)
    if record.deleted == ERASED:
        raise InputError("I477", "这条记录的个人信息已删除，不能恢复。", "需要时请重新登记。")
    if record.deleted and record.record_state == "draft":
        _move(transaction, form, [uid], "restore", None, deleted=0)
    elif record.deleted:
        _move(
            transaction, form, [uid], "restore", None,
            new_revision=True, deleted=0, packet=None, record_state="confirmed",
        )  # fmt: skip
    return get(transaction.connection, transaction.tables, form, uid)


def delete_drafts(transaction: Transaction, form: str, uids: Iterable[str]) -> int:
    """Put never-confirmed records into the recycle bin; return how many.

    :raises InputError: I406, one of them is confirmed.
    :raises StoreError: S361.
    """
    rights.check_may(transaction.store, "enter")
    wanted = list(uids)
    made = layout(transaction.tables, form)
    rows = list(rows_by(transaction.connection, made, "uid", wanted))
    if any(row[made.place["record_state"]] != "draft" for row in rows):
        raise InputError("I406", "已确认的记录不能删除。", "请用“作废”，并写明原因。")
    live = [str(row[0]) for row in rows if not row[made.place["deleted"]]]
    _move(transaction, form, live, "delete", None, deleted=1)
    return len(live)


def recycled(connection: Connection, tables: Tables, form: str) -> list[Record]:
    """Return the deleted drafts and voided records of a form, the latest first."""
    made = layout(tables, form)
    rows = connection.exec_driver_sql(
        f"{made.select} WHERE deleted = 1 ORDER BY updated_at DESC, uid DESC"
    )
    return records_of(connection, tables, form, [tuple(row) for row in rows])


def _move(
    transaction: Transaction,
    form: str,
    uids: Sequence[str],
    act: str,
    reason: str | None,
    *,
    new_revision: bool = False,
    **head: Value,
) -> None:
    made = layout(transaction.tables, form)
    rows = list(rows_by(transaction.connection, made, "uid", uids))
    if rows:
        move(transaction, form, rows, act=act, reason=reason, new_revision=new_revision, **head)
