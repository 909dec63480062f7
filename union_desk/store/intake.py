"""``put``: a sheet and its details become confirmed records, all of it or nothing.

Every problem is told by row and column in one run. An error, or a warning without a written
reason, changes nothing; with `drafts` such rows land as drafts and the rest goes in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from union_desk.checks import Finding
from union_desk.errors import InputError
from union_desk.store import rights, tree_rules, unit_events, units
from union_desk.store.taking_in import Options, Progress, PutResult, TakingIn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.store.transaction import Store, Transaction
    from union_desk.store.units import Units
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.record import Table

__all__ = ["PutResult", "put"]


class _Undone(Exception):  # noqa: N818 - an outcome, not an error
    """Leaves the transaction: nothing of it stays but the result."""

    def __init__(self, result: PutResult) -> None:
        super().__init__()
        self.result = result


def put(
    store: Store,
    form_id: str,
    table: Table,
    details: Mapping[str, Table] | None = None,
    *,
    period: str | None = None,
    as_of: str | None = None,
    reason: str | None = None,
    dry_run: bool = False,
    drafts: bool = False,
    explanations: Mapping[str, str] | None = None,
    outcomes: bool = False,
    progress: Progress | None = None,
) -> PutResult:
    """Add or update the rows of `table`, with those of detail sheets, as confirmed.

    :param period: working period of ledger rows, default period of sheets.
    :param as_of: the day of the checks; it sets the period where none is given.
    :param reason: explains every warning, and is the reason of a 更正.
    :param explanations: written reasons by check, each for all rows of its rule.
    :param outcomes: tell what becomes of each row, for a preview.
    :raises InputError: I410 another level's form, I420, I421 the period, I450, I451 the form.
    :raises Cancelled: by `progress`; nothing is changed.
    """
    form = _form(store, form_id, details or {})
    rights.check_may(store, rights.act_of(form.id))
    options = Options(
        period, as_of, (reason or "").strip() or None, drafts=drafts,
        explanations=explanations or {}, outcomes=outcomes,
    )  # fmt: skip
    try:
        with store.write(bulk=True) as transaction:
            run = TakingIn(transaction, form, options, progress or (lambda _, __: None))
            before = units.of_store(transaction.connection, store)
            result = _placed(transaction, form, before, run.run(table, details or {}))
            _stay(result, dry_run=dry_run)
    except _Undone as undone:
        return undone.result
    return result


def _placed(transaction: Transaction, form: Form, before: Units, result: PutResult) -> PutResult:
    """Return the result, refused where a row places a unit as the office above would refuse."""
    if form.id not in ("unit", transaction.store.pack.directory.form) or result.refused:
        return result
    after = units.of_store(transaction.connection, transaction.store)
    changed = (
        code
        for code, entry in after.by_code.items()
        if code not in before.by_code or before.by_code[code].parent != entry.parent
    )
    events = unit_events.read(transaction.connection, transaction.tables)
    named = {event.code for event in events}
    found = (tree_rules.misplaced(before, after, code, named) for code in changed)
    troubles = [told for told in found if told]
    if not troubles:
        return result
    more = [
        Finding(
            form=form.id, record=None, row=None, column=None, field=None,
            code=f"{form.id}.place", level="error", message=told,
        )
        for told in troubles
    ]  # fmt: skip
    return replace(
        result, added=0, updated=0, unchanged=0, drafts=0, rows=(), undo=None, refused=True,
        findings=(*result.findings, *more),
    )  # fmt: skip


def _stay(result: PutResult, *, dry_run: bool) -> None:
    """Leave the transaction unless what it did is to stay."""
    if result.refused or dry_run:
        raise _Undone(result)


def _form(store: Store, form_id: str, details: Mapping[str, Table]) -> Form:
    form = store.tables.forms.get(form_id)
    if form is None:
        raise InputError("I450", f"没有编号为“{form_id}”的表。", "用 forms 命令可以列出全部表。")
    if form.kind == "detail":
        parent = store.tables.forms[str(form.detail_of)]
        raise InputError(
            "I451",
            f"《{form.title}》是《{parent.title}》的明细，要和它一起装入。",
            f"请写成 put {parent.id} 文件 {form.id}=明细文件。",
        )
    for name in details:
        if name not in form.details:
            raise InputError(
                "I452", f"“{name}”不是《{form.title}》的明细表。", "请核对等号前的明细表编号。"
            )
    rights.check_form(store.level, form)
    return form
