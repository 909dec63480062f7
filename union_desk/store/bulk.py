"""Many records at once: one field set to one value, or drafts confirmed. Tried first, then done.

Confirmed rows go the road of a sheet that names them by uid, so that the checks, the reasons and
the change log are the same; rows that a check would block stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from union_desk.store import drafts, intake, records, rights
from union_desk.store.context import context_at
from union_desk.store.layout import details_of, layout, rows_by
from union_desk.store.lookup import StoreLookup
from union_desk.store.taking_in import Options, TakingIn
from union_desk.store.undoing import Undo
from union_desk.taskpack.field_types import Hints, Unreadable, parse
from union_desk.taskpack.field_types import columns as columns_of
from union_desk.taskpack.period import Period
from union_desk.taskpack.record import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from union_desk.checks import Finding
    from union_desk.store.transaction import Store, Transaction
    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.record import Value


@dataclass(frozen=True, slots=True)
class Chosen:
    """Records of a form by uid: confirmed ones, and never-confirmed ones."""

    form: str
    confirmed: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """A field, and the text of the value that it shall have."""

    item: Field
    text: str


@dataclass(frozen=True, slots=True)
class Way:
    """The run: working period, day, and what is written about corrections and warnings."""

    period: str
    as_of: str
    reason: str | None = None
    explanations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What would become of the records, or has."""

    changes: Mapping[str, tuple[Value, Value]]
    """Old and new value by record; of those that can be changed."""
    same: int
    blocked: Mapping[str, str]
    """Why a record stays as it is, by uid."""
    warnings: tuple[Finding, ...] = ()
    undo: Undo | None = None


def try_edit(
    store: Store, chosen: Chosen, wanted: Setting, way: Way, progress: Callable[[int, int], None]
) -> BulkResult:
    """Return what setting a field would do; nothing is changed."""
    item, text = wanted.item, wanted.text
    rights.check_may(store, "enter")
    value = parse(item, text, Hints(year=int(way.as_of[:4]), today=way.as_of, pack=store.pack))
    if isinstance(value, Unreadable):
        message = f"{item.label}“{text[:30]}”：{value.message}"
        return BulkResult({}, 0, dict.fromkeys((*chosen.confirmed, *chosen.drafts), message))
    changes: dict[str, tuple[Value, Value]] = {}
    with store.read() as connection:
        made = layout(store.tables, chosen.form)
        column = made.place[columns_of(item)[-1]]
        for row in rows_by(connection, made, "uid", chosen.drafts):
            changes[str(row[0])] = (row[column], text if item.type == "ref" else value)
    blocked: dict[str, str] = {}
    warnings: tuple[Finding, ...] = ()
    if chosen.confirmed:
        done = intake.put(
            store, chosen.form, _table(chosen.form, chosen.confirmed, item, text),
            period=way.period, as_of=way.as_of, reason=way.reason, dry_run=True, drafts=True,
            explanations=way.explanations, outcomes=True, progress=progress,
        )  # fmt: skip
        blocked = _blocked(done, chosen.confirmed)
        warnings = _open(done)
        for outcome in done.rows:
            uid = chosen.confirmed[outcome.number - 1]
            if uid not in blocked and item.id in outcome.changes:
                changes[uid] = outcome.changes[item.id]
    changes = {uid: pair for uid, pair in changes.items() if pair[0] != pair[1]}
    same = len(chosen.confirmed) + len(chosen.drafts) - len(changes) - len(blocked)
    return BulkResult(changes, same, blocked, warnings)


def edit(
    store: Store, chosen: Chosen, wanted: Setting, way: Way, progress: Callable[[int, int], None]
) -> BulkResult:
    """Set a field of those records that nothing blocks, in one transaction."""
    item, text = wanted.item, wanted.text
    tried = try_edit(store, chosen, wanted, way, progress)
    confirmed = tuple(uid for uid in chosen.confirmed if uid in tried.changes)
    fresh = tuple(uid for uid in chosen.drafts if uid in tried.changes)
    with store.write(bulk=True) as transaction:
        undo = Undo(chosen.form, (), (), (), ())
        if confirmed:
            options = Options(way.period, way.as_of, way.reason, explanations=way.explanations)
            form = transaction.tables.forms[chosen.form]
            run = TakingIn(transaction, form, options, progress)
            done = run.run(_table(chosen.form, confirmed, item, text), {})
            if done.undo is None:
                raise records.FindingsError(done.findings)
            undo = done.undo
        before = _set_drafts(transaction, chosen.form, fresh, wanted, way)
        undo = replace(undo, before=(*undo.before, *before))
    return replace(tried, undo=undo)


def _set_drafts(
    transaction: Transaction, form: str, uids: Sequence[str], wanted: Setting, way: Way
) -> list[tuple[tuple[Value, ...], dict[str, list[tuple[Value, ...]]]]]:
    """Set a field of never-confirmed records; return the rows as they were."""
    store, connection = transaction.store, transaction.connection
    item, text = wanted.item, wanted.text
    made = layout(transaction.tables, form)
    before = [tuple(row) for row in rows_by(connection, made, "uid", uids)]
    details = details_of(connection, transaction.tables, made.form, [str(row[0]) for row in before])
    value = parse(item, text, Hints(year=int(way.as_of[:4]), today=way.as_of, pack=store.pack))
    new: dict[str, Value] = {item.id: None if isinstance(value, Unreadable) else value}
    if item.type == "ref":
        new = {item.id: None, f"{item.id}__key": text or None, f"{item.id}__label": text or None}
    run = context_at(
        store, way.as_of, period=Period.parse(way.period),
        lookup=StoreLookup(connection, store.tables), connection=connection,
    )  # fmt: skip
    for row in before:
        record = records.get(connection, transaction.tables, form, str(row[0]))
        kept = drafts.load_draft(connection, record.uid)
        if kept is not None:
            fields = {name: one for name, one in kept.fields.items() if name != item.id}
            kept = replace(kept, fields=fields)
        changed = replace(record, values={**record.values, **new})
        records.put_draft(transaction, changed, run, left=kept)
    return [
        (row, {name: list(rows) for name, rows in details.get(str(row[0]), {}).items()})
        for row in before
    ]


def confirm(
    store: Store, chosen: Chosen, way: Way, progress: Callable[[int, int], None], *, dry_run: bool
) -> BulkResult:
    """Confirm drafts that nothing blocks; the others stay drafts.

    A draft with text that cannot be read is left out: what was typed would be lost.
    """
    with store.read() as connection:
        typed = {item.uid for item in drafts.load_drafts(connection, chosen.form)}
    ready = tuple(uid for uid in chosen.drafts if uid not in typed)
    blocked = dict.fromkeys(
        (uid for uid in chosen.drafts if uid in typed), "有读不懂的内容，请打开改正"
    )
    if not ready:
        return BulkResult({}, 0, blocked)
    done = intake.put(
        store, chosen.form, Table(chosen.form, ["uid"], [[uid] for uid in ready]),
        period=way.period, as_of=way.as_of, reason=way.reason, dry_run=dry_run, drafts=True,
        explanations=way.explanations, outcomes=True, progress=progress,
    )  # fmt: skip
    blocked |= _blocked(done, ready)
    changes = {uid: (None, None) for uid in ready if uid not in blocked}
    return BulkResult(changes, 0, blocked, _open(done), done.undo)


def _table(form: str, uids: Sequence[str], item: Field, text: str) -> Table:
    return Table(form, ["uid", item.id], [[uid, text] for uid in uids])


def _blocked(done: intake.PutResult, uids: Sequence[str]) -> dict[str, str]:
    """Return why records stay as they are: the first finding that blocks each."""
    found: dict[str, str] = {}
    for finding in done.findings:
        if finding.row is not None and records.blocks(finding):
            found.setdefault(uids[finding.row - 1], finding.message)
    for outcome in done.rows:
        if outcome.draft:
            found.setdefault(uids[outcome.number - 1], "有问题，请打开改正")
    if done.refused:
        message = done.findings[0].message if done.findings else "不能修改"
        found |= {uid: message for uid in uids if uid not in found}
    return found


def _open(done: intake.PutResult) -> tuple[Finding, ...]:
    return tuple(one for one in done.findings if one.level == "warning" and not one.explained)
