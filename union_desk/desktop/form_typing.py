"""What typing sets in motion: computed fields, prefills, hidden fields, findings, the draft."""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from union_desk.desktop.announce import ANNOUNCER
from union_desk.desktop.clear_dialog import ClearDialog
from union_desk.desktop.form_findings import Findings
from union_desk.desktop.form_history import History, Step
from union_desk.taskpack.field_types import columns as columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from union_desk.checks import Finding
    from union_desk.desktop.editors import AnyEditor
    from union_desk.desktop.field_cell import Line
    from union_desk.desktop.form_body import FormBody
    from union_desk.desktop.form_entry import DetailRow, Entry
    from union_desk.taskpack.record import Record, Value


class Typing(QObject):
    """Carries what the editors say into the entry, and what the entry says back to the cells."""

    changed = Signal()
    """Something that is not kept yet was typed."""
    settled = Signal()
    """A field was left: keep what is typed now."""
    shown = Signal(object)
    """The findings to show."""

    def __init__(self, body: FormBody, entry: Entry) -> None:
        super().__init__(body)
        self.body = body
        self.entry = entry
        self.findings = Findings(entry)
        self.history = History()
        self._last: dict[str, Mapping[str, str]] = {}
        self._last_rows: dict[str, list[DetailRow]] = {}
        self._asking = False
        body.edited.connect(self.edited)
        body.committed.connect(self.committed)
        body.details_typed.connect(self.details_typed)
        body.section_left.connect(self.section_left)
        body.explained.connect(self.explained)

    # --- a record on the page ----------------------------------------------------------------

    def begin(self, entry: Entry) -> None:
        """Show another record."""
        self.entry = entry
        self.findings = Findings(entry)
        self.history.clear()
        for name, cell in self.body.cells.items():
            cell.close_box()
            cell.editor.set_cells(entry.values)
            waits = cell.item.type == "ref"
            cell.set_note(cell.editor.note() if waits else "")
            self._last[name] = cell.editor.draft()
        for name, grid in self.body.grids.items():
            grid.show_rows(entry.details[name])
            self._last_rows[name] = deepcopy(entry.details[name])

    def restore(self, fields: Mapping[str, str]) -> None:
        """Show what a draft kept over what is saved."""
        for cell in self.body.cells.values():
            if any(name in fields for name in cell.editor.draft()):
                cell.editor.restore(fields)
                self.entry.take(cell.editor)
                self._last[cell.item.id] = cell.editor.draft()
        for name, grid in self.body.grids.items():
            grid.show_rows(self.entry.details[name])
            self._last_rows[name] = deepcopy(self.entry.details[name])

    def rebase(self, typed: Record, saved: Record) -> None:
        """Lay the record as it was saved below; show what was linked in saving."""
        entry = self.entry
        entry.base, entry.new = saved, False
        entry.new_notes.clear()
        for item in entry.fields:
            names = columns_of(item)
            was = {name: typed.values.get(name) for name in names}
            now = {name: saved.values.get(name) for name in names}
            held = {name: entry.values.get(name) for name in names}
            if was == held != now and item.id not in entry.unreadable:
                entry.values.update(now)
                self.body.editor(item.id).set_cells(now)
                self._last[item.id] = self.body.editor(item.id).draft()

    def refresh(self) -> None:
        """Show computed values, stars, hidden fields and findings as they are now."""
        self._compute()
        self._show_rules()
        self.findings.committed()
        self.tell()

    def tell(self) -> None:
        """Hand the findings to the page."""
        self.shown.emit(self.findings.shown)

    def _compute(self) -> None:
        for name in self.entry.compute():
            self.body.editor(name).set_cells(self.entry.values)
        for grid in self.body.grids.values():
            grid.model.refresh()

    def _show_rules(self) -> None:
        self.body.set_hidden(self.entry.hidden())
        required = self.entry.required()
        for name, cell in self.body.cells.items():
            cell.set_required(required=name in required)

    # --- what the editors say ----------------------------------------------------------------

    def edited(self, editor: AnyEditor) -> None:
        """Run the rules again after a key; what no longer holds goes."""
        self.entry.take(editor)
        self.body.cells[editor.item.id].set_note(editor.note())
        self._compute()
        self.findings.edited(editor.item.id)
        self.tell()
        self.changed.emit()

    def committed(self, editor: AnyEditor) -> None:
        """Take a field as meant: the focus has left it."""
        name = editor.item.id
        now, told = editor.draft(), self.body.cells[name].lines
        if now == self._last[name]:
            self.findings.committed()
            self.tell()
        elif not self._asking:
            self._commit(editor, self._last[name], now)
        self._read_out(name, told)

    def _read_out(self, name: str, told: Sequence[Line]) -> None:
        """Have what has just come to stand under a field read aloud: the focus is elsewhere."""
        cell = self.body.cells[name]
        fresh = [line.words for line in cell.lines if line not in told]
        if fresh:
            ANNOUNCER.say(cell, f"{cell.item.label}：{'；'.join(fresh)}", urgent=True)

    def _commit(self, editor: AnyEditor, before: Mapping[str, str], now: Mapping[str, str]) -> None:
        name = editor.item.id
        self.entry.take(editor)
        lost = self._superfluous()
        if lost:
            self._ask(editor, before, lost)
            return
        self._finish({name: (before, now)}, changed=(name,))
        self.body.cells[name].set_note(editor.note())

    def _superfluous(self) -> list[str]:
        """Return the filled fields that are no longer asked for."""
        hidden = self.entry.hidden()
        return [
            item.id
            for item in self.entry.fields
            if item.id in hidden
            and self.entry.filled(item)
            and not self.body.cells[item.id].isHidden()
        ]

    def _ask(self, editor: AnyEditor, before: Mapping[str, str], lost: list[str]) -> None:
        self._asking = True
        shown = [(self.body.cells[name].item.label, self._readable(name)) for name in lost]
        dialog = ClearDialog(editor.item.label, shown, self.body.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.decided.connect(partial(self._decided, editor, before, lost))
        dialog.open()

    def _readable(self, name: str) -> str:
        item = self.body.cells[name].item
        if item.id in self.entry.unreadable:
            return self.entry.unreadable[item.id].text
        if item.type == "ref":
            return str(self.entry.values.get(f"{name}__label") or "")
        return self.entry.reader.shown(item, self.entry.values.get(name))

    def _decided(
        self,
        editor: AnyEditor,
        before: Mapping[str, str],
        lost: list[str],
        clear: bool,  # noqa: FBT001 - a slot
    ) -> None:
        self._asking = False
        name = editor.item.id
        if not clear:
            editor.restore(before)
            self.entry.take(editor)
            editor.setFocus(Qt.FocusReason.OtherFocusReason)
            self.refresh()
            self.settled.emit()
            return
        step = {name: (before, editor.draft())}
        for other in lost:
            cell = self.body.editor(other)
            was = cell.draft()
            cell.set_cells({})
            self.entry.take(cell)
            step[other] = (was, cell.draft())
        self._finish(step, changed=tuple(step))

    def _finish(
        self, step: dict[str, tuple[Mapping[str, str], Mapping[str, str]]], changed: Iterable[str]
    ) -> None:
        step |= self.fill(self.entry.offers(changed), self._source(changed))
        for name, (_, now) in step.items():
            self._last[name] = now
        self.history.add(Step(step))
        self._compute()
        self._show_rules()
        self.findings.committed(next(iter(step), ""))
        self.tell()
        self.settled.emit()

    def _source(self, changed: Iterable[str]) -> str:
        names = "、".join(self.body.cells[name].item.label for name in changed)
        return f"由“{names}”带出，可改"

    def fill(
        self, offers: Mapping[str, Value], note: str
    ) -> dict[str, tuple[Mapping[str, str], Mapping[str, str]]]:
        """Fill empty fields with what is offered, and say where it comes from."""
        step = {}
        for name, value in offers.items():
            cell = self.body.cells[name]
            if cell.editor.property("state") == "locked":
                continue
            was = cell.editor.draft()
            cell.editor.set_cells({name: value})
            self.entry.take(cell.editor)
            cell.set_note(note)
            self._last[name] = cell.editor.draft()
            step[name] = (was, self._last[name])
        return step

    def fill_cells(self, name: str, values: Mapping[str, Value], note: str) -> None:
        """Fill a field, a reference with its key and name, and say where it comes from."""
        cell = self.body.cells[name]
        if cell.editor.property("state") != "locked":
            cell.editor.set_cells(values)
            self.entry.take(cell.editor)
            cell.set_note(note)
            self._last[name] = cell.editor.draft()

    def carry_over(self, offers: Mapping[str, Mapping[str, Value]], note: str) -> list[str]:
        """Fill the empty fields that are asked for, all in one step; return their names.

        Fields that become visible by what was filled are filled, too.
        """
        step: dict[str, tuple[Mapping[str, str], Mapping[str, str]]] = {}
        fresh = True
        while fresh:
            hidden = self.entry.hidden()
            fresh = False
            for name, values in offers.items():
                item = self.body.cells[name].item
                if name in step or name in hidden or self.entry.filled(item):
                    continue
                was = self._last[name]
                self.fill_cells(name, values, note)
                if self.entry.filled(item):
                    step[name] = (was, self._last[name])
                    fresh = True
        if step:
            self._finish(step, changed=tuple(step))
            for name in step:
                self.body.cells[name].set_note(note)
            self.changed.emit()
        return list(step)

    def put(self, name: str, values: Mapping[str, Value]) -> None:
        """Put values into a field as if they had been typed."""
        editor = self.body.editor(name)
        before = self._last[name]
        editor.set_cells(values)
        self._commit(editor, before, editor.draft())

    def details_typed(self, name: str) -> None:
        """Take over a change in a detail table."""
        rows = deepcopy(self.entry.details[name])
        self.history.add(Step(details={name: (self._last_rows[name], rows)}))
        self._last_rows[name] = deepcopy(rows)
        self._compute()
        self.findings.committed(name)
        self.tell()
        self.settled.emit()

    def section_left(self, names: tuple[str, ...]) -> None:
        """Tell what is missing in a section that was left."""
        self.findings.leave(names)
        self.findings.committed()
        self.tell()

    def explained(self, code: str, text: str) -> None:
        """Take the reason written for a warning."""
        self.entry.explain(code, text)
        self.findings.committed()
        self.tell()
        self.settled.emit()

    def check(self, further: tuple[Finding, ...] = ()) -> None:
        """Tell everything that is wrong."""
        self.findings.check(further)
        self.tell()

    # --- undo --------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back the last step of this visit."""
        step = self.history.back()
        if step is not None:
            self._apply({name: pair[0] for name, pair in step.fields.items()},
                        {name: pair[0] for name, pair in step.details.items()})  # fmt: skip

    def redo(self) -> None:
        """Do again what was taken back."""
        step = self.history.forth()
        if step is not None:
            self._apply({name: pair[1] for name, pair in step.fields.items()},
                        {name: pair[1] for name, pair in step.details.items()})  # fmt: skip

    def _apply(
        self, fields: Mapping[str, Mapping[str, str]], details: Mapping[str, list[DetailRow]]
    ) -> None:
        for name, texts in fields.items():
            editor = self.body.editor(name)
            editor.restore(texts)
            self.entry.take(editor)
            self._last[name] = editor.draft()
            self.body.cells[name].set_note("")
        for name, rows in details.items():
            self.entry.details[name] = deepcopy(rows)
            self._last_rows[name] = deepcopy(rows)
            self.body.grids[name].show_rows(self.entry.details[name])
        self.refresh()
        self.settled.emit()
        if fields:
            self.body.focus(next(iter(fields)))

    def start_over(self) -> None:
        """Put the record back to what is saved, as one step that can be undone."""
        was = {name: cell.editor.draft() for name, cell in self.body.cells.items()}
        rows = {name: deepcopy(rows) for name, rows in self.entry.details.items()}
        self.entry.start(self.entry.base)
        for name, cell in self.body.cells.items():
            cell.editor.set_cells(self.entry.values)
            cell.set_note("")
            self._last[name] = cell.editor.draft()
        for name, grid in self.body.grids.items():
            grid.show_rows(self.entry.details[name])
            self._last_rows[name] = deepcopy(self.entry.details[name])
        fields = {
            name: (was[name], self._last[name]) for name in was if was[name] != self._last[name]
        }
        details = {
            name: (rows[name], self._last_rows[name])
            for name in rows
            if rows[name] != self._last_rows[name]
        }
        self.history.add(Step(fields, details))
        self.refresh()
        self.settled.emit()
