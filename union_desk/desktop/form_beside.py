"""What stands beside the record on the page: the periods before, pins, remarks, a likely twin."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from union_desk.desktop import (
    change_dialog,
    form_access,
    form_store,
    jobs,
    prior_view,
    remembered,
)
from union_desk.desktop.navigation import Route
from union_desk.taskpack import period as periods
from union_desk.taskpack.field_types import columns as columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from union_desk.desktop.form_page import FormPage
    from union_desk.store.changes import Change
    from union_desk.taskpack.definition import Field
    from union_desk.taskpack.record import Value

LANE = "beside"
REPORT = "报告变化…"
LAST, LAST_YEAR = "上期", "上年同期"
PINNED = "固定：由上一条带出"
MOST_NAMED = 6
TWIN = "可能重复："
"""Begins the sentence about a record with the same key."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a sheet of another period holds, or last year's row of a ledger."""

    title: str
    values: Mapping[str, Value] = field(default_factory=dict)
    last_year: bool = False
    figures_alone: bool = False
    """Out of a sheet of last year: 上年对照数."""


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
        self._answered: set[str] = set()
        """Fields whose figure was looked at and is meant."""
        self._slip = ""
        self.foreign = False
        """The record is another office's: a change of it is reported, not made."""
        self.reported: tuple[Change, ...] = ()
        self.writer = ""
        """Name of that office."""

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
        self._answered.clear()
        self.look_back()
        self._look_who_writes()

    def _look_who_writes(self) -> None:
        """Look whether the record is another office's, and what was reported of it."""
        from union_desk.store import changes, units

        store, record = self.page.session.store, self.page.entry.base
        self.foreign, self.reported, self.writer = False, (), ""
        if self.page.entry.new or self.page.access.writes or record.deleted:
            return
        with store.read() as connection:
            self.foreign = changes.may_report(connection, store, record)
            if self.foreign:
                self.writer = units.of_store(connection, store).name(record.origin[:12])
                self.reported = tuple(changes.of_record(connection, store, record.uid))

    def _sheets(self) -> tuple[Before, ...]:
        """Return the sheets of the period before and of the same period last year."""
        page = self.page
        own = periods.Period.parse(page.entry.base.period)
        asked = ((LAST, periods.previous(own)), (LAST_YEAR, periods.same_last_year(own)))
        found = []
        for title, period in asked:
            last_year = title == LAST_YEAR
            row = form_store.sheet_row(page.session, page.form, period.id)
            if row is not None and row["record_state"] != "draft":
                found.append(Before(f"{title}（{period.title}）", row, last_year))
                continue
            figures = prior_view.figures(
                page.session, page.form, period.id, {}, page.entry.base.unit
            )
            if figures:
                words = f"{title}（{period.title}，对照数）"
                found.append(Before(words, figures, last_year, figures_alone=True))
        return tuple(found)

    def look_back(self) -> None:
        """Look for last year's row of the record of a ledger, by its key as it is typed now."""
        page = self.page
        if page.form.kind != "ledger":
            return
        record = page.entry.record()
        year = f"{page.session.pack.year - 1:04}Y"
        figures = prior_view.figures(page.session, page.form, year, record.values, record.unit)
        title = f"上年（{year[:4]}年，对照数）"
        self.before = (
            (Before(title, figures, last_year=True, figures_alone=True),) if figures else ()
        )

    def words(self, item: Field) -> Sequence[tuple[str, str]]:
        """Return what other records hold in a field: title and value."""
        page = self.page
        if page.form.by_id.get(item.id) is not item:
            return ()
        if page.form.kind == "sheet":
            return [
                (one.title, form_access.shown(page.reader, item, one.values) or "没有填")
                for one in self.before
                if not one.figures_alone or one.values.get(item.id) is not None
            ]
        said = [
            (one.title, form_access.shown(page.reader, item, one.values))
            for one in self.before
            if one.values.get(item.id) is not None
        ]
        if page.before is not None:
            value = form_access.shown(page.reader, item, page.before.values)
            said += [("上一条填的是", value)] if value else []
        return said

    # --- the periods before ------------------------------------------------------------------

    def offers(self) -> list[tuple[str, str, Callable[[], object]]]:
        """Return what can be done with the periods before: title, keys, act."""
        page = self.page
        acts: list[tuple[str, str, Callable[[], object]]] = []
        if page.access.writes:
            acts += [
                (f"装入{'上年' if one.last_year else LAST}", "", partial(self.carry_over, one))
                for one in self.before
                if not one.figures_alone
            ]
        if self.before and prior_view.numbers(page.form):
            acts.append(("与上年核对…", "", self.compare))
        if self.foreign:
            acts.append((REPORT, "", self.report_change))
        return acts

    def offer(self) -> None:
        """Offer on a new sheet to fill it from a period before, on others' rows to report."""
        page = self.page
        if self.foreign:
            told = [f"{change_dialog.what(one, page.session.pack)}，{change_dialog.became(one)}"
                    for one in self.reported[:1]]  # fmt: skip
            words = f"这条记录由{self.writer}填报，这里只能查看；有变化请报告。"
            words += "".join(f"已报告：{one}。" for one in told)
            page.notice.say(words, tone="info", actions=[(REPORT, self.report_change)])
            return
        acts = [(title, act) for title, _, act in self.offers()]
        if page.entry.new and page.access.writes and acts and not page.notice.words:
            page.notice.say("以前各期有数据，只填空着的格：", tone="info", actions=acts)

    def report_change(self) -> None:
        """Ask what has changed of a row that another office writes."""
        page = self.page
        name = str(page.entry.base.values.get(page.form.name_field) or page.form.title)
        dialog = change_dialog.ChangeDialog(page.session.pack, name, page)
        dialog.given.connect(self._report)
        dialog.open()

    def _report(self, kind: str, value: str, text: str) -> None:
        from union_desk.store import changes

        page = self.page
        store, record = page.session.store, page.entry.base

        def work(_progress: object) -> str:
            with store.write() as transaction:
                return changes.report(
                    transaction, record.form, record, kind=kind, value=value, text=text
                )

        def done(_uid: str) -> None:
            page.load(record.uid)
            page.changed.emit()

        jobs.run(page, work, done, lane="write")

    def carry_over(self, before: Before) -> None:
        """Fill the empty fields with what another period holds; one step back undoes it."""
        page = self.page
        offers = {
            item.id: {name: before.values.get(name) for name in columns_of(item)}
            for item in page.form.fields
            if item.computed is None and item.type != "attach"
        }
        title = before.title.partition("（")[0]
        filled = page.typing.carry_over(offers, f"由{title}带出")
        labels = [page.form.by_id[name].label for name in filled]
        if not filled:
            page.notice.say("没有空着的格，什么也没有改。", tone="info")
            return
        names = "、".join(labels[:MOST_NAMED]) + (" 等" if len(labels) > MOST_NAMED else "")
        page.notice.say(
            f"由{before.title}带出 {len(filled)} 项：{names}。请逐项核对。", tone="ok",
            actions=[("撤销", page.typing.undo), ("知道了", page.notice.quiet)],
        )  # fmt: skip

    def compare(self) -> None:
        """Show this sheet beside the periods before, with difference and per cent."""
        from union_desk.desktop.compare_dialog import CompareDialog

        page = self.page
        columns = [(one.title, one.values) for one in self.before]
        CompareDialog(page.form, page.reader, page.entry.record().values, columns, page).open()

    def look_for_slip(self) -> None:
        """Ask about a figure that is a thousand times last year's, or a thousandth of it."""
        page = self.page
        found = prior_view.slip(
            page.form, page.entry.record().values, [(one.title, one.values) for one in self.before],
            self._answered,
        )  # fmt: skip
        if found is None or not page.access.writes:
            if page.notice.words and page.notice.words == self._slip:
                page.notice.quiet()
            return
        name, self._slip = found
        page.notice.say(
            self._slip,
            tone="warn",
            actions=[
                ("去改", lambda: page.body.focus(name)),
                ("数字没错", partial(self._meant, name)),
            ],
        )

    def _meant(self, name: str) -> None:
        self._answered.add(name)
        self.page.notice.quiet()
        self.look_for_slip()

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
        self.look_back()
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
