"""由本级确定: what this level decides about records below, seen there after the next file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QGridLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from union_desk import workflow
from union_desk.desktop import jobs, theme
from union_desk.desktop.chooser import Chooser
from union_desk.desktop.dashboard_words import day_words
from union_desk.desktop.labelled import Labelled
from union_desk.desktop.navigation import Route, review_tabs
from union_desk.desktop.nothing import Nothing, NothingHere
from union_desk.desktop.page import Page, button, column, frame, label, row
from union_desk.desktop.row_table import Column, Row, RowTable
from union_desk.desktop.undo_notice import UndoNotice
from union_desk.taskpack.definition import Field
from union_desk.taskpack.field_types import (
    HIDDEN,
    SENSITIVE,
    Hints,
    Unreadable,
    format_value,
    parse,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union_desk.desktop.session import Session
    from union_desk.store.undecided import Case
    from union_desk.taskpack.definition import Form
    from union_desk.taskpack.record import Value

LANE = "write"
_COLUMNS = (
    Column("名称", 200, weight=3),
    Column("填报单位", 190, weight=2),
    Column("报告期", 90),
    Column("状态", 96, pill=True),
    Column("已确定", 150, weight=2),
)
_DAY = Field("date", "日期", "date")
_ACROSS = 3
_NOTHING = Nothing(
    "file-search", "没有由本级确定的记录", "下级报来采用、命名、审批一类的记录以后，会列在这里。",
    (("inbox", "去收件", "secondary"),),
)  # fmt: skip
_NO_FORM = Nothing("file-search", "这一级没有由本级确定的事项", "任务包没有要这一级确定的项目。")


class DecidingPage(Page):
    """Left the forms, right their records; below what is decided of the chosen one."""

    title = "待审"

    def __init__(self, session: Session, route: Route) -> None:
        from union_desk.store import undecided

        super().__init__(session)
        self.context = "采用、命名、审批等由本级确定的事项；下级装入下一个文件后看到"
        self.forms = undecided.forms(session.store)
        self._begun = False
        self._found: dict[str, tuple[Case, ...]] = {}
        self.cases: tuple[Case, ...] = ()
        self.lines: dict[str, QLineEdit | Chooser] = {}
        outer = row(self, gap=14, margins=(26, 12, 24, 14))
        right = QWidget()
        right.setLayout(self._right())
        self._cards = (self._left(), right)
        for card, share in zip(self._cards, (0, 1), strict=True):
            outer.addWidget(card, share)
        self.nothing = frame("card")
        none = NothingHere()
        none.tell(_NOTHING if self.forms else _NO_FORM)
        none.asked.connect(lambda kind: self.opened.emit(Route(kind)))
        column(self.nothing).addWidget(none)
        self.nothing.hide()
        outer.addWidget(self.nothing, 1)
        self.keep = button("保存", role="primary", icon="device-floppy", tip="Ctrl+S")
        self.keep.setShortcut(QKeySequence.StandardKey.Save)
        self.keep.clicked.connect(self._save)
        self.keep.setEnabled(False)
        wanted = [form.id for form in self.forms]
        self._first = wanted.index(route.form) if route.form in wanted else None

    def _left(self) -> QWidget:
        card = frame("card")
        card.setFixedWidth(theme.px(240))
        inner = column(card, gap=8, margins=(12, 16, 6, 12))
        self.list = QListWidget()
        self.list.setProperty("role", "entries")
        self.list.setAccessibleName("有事项要确定的表")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for form in self.forms:
            entry = QListWidgetItem(form.title)
            entry.setToolTip(form.title)
            entry.setSizeHint(QSize(theme.px(200), theme.px(58)))
            self.list.addItem(entry)
        self.list.currentRowChanged.connect(lambda _row: self._show_form())
        inner.addWidget(self.list)
        return card

    def _right(self) -> QVBoxLayout:
        made = column(gap=10)
        card = frame("card")
        inner = column(card, gap=0, margins=(1, 1, 1, 1))
        self.table = RowTable("由本级确定的记录", _COLUMNS)
        self.table.moved.connect(self._choose)
        inner.addWidget(self.table)
        made.addWidget(card, 1)
        self.card = frame("card")
        below = column(self.card, gap=10, margins=(18, 14, 18, 14))
        self.heading = label("", "strong", wrap=True)
        below.addWidget(self.heading)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(theme.px(4))
        below.addLayout(self._grid)
        self.said = label("", "error", wrap=True)
        self.said.hide()
        below.addWidget(self.said)
        made.addWidget(self.card)
        return made

    # --- the page of the window --------------------------------------------------------------

    def tabs(self) -> Sequence[tuple[str, Route]]:
        """Return the tabs of 待审."""
        return review_tabs()

    def head_buttons(self) -> list[QWidget]:
        """Return 保存."""
        may = workflow.allowed("review", self.session.store.roles)
        return [self.keep] if may else []

    def first_focus(self) -> QWidget:
        """Return the records."""
        return self.table

    def entered(self) -> None:
        """Read the records of the chosen form anew."""
        self._read()

    @property
    def form(self) -> Form:
        """The form that is shown."""
        return self.forms[self.list.currentRow()]

    def _read(self) -> None:
        from union_desk.store import undecided

        if not self.forms:
            self._say_nothing(there=False)
            return
        store, forms = self.session.store, self.forms

        def read(_progress: object) -> dict[str, tuple[Case, ...]]:
            with store.read() as connection:
                return {form.id: undecided.cases(connection, store, form) for form in forms}

        jobs.run(self, read, self._show)

    def _say_nothing(self, *, there: bool) -> None:
        """Show the records, or why there are none; 保存 stands only with something to save."""
        self.nothing.setVisible(not there)
        for card in self._cards:
            card.setVisible(there)
        if self.keep.parentWidget() is not None or not there:
            self.keep.setVisible(there)

    def _show(self, found: dict[str, tuple[Case, ...]]) -> None:
        self._found = found
        self._say_nothing(there=any(found.values()))
        waiting = [sum(not case.decided for case in found[form.id]) for form in self.forms]
        for place, (form, count) in enumerate(zip(self.forms, waiting, strict=True)):
            entry = self.list.item(place)
            if entry is not None:
                words = f"待定 {count}" if count else "没有待定的"
                entry.setText(f"{form.title}\n{words}")
        if not self._begun:
            self._begun = True
            first = next((place for place, count in enumerate(waiting) if count), 0)
            self.list.setCurrentRow(first if self._first is None else self._first)
        self._show_form()

    def _show_form(self) -> None:
        """Show the records of the chosen form."""
        place, self.cases = max(self.table.place(), 0), self._found.get(self.form.id, ())
        self.table.show_rows([self._row(case) for case in self.cases])
        self.table.go_to(min(place, len(self.cases) - 1))
        if not self.cases:
            self._choose(-1)

    def _row(self, case: Case) -> Row:
        told = []
        for name in case.decided:
            value = case.values.get(name)
            item = self.form.by_id.get(name)
            if item is not None and value is not None:
                shown = format_value(item, value, self.session.pack, masked=True)
                told.append(f"{item.label} {shown}")
        state = "已确定" if case.decided else "待定"
        cells = (case.name, case.unit_name, case.period, state, "，".join(told))
        return Row(cells, "ok" if case.decided else "warn")

    # --- one record --------------------------------------------------------------------------

    def _choose(self, place: int) -> None:
        from union_desk.store import undecided

        while (old := self._grid.takeAt(0)) is not None:
            if (widget := old.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        self.lines.clear()
        self.said.hide()
        self.keep.setEnabled(0 <= place < len(self.cases))
        if not 0 <= place < len(self.cases):
            self.heading.setText("还没有收到这张表的记录。" if self.forms else "")
            return
        case = self.cases[place]
        self.heading.setText(f"{case.name}　{case.unit_name}{_who(case)}")
        for item in undecided.fields(self.form, self.session.level):
            self.lines[item.id] = self._editor(item, case)
            self._put(Labelled(item.label, self.lines[item.id]))
        decided = next(iter(case.decided.values()), None)
        self.day = QLineEdit(decided.date if decided else self.session.today)
        self._day = Labelled("确定日期", self.day, required=True)
        self._put(self._day)
        self.doc = QLineEdit(decided.doc_no if decided else "")
        self._put(Labelled("文号", self.doc))

    def _put(self, made: QWidget) -> None:
        place = self._grid.count()
        self._grid.addWidget(made, place // _ACROSS, place % _ACROSS)

    def _editor(self, item: Field, case: Case) -> QLineEdit | Chooser:
        """Return a control for a field, with the value that the record shows."""
        value = case.values.get(item.id)
        shown = "" if value is None else plain(item, value)
        if _hidden(item, value):
            line = QLineEdit()
            line.setPlaceholderText(f"{HIDDEN}，要改就写新的")
            return line
        codes = self.session.pack.codes(item)
        if codes is None and item.type != "bool":
            return QLineEdit(shown)
        made = Chooser(item.label)
        made.addItem("没有确定", "")
        options = [(one.code, one.label) for one in codes.items] if codes else _YES_NO
        for code, words in options:
            if not item.decided_codes or code in item.decided_codes:
                made.addItem(words, code)
        made.setCurrentIndex(max(made.findData(shown), 0))
        return made

    def _save(self) -> None:
        """Write what differs from what the record shows."""
        from union_desk.store import undecided

        place, today = self.table.place(), self.session.today
        if not 0 <= place < len(self.cases):
            return
        day = parse(_DAY, self.day.text(), Hints(year=int(today[:4]), today=today))
        if isinstance(day, Unreadable) or day is None:
            self._day.set_error("请写日期，例如 2012-08-31")
            return
        case, form = self.cases[place], self.form
        said = {name: text for name, text in self._typed().items() if self._new(case, name, text)}
        if not said:
            UndoNotice.say(self.window(), "没有改动，不用保存")
            return
        store, window, doc = self.session.store, self.window(), self.doc.text().strip()

        def done(count: int) -> None:
            UndoNotice.say(window, f"已确定 {count} 项，随下一个文件到填报单位")
            self.changed.emit()
            self._read()

        jobs.run(
            self,
            lambda _p: undecided.decide(store, form, case.uid, said, str(day), doc),
            done,
            self._refused,
            lane=LANE,
        )

    def _refused(self, error: object) -> None:
        self.said.setText(str(getattr(error, "sentence", error)))
        self.said.show()

    def _typed(self) -> dict[str, str]:
        return {
            name: line.text() if isinstance(line, QLineEdit) else str(line.currentData() or "")
            for name, line in self.lines.items()
        }

    def _new(self, case: Case, name: str, text: str) -> bool:
        """Return whether a field says something else than the record, or decides it anew."""
        value, item = case.values.get(name), self.form.by_id[name]
        shown = "" if value is None else plain(item, value)
        line = self.lines[name]
        if _hidden(item, value) and not text.strip():
            return False
        if isinstance(line, Chooser) and not text and name not in case.decided:
            return False
        return text.strip() != shown


_YES_NO = [("1", "是"), ("0", "否")]


def _hidden(item: Field, value: Value) -> bool:
    """Return whether a value stays out of sight: an empty line then leaves it as it is."""
    return value is not None and item.sensitivity >= SENSITIVE


def _who(case: Case) -> str:
    decided = next(iter(case.decided.values()), None)
    return f"　{decided.who} {day_words(decided.date)}确定" if decided else ""
