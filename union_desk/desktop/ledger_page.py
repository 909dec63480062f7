"""The ledger of a form: search, filter, sort, totals; open, add, delete with an undo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from union_desk.desktop import form_store, icons, jobs, ledger_columns, ledger_empty, theme
from union_desk.desktop.editor import Reader
from union_desk.desktop.ledger_acts import LedgerActs, may_import
from union_desk.desktop.ledger_bar import LedgerBar
from union_desk.desktop.ledger_model import LedgerModel
from union_desk.desktop.ledger_out import LedgerOut
from union_desk.desktop.ledger_setup import LedgerSetup
from union_desk.desktop.ledger_table import STATE_WIDTH, UNIT_WIDTH, LedgerTable
from union_desk.desktop.ledger_view import ALL, ERRORS, VOIDED, View, Wanted, add_up, look
from union_desk.desktop.navigation import Route, area_tabs
from union_desk.desktop.nothing import NothingHere
from union_desk.desktop.notice_bar import NoticeBar
from union_desk.desktop.page import Page, button, column, elided, frame, label, row
from union_desk.taskpack import period as periods
from union_desk.taskpack.definition import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from union_desk.desktop.session import Session
    from union_desk.taskpack.definition import Field

PRESETS = {"drafts": "draft", "errors": ERRORS, "returned": "returned"}
"""What a tile of the dashboard asks for -> the chip that shows it."""
MOST_TOTALS = 3
LANE = "ledger"


class LedgerPage(Page):
    """All records of a form that are here."""

    for_units = True

    def __init__(self, session: Session, route: Route) -> None:
        super().__init__(session)
        self.form = session.pack.forms[route.form or ""]
        self.title = self.form.title
        self.writes = session.writes(self.form)
        self._target = route.uid
        self.reader = Reader(session.pack, form_store.hints(session))
        self.setup = LedgerSetup(self)
        self.wanted = self._begin_with(route)
        self.view: View | None = None
        self._job: jobs.Job | None = None
        self.acts = LedgerActs(self)
        self.out = LedgerOut(self)
        self._add = button("新增登记" if self.form.kind == "ledger" else "填写本期",
                           role="primary", icon="plus", tip="Ctrl+N")  # fmt: skip
        self._add.clicked.connect(self.acts.new)
        self._build()
        self._wire()

    def _begin_with(self, route: Route) -> Wanted:
        if isinstance(route.filter, Wanted) and route.filter.form == self.form.id:
            return route.filter
        preset = PRESETS.get(route.text)
        if preset is not None:
            return Wanted(self.form.id, chip=preset)
        wanted = replace(self.setup.wanted(), search=route.text)
        whom = self.session.whom
        return replace(wanted, units=(whom,)) if whom else wanted

    def _build(self) -> None:
        outer = column(self, gap=12, margins=(26, 14, 26, 14))
        kind = self.form.filing
        self.bar = LedgerBar(periods.in_year(self.session.pack, kind))
        outer.addWidget(self.bar)
        self.notice = NoticeBar()
        outer.addWidget(self.notice)
        self.figure = NoticeBar()
        outer.addWidget(self.figure)
        card = frame("card")
        body = column(card, gap=0, margins=(1, 1, 1, 1))
        self.model = LedgerModel(self.reader)
        self.table = LedgerTable(self.model, self.form)
        layout = self.setup.layout
        self.table.factors = {name: width / 100 for name, width in layout.widths.items()}
        self.table.free = bool(layout.columns)
        self.table.setAccessibleName(f"{self.form.title}的记录")
        self.empty = NothingHere()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        body.addWidget(self._stack, 1)
        body.addWidget(self._foot())
        outer.addWidget(card, 1)

    def _foot(self) -> QWidget:
        made = frame("tablefoot")
        made.setFixedHeight(theme.px(52))
        line = row(made, gap=8, margins=(14, 0, 16, 0))
        self.picked = label("", "note")
        line.addWidget(self.picked)
        self.pick_all = button("", role="link")
        self.pick_all.clicked.connect(lambda: self.model.pick_all(on=True))
        self.restore = button("恢复", role="link", icon="arrow-back-up")
        self.restore.clicked.connect(self.acts.restore)
        self.delete = button("删除", role="quiet", icon="trash", name="删除所选记录", tip="Delete")
        self.delete.clicked.connect(self.acts.remove)
        self.edit = button("批量修改", role="link", name="修改所选记录的同一项")
        self.edit.clicked.connect(self.acts.edit_many)
        self.confirm = button("批量确认", role="link", name="确认所选草稿")
        self.confirm.clicked.connect(self.acts.confirm_many)
        self.sheet = button("存 Excel", role="link", name="所选记录另存为 Excel")
        self.sheet.clicked.connect(self.out.save_chosen)
        self.paper = button("打印", role="link", name="打印所选记录", tip="Ctrl+P")
        self.paper.clicked.connect(self.out.print_chosen)
        for made_button in (
            self.pick_all, self.restore, self.edit, self.confirm, self.sheet, self.paper,
        ):  # fmt: skip
            line.addWidget(made_button)
        line.addSpacing(theme.px(16))
        line.addWidget(self.delete)
        self.totals = elided("", "note")
        self.totals.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.totals, 1)
        return made

    def _wire(self) -> None:
        self.bar.searched.connect(self._search)
        self.bar.period_chosen.connect(lambda one: self.choose(replace(self.wanted, period=one)))
        self.bar.chip_chosen.connect(lambda name: self.choose(replace(self.wanted, chip=name)))
        self.bar.search.down.connect(self.focus_rows)
        self.table.opened.connect(self.open_place)
        self.table.removal.connect(self.acts.remove)
        self.table.sorted_by.connect(self.sort_by)
        self.table.drawn.connect(self.setup.drawn)
        self.bar.setup.clicked.connect(self.setup.open_menu)
        self.model.picked.connect(self._show_picked)
        self.empty.asked.connect(self.acts.asked)
        self._keys = [
            QShortcut("Ctrl+F", self, self._focus_search),
            QShortcut("Ctrl+N", self, self.acts.new),
            QShortcut("Alt+S", self, self._sort_here),
            QShortcut(QKeySequence.StandardKey.Print, self, self._print),
            QShortcut(QKeySequence.StandardKey.Paste, self, self.acts.paste),
        ]
        for made in self._keys:
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # --- the page of the window ------------------------------------------------------------

    def tabs(self) -> Sequence[tuple[str, Route]]:
        """Return the forms of the work area."""
        return area_tabs(self.session.pack, self.form.area)

    def head_buttons(self) -> list[QWidget]:
        """Return 从 Excel 粘贴, 另存为 Excel and, where this level fills the form, 新增登记."""
        save = button("另存为 Excel", icon="table-export")
        save.clicked.connect(self.out.save_sheet)
        buttons: list[QWidget] = [save]
        if may_import(self.session, self.form):
            paste = button("从 Excel 粘贴", icon="clipboard", tip="Ctrl+V")
            paste.clicked.connect(self.acts.take_in)
            buttons.insert(0, paste)
        return [*buttons, *([self._add] if self.writes else [])]

    def entered(self) -> None:
        """Show what holds now."""
        self._say_context()
        self.show_wanted(self.wanted)
        self.acts.offer_recovery()

    def first_focus(self) -> QWidget:
        """Return the rows, or the search line before there are any."""
        return self.table if self._target else self.bar.search

    def _say_context(self) -> None:
        area = next(one.title for one in self.session.pack.areas if one.id == self.form.area)
        kind = {"sheet": "报表", "ledger": "台账"}[self.form.kind]
        working = self.session.period(self.form.filing).title
        self.context = f"{area} · {kind} · 工作报告期 {working}"

    # --- asking ----------------------------------------------------------------------------

    def choose(self, wanted: Wanted) -> None:
        """Ask for what a person has chosen here, and remember it."""
        self.setup.note(wanted)
        self.ask(wanted)

    def ask(self, wanted: Wanted) -> None:
        """Look for rows in a worker; a later question drops the answer to an earlier one."""
        self.wanted = wanted
        self.bar.show_filters(len(wanted.columns))
        if self._job is not None:
            self._job.cancel()
        session = self.session

        self._job = jobs.run(
            self, lambda progress: look(session, wanted, progress), self._answer, lane=LANE
        )

    def _answer(self, view: View) -> None:
        wanted = view.wanted
        if wanted != self.wanted:
            return
        self.view = view
        self.acts.tell_figure(view)
        self.model.show_view(view, self._fields(view), self._units(view))
        if view.counts:
            self._add_up(view)
        else:
            session = self.session
            self._job = jobs.run(
                self, lambda _progress: add_up(session, view), self._add_up, lane=LANE
            )
        self._show_empty(view)
        if self._target is not None:
            place = view.place(self._target)
            self._target = None
            self.table.go_to(place or 0)
        elif view.count:
            self.table.go_to(0)
        self.head_changed.emit()

    def _add_up(self, view: View) -> None:
        """Show counts and totals: they may take longer than the rows."""
        if view.wanted == self.wanted:
            self.view = self.model.view = view
            self.bar.show_counts(view.counts, view.wanted.chip)
            self._show_totals(view)
            self.table.fit()

    def show_wanted(self, wanted: Wanted) -> None:
        """Ask for something else as a whole."""
        self.bar.search.put(wanted.search)
        self.bar.period.setCurrentIndex(max(self.bar.period.findData(wanted.period), 0))
        self.ask(wanted)

    def show_columns(self) -> None:
        """Show the columns that were chosen."""
        self.table.free = bool(self.setup.layout.columns)
        if self.view is not None:
            self.model.show_fields(self._fields(self.view))
            self.table.fit()

    def _fields(self, view: View) -> tuple[Field, ...]:
        chosen = self.setup.layout.columns
        if chosen:
            return tuple(self.form.by_id[name] for name in chosen)
        room = self.table.viewport().width() - theme.px(52 + STATE_WIDTH + 30)
        if view.several_units:
            room -= theme.px(UNIT_WIDTH)
        fields = ledger_columns.shown_fields(self.form)
        return ledger_columns.fitting(fields, self.form, room)

    def _units(self, view: View) -> dict[str, str]:
        if not view.several_units:
            return {}
        from union_desk.store import units

        store = self.session.store
        with store.read() as connection:
            known = units.directory(connection, store.tables, store.pack, store.unit).by_code
        return {code: entry.name for code, entry in known.items()}

    def sort_by(self, name: str) -> None:
        """Sort by a column: up, down, not at all."""
        from union_desk.store.listing import ListSort

        now = self.wanted.sort
        if now is None or now.column != name:
            sort = ListSort(name)
        else:
            sort = None if now.descending else ListSort(name, descending=True)  # type: ignore[assignment]
        self.choose(replace(self.wanted, sort=sort))

    def _sort_here(self) -> None:
        column_ = self.table.currentIndex().column()
        name = self.model.sort_column(max(column_, 1)) if self.model.columnCount() > 1 else None
        if name:
            self.sort_by(name)

    # --- what is shown ---------------------------------------------------------------------

    def _show_totals(self, view: View) -> None:
        parts = [f"共 {view.count:,} 条"]
        for item in ledger_columns.summed_fields(self.form, self.model.fields):
            total = view.totals.get(item.id)
            if total and len(parts) <= MOST_TOTALS:
                value = self.reader.shown(item, total, masked=view.count == 1)
                parts.append(f"{item.label}合计 {value} {item.measure}".rstrip())
        self.totals.setText(" · ".join(parts))

    def _show_empty(self, view: View) -> None:
        nothing = view.count == 0
        if nothing:
            session = self.session
            told = ledger_empty.why(
                view, self.form, writes=self.writes, imports=may_import(session, self.form),
                receives=session.level != LEVELS[0],
            )  # fmt: skip
            self.empty.tell(told)
        self._stack.setCurrentWidget(self.empty if nothing else self.table)
        second = nothing and self.empty.has_primary
        theme.mark(self._add, role="secondary" if second else "primary")
        self._add.setIcon(icons.icon("plus", "text2" if second else "#FFFFFF"))
        self._show_picked()

    def _show_picked(self) -> None:
        count, total = self.model.picked_count, self.model.rowCount()
        voided = self.wanted.chip == VOIDED
        words = f"已选全部 {count:,} 条" if self.model.all_picked else f"已选 {count:,} 条"
        self.picked.setText(words if count else "空格选中　Enter 打开" if total else "0 条")
        self.pick_all.setText(f"选全部 {total:,} 条")
        self.pick_all.setAccessibleName(self.pick_all.text())
        self.pick_all.setVisible(0 < count < total)
        self.restore.setVisible(voided and count > 0)
        for made in (self.delete, self.edit):
            made.setVisible(self.writes and not voided and count > 0)
        for made in (self.sheet, self.paper):
            made.setVisible(not voided and count > 0)
        drafts = self.view is not None and self.view.counts.get("draft", 0) > 0
        self.confirm.setVisible(self.writes and not voided and count > 0 and drafts)

    def focus_rows(self) -> None:
        """Go from the search to the rows, or to what can be done without any."""
        if self.view is not None and self.view.count == 0 and self.empty.first is not None:
            self.empty.first.setFocus()
            return
        self.table.setFocus()
        if not self.table.currentIndex().isValid():
            self.table.go_to(0)

    def _search(self, text: str) -> None:
        from union_desk.store import access

        access.searched(self.session.store, self.form.id, text)
        self.ask(replace(self.wanted, search=text))

    def _focus_search(self) -> None:
        self.bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.search.selectAll()

    def open_place(self, place: int) -> None:
        """Open the record of a row; the form goes through the rows as they stand here."""
        shown = self.model.shown(place)
        if shown is not None:
            self.opened.emit(Route("form", form=self.form.id, uid=shown.uid, filter=self.view))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Show as many columns as fit."""
        super().resizeEvent(event)
        if self.view is not None:
            self.model.show_fields(self._fields(self.view))

    def _print(self) -> None:
        """Print the chosen records; without any, go to the papers of the form."""
        if self.model.picked_count and self.wanted.chip != VOIDED:
            self.out.print_chosen()
        else:
            self.opened.emit(Route("print", form=self.form.id))

    def everything(self) -> Wanted:
        """Return the question without search, period and chip."""
        return Wanted(self.form.id, chip=ALL, sort=self.wanted.sort)
