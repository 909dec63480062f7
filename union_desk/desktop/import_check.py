"""What a preview says of a sheet: a verdict per row and cell, gathered by a run that is undone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from union_desk.taskpack.field_types import SENSITIVE, Unreadable, format_value, parse_cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union_desk.checks import Finding
    from union_desk.desktop.import_sheet import ImportSheet
    from union_desk.desktop.jobs import Progress
    from union_desk.desktop.session import Session
    from union_desk.store.batch_outcomes import RowOutcome
    from union_desk.store.intake import PutResult
    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.field_types import Hints
    from union_desk.taskpack.record import Value

BAD, WARN, FINE = "bad", "warn", "fine"
_MOST_CHANGES = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row: how it stands, in words, and the cells that are to blame."""

    state: str
    words: str
    cells: Mapping[str, str] = field(default_factory=dict)
    """By field: ``error`` or ``warning``."""
    kind: str = ""
    """``new``, ``changed`` or ``same``."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdicts of a sheet by place of the row, and what belongs to no row."""

    verdicts: Mapping[int, Verdict]
    general: tuple[str, ...] = ()
    warnings: tuple[Finding, ...] = ()
    """Open warnings of rules, to be explained."""
    corrections: int = 0
    """Rows that have left this office: a change wants a reason."""
    questions: tuple[str, ...] = ()
    """Columns of which something is to be asked: they are far off last year's figures."""

    def count(self, state: str) -> int:
        """Return how many rows stand so."""
        return sum(item.state == state for item in self.verdicts.values())

    def kinds(self) -> Counter[str]:
        """Return how many rows are new, changed, the same."""
        return Counter(item.kind for item in self.verdicts.values() if item.state == FINE)


def put(
    session: Session,
    sheet: ImportSheet,
    explanations: Mapping[str, str],
    only: frozenset[int] | None,
    progress: Progress,
    *,
    dry_run: bool,
    reason: str = "",
) -> PutResult:
    """Take a sheet in, or try it: good rows confirmed, the rest as drafts."""
    from union_desk.store import intake

    wanted = None if only is None else sorted(only)
    return intake.put(
        session.store, sheet.form.id, sheet.table(wanted), sheet.details,
        period=session.period(sheet.form.filing).id, as_of=session.as_of, dry_run=dry_run,
        drafts=True, explanations=explanations, outcomes=True, reason=reason or None,
        progress=progress,
    )  # fmt: skip


def check(
    session: Session, sheet: ImportSheet, explanations: Mapping[str, str], reason: str,
    progress: Progress,
) -> Checked:  # fmt: skip
    """Return what would become of a sheet; nothing is changed."""
    from union_desk.desktop import import_hints
    from union_desk.desktop.form_store import hints
    from union_desk.store.context import context_at

    read = hints(session)
    import_hints.derive(sheet, read, context_at(session.store, session.as_of))
    done = put(session, sheet, explanations, None, progress, dry_run=True, reason=reason)
    by_row: dict[int, list[Finding]] = {}
    for item in done.findings:
        if item.row is not None and item.form == sheet.form.id:
            by_row.setdefault(item.row - 1, []).append(item)
    general = [item.message for item in done.findings if item.row is None]
    outcomes = {item.number - 1: item for item in done.rows}
    verdicts = {
        place: _verdict(sheet, place, by_row.get(place, []), outcomes.get(place), read)
        for place, row in enumerate(sheet.rows)
        if any(cell not in (None, "") for cell in row)
    }
    open_ = tuple(item for item in done.findings if item.level == "warning" and not item.explained)
    corrections = sum(item.code.endswith(".correction") for item in done.findings)
    asked = import_hints.questions(session, sheet)
    return Checked(verdicts, tuple(general), open_, corrections, asked)


def _verdict(
    sheet: ImportSheet, place: int, found: list[Finding], outcome: RowOutcome | None, hints: Hints
) -> Verdict:
    kind = outcome.kind if outcome else ""
    errors = [item for item in found if item.level == "error"]
    warnings = [item for item in found if item.level == "warning" and not item.explained]
    cells = {item.field: "warning" for item in warnings if item.field}
    cells |= {item.field: "error" for item in errors if item.field}
    if errors or warnings:
        first, rest = (errors or warnings)[0].message, len(errors or warnings) - 1
        words = f"{first}（另有 {rest} 处）" if rest else first
        return Verdict(BAD if errors else WARN, words, cells, kind)
    said = _changes(sheet, outcome) if outcome else []
    said += _readings(sheet, place, hints)
    base = {"changed": "更新", "same": "与已有记录相同"}.get(kind, "可以导入")
    return Verdict(FINE, f"{base}（{'；'.join(said)}）" if said else base, cells, kind)


def _changes(sheet: ImportSheet, outcome: RowOutcome) -> list[str]:
    """Return old → new of a known row, in words."""
    said = [
        f"{sheet.form.by_id[name].label} {_shown(sheet.form.by_id[name], old)} → "
        f"{_shown(sheet.form.by_id[name], new)}"
        for name, (old, new) in outcome.changes.items()
    ]
    rest = len(said) - _MOST_CHANGES
    return said[:_MOST_CHANGES] + ([f"另 {rest} 项"] if rest > 0 else [])


def _shown(item: Field, value: Value) -> str:
    if value is None:
        return "空"
    if item.type == "ref" and item.sensitivity < SENSITIVE:
        return str(value)
    return format_value(item, value, None, masked=True)


def _readings(sheet: ImportSheet, place: int, hints: Hints) -> list[str]:
    """Say how a cell was read where that is not plain: 8月26日 → 2012-08-26."""
    said = []
    for column, name in enumerate(sheet.mapping):
        item = sheet.form.by_id.get(name)
        cell = sheet.rows[place][column] if name else None
        if item is None or item.type not in ("date", "choice", "money") or not cell:
            continue
        value = parse_cell(item, cell, hints)
        if isinstance(value, Unreadable) or value is None:
            continue
        shown = format_value(item, value, hints.pack)
        typed = str(cell).strip()
        if item.type == "date" and typed.replace("/", "-").replace(".", "-") != shown:
            said.append(f"“{typed}”识别为 {shown}")
        elif item.type == "choice" and typed not in (shown, str(value)):
            said.append(f"“{typed}”按“{shown}”")
        elif item.type == "money" and "万" in typed:
            said.append(f"“{typed}”识别为 {shown} 元")
    return said
