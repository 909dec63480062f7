"""Where a finding about a row just written stands in the sheets it came from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from union_desk.store.notes import check_by_id
from union_desk.store.records import blocks
from union_desk.store.schema import DETAIL_HEAD, value_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from union_desk.checks import Finding
    from union_desk.store.batch import Batch
    from union_desk.store.layout import Row
    from union_desk.store.sheet_reading import Sheet
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.record import Value


class Places:
    """The places of records and detail rows of a batch, by uid."""

    def __init__(self, batch: Batch, sheets: Sequence[Sheet]) -> None:
        self._batch = batch
        self._sheets = sheets
        self._place = {str(row[0]): place for place, row in enumerate(batch.rows)}
        self._detail: dict[str, tuple[str, Row]] = {}
        for place, by_form in batch.details.items():
            for form, rows in by_form.items():
                for row in rows:
                    self._place[str(row[0])] = place
                    self._detail[str(row[0])] = (form, row)
        self._uids = {
            (id(sheet), number): uid for uid, (sheet, number) in batch.detail_numbers.items()
        }

    def of_sheets(self) -> Iterator[Finding]:
        """Yield what reading and matching found, each with the record it belongs to."""
        for sheet in self._sheets:
            for number, finding in sheet.findings:
                if sheet is self._batch.sheet:
                    yield replace(finding, record=str(self._batch.rows[number][0]))
                else:
                    yield replace(finding, record=self._uids.get((id(sheet), number)))

    def readable(self, findings: Iterable[Finding], forms: Mapping[str, Form]) -> list[Finding]:
        """Return what the checks found with row and column, but for checks of unreadable cells.

        These wait until the cell can be read; the row is refused for the cell itself.
        """
        return [
            self._locate(finding)
            for finding in findings
            if not self._unread(finding, forms[finding.form])
        ]

    def _unread(self, finding: Finding, form: Form) -> bool:
        sheet, number = self._sheet_of(finding)
        unread = sheet.unreadable.get(number)
        check = check_by_id(form, finding.code) if unread else None
        if not unread or check is None:
            return False
        reads = check.rule.fields | (check.when.fields if check.when else frozenset())
        return not reads.isdisjoint(unread)

    def _sheet_of(self, finding: Finding) -> tuple[Sheet, int]:
        uid = finding.record or ""
        return self._batch.detail_numbers.get(uid, (self._batch.sheet, self._place.get(uid, -1)))

    def _locate(self, finding: Finding) -> Finding:
        sheet, number = self._sheet_of(finding)
        if not 0 <= number < sheet.count:
            return finding
        column = sheet.columns.title.get(finding.field) if finding.field else None
        return replace(finding, row=sheet.numbers[number], column=column)

    def place_of(self, finding: Finding) -> int | None:
        """Return the place of the record that a finding is about, also through a detail row."""
        return self._place.get(finding.record or "")

    def blocked(self, findings: Iterable[Finding]) -> set[int]:
        """Return the places of records that findings keep from being confirmed."""
        found = {self.place_of(finding) for finding in findings if blocks(finding)}
        return {place for place in found if place is not None}

    def worst(self, findings: Sequence[Finding]) -> set[int]:
        """Return the places that errors block, of no error those that warnings block.

        A warning may be gone once the row that causes it is put aside.
        """
        errors = [finding for finding in findings if finding.level == "error"]
        return self.blocked(errors or findings)

    def without_new(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return findings of a refused run: records that are not there are not named."""
        kept = {str(row[0]) for row in self._batch.old.values()}
        return tuple(
            finding if finding.record in kept else replace(finding, record=None)
            for finding in findings
        )

    def values_of(
        self, finding: Finding, rows: Mapping[Value, Row], columns: Sequence[str]
    ) -> dict[str, Value]:
        """Return the row that a finding stands at; unit and period of a detail are its parent's."""
        uid = finding.record or ""
        parent = rows[self._batch.rows[self._place[uid]][0]]
        values = dict(zip(columns, parent, strict=True))
        if uid not in self._detail:
            return values
        _form, row = self._detail[uid]
        sheet, _ = self._batch.detail_numbers[uid]
        names = (*DETAIL_HEAD, *value_columns(sheet.form))
        head = {name: values[name] for name in ("unit", "period")}
        return {**head, **dict(zip(names, row, strict=False))}
