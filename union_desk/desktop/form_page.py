"""The form page, generated from a form's definition: one record, typed, checked, confirmed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from union_desk.desktop import form_access, form_keys, form_store, theme
from union_desk.desktop.attachment_editor import StorePapers
from union_desk.desktop.editor import Reader
from union_desk.desktop.finding_strip import FindingStrip
from union_desk.desktop.form_acts import FormActs
from union_desk.desktop.form_beside import Beside
from union_desk.desktop.form_body import FormBody, sections_of
from union_desk.desktop.form_entry import Entry
from union_desk.desktop.form_foot import FormFoot
from union_desk.desktop.form_head import FormHead
from union_desk.desktop.form_saver import Saver
from union_desk.desktop.form_side import FormSide
from union_desk.desktop.form_typing import Typing
from union_desk.desktop.head import PERIOD_HINT
from union_desk.desktop.navigation import Route
from union_desk.desktop.notice_bar import NoticeBar
from union_desk.desktop.page import Page, column, row
from union_desk.desktop.paper_photo import PaperPhoto
from union_desk.desktop.record_list import RecordList
from union_desk.desktop.reference_picker import StoreLinks
from union_desk.taskpack import period as periods
from union_desk.taskpack.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from union_desk.checks import Finding
    from union_desk.desktop.field_cell import FieldCell
    from union_desk.desktop.session import Session
    from union_desk.store.drafts import Draft
    from union_desk.taskpack.definition import Field

NARROW_BELOW = 1100
"""Effective window width below which the pane goes and the grid has two columns."""


class FormPage(Page):
    """One record of any form."""

    own_head = True

    def __init__(self, session: Session, route: Route) -> None:
        super().__init__(session)
        self.route = route
        self.form = session.pack.forms[route.form or ""]
        self.title = self.form.title
        self.papers = StorePapers(session, self.form.id, "")
        self.lookup = form_store.OpenLookup(session)
        self.reader = Reader(
            session.pack,
            form_store.hints(session),
            StoreLinks(session),
            self.papers,
            form_access.locked_codes(self.form, session.level),
            partial(form_access.reveal, self),
            lambda: not self.entry.new,
        )
        self.loaded = form_store.Loaded(Record(self.form.id, "", {}), new=True)
        self.access = form_access.Access(writes=True)
        self.correcting = False
        self.touched = False
        """Something was typed since the record came on the page or was saved."""
        self.list = RecordList(route)
        self._held: str | None = None
        """The field that had the focus when the store was given work."""
        self.before: Record | None = None
        self._build()
        context = form_store.context(session, session.period(self.form.filing), self.lookup)
        entry = Entry(self.loaded.record, self.form, self.reader, context, new=True)
        self.typing = Typing(self.body, entry)
        self.saver = Saver(self, session, self._snapshot)
        self.acts = FormActs(self)
        self.beside = Beside(self)
        self.photo = PaperPhoto(self)
        self._wire()

    @property
    def entry(self) -> Entry:
        """The record as it is typed."""
        return self.typing.entry

    # --- putting together --------------------------------------------------------------------

    def _build(self) -> None:
        outer = column(self, gap=0)
        self.head = FormHead(self.form.title, self.list.back_words)
        outer.addWidget(self.head)
        self.notice = NoticeBar()
        self.strip = FindingStrip()
        self.body = FormBody(self.form, self.session.pack, self.reader)
        titles = [section.title for section in sections_of(self.form)]
        titles += [self.session.pack.forms[name].title for name in self.form.details]
        self.side = FormSide(titles)
        middle = row(gap=0)
        left = column(gap=8)
        bars = column(gap=8, margins=(26, 12, 24, 0))
        bars.addWidget(self.notice)
        bars.addWidget(self.strip)
        left.addLayout(bars)
        left.addWidget(self.body, 1)
        middle.addLayout(left, 3)
        self._beside = QWidget()
        holder = column(self._beside, gap=0, margins=(4, 14, 20, 8))
        holder.addWidget(self.side)
        middle.addWidget(self._beside)
        self.middle = middle
        outer.addLayout(middle, 1)
        self.foot = FormFoot()
        outer.addWidget(self.foot)
        self.body.order_tabs(self.foot.save_button)
        for one, two in (
            (self.foot.save_button, self.foot.again_button),
            (self.foot.again_button, self.foot.confirm_button),
        ):
            QWidget.setTabOrder(one, two)

    def _wire(self) -> None:
        self.typing.changed.connect(self._touch)
        self.typing.settled.connect(self._touch)
        self.typing.changed.connect(self.saver.touch)
        self.typing.changed.connect(self.show_state)
        self.typing.settled.connect(self.saver.keep)
        self.typing.settled.connect(self.show_state)
        self.typing.settled.connect(self.beside.look_for_twin)
        self.typing.settled.connect(self.beside.look_for_slip)
        self.typing.shown.connect(self._show_findings)
        self.saver.said.connect(lambda words, bad: self.head.show_saved(words, failed=bad))
        self.body.entered.connect(self._explain_field)
        self.body.finished.connect(self.foot.confirm_button.setFocus)
        self.body.explain_asked.connect(self.ask_reason)
        self.body.explained.connect(lambda _code, _text: self.acts.after_reason())
        self.body.register.connect(
            lambda form, text: self.opened.emit(Route("form", form=form, text=text))
        )
        self.strip.chosen.connect(self.body.reveal)
        self.side.pin_asked.connect(self.beside.turn_pin)
        self.side.section_chosen.connect(self.body.go_to_section)
        self.head.back.connect(self.go_back)
        self.head.earlier.connect(lambda: self.acts.neighbour(-1))
        self.head.later.connect(lambda: self.acts.neighbour(1))
        self.head.period_chosen.connect(self._choose_period)
        self.foot.save.connect(self.acts.save)
        self.foot.again.connect(self.acts.again)
        self.foot.confirm.connect(self.acts.confirm)
        self._keys = form_keys.bind(self, self._key_table())

    def _key_table(self) -> dict[str, Callable[[], object]]:
        acts = self.acts
        table: dict[str, Callable[[], object]] = {
            "Ctrl+Return": acts.confirm,
            "Ctrl+Enter": acts.confirm,
            "Ctrl+S": acts.save,
            "Ctrl+N": acts.new,
            "Ctrl+Shift+Return": acts.again,
            "Ctrl+Shift+Enter": acts.again,
            "Alt+Up": lambda: acts.neighbour(-1),
            "Alt+Down": lambda: acts.neighbour(1),
            "F1": self.toggle_side,
            "F8": lambda: self._next_finding(1),
            "Shift+F8": lambda: self._next_finding(-1),
            "Ctrl+D": acts.as_before,
            "Ctrl+Shift+D": self.beside.turn_pin,
            "Ctrl+Z": self.typing.undo,
            "Ctrl+Y": self.typing.redo,
            "Ctrl+Shift+Z": self.typing.redo,
            "Ctrl+P": acts.print_record,
            "Esc": self.go_back,
        }
        for n in range(1, 10):
            table[f"Alt+{n}"] = partial(self.body.go_to_section, n - 1)
        return table

    # --- a record on the page ----------------------------------------------------------------

    def entered(self) -> None:
        """Load the record of the route."""
        self.load(self.route.uid, self.route.text)

    def first_focus(self) -> QWidget | None:
        """Return the first field."""
        stops = self.body.stops()
        if not stops:
            return self.head.back_button
        if stops[0] in self.body.grids:
            return self.body.grids[stops[0]].table
        return self.body.editor(stops[0])

    def load(self, uid: str | None, text: str = "") -> None:
        """Put a record on the page, or a new one, with what is kept of its edit."""
        self.saver.halt()
        self.lookup.forget()
        self.correcting = False
        self.loaded = form_store.load(self.session, self.form, uid, text)
        record = self.loaded.record
        self.papers.record = record.uid
        context = form_store.context(self.session, self._period(record), self.lookup)
        entry = Entry(record, self.form, self.reader, context, new=self.loaded.new)
        entry.notes = dict(self.loaded.notes)
        self.access = form_access.judge(self.session, self.form, self.loaded)
        self.typing.begin(entry)
        self._lock()
        if self.loaded.new:
            self._fill_new(entry)
            if self.before is None and self.form.kind == "ledger":
                self.before = form_store.entered_last(self.session, self.form)
            self.beside.fill_pins()
        if self.loaded.draft is not None:
            self._restore(self.loaded.draft)
        self.beside.load()
        self.typing.refresh()
        self._show_head()
        self.notice.quiet()
        self.touched = False
        self.show_state()
        self.beside.offer()

    def _touch(self) -> None:
        self.touched = True

    def _period(self, record: Record) -> periods.Period:
        if self.form.kind == "sheet":
            return periods.Period.parse(record.period)
        return self.session.period(self.form.filing)

    def _fill_new(self, entry: Entry) -> None:
        for name, (value, note) in form_store.offers_of_new(self.session, entry).items():
            self.typing.fill({name: value}, note)
        entry.compute()
        entry.begin_here()

    def _restore(self, draft: Draft) -> None:
        for code, text in form_store.notes_kept(draft).items():
            self.entry.explain(code, text)
        self.entry.restore_details(draft.details)
        self.typing.restore(draft.fields)

    def _lock(self) -> None:
        for name, cell in self.body.cells.items():
            why = form_access.why_locked(cell.item, self.session.level)
            locked = bool(why) or not self.access.writes
            cell.set_tag(why)
            cell.editor.set_locked(locked=locked)
            theme.mark(cell.editor, state="locked" if locked else "")
            self.entry.unreadable.pop(name, None)
        for grid in self.body.grids.values():
            grid.set_locked(locked=not self.access.writes)

    def unlock(self) -> None:
        """Let a sent record be corrected."""
        self.correcting = True
        self.access = form_access.Access(writes=True)
        self._lock()
        self.typing.refresh()
        self.show_state()
        self.body.focus_first()

    # --- what is shown -----------------------------------------------------------------------

    def _show_head(self) -> None:
        record, new = self.entry.base, self.entry.new
        self.list.stand_at(record.uid)
        whom = form_store.whom(self.session, record)
        self.head.show_place(self.list.number, self.list.count, new=new, whom=whom)
        kind = self.form.filing
        offered = periods.in_year(self.session.pack, kind)
        self.head.offer_periods(offered, self._period(record), PERIOD_HINT)
        draft = self.loaded.draft
        words = f"草稿存于 {form_access.local_time(draft.at)}" if draft is not None else ""
        self.head.show_saved(words)
        self.head.set_actions(self.acts.menu())
        draft_row = new or record.record_state == "draft"
        self.foot.set_kind(
            writes=self.access.writes, ledger=self.form.kind == "ledger", draft=draft_row
        )

    def show_state(self) -> None:
        """Show the state of the record and what can be done about it."""
        record = self.entry.base
        dirty = self.entry.dirty
        states = [record.record_state]
        if record.deleted:
            states = ["voided"]
        elif record.record_state == "draft":
            wrong = any(item.level == "error" for item in self.typing.findings.shown)
            states = ["errors" if wrong and self.typing.findings.checked else "draft"]
        elif dirty:
            states.append("editing")
        self.head.pill.show_states(*states)
        form_access.tell(self, dirty=dirty)

    def _show_findings(self, findings: tuple[Finding, ...]) -> None:
        spots = self.body.show_findings(findings)
        self.strip.show_spots(spots if self.access.writes else ())
        required = self.entry.required() - self.entry.hidden()
        for number, made in enumerate(self.side.rows):
            errors, warnings = self.body.counts_of(number, findings)
            names = self.body.cards[number].section.fields
            asked = [self.form.by_id[name] for name in names if name in required]
            done = bool(asked) and all(self.entry.filled(item) for item in asked)
            made.show_state(errors, warnings, done=done and not errors)

    def _explain_field(self, item: Field) -> None:
        self.side.mark_section(self.body.current_section())
        own = self.form.by_id.get(item.id) is item
        rules = form_access.rules(self.form, item) if own else ""
        self.side.explain(item.label, item.help, rules, self.beside.words(item))
        self.beside.offer_pin(item)

    def ask_reason(self, cell: FieldCell) -> None:
        """Open the box for the reason of a warning, with the reasons of its check."""
        from union_desk.store.notes import check_by_id

        line = cell.to_explain
        if line is None:
            return
        check = check_by_id(self.form, line.code)
        note = self.entry.notes.get(line.code)
        cell.explain(check.reasons if check else (), note.text if note else "")

    def _next_finding(self, way: int) -> None:
        spots = self.strip.spots
        if not spots:
            return
        here = self.body.has_focus()
        places = [n for n, spot in enumerate(spots) if here in spot.where[2:] + spot.where[:1]]  # type: ignore[index]
        start = places[0] + way if places else 0
        self.body.reveal(spots[start % len(spots)].where)  # type: ignore[arg-type]

    def toggle_side(self) -> None:
        """F1: show the help of the field; on a narrow window the pane comes and goes."""
        if self._is_narrow():
            self._beside.setVisible(self._beside.isHidden())
        name = self.body.has_focus()
        if name in self.body.cells:
            self._explain_field(self.body.cells[name].item)

    def _is_narrow(self) -> bool:
        return self.window().width() / theme.scale() < NARROW_BELOW

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Follow the width of the window."""
        self.fit()
        super().resizeEvent(event)

    def fit(self) -> None:
        """Leave the pane and a column out where there is no room, or a photo in their place."""
        narrow = self._is_narrow() or self.photo.view is not None
        self._beside.setVisible(not narrow)
        self.body.set_narrow(narrow=narrow)

    # --- leaving -----------------------------------------------------------------------------

    def _snapshot(self) -> Draft | None:
        if not self.access.writes or not self.entry.dirty:
            return None
        return self.entry.draft(cursor=self.body.has_focus(), left=False)

    def leaving(self) -> bool:
        """Keep what is typed: a draft as a row, an edit of a confirmed row in table draft."""
        return self.acts.leave()

    def go_back(self) -> None:
        """Go back to where the record was opened, in a ledger to its row."""
        uid = None if self.entry.new else self.entry.base.uid
        self.opened.emit(self.list.back(self.form.id, uid))

    def _choose_period(self, period: periods.Period) -> None:
        self.session.choose(period)
        if self.form.kind == "sheet":
            if self.leaving():
                self.load(None)
        else:
            context = form_store.context(self.session, period, self.lookup)
            self.entry.context = context
            self.typing.refresh()

    def set_busy(self, *, busy: bool) -> None:
        """Take no keys while the store is at work."""
        if busy:
            self._held = self.body.has_focus()
        self.foot.set_busy(busy=busy)
        self.body.setEnabled(not busy)
        if not busy and self._held in self.body.stops():
            self.body.focus(self._held)

    def focus_on(self, widget: QWidget) -> None:
        """Put the focus somewhere."""
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
