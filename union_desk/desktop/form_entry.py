"""A record as it is typed: what is saved lies below, what the editors hold lies on top.

Knows nothing of widgets. Every change works out computed fields, what is hidden, what is
required, what can be prefilled, and what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from union_desk import checks
from union_desk.taskpack.expression import evaluate, holds
from union_desk.taskpack.field_types import Unreadable
from union_desk.taskpack.field_types import columns as columns_of
from union_desk.taskpack.record import Detail, new_uid

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from union_desk.checks import Finding
    from union_desk.desktop.editor import Editor, Reader
    from union_desk.store.drafts import Draft, DraftDetail
    from union_desk.taskpack.definition import Check, Field, Form
    from union_desk.taskpack.expression import Context
    from union_desk.taskpack.record import Record, Row, Value

EXPLAIN = "explain:"
"""Draft fields under this heading are explanations of warnings, by check."""


@dataclass(slots=True)
class DetailRow:
    """A detail row as it is typed."""

    uid: str
    values: dict[str, Value] = field(default_factory=dict)
    unreadable: dict[str, Unreadable] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.unreadable and all(value is None for value in self.values.values())


@dataclass(frozen=True, slots=True)
class Note:
    """The written explanation of a warning, and the figures it was written for."""

    text: str
    figures: str


class Entry:
    """One record on the form page."""

    def __init__(
        self, record: Record, form: Form, reader: Reader, context: Context, *, new: bool
    ) -> None:
        self.form = form
        self.reader = reader
        self.context = context
        self.base = record
        self.new = new
        """The record is not in the store yet."""
        self.values: dict[str, Value] = {}
        self.texts: dict[str, str] = {}
        """By column: text as typed of what was changed."""
        self.unreadable: dict[str, Unreadable] = {}
        self.details: dict[str, list[DetailRow]] = {}
        self.notes: dict[str, Note] = {}
        self.new_notes: set[str] = set()
        """Checks whose explanation was written on this page and is not saved."""
        self.start(record)

    def start(self, record: Record) -> None:
        """Begin from a record as it is saved."""
        self.base = record
        names = (name for item in self.fields for name in columns_of(item))
        self.values = {name: record.values.get(name) for name in names}
        self.texts = {}
        self.unreadable = {}
        self.details = {
            name: [DetailRow(row.uid, dict(row.values)) for row in record.details.get(name, ())]
            for name in self.form.details
        }

    def begin_here(self) -> None:
        """Take what stands now as the beginning: nobody has typed anything yet."""
        self.base = replace(self.base, values=dict(self.values))
        self.texts = {}

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the form in reading order."""
        return self.form.fields

    # --- the record --------------------------------------------------------------------------

    def record(self) -> Record:
        """Return the record as it stands; what cannot be read is empty in it."""
        details = {
            name: tuple(
                Detail(row.uid, place, row.values)
                for place, row in enumerate((row for row in rows if not row.empty), 1)
            )
            for name, rows in self.details.items()
        }
        return replace(self.base, values=dict(self.values), details=details)

    def row(self) -> Row:
        """Return the record as expressions see it."""
        head = {"uid": self.base.uid, "unit": self.base.unit, "period": self.base.period}
        return {**self.values, **head}

    def take(self, editor: Editor) -> None:
        """Take over what an editor holds."""
        item = editor.item
        self.values.update(editor.cells())
        self.texts.update(editor.draft())
        problem = editor.problem()
        if problem is None:
            self.unreadable.pop(item.id, None)
        else:
            self.unreadable[item.id] = problem

    def compute(self) -> dict[str, Value]:
        """Work out computed fields, of detail rows too; return those of the record that changed."""
        from union_desk.store.computed import compute

        for name in self.form.details:
            form = self.reader.pack.forms[name]
            for row in self.details[name]:
                row.values.update(compute(form, self.detail_row(row), self.context))
        inside = checks.seen_from(self.reader.pack, self.record(), self.context)
        found = compute(self.form, self.row(), inside)
        changed = {name: value for name, value in found.items() if self.values[name] != value}
        self.values.update(found)
        return changed

    def detail_row(self, row: DetailRow) -> Row:
        """Return a detail row as expressions see it."""
        head = {"uid": row.uid, "parent": self.base.uid}
        return {**row.values, **head, "unit": self.base.unit, "period": self.base.period}

    # --- what the rules say ------------------------------------------------------------------

    def hidden(self) -> frozenset[str]:
        """Return the fields that are not asked for as things stand."""
        row = self.row()
        return frozenset(
            item.id
            for item in self.fields
            if item.visible_when is not None
            and (value := evaluate(item.visible_when, row, self.context)) is not None
            and not value
        )

    def required(self) -> frozenset[str]:
        """Return the fields that must be filled as things stand."""
        row = self.row()
        return frozenset(
            item.id
            for item in self.fields
            if item.required
            or (item.required_when is not None and holds(item.required_when, row, self.context))
        )

    def findings(self, kinds: Collection[str] = checks.LIVE_KINDS) -> tuple[Finding, ...]:
        """Return everything that is wrong, details included."""
        unreadable = dict(self.unreadable)
        for rows in self.details.values():
            for row in rows:
                unreadable |= {f"{row.uid}.{name}": what for name, what in row.unreadable.items()}
        return checks.check_record(
            self.reader.pack,
            self.record(),
            self.context,
            unreadable=unreadable,
            kinds=kinds,
            explained=self._explained,
        )

    def _explained(self, check: Check, row: Row) -> str | None:
        from union_desk.store.notes import figures_of

        note = self.notes.get(check.id)
        return note.text if note is not None and note.figures == figures_of(check, row) else None

    def explain(self, code: str, text: str) -> None:
        """Write down why a warning is right as it is."""
        from union_desk.store.notes import check_by_id, figures_of

        check = check_by_id(self.form, code)
        self.notes[code] = Note(text, figures_of(check, self.row()) if check else "")
        self.new_notes.add(code)

    def with_note(self, finding: Finding) -> Finding:
        """Return a finding of the store with the reason written for it since."""
        note = self.notes.get(finding.code) if finding.code in self.new_notes else None
        return replace(finding, explained=note.text) if note is not None else finding

    def explanations(self) -> dict[str, str]:
        """Return the explanations that are not saved yet, by check."""
        return {name: self.notes[name].text for name in sorted(self.new_notes)}

    def offers(self, changed: Iterable[str] | None = None) -> dict[str, Value]:
        """Return values that can be filled into empty fields after `changed` changed.

        None: whatever does not depend on other fields of the row.
        """
        from union_desk.store.computed import stored

        wanted = None if changed is None else set(changed)
        hidden, row = self.hidden(), self.row()
        found: dict[str, Value] = {}
        for item in self.fields:
            if item.prefill is None or item.id in hidden or self.filled(item):
                continue
            reads = item.prefill.fields
            if bool(reads) if wanted is None else wanted.isdisjoint(reads):
                continue
            value = stored(item.type, evaluate(item.prefill, row, self.context))
            if value is not None:
                found[item.id] = value
        return found

    def filled(self, item: Field) -> bool:
        """Return whether anything stands in a field, readable or not."""
        if item.id in self.unreadable:
            return True
        return any(self.values.get(name) is not None for name in columns_of(item))

    # --- what is not saved -------------------------------------------------------------------

    def changed(self, item: Field) -> bool:
        """Return whether a field differs from what is saved."""
        if item.computed is not None:
            return False
        if item.id in self.unreadable:
            return True
        return any(self.values.get(name) != self.base.values.get(name) for name in columns_of(item))

    def changed_details(self, name: str) -> bool:
        """Return whether the rows of a detail form differ from what is saved."""
        now = [(row.uid, _filled(row.values)) for row in self.details[name] if not row.empty]
        was = [(row.uid, _filled(row.values)) for row in self.base.details.get(name, ())]
        return now != was or any(row.unreadable for row in self.details[name])

    @property
    def dirty(self) -> bool:
        """Whether anything differs from what is saved."""
        return (
            bool(self.new_notes)
            or any(self.changed(item) for item in self.fields)
            or any(self.changed_details(name) for name in self.details)
        )

    def draft(self, *, cursor: str | None, left: bool, unreadable_only: bool = False) -> Draft:
        """Return what table ``draft`` keeps of the record.

        :param left: the page is being left in order.
        :param unreadable_only: all else is being saved as a row.
        """
        from union_desk.store.drafts import Draft

        fields: dict[str, str] = {}
        for item in self.fields:
            wanted = item.id in self.unreadable if unreadable_only else self.changed(item)
            if wanted:
                fields |= {
                    name: self.texts.get(name, self._text(item, name)) for name in columns_of(item)
                }
        details = {
            name: tuple(self._draft_row(name, row) for row in rows if not row.empty)
            for name, rows in self.details.items()
            if (
                any(row.unreadable for row in rows)
                if unreadable_only
                else self.changed_details(name)
            )
        }
        if not unreadable_only:
            fields |= {EXPLAIN + name: text for name, text in self.explanations().items()}
        base = self.base
        return Draft(
            base.uid, base.form, fields, details, unit=base.unit, period=base.period,
            base_rev=base.rev, cursor=cursor, open=not left,
        )  # fmt: skip

    def _text(self, item: Field, name: str) -> str:
        value = self.values.get(name)
        return str(value or "") if item.type == "ref" else self.reader.typed(item, value)

    def _draft_row(self, form: str, row: DetailRow) -> DraftDetail:
        from union_desk.store.drafts import DraftDetail

        texts = {}
        for item in self.reader.pack.forms[form].fields:
            if item.id in row.unreadable:
                texts[item.id] = row.unreadable[item.id].text
                continue
            for name in columns_of(item):
                value = row.values.get(name)
                if value is not None:
                    plain = str(value) if item.type == "ref" else self.reader.typed(item, value)
                    texts[name] = plain
        return DraftDetail(row.uid, texts)

    def restore_details(self, details: Mapping[str, Iterable[DraftDetail]]) -> None:
        """Take over detail rows that a draft kept."""
        for name, kept in details.items():
            if name in self.details:
                self.details[name] = [self._read_row(name, row) for row in kept]

    def _read_row(self, form: str, kept: DraftDetail) -> DetailRow:
        row = DetailRow(kept.uid or new_uid())
        for item in self.reader.pack.forms[form].fields:
            if item.type == "ref":
                row.values |= {name: kept.fields.get(name) or None for name in columns_of(item)}
                continue
            value = self.reader.read(item, kept.fields.get(item.id, ""))
            if isinstance(value, Unreadable):
                row.unreadable[item.id] = value
            row.values[item.id] = None if isinstance(value, Unreadable) else value
        return row


def _filled(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}
