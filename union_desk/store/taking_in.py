"""One sheet on its way into the store, inside one transaction: read, match, write, check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from union_desk.store import (
    checking,
    decisions,
    nil_filings,
    notes,
    periods,
    returns,
    rights,
    undoing,
)
from union_desk.store import units as directory
from union_desk.store.batch import Batch, gather, needs_reason
from union_desk.store.batch_details import DetailReader
from union_desk.store.batch_drafts import save_drafts
from union_desk.store.batch_outcomes import RowOutcome, outcomes
from union_desk.store.batch_places import Places
from union_desk.store.completing import pack_of
from union_desk.store.context import context_at
from union_desk.store.layout import HEAD_PLACE, Row, layout
from union_desk.store.matching import match_rows
from union_desk.store.records import blocks
from union_desk.store.references import relink
from union_desk.store.sheet_columns import missing_columns, read_header
from union_desk.store.sheet_reading import Sheet, read_sheet
from union_desk.store.system_checks import check_system_rows, with_system_lists
from union_desk.store.writing import write_rows
from union_desk.taskpack.field_types import Hints, Unreadable, parse
from union_desk.taskpack.system import SYSTEM_FORMS

if TYPE_CHECKING:
    from sqlalchemy.engine import NestedTransaction

    from union_desk.checks import Finding
    from union_desk.store.transaction import Transaction
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.expression import Context
    from union_desk.taskpack.record import Table, Value

Progress = Callable[[int, int], None]
_STEPS = 5
_UNIT = SYSTEM_FORMS["filing"].by_id["unit"]
_REV, _PERIOD, _UNIT_PLACE = HEAD_PLACE["rev"], HEAD_PLACE["period"], HEAD_PLACE["unit"]


@dataclass(frozen=True, slots=True)
class PutResult:
    """What came of a sheet: counts of records, and every finding."""

    added: int
    updated: int
    unchanged: int
    findings: tuple[Finding, ...]
    refused: bool = False
    """Nothing was changed, because of the findings."""
    drafts: int = 0
    """Records that landed as drafts."""
    rows: tuple[RowOutcome, ...] = ()
    """What became of each row of the sheet, where that was asked for."""
    undo: undoing.Undo | None = None
    """What takes the run back; of a refused one nothing."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a sheet is to be taken in."""

    period: str | None = None
    as_of: str | None = None
    reason: str | None = None
    drafts: bool = False
    explanations: Mapping[str, str] = field(default_factory=dict)
    """Written reasons by check, each for all rows of its rule; before `reason`."""
    outcomes: bool = False
    """Tell what becomes of each row."""
    source: str = ""
    """Where the rows come from, for the change log: 代报 and the name of the file."""
    about: str = ""
    """The only unit that the rows may be about, as the cover of a 报送册 says; "" for any."""


@dataclass(slots=True)
class TakingIn:
    """One run; the caller undoes what it refuses."""

    transaction: Transaction
    form: Form
    options: Options
    progress: Progress
    findings: list[Finding] = field(default_factory=list)
    """What belongs to no row: headers."""
    working: str = ""
    savepoint: NestedTransaction | None = None

    def run(self, table: Table, details: Mapping[str, Table]) -> PutResult:
        """Take in a sheet and its detail sheets."""
        store, connection = self.transaction.store, self.transaction.connection
        pack = pack_of(store.packs, self.form.id)
        working = periods.meant(
            connection, pack, self.form, given=self.options.period, as_of=self.options.as_of
        )
        self.working = working.id
        day = self.options.as_of or self.transaction.now[:10]
        context = context_at(store, day, period=working, connection=connection)
        hints = Hints(year=int(working.id[:4]), today=day, pack=with_system_lists(pack))
        self.progress(0, _STEPS)
        columns, bad = read_header(self.form, table)
        self.findings += bad
        if columns.foreign:
            return PutResult(0, 0, 0, tuple(bad), refused=True)
        sheet = read_sheet(connection, store.tables, table, columns, form=self.form, hints=hints)
        units = self._units(sheet)
        row_periods = self._periods(sheet, working.id, units)
        if self.form.id in returns.FORMS:
            returns.note_judged(self.transaction, sheet.values)
        about = self.options.about
        found = match_rows(connection, store.tables, sheet, store.origin, units, about=about)
        if not self.options.drafts and (len(found) < sheet.count or not sheet.count):
            self.findings += missing_columns(self.form, columns)
        self.progress(1, _STEPS)
        batch = gather(self.transaction, sheet, found, context, units=units, periods=row_periods)
        reader = DetailReader(self.transaction, batch, hints, context, self.options.drafts, about)
        sheets, more = reader.read(details)
        self.findings += more
        self._check_open(batch)
        self._corrections(batch)
        self.progress(2, _STEPS)
        return self._take(batch, [sheet, *sheets], context)

    def _units(self, sheet: Sheet) -> list[str]:
        """Return the unit of every row: the only one meant, else its own cell, else the store's."""
        store, about = self.transaction.store, self.options.about
        given = sheet.values.get("unit") or [None] * sheet.count
        known = directory.directory(
            self.transaction.connection, store.tables, store.pack, store.unit
        )
        troubles: dict[str, str] = {}
        for code in {str(code) for code in given if code}:
            read = parse(_UNIT, code, Hints())
            if isinstance(read, Unreadable):
                troubles[code] = f"填报单位“{code}”：{read.message}"
            elif about and code != about:
                told = f"这份报送册的单位是 {about}，不能填“{code}”的数据，请清空这一格或删去这一列"
                troubles[code] = told
            else:
                troubles[code] = rights.unit_trouble(store, known, code) or ""
        for place, text in enumerate(given):
            if text and troubles[str(text)]:
                sheet.add(place, "unit", "unit", troubles[str(text)])
        return [about or (str(text) if text else store.unit) for text in given]

    def _periods(self, sheet: Sheet, working: str, units: Sequence[str]) -> list[str]:
        """Return the period of every row: of a sheet its own cell, else the working period."""
        given = sheet.values.get("period")
        if self.form.kind == "ledger" or not given:
            return [working] * sheet.count
        connection = self.transaction.connection
        shut = {unit: periods.closed(connection, unit) for unit in set(units)}
        for place, (text, unit) in enumerate(zip(given, units, strict=True)):
            trouble = periods.trouble_of(self.form, str(text)) if text else None
            if trouble:
                sheet.add(place, "period", "period", trouble)
            elif text in shut[unit] and not self.options.reason:
                message = f"报告期 {text} 已结账，只能写明原因后更正"
                sheet.add(place, "period", "period_closed", message)
        return [str(text) if text else working for text in given]

    def _check_open(self, batch: Batch) -> None:
        """Refuse a working period that is closed for a unit of the rows, of none for the own one.

        :raises InputError: I421.
        """
        if self.form.kind != "system":
            for unit in sorted({str(row[_UNIT_PLACE]) for row in batch.rows}) or [""]:
                periods.check_open(self.transaction.connection, self.working, unit)

    def _corrections(self, batch: Batch) -> None:
        """Ask for the reason where a row that left this office is changed."""
        if self.options.reason:
            return
        for place in batch.old:
            if place < batch.sheet.count and needs_reason(batch, place) and batch.changed(place):
                message = "这条记录已报送，改动就是更正，要写明原因"
                batch.sheet.add(place, None, "correction", message)

    def _take(self, batch: Batch, sheets: Sequence[Sheet], context: Context) -> PutResult:
        """Write what is new or changed, check it, explain warnings, and count."""
        places = Places(batch, sheets)
        told = [*self.findings, *places.of_sheets()]
        if self.findings:
            return PutResult(0, 0, 0, places.without_new(told), refused=True)
        new = [place for place in range(len(batch.rows)) if place not in batch.old]
        changed = [place for place in batch.old if batch.changed(place)]
        apart: set[int] = set()
        found: list[Finding] = []
        while True:
            if self.options.drafts:
                apart |= places.blocked(told) | places.worst(found)
            kept = [finding for finding in found if places.place_of(finding) in apart]
            told += kept
            entered = [place for place in sorted((*new, *changed)) if place not in apart]
            found = self._enter(batch, entered, places, context)
            if not self.options.drafts or places.blocked(found) <= apart:
                break
        told += found
        unplaced = any(
            blocks(finding) and places.place_of(finding) not in apart for finding in told
        )
        if unplaced:
            return PutResult(0, 0, 0, places.without_new(told), refused=True)
        save_drafts(self.transaction, batch, sheets, sorted(apart))
        self.progress(_STEPS, _STEPS)
        return PutResult(
            added=sum(place not in apart for place in new),
            updated=sum(place not in apart for place in changed),
            unchanged=len(batch.rows) - len(new) - len(changed),
            findings=tuple(told),
            drafts=len(apart),
            rows=outcomes(batch, apart) if self.options.outcomes else (),
            undo=undoing.of_batch(batch, entered, sorted(apart)),
        )

    def _enter(
        self, batch: Batch, entered: Sequence[int], places: Places, context: Context
    ) -> list[Finding]:
        """Write rows as confirmed and return what the checks say, warnings explained.

        Called again with fewer rows, it starts from where it began.
        """
        if self.options.drafts:
            if self.savepoint is not None:
                self.savepoint.rollback()
                self.transaction.chain = None
            self.savepoint = self.transaction.connection.begin_nested()
        corrected = [place for place in entered if needs_reason(batch, place)]
        plain = [place for place in entered if not needs_reason(batch, place)]
        rows = self._write(batch, plain, "confirm") + self._write(batch, corrected, "correct")
        relink(self.transaction, self.form.id, rows)
        decisions.settle(self.transaction, self.form.id, rows, context)
        if self.form.id in returns.FORMS:
            returns.given(self.transaction, self.form.id, rows)
        filed = {(str(row[_UNIT_PLACE]), str(row[_PERIOD])) for row in rows}
        nil_filings.lift(self.transaction, self.form.id, filed)
        if corrected and self.options.reason:
            made = [dict(zip(batch.layout.columns, row, strict=True)) for row in rows[len(plain) :]]
            items = [(values, notes.CORRECTION, "") for values in made]
            notes.explain_all(self.transaction, items, self.options.reason)
        self.progress(3, _STEPS)
        found = places.readable(self._check(rows, context), self.transaction.tables.forms)
        self.progress(4, _STEPS)
        return self._explain(found, rows, places)

    def _write(self, batch: Batch, entered: Sequence[int], act: str) -> list[Row]:
        writes = []
        for place in entered:
            old = batch.old.get(place)
            if old is None:  # made as confirmed, revision 1, of its period
                writes.append(batch.write(place))
                continue
            period = batch.periods[place] if place < len(batch.periods) else self.working
            writes.append(
                batch.write(
                    place, rev=int(old[_REV] or 0) + 1, period=period, record_state="confirmed",
                    packet=None, updated_at=self.transaction.now,
                )
            )  # fmt: skip
        said, source = self.options.reason, self.options.source
        reason = f"{said}（{source}）" if said and source else said or source or None
        write_rows(self.transaction, self.form.id, writes, act=act, reason=reason)
        return [write.row for write in writes]

    def _check(self, rows: Sequence[Row], context: Context) -> Iterable[Finding]:
        """Return what the checks say of rows just written."""
        store = self.transaction.store
        pack = pack_of(store.packs, self.form.id)
        if self.form.kind == "system":
            columns = layout(store.tables, self.form.id).columns
            values = [dict(zip(columns, row, strict=True)) for row in rows]
            return check_system_rows(self.form.id, values, context, pack)
        return checking.check_rows(
            self.transaction.connection,
            store.tables,
            pack,
            self.form.id,
            [str(row[0]) for row in rows],
            context,
        )

    def _explain(
        self, found: Sequence[Finding], rows: Sequence[Row], places: Places
    ) -> list[Finding]:
        """Write the reason as the explanation of every warning that has none."""
        reasons = {
            id(item): reason
            for item in found
            if item.level == "warning" and not item.explained
            if (reason := self.options.explanations.get(item.code) or self.options.reason)
        }
        if not reasons:
            return list(found)
        columns = layout(self.transaction.tables, self.form.id).columns
        by_uid = {row[0]: row for row in rows}
        items: dict[str, list[tuple[dict[str, Value], str, str]]] = {}
        for finding in (item for item in found if id(item) in reasons):
            values = places.values_of(finding, by_uid, columns)
            form = self.transaction.tables.forms[finding.form]
            check = notes.check_by_id(form, finding.code)
            figures = notes.figures_of(check, values) if check else ""
            items.setdefault(reasons[id(finding)], []).append((values, finding.code, figures))
        for reason, told in items.items():
            notes.explain_all(self.transaction, told, reason)
        return [
            replace(item, explained=reasons[id(item)]) if id(item) in reasons else item
            for item in found
        ]
