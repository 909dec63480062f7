"""What stands beside the record on the page: the periods before, pins, remarks, a likely twin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from union_desk.desktop import form_access, form_store, jobs, remembered
from union_desk.desktop.navigation import Route
from union_desk.taskpack import period as periods
from union_desk.taskpack.field_types import columns as columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.desktop.form_page import FormPage
    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.record import Value

LANE = "beside"
PINNED = "固定：由上一条带出"
TWIN = "可能重复："
"""Begins the sentence about a record with the same key."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a sheet of another period holds."""

    title: str
    values: Mapping[str, Value] = field(default_factory=dict)


class Beside(QObject):
    """Looks around the record on the page."""

    def __init__(self, page: FormPage) -> None:
        super().__init__(page)
        self.page = page
        kept = remembered.read(page.session, self._name)
        self.pins = (
            [name for name in kept if name in page.form.by_id] if isinstance(kept, list) else []
        )
        self.before: tuple[Before, ...] = ()
        self._asked: tuple[object, ...] = ()

    @property
    def _name(self) -> str:
        return f"pins:{self.page.form.id}"

    # --- a record on the page ----------------------------------------------------------------

    def load(self) -> None:
        """Look for what belongs to the record that has come on the page."""
        page = self.page
        self._asked = ()
        record, new = page.entry.base, page.entry.new
        page.body.remarks = {} if new else form_store.remarks_at_fields(page.session, record.uid)
        self.before = self._sheets() if page.form.kind == "sheet" else ()

    def _sheets(self) -> tuple[Before, ...]:
        """Return the sheets of the period before and of the same period last year."""
        page = self.page
        own = periods.Period.parse(page.entry.base.period)
        asked = (("上期", periods.previous(own)), ("上年同期", periods.same_last_year(own)))
        found = []
        for title, period in asked:
            row = form_store.sheet_row(page.session, page.form, period.id)
            if row is not None and row["record_state"] != "draft":
                found.append(Before(f"{title}（{period.title}）", row))
        return tuple(found)

    def words(self, item: Field) -> Sequence[tuple[str, str]]:
        """Return what other records hold in a field: title and value."""
        page = self.page
        if page.form.by_id.get(item.id) is not item:
            return ()
        if page.form.kind == "sheet":
            return [
                (one.title, form_access.shown(page.reader, item, one.values) or "没有填")
                for one in self.before
            ]
        if page.before is None:
            return ()
        value = form_access.shown(page.reader, item, page.before.values)
        return [("上一条填的是", value)] if value else ()

    # --- pins --------------------------------------------------------------------------------

    def offer_pin(self, item: Field) -> None:
        """Offer the pin of the field with the focus."""
        page = self.page
        own = page.form.by_id.get(item.id) is item and page.form.kind == "ledger"
        usable = own and item.computed is None and item.type != "attach" and page.access.writes
        page.side.offer_pin(pinned=(item.id in self.pins) if usable else None)

    def turn_pin(self) -> None:
        """Pin the field with the focus, or let it go."""
        page = self.page
        name = page.body.has_focus()
        if name not in page.body.cells or page.form.kind != "ledger":
            return
        if name in self.pins:
            self.pins.remove(name)
        else:
            self.pins.append(name)
        remembered.keep(page, page.session, self._name, self.pins)
        self.offer_pin(page.body.cells[name].item)

    def fill_pins(self) -> None:
        """Carry the pinned fields of the record before over to a new one."""
        page = self.page
        if page.before is None:
            return
        for name in self.pins:
            item = page.form.by_id[name]
            values = {column: page.before.values.get(column) for column in columns_of(item)}
            if any(value is not None for value in values.values()) and not page.entry.filled(item):
                page.typing.fill_cells(name, values, PINNED)

    # --- twins -------------------------------------------------------------------------------

    def look_for_twin(self) -> None:
        """Look in a worker whether another record of the unit has the same key; never blocks."""
        page = self.page
        record = page.entry.record()
        named = {part for key in page.form.duplicate_keys for part in key}
        asked = tuple(
            record.values.get(column)
            for item in page.form.fields
            if item.id in named
            for column in columns_of(item)
        )
        if asked == self._asked or page.form.kind != "ledger" or not page.access.writes:
            return
        self._asked = asked
        session, form = page.session, page.form
        jobs.run(
            self, lambda _progress: form_store.twin(session, form, record), self._tell, lane=LANE
        )

    def _tell(self, found: tuple[str, str] | None) -> None:
        page = self.page
        if found is None or found[0] == page.entry.base.uid:
            if page.notice.words.startswith(TWIN):
                page.notice.quiet()
            return
        uid, words = found
        route = Route("form", form=page.form.id, uid=uid)
        page.notice.say(
            f"{TWIN}{words}与另一条记录相同。",
            tone="warn",
            actions=[("打开那一条", lambda: page.opened.emit(route)),
                     ("不是同一条", page.notice.quiet)],
        )  # fmt: skip
