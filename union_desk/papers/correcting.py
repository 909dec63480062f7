"""What was corrected after it had been sent: it waits for one correction report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from union_desk.papers import naming
from union_desk.papers.about import Subject
from union_desk.reports import checkcode
from union_desk.reports.amendments import Affected, Corrected, Corrections, Voided
from union_desk.store import audit, issued, records, slips
from union_desk.taskpack import field_types

if TYPE_CHECKING:
    from collections.abc import Iterator

    from union_desk.store.audit import Entry
    from union_desk.store.issued import Issued
    from union_desk.store.transaction import Connection, Store, Transaction
    from union_desk.taskpack.definition import Form

LAYOUT = "correction"
_VOID = "void"


def pending(connection: Connection, store: Store) -> list[Issued]:
    """Return the papers that were voided after they had been sent, and are not reported yet."""
    found = issued.papers(connection, store.tables, origin=store.origin, states=(_VOID,))
    return [
        paper
        for paper in found
        if paper.void_from in issued.SENT
        and not slips.is_cover(store, paper.report)
        and not is_correction(store, paper.report)
    ]


def is_correction(store: Store, report: str) -> bool:
    """Return whether a report is the correction report."""
    found = store.pack.reports.get(report)
    return found is not None and found.layout == LAYOUT


def in_place_of(connection: Connection, store: Store, paper: Issued) -> Issued | None:
    """Return the newest standing paper about the same as a voided one."""
    found = issued.papers(
        connection, store.tables, unit=paper.unit, report=paper.report, origin=store.origin
    )
    same = [item for item in found if item.live and Subject.of(item) == Subject.of(paper)]
    return same[-1] if same else None


def corrections(connection: Connection, store: Store) -> Corrections:
    """Return papers, corrected values and printed figures that a correction report tells of."""
    papers, figures = [], []
    lines: dict[tuple[str, int, str], Corrected] = {}
    for paper in pending(connection, store):
        new = in_place_of(connection, store, paper)
        report = store.pack.reports.get(paper.report)
        form = store.pack.forms.get(paper.report.rpartition("-")[0])
        title = (report.heading or report.title) if report else form.title if form else ""
        code = checkcode.check_code(paper.digest)
        papers.append(Voided(paper.uid, title, paper.serial, code, new.serial if new else ""))
        changed = paper.changed_cells()
        figures += [
            Affected(paper.serial, item.place, item.paper, item.data)
            for item in naming.named(connection, store, paper, changed)
        ]
        for line in _lines(connection, store, paper):
            lines[line.uid, line.rev, line.column] = line
    return Corrections(tuple(papers), tuple(lines.values()), tuple(figures))


def _lines(connection: Connection, store: Store, paper: Issued) -> Iterator[Corrected]:
    """Yield every value that changed in a record since the paper read it."""
    for form_id, rows in (paper.covered() or {}).items():
        form = store.pack.forms.get(form_id)
        if form is None:
            continue
        moved = naming.moved(connection, store, form_id, rows)
        for uid, rev in moved:
            for entry in audit.history(connection, uid):
                if (entry.rev or 0) > rev and entry.form == form_id:
                    yield from _of_entry(connection, store, form, entry)


def _of_entry(
    connection: Connection, store: Store, form: Form, entry: Entry
) -> Iterator[Corrected]:  # fmt: skip
    uid, rev = str(entry.uid), int(entry.rev or 0)
    record = records.lookup(connection, store.tables, form.id, uid)
    name = naming.name_of(form, record.values) if record else ""
    fixed = (entry.reason or "", entry.person, entry.at[:10])
    if entry.new.get("deleted"):
        yield Corrected(uid, rev, "deleted", form.title, name, "整条记录", "有", "作废", *fixed)
        return
    for column in sorted(entry.old.keys() | entry.new.keys()):
        field = form.by_id.get(column.removesuffix("__label"))
        if column == "details":
            yield Corrected(uid, rev, column, form.title, name, "明细", "见原件", "已更正", *fixed)
        elif field is not None and (field.type != "ref" or column.endswith("__label")):
            old, new = (_value(field, side.get(column), store) for side in (entry.old, entry.new))
            yield Corrected(uid, rev, column, form.title, name, field.label, old, new, *fixed)


def _value(field: object, value: object, store: Store) -> str:
    if value is None:
        return ""
    if getattr(field, "type", "") == "ref":
        return str(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return field_types.format_value(field, value, store.pack, masked=True)  # type: ignore[arg-type]


def settle(transaction: Transaction, report: Issued) -> list[Issued]:
    """Let the papers that a correction report tells of be 已更正."""
    store, connection = transaction.store, transaction.connection
    waiting = pending(connection, store)
    items = []
    for paper in waiting:
        new = in_place_of(connection, store, paper)
        told = f"更正报告 {report.serial}" + (f"，新编号 {new.serial}" if new else "")
        items.append((paper, {"corrected_by": told}))
    return issued.move_all(transaction, items, "correct")
