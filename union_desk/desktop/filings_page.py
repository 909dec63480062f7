"""报送情况: who has filed what for a period, who is late, and how to reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from union_desk import workflow
from union_desk.desktop import filing_words, jobs
from union_desk.desktop.dashboard_tabs import home_tabs
from union_desk.desktop.filings_table import FilingsTable
from union_desk.desktop.flow import Flow
from union_desk.desktop.ledger_bar import SearchLine
from union_desk.desktop.ledger_view import Wanted
from union_desk.desktop.navigation import Route
from union_desk.desktop.notice_bar import NoticeBar
from union_desk.desktop.page import Page, button, column, frame, label, row
from union_desk.desktop.unit_field import initials
from union_desk.taskpack.period import Period

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union_desk.desktop.session import Session
    from union_desk.store.filing_matrix import Matrix, UnitFilings

KINDS = {"month": "月报", "quarter": "季报", "year": "年报"}
CHIPS = {"": "全部单位", filing_words.LATE: "有逾期", filing_words.OPEN: "未报齐",
         "paper": "纸质待补"}  # fmt: skip
_MOST_LINKS = 4


class FilingsPage(Page):
    """Unit × form of one period; file and paper are two marks."""

    title = "工作台"
    period_kind = "month"

    def __init__(self, session: Session, route: Route) -> None:
        super().__init__(session)
        self._day = session.today
        self.matrix: Matrix | None = None
        self.late: Mapping[str, int] = {}
        self.chip = filing_words.LATE if route.text == filing_words.LATE else ""
        self._look_for_late = bool(self.chip)
        self.context = f"{session.pack.year} 年度 · 应报按任务包推算，只有必报的表才算逾期"
        outer = column(self, gap=10, margins=(26, 12, 26, 14))
        self.notice = NoticeBar()
        outer.addWidget(self.notice)
        outer.addLayout(self._bar())
        self._elsewhere = Flow(gap=4)
        outer.addWidget(self._elsewhere)
        card = frame("card")
        inner = column(card, gap=0, margins=(1, 1, 1, 1))
        self.table = FilingsTable(session.pack, self._day)
        self.table.opened.connect(self._open)
        inner.addWidget(self.table, 1)
        inner.addWidget(self._foot())
        self.table.moved.connect(self._allow)
        self._allow()
        outer.addWidget(card, 1)
        self.remind = button("催报…", role="primary", icon="speakerphone")
        self.remind.clicked.connect(self._remind)
        self.remind.setEnabled(False)
        self.books = button("报送册…", icon="table-export", name="给没有用本程序的单位做报送册")
        self.books.clicked.connect(lambda: self.opened.emit(Route("book")))

    def _bar(self) -> QHBoxLayout:
        line = row(gap=8)
        self.search = SearchLine()
        self.search.setPlaceholderText("搜索单位名称、编码，或拼音首字母")
        self.search.wanted.connect(lambda _text: self._fill())
        line.addWidget(self.search, 1)
        self._kinds = QButtonGroup(self)
        for kind, words in KINDS.items():
            made = button(words, role="chip")
            made.setCheckable(True)
            made.setChecked(kind == self.period_kind)
            made.clicked.connect(lambda _=False, one=kind: self._take_kind(one))
            self._kinds.addButton(made)
            line.addWidget(made)
        line.addSpacing(12)
        self.chips: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        for chip in CHIPS:
            made = button("", role="chip")
            made.setCheckable(True)
            made.clicked.connect(lambda _=False, one=chip: self._take_chip(one))
            group.addButton(made)
            line.addWidget(made)
            self.chips[chip] = made
        return line

    def _foot(self) -> QWidget:
        made = frame("tablefoot")
        line = row(made, gap=8, margins=(14, 4, 16, 4))
        self.said = label("正在汇总…", "note")
        line.addWidget(self.said, 1)
        self.duty = button("改应报…", role="link", name="改这个单位这张表的应报")
        self.duty.clicked.connect(self._change_duty)
        line.addWidget(self.duty)
        self.remind_one = button("催报这一家…", role="link", name="只催报点中的单位")
        self.remind_one.clicked.connect(self._remind_one)
        line.addWidget(self.remind_one)
        self.contact = button("记一次联系…", role="link", name="记下今天联系了这个单位")
        self.contact.clicked.connect(self._note_contact)
        line.addWidget(self.contact)
        self.let_in = button("准许补报…", role="link", name="准许这个单位补报已结账的这一期")
        self.let_in.clicked.connect(self._let_in)
        self.let_in.hide()
        line.addWidget(self.let_in)
        self.closing = button("结账…", role="link", icon="lock")
        self.closing.clicked.connect(self._close_period)
        line.addWidget(self.closing)
        return made

    # --- the page of the window --------------------------------------------------------------

    def tabs(self) -> Sequence[tuple[str, Route]]:
        """Return the tabs of the 工作台."""
        return home_tabs(self.session)

    def head_buttons(self) -> list[QWidget]:
        """Return 报送册 and 催报."""
        return [self.books, self.remind]

    def first_focus(self) -> QWidget:
        """Return the search."""
        return self.search

    def entered(self) -> None:
        """Read the period anew."""
        from union_desk.store import filing_matrix

        session, period = self.session, self._period()

        def read(_progress: object) -> tuple[Matrix, dict[str, int]]:
            late = _late_by_period(session)
            with session.store.read() as connection:
                as_of = max(session.as_of, period.first_day)
                found = filing_matrix.read(connection, session.store, period.id, as_of=as_of)
            return found, late

        jobs.run(self, read, self._show)

    def _period(self) -> Period:
        return self.session.period(self.period_kind or "month")

    def _show(self, found: tuple[Matrix, dict[str, int]]) -> None:
        self.matrix, self.late = found
        if self._look_for_late:
            self._look_for_late = False
            if self.late and self.matrix.period not in self.late:
                self._go_to_period(max(self.late, key=lambda one: Period.parse(one).last_day))
                return
        counted = filing_words.counts(self.matrix, self._day)
        for chip, made in self.chips.items():
            made.setText(f"{CHIPS[chip]} {counted[chip]:,}")
            made.setAccessibleName(f"{CHIPS[chip]}，{counted[chip]} 家")
            made.setChecked(chip == self.chip)
        self._say_elsewhere()
        self._say_state(self.matrix)
        self._fill()

    def _say_state(self, matrix: Matrix) -> None:
        """Say what is above all: codes that nobody knows, a closed period."""
        state, own = matrix.closing, self.session.unit
        shut = state is not None and state.closed
        mine = state is not None and state.by == own
        may = workflow.allowed("close_period", self.session.store.roles)
        self.closing.setText("重新打开…" if shut else "结账…")
        self.closing.setVisible(may and (mine or not shut))
        self.let_in.setVisible(may and shut)
        said = []
        if state is not None and state.closed:
            from union_desk.desktop.closing_dialog import closed_words

            said.append(closed_words(state, "本单位" if mine else "上级"))
        if matrix.unlisted:
            codes = "、".join(matrix.unlisted[:5])
            said.append(
                f"未归属单位 {len(matrix.unlisted)} 个：编码还不在名录里（{codes}）。"
                "请核对编码，或等它的台账行到达。"
            )
        if said:
            self.notice.say("".join(said), tone="warn")
        else:
            self.notice.quiet()

    def _say_elsewhere(self) -> None:
        """Offer the other periods in which something is overdue."""
        now = self.matrix.period if self.matrix else ""
        others = sorted(
            (one for one in self.late if one != now),
            key=lambda one: Period.parse(one).last_day, reverse=True,
        )  # fmt: skip
        links = []
        for one in others[:_MOST_LINKS]:
            title = Period.parse(one).title
            made = button(f"{title}逾期 {self.late[one]} 张次", role="link")
            made.clicked.connect(lambda _=False, period=one: self._go_to_period(period))
            links.append(made)
        rest = others[_MOST_LINKS:]
        if rest:
            left = sum(self.late[one] for one in rest)
            made = button(f"更早的另有 {left:,} 张次逾期", role="link")
            made.clicked.connect(lambda: self._go_to_period(rest[0]))
            links.append(made)
        self._elsewhere.fill(links)
        self._elsewhere.setVisible(bool(links))

    def _fill(self) -> None:
        if self.matrix is None:
            return
        text = self.search.text().strip().lower()
        rows = [
            one
            for one in self.matrix.rows
            if filing_words.shows(one, self.chip, self._day) and _fits(one, text)
        ]
        self.table.model.show_rows(rows, self._forms(rows))
        owed = sum(one.reported[0] for one in rows)
        there = sum(one.reported[1] for one in rows)
        title = Period.parse(self.matrix.period).title
        self.said.setText(f"{title} · {len(rows)} 个单位 · 应报 {owed:,} 张次，已报 {there:,} 张次")
        late = self._late_shown()
        self._allow()
        self.remind.setEnabled(bool(late))
        self.remind.setToolTip("" if late else "这里没有逾期的单位")

    def _allow(self) -> None:
        """Offer at the foot what fits the place of the cursor; the tooltip says what is missing."""
        unit, form = self.table.chosen()
        late = unit is not None and unit in self._late_shown()
        for made, can, why in (
            (self.duty, bool(form), "先点中一个单位的一张表"),
            (self.remind_one, late, "先点中一个有逾期的下级单位"),
            (self.contact, unit is not None, "先点中一个单位"),
            (self.let_in, unit is not None, "先点中一个单位"),
        ):
            made.setEnabled(can)
            made.setToolTip("" if can else why)

    def _forms(self, rows: Sequence[UnitFilings]) -> Sequence[str]:
        """Return the forms as the package has them; those that are overdue first."""
        forms = self.matrix.forms if self.matrix else ()
        late = {item.form for one in rows for item in one.late(self._day)}
        return sorted(forms, key=lambda form: form not in late)

    # --- acts --------------------------------------------------------------------------------

    def _take_chip(self, chip: str) -> None:
        self.chip = chip
        self._fill()

    def _take_kind(self, kind: str) -> None:
        self.period_kind = kind
        self.head_changed.emit()
        self.entered()

    def _go_to_period(self, period: str) -> None:
        wanted = Period.parse(period)
        self.session.choose(wanted)
        self.period_kind = wanted.kind
        for made in self._kinds.buttons():
            made.setChecked(made.text() == KINDS[wanted.kind])
        self.head_changed.emit()
        self.entered()

    def _open(self, unit: UnitFilings, form: str) -> None:
        """Show the records behind a cell."""
        if form and self.matrix is not None:
            wanted = Wanted(form, period=self.matrix.period, units=(unit.unit.code,))
            self.opened.emit(Route("ledger", form=form, filter=wanted))

    def _remind(self) -> None:
        """Remind all late units that are shown."""
        self._open_reminder(self._late_shown())

    def _remind_one(self) -> None:
        unit, _ = self.table.chosen()
        if unit is not None and unit in self._late_shown():
            self._open_reminder([unit])

    def _late_shown(self) -> Sequence[UnitFilings]:
        return filing_words.late_units(self.table.model.rows, self._day, self.session.unit)

    def _open_reminder(self, late: Sequence[UnitFilings]) -> None:
        from union_desk.desktop.reminder_dialog import ReminderDialog

        if self.matrix is None:
            return
        dialog = ReminderDialog(self.session, late, self.matrix.period, self)
        dialog.opened.connect(self.opened)
        dialog.open()

    def _close_period(self) -> None:
        from union_desk.desktop.closing_dialog import CloseDialog

        matrix = self.matrix
        if matrix is None or matrix.closing is None:
            return
        missing = filing_words.counts(matrix, self._day)[filing_words.OPEN]
        dialog = CloseDialog(self.session, matrix.period, matrix.closing, missing, self)
        dialog.changed.connect(self._closing_changed)
        dialog.open()

    def _let_in(self) -> None:
        from union_desk.desktop.closing_dialog import LetInDialog

        unit, _ = self.table.chosen()
        if unit is None or self.matrix is None:
            return
        dialog = LetInDialog(self.session, unit.unit, self.matrix.period, self)
        dialog.changed.connect(self._closing_changed)
        dialog.open()

    def _closing_changed(self) -> None:
        self.session.look_for_closed()
        self.changed.emit()
        self.entered()

    def _change_duty(self) -> None:
        from union_desk.desktop.duty_dialog import DutyDialog

        unit, form = self.table.chosen()
        if unit is None or not form or self.matrix is None:
            return
        dialog = DutyDialog(self.session, unit, form, self.matrix.period, self)
        dialog.changed.connect(self.entered)
        dialog.open()

    def _note_contact(self) -> None:
        from union_desk.desktop.contact_dialog import ContactDialog

        unit, _ = self.table.chosen()
        if unit is None:
            return
        dialog = ContactDialog(self.session, unit.unit, self)
        dialog.changed.connect(self.entered)
        dialog.open()


def _fits(row: UnitFilings, text: str) -> bool:
    name = row.unit.name.lower()
    return not text or text in name or text in row.unit.code or text in initials(name)


def _late_by_period(session: Session) -> dict[str, int]:
    """Return how much is overdue below, by period."""
    from union_desk.store import filings, units

    store = session.store
    with store.read() as connection:
        known = units.of_store(connection, store)
        expected = filings.expected(
            connection, store.tables, store.pack, known, as_of=session.as_of
        )
    found: dict[str, int] = {}
    for item in expected:
        if item.unit != store.unit and item.late(session.today):
            found[item.period] = found.get(item.period, 0) + 1
    return found
